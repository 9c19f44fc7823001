// What was found about a rewrite under permissions to flush (statement/refinement.h), as lines and as JSON.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PRINTING_REFINEMENT_TEXT_H_
#define FPLAB_TOOLS_PRINTING_REFINEMENT_TEXT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/statement/refinement.h>

namespace fplab::tools {

// The answer, and for a counterexample its operands and what either side may result in.
std::string RefinementText(const identity::Refutation& refutation, const statement::Refinement& refinement,
                           const statement::Freedom& freedom);
// The lines of a counterexample alone.
std::string WaysText(const statement::Refinement& refinement, const statement::Freedom& freedom,
                     const std::vector<uint64_t>& operands);

nlohmann::json RefinementJson(const identity::Refutation& refutation, const statement::Refinement& refinement,
                              const statement::Freedom& freedom);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PRINTING_REFINEMENT_TEXT_H_
