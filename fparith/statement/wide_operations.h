// Inside the evaluator: operations of which an operand or the result is a wide number. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_WIDE_OPERATIONS_H_
#define FPLAB_FPARITH_STATEMENT_WIDE_OPERATIONS_H_

#include <fplab/fparith/model/wide.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::statement {

// Whether the function `op` takes wide numbers.
bool HasWideOperation(Op op);

// The result by the model. Whatever is not wide travels in the low 64 bits. `operand` is the type of the first
// argument, of a choice that of the second; `environment` has the mode of the instruction.
model::WideOutcome ExecuteWide(const Instruction& instruction, const Type& operand,
                               const model::Environment& environment, WideBits a, WideBits b, WideBits c);

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_WIDE_OPERATIONS_H_
