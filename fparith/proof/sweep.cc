// SAT sweeping: equal parts of a graph are proved equal first, from the inputs on.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/sweep.h>

#ifdef FPLAB_HAVE_CADICAL
#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fplab/fparith/mode/guest.h>
#include <fplab/fparith/proof/conclude.h>
#include <fplab/fparith/proof/solver_watch.h>
#endif

namespace fplab::proof {

#ifdef FPLAB_HAVE_CADICAL

namespace {

uint64_t Mixed(uint64_t z) {
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

// Steps of a binary proof but its deletions: the second solver begins with all clauses, whatever the first one let go.
std::string WithoutDeletions(const std::string& proof) {
  std::string kept;
  for (size_t begin = 0; begin < proof.size();) {
    const size_t end = proof.find('\0', begin) + 1;  // numbers have no other zero byte
    if (proof[begin] == 'a') kept.append(proof, begin, end - begin);
    begin = end;
  }
  return kept;
}

// What assignments that meet the conditions tell of the nodes: nodes of one signature may be equal, or complements.
class Signatures {
 public:
  Signatures(const Aig& aig, std::span<const Lit> conditions)
      : aig_(aig), conditions_(conditions), simulation_(aig), hashes_(aig.NodeCount()), phases_(aig.NodeCount()) {}

  // Takes in one assignment, and 63 neighbours of it so far as they meet the conditions.
  void Add(const std::vector<bool>& inputs) {
    std::vector<uint64_t> words(inputs.size());
    for (size_t i = 0; i < inputs.size(); ++i) {
      // Lane 0 is the assignment itself; in the others one bit of eight is flipped.
      const uint64_t flips = Random() & (Random() & (Random() & ~uint64_t{1}));
      words[i] = (inputs[i] ? ~uint64_t{0} : 0) ^ flips;
    }
    simulation_.Run(words);
    uint64_t admitted = ~uint64_t{0};
    for (Lit condition : conditions_) admitted &= simulation_[condition];
    for (uint32_t node = 0; node < aig_.NodeCount(); ++node) {
      const uint64_t value = simulation_[Lit(node, false)];
      if (first_) phases_[node] = (value & 1) != 0;
      const uint64_t normal = (phases_[node] ? ~value : value) & admitted;
      hashes_[node] = Mixed(hashes_[node] * 0x9e3779b97f4a7c15u + normal);
    }
    first_ = false;
  }

  uint64_t Of(uint32_t node) const { return hashes_[node]; }
  // The literal of the node that is false in the first assignment.
  Lit Normal(uint32_t node) const { return {node, phases_[node]}; }

 private:
  uint64_t Random() { return Mixed(state_ += 0x9e3779b97f4a7c15u); }

  const Aig& aig_;
  std::span<const Lit> conditions_;
  Simulation simulation_;
  std::vector<uint64_t> hashes_;
  std::vector<bool> phases_;
  bool first_ = true;
  uint64_t state_ = 0;
};

// What is equal as clauses, each ended by 0, and their proof; why it was stopped, if it was.
struct Swept {
  std::vector<int> equalities;
  std::string proof;
  double cpu_seconds;
  std::string why;
};

class Sweeper {
 public:
  Sweeper(const Aig& aig, std::span<const Lit> conditions, const Cnf& cnf, const SweepLimits& limits)
      : aig_(aig), cnf_(cnf), limits_(limits), watch_(limits.sat, &proof_), signatures_(aig, conditions) {
    solver_.set("quiet", 1);
    // A variable that was taken out comes back without a line in the proof.
    for (const char* technique : {"elim", "decompose"}) solver_.set(technique, 0);
    solver_.trace_proof(proof_.file(), "proof");
    solver_.connect_terminator(&watch_);
    for (int literal : cnf.literals) solver_.add(literal);
  }
  ~Sweeper() { solver_.disconnect_terminator(); }

  // False: stopped by the limits.
  bool Sweep(const std::vector<uint32_t>& cone, SweepCounts* counts) {
    if (limits_.sat.conflicts) solver_.limit("conflicts", *limits_.sat.conflicts);
    if (solver_.solve() != 10) return watch_.why().empty();
    LearnAssignment();
    std::vector<uint32_t> representatives;
    std::unordered_map<uint64_t, uint32_t> by_signature;
    for (uint32_t node : cone) {
      if (node != 0 && LiteralOf(cnf_, Lit(node, false)) == 0) continue;
      // An assignment that tells two nodes apart changes all signatures.
      for (bool settled = false; !settled;) {
        const auto [found, inserted] = by_signature.emplace(signatures_.Of(node), node);
        if (inserted) {
          representatives.push_back(node);
          break;
        }
        switch (Ask(signatures_.Normal(found->second), signatures_.Normal(node))) {
          case 20:
            ++counts->equal;
            settled = true;
            break;
          case 10:
            ++counts->different;
            LearnAssignment();
            by_signature.clear();
            for (uint32_t other : representatives) by_signature.emplace(signatures_.Of(other), other);
            break;
          default:
            ++counts->undecided;
            settled = true;
        }
        if (!watch_.why().empty()) return false;
      }
    }
    return true;
  }

  Swept Take(bool finished) {
    solver_.close_proof_trace();
    return {equalities_, WithoutDeletions(proof_.Take()), watch_.Seconds(), finished ? "" : watch_.why()};
  }

 private:
  // 20: equal where the conditions hold; 10: the solver has an assignment where they differ; 0: not decided.
  int Ask(Lit x, Lit y) {
    for (const auto& [holds, fails] : {std::pair{x, y}, std::pair{y, x}}) {
      std::vector<int> clause;  // not holds, or fails
      if (holds == kFalse || fails == kTrue) continue;
      if (holds != kTrue) clause.push_back(-LiteralOf(cnf_, holds));
      if (fails != kFalse) clause.push_back(LiteralOf(cnf_, fails));
      for (int literal : clause) solver_.assume(-literal);
      solver_.limit("conflicts", limits_.conflicts_a_pair);
      const int status = solver_.solve();
      if (status != 20) return status;
      AddDerived(clause);
      equalities_.insert(equalities_.end(), clause.begin(), clause.end());
      equalities_.push_back(0);
    }
    return 20;
  }

  // A clause that propagation finds to follow is a step of the proof, as the solver's own are.
  void AddDerived(const std::vector<int>& clause) {
    solver_.flush_proof_trace();
    std::fputc('a', proof_.file());
    for (int literal : clause) {
      PutNumber(literal > 0 ? 2u * static_cast<unsigned>(literal) : 2u * static_cast<unsigned>(-literal) + 1);
    }
    std::fputc(0, proof_.file());
    for (int literal : clause) solver_.add(literal);
    solver_.add(0);
  }

  void PutNumber(unsigned number) {
    for (; number > 0x7f; number >>= 7) std::fputc(static_cast<int>(number & 0x7f) | 0x80, proof_.file());
    std::fputc(static_cast<int>(number), proof_.file());
  }

  void LearnAssignment() {
    std::vector<bool> inputs;
    for (uint32_t node : aig_.Inputs()) {
      const int variable = LiteralOf(cnf_, Lit(node, false));
      inputs.push_back(variable != 0 && solver_.val(variable) > 0);
    }
    signatures_.Add(inputs);
  }

  const Aig& aig_;
  const Cnf& cnf_;
  const SweepLimits& limits_;
  MemoryStream proof_;
  Watch watch_;
  CaDiCaL::Solver solver_;
  Signatures signatures_;
  std::vector<int> equalities_;
};

}  // namespace

Decision DecideBySweeping(const Aig& aig, std::span<const Lit> conditions, Lit claim, const SweepLimits& limits,
                          SweepCounts* counts) {
  std::vector<Lit> asserted, meant;  // all of them, and the conditions that are not constant
  for (Lit condition : conditions) {
    asserted.push_back(condition);
    if (condition != kTrue) meant.push_back(condition);
  }
  asserted.push_back(claim);
  const bool constant = claim.node() == 0 || std::find(meant.begin(), meant.end(), kFalse) != meant.end();
  if (constant) return Decide(aig, asserted, limits.sat);

  Decision decision;
  decision.cnf = EncodeCnf(aig, asserted, CnfDirections::kBoth);
  // What is claimed comes last, as a unit clause: the first solver does not know it.
  Cnf unclaimed = decision.cnf;
  unclaimed.literals.resize(unclaimed.literals.size() - 2);
  --unclaimed.clauses;
  SweepCounts counted;
  const Swept swept = AsGuest([&] {
    Sweeper sweeper(aig, meant, unclaimed, limits);
    const bool finished = sweeper.Sweep(Cone(aig, asserted), &counted);
    return sweeper.Take(finished);
  });
  if (counts != nullptr) *counts = counted;
  if (!swept.why.empty()) {
    decision.why = swept.why;
    return decision;
  }
  Cnf strengthened = decision.cnf;
  strengthened.literals.insert(strengthened.literals.end(), swept.equalities.begin(), swept.equalities.end());
  SatLimits rest = limits.sat;
  if (rest.cpu_seconds) rest.cpu_seconds = std::max(*rest.cpu_seconds - swept.cpu_seconds, 0.0);
  decision.answer = SolveCnf(strengthened, rest, KeepProof::kYes);
  decision.answer.proof.insert(0, swept.proof);
  decision.answer.cpu_seconds += swept.cpu_seconds;
  Conclude(aig, limits.sat, &decision);
  if (!decision.why.empty() && limits.sat.cpu_seconds && decision.answer.cpu_seconds >= *limits.sat.cpu_seconds) {
    decision.why = CpuLimitReached(*limits.sat.cpu_seconds);  // not what the sweep left of it
  }
  return decision;
}

#else

Decision DecideBySweeping(const Aig& aig, std::span<const Lit> conditions, Lit claim, const SweepLimits& limits,
                          SweepCounts*) {
  std::vector<Lit> asserted(conditions.begin(), conditions.end());
  asserted.push_back(claim);
  return Decide(aig, asserted, limits.sat);
}

#endif

}  // namespace fplab::proof
