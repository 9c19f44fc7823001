// Operands that are tried before any are drawn: what a statement names, landmarks of formats, small whole numbers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_IDENTITY_FIRST_OPERANDS_H_
#define FPLAB_FPARITH_IDENTITY_FIRST_OPERANDS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/identity/domain.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::identity {

// For the variable of that number, in the order in which they are tried, each once, all in `domain`: the statement's
// constants of its kind, their sums, products and quotients, the neighbours of all these and their opposites; the ends
// of the domain; where a rule of NaNs is asked about (Expression::arithmetic), NaNs of each kind; zeros, ones, the ends
// of the subnormal and normal numbers with their neighbours; whole numbers. At most `count`, a share of each kind.
FPLAB_EXPORT std::vector<WideBits> FirstOperands(const statement::Expression& expression, const Domain& domain,
                                                 size_t count);

}  // namespace fplab::identity

#endif  // FPLAB_FPARITH_IDENTITY_FIRST_OPERANDS_H_
