// ProofJson: what a proof says of a statement, mode by mode, as JSON.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PRINTING_PROOF_JSON_H_
#define FPLAB_TOOLS_PRINTING_PROOF_JSON_H_

#include <nlohmann/json.hpp>

#include <fplab/fparith/proof/prove.h>

namespace fplab::tools {

// {"statement", "format", "modes": [{"mode", "answer", "how", "cpu_seconds", "counterexample"}]}; `every`: the mode is
// "every", and that of a counterexample its "counterexample_mode".
nlohmann::json ProofJson(const proof::Proof& proof, bool every = false);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PRINTING_PROOF_JSON_H_
