// Inside domain and first_operands: what a statement's instructions without variables compute. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_IDENTITY_CONSTANT_INSTRUCTIONS_H_
#define FPLAB_FPARITH_IDENTITY_CONSTANT_INSTRUCTIONS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include <fplab/fparith/statement/expression.h>

namespace fplab::identity {

// By instruction: its value in IEEE mode, if it is a number or an integer that depends on no variable ("-1", "1/3").
std::vector<std::optional<WideBits>> ConstantInstructions(const statement::Expression& expression);

}  // namespace fplab::identity

#endif  // FPLAB_FPARITH_IDENTITY_CONSTANT_INSTRUCTIONS_H_
