// Inside fpcore: the words of FPCore, and what a statement calls them. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_FPCORE_VOCABULARY_H_
#define FPLAB_FPARITH_STATEMENT_FPCORE_VOCABULARY_H_

#include <optional>
#include <string_view>

#include <fplab/fparith/mode/mode.h>
#include <fplab/fparith/statement/s_expression.h>
#include <fplab/fparith/statement/value_type.h>

namespace fplab::statement {

struct FpCoreOperation {
  std::string_view name;  // in FPCore
  std::string_view word;  // in a statement: an operator or a function
  size_t arity;
  bool rounds;
};

// nullptr and nullopt: no such word.
const FpCoreOperation* FindFpCoreOperation(std::string_view name);
std::optional<std::string_view> FindFpCorePredicate(std::string_view name);
// The digits of PI and the like.
std::optional<std::string_view> FindFpCoreConstant(std::string_view name);

// The values of :precision and :round. Throw Error that names line and column.
Type FpCorePrecision(const SExpression& value);
Rounding FpCoreRounding(const SExpression& value);

// The form of a statement that rounds in a direction: "up".
std::string_view FormOf(Rounding rounding);

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_FPCORE_VOCABULARY_H_
