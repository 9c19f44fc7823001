// Inside fpcore: FPCore's numbers as literals of a statement. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_FPCORE_NUMBER_H_
#define FPLAB_FPARITH_STATEMENT_FPCORE_NUMBER_H_

#include <optional>
#include <string>
#include <string_view>

#include <fplab/fparith/mode/mode.h>
#include <fplab/fparith/statement/s_expression.h>
#include <fplab/fparith/statement/value_type.h>

namespace fplab::statement {

// A number without its sign, as a statement spells it.
struct FpCoreNumber {
  bool negative = false;
  std::string magnitude;
};

bool LooksLikeNumber(std::string_view text);
// A decimal integer, with a sign or without; nullopt if it is none or large.
std::optional<int> SmallInteger(std::string_view text);

// "1.5", "-0x1p-3" or "1/3", rounded to `type`, of numbers narrow or wide, once. Throws Error at `where`: malformed,
// too large, rounded to zero, a rational of numbers that the type does not hold.
FpCoreNumber ReadFpCoreNumber(const SExpression& where, const std::string& text, const Type& type, Rounding rounding);
// (digits m e b), likewise.
FpCoreNumber ReadFpCoreDigits(const SExpression& form, const Type& type, Rounding rounding);

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_FPCORE_NUMBER_H_
