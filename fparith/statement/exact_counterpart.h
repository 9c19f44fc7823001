// Inside expression: the real value of what a program computes with roundings. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_EXACT_COUNTERPART_H_
#define FPLAB_FPARITH_STATEMENT_EXACT_COUNTERPART_H_

#include <fplab/fparith/statement/expression_builder.h>

namespace fplab::statement {

// The first instruction that the number `root` needs and that has no counterpart among exact operations; -1 if all
// have one.
int FindWithoutCounterpart(const ExpressionBuilder& builder, int root);

// Appends the real value of the number `root`, an exact number: the operations' real results on the operands as they
// are given, before any flushing. What an integer or a pattern of bits becomes is an operand; a choice is made by what
// was computed. Precondition: FindWithoutCounterpart is -1.
int AppendExactCounterpart(ExpressionBuilder& builder, int root);

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_EXACT_COUNTERPART_H_
