// Formulas of graphs mean what the graphs do; the solver decides them, stops where it is told to, and repeats itself.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <sstream>

#include <fplab/fparith/proof/certificate.h>
#include <fplab/fparith/proof/decide.h>
#include <fplab/fparith/proof/sat.h>
#include <fplab/fparith/proof/sweep.h>
#include <fplab/fparith/proof/word.h>
#include "proptests/support/float_generators.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::proof {
namespace {

class Sat : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HasSatSolver()) GTEST_SKIP() << "built without CaDiCaL";
  }
};

// a * b == product of two primes of so many bits, with both factors above 1: hard to find or refute.
struct Factoring {
  explicit Factoring(uint64_t product, size_t width) : a(InputWord(aig, width)), b(InputWord(aig, width)) {
    const Word bits = Multiply(aig, a, b);
    asserted.push_back(EqualWords(aig, bits, ConstantWord(product, bits.size())));
    asserted.push_back(OrOf(aig, Slice(a, 1, width - 1)));
    asserted.push_back(OrOf(aig, Slice(b, 1, width - 1)));
  }
  Aig aig;
  Word a, b;
  std::vector<Lit> asserted;
};

// ANDs, exclusive ors and choices of six inputs and of one another.
class RandomGraph {
 public:
  RandomGraph(uint64_t seed, int operations) : random_(seed), lits_{kFalse} {
    for (int i = 0; i < 6; ++i) lits_.push_back(aig.Input());
    for (int i = 0; i < operations; ++i) {
      const Lit a = Pick(), b = Pick(), c = Pick();
      lits_.push_back(random_.Below(3) == 0 ? aig.And(a, b) : random_.Below(2) != 0 ? aig.Xor(a, b) : aig.Mux(a, b, c));
    }
  }

  Lit Pick() {
    const Lit lit = lits_[random_.Below(lits_.size())];
    return random_.Below(2) != 0 ? lit : !lit;
  }

  Aig aig;

 private:
  RandomBits random_;
  std::vector<Lit> lits_;
};

TEST_F(Sat, DecidesRandomGraphsAsTruthTablesDo) {
  constexpr uint64_t kTables[] = {0xaaaaaaaaaaaaaaaau, 0xccccccccccccccccu, 0xf0f0f0f0f0f0f0f0u,
                                  0xff00ff00ff00ff00u, 0xffff0000ffff0000u, 0xffffffff00000000u};
  int satisfiable = 0, unsatisfiable = 0;
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    RandomGraph graph(seed, 40);
    Aig& aig = graph.aig;
    const auto pick = [&] { return graph.Pick(); };
    std::vector<Lit> asserted;
    for (int i = 0; i < 5; ++i) asserted.push_back(pick());
    Simulation simulation(aig);
    simulation.Run(kTables);
    uint64_t expected = ~uint64_t{0};
    for (Lit lit : asserted) expected &= simulation[lit];
    const Decision decision = Decide(aig, asserted, {});
    if (expected == 0) {
      ASSERT_EQ(decision.verdict, SatVerdict::kUnsatisfiable) << seed;
      ++unsatisfiable;
      continue;
    }
    ASSERT_EQ(decision.verdict, SatVerdict::kSatisfiable) << seed;
    simulation.Run(decision.inputs);
    for (Lit lit : asserted) ASSERT_EQ(simulation[lit], ~uint64_t{0}) << seed;
    ++satisfiable;
  }
  EXPECT_GT(satisfiable, 300);
  EXPECT_GT(unsatisfiable, 300);
}

// The same questions as conditions and a claim: equal parts first, or not, the answer is one.
TEST_F(Sat, DecidesBySweepingAsWithout) {
  SweepCounts all;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    RandomGraph graph(seed, 60);
    Aig& aig = graph.aig;
    const auto pick = [&] { return graph.Pick(); };
    const std::vector<Lit> conditions{pick(), pick()};
    const Lit claim = aig.And(pick(), aig.Xor(pick(), pick()));
    const Decision plain = Decide(aig, std::vector<Lit>{conditions[0], conditions[1], claim}, {});
    SweepCounts counts;
    const Decision swept = DecideBySweeping(aig, conditions, claim, {}, &counts);
    ASSERT_EQ(swept.verdict, plain.verdict) << seed;
    all.equal += counts.equal;
    all.different += counts.different;
    if (swept.verdict != SatVerdict::kSatisfiable) continue;
    Simulation simulation(aig);
    simulation.Run(swept.inputs);
    ASSERT_EQ(simulation[conditions[0]] & simulation[conditions[1]] & simulation[claim], ~uint64_t{0}) << seed;
  }
  EXPECT_GT(all.equal, 1000u);
  EXPECT_GT(all.different, 500u);
}

TEST_F(Sat, FindsFactorsAndProvesThatAPrimeHasNone) {
  Factoring composite(uint64_t{241} * 251, 8), prime(65521, 8);
  const Decision found = Decide(composite.aig, composite.asserted, {});
  ASSERT_EQ(found.verdict, SatVerdict::kSatisfiable);
  Simulation simulation(composite.aig);
  simulation.Run(found.inputs);
  EXPECT_EQ(ValueOf(simulation, composite.a) * ValueOf(simulation, composite.b), uint64_t{241} * 251);
  const Decision none = Decide(prime.aig, prime.asserted, {});
  EXPECT_EQ(none.verdict, SatVerdict::kUnsatisfiable);
  EXPECT_GT(none.check.added, 10u);
}

TEST_F(Sat, GivesTheSameAnswerTwiceAndUnderAnyLimitOfConflictsThatIsWideEnough) {
  Factoring prime(4194301, 16);
  const Cnf cnf = EncodeCnf(prime.aig, prime.asserted);
  const SatAnswer first = SolveCnf(cnf, {}, KeepProof::kYes);
  SatLimits limits;
  limits.conflicts = 1'000'000;
  const SatAnswer second = SolveCnf(cnf, limits, KeepProof::kYes);
  EXPECT_EQ(first.proof, second.proof);
  EXPECT_EQ(first.learned_clauses, second.learned_clauses);
}

TEST_F(Sat, StopsAtALimitAndSaysAtWhich) {
  Factoring hard(uint64_t{2654435761u} * 3266489917u, 32);
  const Cnf cnf = EncodeCnf(hard.aig, hard.asserted);
  SatLimits limits;
  limits.conflicts = 100;
  SatAnswer answer = SolveCnf(cnf, limits, KeepProof::kNo);
  EXPECT_EQ(answer.verdict, SatVerdict::kUnknown);
  EXPECT_EQ(answer.why, "not decided by 100 conflicts");
  limits = {};
  limits.cpu_seconds = 0.25;
  answer = SolveCnf(cnf, limits, KeepProof::kNo);
  EXPECT_EQ(answer.why, "not decided within 0.25 s of processor time");
  limits = {};
  limits.proof_bytes = 10'000;
  answer = SolveCnf(cnf, limits, KeepProof::kYes);
  EXPECT_EQ(answer.why, "the proof is longer than 10000 bytes");
  limits = {};
  const std::atomic<bool> interrupt = true;
  limits.interrupt = &interrupt;
  answer = SolveCnf(cnf, limits, KeepProof::kNo);
  EXPECT_EQ(answer.why, "interrupted");
}

TEST_F(Sat, StopsSweepingAtALimit) {
  Factoring hard(uint64_t{2654435761u} * 3266489917u, 32);
  const std::vector<Lit> conditions{hard.asserted[1], hard.asserted[2]};
  const std::atomic<bool> interrupt = true;
  SweepLimits limits;
  limits.sat.interrupt = &interrupt;
  Decision decision = DecideBySweeping(hard.aig, conditions, hard.asserted[0], limits);
  EXPECT_EQ(decision.verdict, SatVerdict::kUnknown);
  EXPECT_EQ(decision.why, "interrupted");
  limits = {};
  limits.sat.cpu_seconds = 0.25;
  decision = DecideBySweeping(hard.aig, conditions, hard.asserted[0], limits);
  EXPECT_EQ(decision.verdict, SatVerdict::kUnknown);
  EXPECT_EQ(decision.why, "not decided within 0.25 s of processor time");
}

TEST_F(Sat, DecidesConstantsWithoutAsking) {
  Aig aig;
  const Lit a = aig.Input();
  const Lit both[] = {a, kFalse};
  EXPECT_TRUE(Decide(aig, both, {}).by_structure);
  const Lit holds[] = {kTrue};
  EXPECT_EQ(Decide(aig, holds, {}).verdict, SatVerdict::kSatisfiable);
}

TEST(Cnf, WritesDimacsThatSaysWhichVariableIsWhichBit) {
  Aig aig;
  const Lit a = aig.Input(), b = aig.Input(), c = aig.Input();
  const Lit asserted[] = {aig.And(a, !b)};
  const Cnf cnf = EncodeCnf(aig, asserted);
  std::ostringstream out;
  const NamedWord words[] = {{"x", {a, !b, c, kTrue, kFalse}}};
  const std::string remarks[] = {"x is not y"};
  WriteDimacs(out, cnf, words, remarks);
  EXPECT_EQ(out.str(),
            "c x is not y\n"
            "c x 0 = 1\nc x 1 = -2\nc x 2 = free\nc x 3 = true\nc x 4 = false\n"
            "p cnf 3 3\n-3 1 0\n-3 -2 0\n3 0\n");
}

TEST_F(Sat, WritesACertificateThatIsReadAgainAndRefusesAFolderThatIsNotThere) {
  Factoring prime(65521, 8);
  const Decision decision = Decide(prime.aig, prime.asserted, {});
  const ScratchFolder folder;
  const NamedWord words[] = {{"a", prime.a}, {"b", prime.b}};
  WriteCertificate(folder / "prime.cnf", folder / "prime.drat", decision.cnf, decision.answer.proof, words, {});
  EXPECT_EQ(Get(folder / "prime.drat"), decision.answer.proof);
  std::istringstream text(Get(folder / "prime.cnf"));
  Cnf again;
  size_t named = 0;
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("c ")) {
      ++named;
    } else if (!line.starts_with("p ")) {
      std::istringstream clause(line);
      for (int literal; clause >> literal;) again.literals.push_back(literal);
    }
  }
  EXPECT_EQ(again.literals, decision.cnf.literals);
  EXPECT_EQ(named, 16u);
  EXPECT_EQ(ErrorOf([&] { WriteCertificate(folder / "no/x", folder / "y", decision.cnf, "", {}, {}); }),
            "'" + (folder / "no/x").string() + "' can't be written");
}

}  // namespace
}  // namespace fplab::proof
