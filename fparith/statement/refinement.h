// Refinement: statements about implementations that may flush subnormal numbers and need not.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_REFINEMENT_H_
#define FPLAB_FPARITH_STATEMENT_REFINEMENT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/mode/mode.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::statement {

// What an implementation is free to do, operation by operation. LLVM's "denormal-fp-math"="preserve-sign" lets results
// be flushed, and has operands flushed; WGSL, OpenCL and SPIR-V let both be.
struct Freedom {
  Mode mode = kFtz;         // flush_outputs is set: a result that underflows may be flushed; flush_inputs: of operands
  bool inputs_may = false;  // a subnormal operand may count as zero; otherwise it must, or must not, as the mode says

  friend constexpr bool operator==(const Freedom&, const Freedom&) = default;
};

// "may-ftz", "may-ftz+daz", "may-ftz+may-daz"; a direction other than nearest-even follows after a comma.
FPLAB_EXPORT std::string Name(const Freedom& freedom);
// The inverse; nullopt for a word that does not begin with "may-". Throws Error that lists the accepted ones otherwise.
FPLAB_EXPORT std::optional<Freedom> FindFreedom(std::string_view name);

// A statement LEFT == RIGHT (or ===, or LEFT <=> RIGHT between truth values) read as a rewrite of LEFT into RIGHT.
struct Refinement {
  // True, under freedom.mode, where every result that RIGHT may have is one that LEFT may have. Signs of zeros are told
  // apart if the statement does so.
  Expression expression;
  std::vector<int> left, right;  // the instructions of all that either side may result in
};

// A subexpression that a side computes twice is computed once, to one result. Throws Error where the claim is no single
// equation, or there are more than 1024 ways to compute it.
FPLAB_EXPORT Refinement RefinementOf(const Expression& statement, const Freedom& freedom);

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_REFINEMENT_H_
