// Whether a formula is satisfiable, decided by CaDiCaL.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/sat.h>

#include <fplab/fparith/float/check.h>

#ifdef FPLAB_HAVE_CADICAL
#include <fmt/format.h>

#include <new>
#include <optional>

#include <fplab/fparith/mode/guest.h>
#include <fplab/fparith/proof/solver_watch.h>
#endif

namespace fplab::proof {

std::vector<uint64_t> InputsOf(const Aig& aig, const Cnf& cnf, const SatAnswer& answer) {
  FPLAB_CHECK(answer.verdict == SatVerdict::kSatisfiable, "the answer has an assignment");
  std::vector<uint64_t> inputs;
  for (uint32_t node : aig.Inputs()) {
    const int variable = LiteralOf(cnf, Lit(node, false));
    inputs.push_back(variable != 0 && answer.values[static_cast<size_t>(variable)] ? ~uint64_t{0} : 0);
  }
  return inputs;
}

#ifdef FPLAB_HAVE_CADICAL

namespace {

// Counts, and takes no clause.
class Counter : public CaDiCaL::Learner {
 public:
  bool learning(int /*size*/) override {
    ++count;
    return false;
  }
  void learn(int /*literal*/) override {}

  int64_t count = 0;
};

SatAnswer Solve(const Cnf& cnf, const SatLimits& limits, KeepProof keep_proof) {
  SatAnswer answer;
  std::optional<MemoryStream> proof;
  if (keep_proof == KeepProof::kYes) proof.emplace();
  Watch watch(limits, proof ? &*proof : nullptr);
  Counter counter;
  int status = 0;
  {
    CaDiCaL::Solver solver;
    solver.set("quiet", 1);
    if (proof) solver.trace_proof(proof->file(), "proof");
    solver.connect_terminator(&watch);
    solver.connect_learner(&counter);
    if (limits.conflicts) solver.limit("conflicts", *limits.conflicts);
    solver.reserve(cnf.variables);
    for (int literal : cnf.literals) solver.add(literal);
    status = solver.solve();
    if (status == 10) {
      answer.values.resize(static_cast<size_t>(cnf.variables) + 1);
      for (int v = 1; v <= cnf.variables; ++v) answer.values[static_cast<size_t>(v)] = solver.val(v) > 0;
    }
    solver.disconnect_learner();
    solver.disconnect_terminator();
    if (proof) solver.close_proof_trace();
  }
  answer.learned_clauses = counter.count;
  answer.cpu_seconds = watch.Seconds();
  if (status == 10) answer.verdict = SatVerdict::kSatisfiable;
  if (status == 20) {
    answer.verdict = SatVerdict::kUnsatisfiable;
    if (proof) answer.proof = proof->Take();
  }
  if (status == 0) {
    answer.why = watch.why().empty() && limits.conflicts ? fmt::format("not decided by {} conflicts", *limits.conflicts)
                                                         : watch.why();
  }
  return answer;
}

}  // namespace

bool HasSatSolver() { return true; }

SatAnswer SolveCnf(const Cnf& cnf, const SatLimits& limits, KeepProof keep_proof) {
  try {
    // Its heuristics compute with doubles.
    return AsGuest([&] { return Solve(cnf, limits, keep_proof); });
  } catch (const std::bad_alloc&) {
    SatAnswer answer;
    answer.why = "memory ran out";
    return answer;
  }
}

#else

bool HasSatSolver() { return false; }

SatAnswer SolveCnf(const Cnf&, const SatLimits&, KeepProof) {
  SatAnswer answer;
  answer.why = "this fplab was built without the SAT solver CaDiCaL";
  return answer;
}

#endif

}  // namespace fplab::proof
