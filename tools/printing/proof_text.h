// What a proof says of a statement in one mode, as lines.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PRINTING_PROOF_TEXT_H_
#define FPLAB_TOOLS_PRINTING_PROOF_TEXT_H_

#include <string>

#include <fplab/fparith/proof/prove.h>
#include <fplab/fparith/statement/refinement.h>

namespace fplab::tools {

// The answer, how it was found, and the operands that refute. `every`: the answer is of all four flushing modes.
std::string ProofLine(const statement::Expression& expression, const proof::ModeAnswer& answer, bool every);

// The same of a rewrite under permissions to flush, with what either side may result in for such operands.
std::string RewriteProofText(const proof::ModeAnswer& answer, const statement::Refinement& refinement,
                             const statement::Freedom& freedom);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PRINTING_PROOF_TEXT_H_
