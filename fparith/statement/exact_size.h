// How large the exact numbers of a statement may become, known before any is computed. Inside expression; not for
// callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_EXACT_SIZE_H_
#define FPLAB_FPARITH_STATEMENT_EXACT_SIZE_H_

#include <cstdint>

#include <fplab/fparith/statement/expression.h>

namespace fplab::statement {

// Of one case, whatever the operands are. Bounds: a sum may be as long as its operands' exponents can lie apart.
struct ExactSize {
  int64_t longest = 0;   // bits of one number
  int64_t bits = 0;      // of all numbers together, which are in memory at once, and of the differences compared
  int64_t products = 0;  // of two 32-bit words, in all multiplications
};

// The bounds saturate far above the limits below.
ExactSize ExactSizeOf(const Expression& expression);

// A megabit for each of the cases that are evaluated together, and a million multiplications.
inline constexpr ExactSize kMostExact{100000, int64_t{1} << 20, int64_t{1} << 20};

// Throws Error that names what is too large and its limit.
void RequireExactSize(const Expression& expression);

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_EXACT_SIZE_H_
