// Proofs as JSON.
// SPDX-License-Identifier: Apache-2.0
#include "tools/printing/proof_json.h"

#include "tools/printing/value_text.h"

namespace fplab::tools {

nlohmann::json ProofJson(const proof::Proof& proof, bool every) {
  nlohmann::json modes = nlohmann::json::array();
  for (const proof::ModeAnswer& answer : proof.answers) {
    nlohmann::json entry = {{"mode", every ? "every" : Name(answer.mode)},
                            {"answer", Name(answer.answer)},
                            {"how", answer.how},
                            {"cpu_seconds", answer.cpu_seconds}};
    if (answer.failure) entry["counterexample"] = OperandsJson(proof.expression, answer.failure->operands);
    if (every && answer.failure) entry["counterexample_mode"] = Name(answer.mode);
    modes.push_back(entry);
  }
  return {{"statement", proof.expression.text}, {"format", Name(proof.expression.format)}, {"modes", modes}};
}

}  // namespace fplab::tools
