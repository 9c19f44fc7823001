// The checker of proofs accepts what the solver proves and refuses what does not follow.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <sstream>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/proof/drat_check.h>
#include <fplab/fparith/proof/sat.h>
#include "proptests/support/float_generators.h"

namespace fplab::proof {
namespace {

Cnf Formula(int variables, const std::vector<std::vector<int>>& clauses) {
  Cnf cnf;
  cnf.variables = variables;
  cnf.clauses = clauses.size();
  for (const std::vector<int>& clause : clauses) {
    cnf.literals.insert(cnf.literals.end(), clause.begin(), clause.end());
    cnf.literals.push_back(0);
  }
  return cnf;
}

// `holes` + 1 pigeons, each in a hole, no two in one: unsatisfiable.
Cnf Pigeonhole(int holes) {
  const auto in = [holes](int pigeon, int hole) { return pigeon * holes + hole + 1; };
  std::vector<std::vector<int>> clauses;
  for (int pigeon = 0; pigeon <= holes; ++pigeon) {
    std::vector<int> somewhere;
    for (int hole = 0; hole < holes; ++hole) somewhere.push_back(in(pigeon, hole));
    clauses.push_back(somewhere);
    for (int other = 0; other < pigeon; ++other) {
      for (int hole = 0; hole < holes; ++hole) clauses.push_back({-in(pigeon, hole), -in(other, hole)});
    }
  }
  return Formula((holes + 1) * holes, clauses);
}

// All eight clauses of three variables.
Cnf Cube() {
  std::vector<std::vector<int>> clauses;
  for (int i = 0; i < 8; ++i) clauses.push_back({(i & 1) != 0 ? 1 : -1, (i & 2) != 0 ? 2 : -2, (i & 4) != 0 ? 3 : -3});
  return Formula(3, clauses);
}

std::string Refusal(const Cnf& cnf, std::string_view proof, DratForm form = DratForm::kText) {
  try {
    CheckDrat(cnf, proof, form);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(DratCheck, AcceptsAProofByHandAndCountsItsSteps) {
  const DratCheck check = CheckDrat(Cube(), "1 2 0\nd 1 2 3 0\n1 0\n2 0\n0\n", DratForm::kText);
  EXPECT_EQ(check.added, 3u);  // the third is the last: propagation finds the contradiction
  EXPECT_EQ(check.deleted, 1u);
  EXPECT_EQ(check.resolvents, 0u);
}

TEST(DratCheck, NeedsNoStepWhereTheFormulaContradictsItselfByPropagation) {
  EXPECT_EQ(Refusal(Formula(2, {{1}, {-1, 2}, {-2}}), ""), "");
  EXPECT_EQ(Refusal(Formula(1, {{}}), ""), "");
}

TEST(DratCheck, RefusesWhatDoesNotFollow) {
  EXPECT_EQ(Refusal(Cube(), "0"), "proof, step 1: a clause of 0 literals that does not follow");
  EXPECT_EQ(Refusal(Formula(2, {{1, 2}, {-1, -2}}), "1 2 0 1 0"),
            "proof, step 2: a clause of 1 literals that does not follow");
  EXPECT_EQ(Refusal(Cube(), "1 2 0"), "proof: it ends after 1 steps without a contradiction");
  EXPECT_EQ(Refusal(Cube(), "d 1 2 0"), "proof, step 1: it deletes a clause that is not there");
}

TEST(DratCheck, UsesNoClauseThatWasDeleted) {
  EXPECT_EQ(Refusal(Cube(), "d 1 2 3 0 1 2 0"), "proof, step 2: a clause of 2 literals that does not follow");
  EXPECT_EQ(Refusal(Cube(), "d 3 2 1 0 d 1 2 3 0"), "proof, step 2: it deletes a clause that is not there");
}

// Either of 1 and 2, and 3 only beside 1: "3 -1" follows from nothing, but what it says of 3 harms nobody.
TEST(DratCheck, AcceptsAClauseByItsResolventsOnTheFirstLiteralOnly) {
  const Cnf cnf = Formula(3, {{1, 2}, {-1, -2}, {-3, 1}});
  EXPECT_EQ(Refusal(cnf, "3 -1 0"), "proof: it ends after 1 steps without a contradiction");
  EXPECT_EQ(Refusal(cnf, "-1 3 0"), "proof, step 1: a clause of 2 literals that does not follow");
}

TEST(DratCheck, RefusesHostileTextAndBytesInOneLine) {
  const std::string cases[] = {
      "x",          "1 2",  "1 -2 - 0",          "1 99 0", "d", "1 2 3.5 0", "99999999999999999999 0", "--1 0",
      "\x1b[31m 0", "-0 0", std::string(3, '\0')};
  for (const std::string& proof : cases) {
    const std::string refusal = Refusal(Cube(), proof);
    EXPECT_NE(refusal, "") << proof;
    EXPECT_EQ(refusal.find_first_of("\n\x1b"), std::string::npos) << refusal;
  }
  for (const std::string& proof :
       {std::string("b"), std::string("a"), std::string("a\x02"), std::string("a\x01", 2),
        std::string("a\xff\xff\xff\xff\xff\xff"), std::string("a\x7f\0", 3), std::string("d\0", 2)}) {
    EXPECT_NE(Refusal(Cube(), proof, DratForm::kBinary), "") << proof;
  }
}

TEST(DratCheck, SaysOfNoSatisfiableFormulaThatItIsNotWhateverTheProof) {
  RandomBits random(5);
  for (int i = 0; i < 20'000; ++i) {
    // A formula with a solution, and steps at random.
    const int variables = 3 + static_cast<int>(random.Below(3));
    const uint64_t solution = random();
    const auto literal = [&] {
      const int variable = 1 + static_cast<int>(random.Below(static_cast<uint64_t>(variables)));
      return random.Below(2) != 0 ? variable : -variable;
    };
    const auto holds = [&](int x) { return ((solution >> std::abs(x) & 1) != 0) == (x > 0); };
    std::vector<std::vector<int>> clauses;
    while (clauses.size() < 12) {
      std::vector<int> clause;
      while (clause.size() < 1 + random.Below(3)) clause.push_back(literal());
      if (std::any_of(clause.begin(), clause.end(), holds)) clauses.push_back(clause);
    }
    std::string proof;
    for (int step = 0; step < 10; ++step) {
      if (random.Below(3) == 0) {
        proof += "d ";
        for (int x : clauses[random.Below(clauses.size())]) proof += std::to_string(x) + " ";
      } else {
        for (uint64_t n = random.Below(3); n-- > 0;) proof += std::to_string(literal()) + " ";
      }
      proof += "0\n";
    }
    ASSERT_NE(Refusal(Formula(variables, clauses), proof), "") << proof;
  }
}

class SolverProof : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HasSatSolver()) GTEST_SKIP() << "built without CaDiCaL";
    answer = SolveCnf(cnf, {}, KeepProof::kYes);
    ASSERT_EQ(answer.verdict, SatVerdict::kUnsatisfiable);
  }

  Cnf cnf = Pigeonhole(5);
  SatAnswer answer;
};

TEST_F(SolverProof, OfPigeonholesIsAccepted) {
  for (int holes = 1; holes <= 6; ++holes) {
    const Cnf formula = Pigeonhole(holes);
    const SatAnswer proved = SolveCnf(formula, {}, KeepProof::kYes);
    EXPECT_EQ(Refusal(formula, proved.proof, DratForm::kBinary), "") << holes;
  }
}

TEST_F(SolverProof, IsNotJudgedOnceInterrupted) {
  const std::atomic<bool> interrupt = true;
  const DratCheck check = CheckDrat(cnf, answer.proof, DratForm::kBinary, &interrupt);
  EXPECT_TRUE(check.interrupted);
  EXPECT_EQ(check.added, 0u);
}

TEST_F(SolverProof, IsRefusedWhenTruncated) {
  const size_t needed = [&] {
    size_t shortest = answer.proof.size();
    while (shortest > 0 && Refusal(cnf, answer.proof.substr(0, shortest - 1), DratForm::kBinary).empty()) --shortest;
    return shortest;
  }();
  ASSERT_GT(needed, 100u);
  for (size_t size = 0; size < needed; size += 1 + size / 50) {
    EXPECT_NE(Refusal(cnf, answer.proof.substr(0, size), DratForm::kBinary), "") << size;
  }
}

TEST_F(SolverProof, IsRefusedForAFormulaThatLacksAClause) {
  // Without the first clause the formula is satisfiable.
  Cnf weaker = cnf;
  weaker.literals.erase(weaker.literals.begin(), std::find(weaker.literals.begin(), weaker.literals.end(), 0) + 1);
  --weaker.clauses;
  EXPECT_EQ(SolveCnf(weaker, {}, KeepProof::kNo).verdict, SatVerdict::kSatisfiable);
  EXPECT_NE(Refusal(weaker, answer.proof, DratForm::kBinary), "");
}

TEST_F(SolverProof, IsRefusedForAFormulaWithAWrongLiteral) {
  // The first pigeon may stay outside: satisfiable.
  Cnf wrong = cnf;
  wrong.literals[0] = -wrong.literals[0];
  EXPECT_NE(Refusal(wrong, answer.proof, DratForm::kBinary), "");
}

}  // namespace
}  // namespace fplab::proof
