// Numbers that people write as expressions: "0.4*min_normal", "1/min_normal", "i32(-3)".
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_CONSTANT_VALUE_H_
#define FPLAB_FPARITH_STATEMENT_CONSTANT_VALUE_H_

#include <cstdint>
#include <string_view>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/statement/value_type.h>

namespace fplab::statement {

// The value of a number or an integer without variables, in the language of fparith/statement/expression.h, as one of
// `type`: computed by the model in IEEE mode, to nearest-even. `where` follows the column in errors. Throws
// ExpressionError as ParseExpression does, and for a variable or a value of another type.
FPLAB_EXPORT WideBits ConstantBits(std::string_view text, const Type& type, std::string_view where = "");

// The same of a type that is not wide.
FPLAB_EXPORT uint64_t ConstantValue(std::string_view text, const Type& type, std::string_view where = "");

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_CONSTANT_VALUE_H_
