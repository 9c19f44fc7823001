// One question about a graph from its literals to a checked answer.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/decide.h>

#include <algorithm>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/proof/conclude.h>

namespace fplab::proof {

void Conclude(const Aig& aig, const SatLimits& limits, Decision* decision) {
  decision->verdict = decision->answer.verdict;
  decision->why = decision->answer.why;
  if (decision->verdict == SatVerdict::kSatisfiable) decision->inputs = InputsOf(aig, decision->cnf, decision->answer);
  if (decision->verdict != SatVerdict::kUnsatisfiable) return;
  decision->check = CheckDrat(decision->cnf, decision->answer.proof, DratForm::kBinary, limits.interrupt);
  if (!decision->check.interrupted) return;
  decision->verdict = SatVerdict::kUnknown;
  decision->why = "interrupted while its proof was checked";
}

Decision Decide(const Aig& aig, std::span<const Lit> asserted, const SatLimits& limits) {
  Decision decision;
  decision.cnf = EncodeCnf(aig, asserted);
  if (std::find(asserted.begin(), asserted.end(), kFalse) != asserted.end()) {
    decision.verdict = SatVerdict::kUnsatisfiable;
    decision.by_structure = true;
    return decision;
  }
  decision.answer = SolveCnf(decision.cnf, limits, KeepProof::kYes);
  Conclude(aig, limits, &decision);
  return decision;
}

uint64_t ValueOf(const Simulation& simulation, const Word& word) {
  FPLAB_CHECK(word.size() <= 64, "a word of at most 64 literals");
  uint64_t value = 0;
  for (size_t i = 0; i < word.size(); ++i) value |= (simulation[word[i]] & 1) << i;
  return value;
}

}  // namespace fplab::proof
