// Inside expression: the words that statements may use. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_VOCABULARY_H_
#define FPLAB_FPARITH_STATEMENT_VOCABULARY_H_

#include <optional>
#include <string>
#include <string_view>

#include <fplab/fparith/statement/expression.h>
#include <fplab/fparith/statement/lexer.h>

namespace fplab::statement {

// A function of numbers of one format: its result is such a number, or a truth value as KindOf(op) says.
struct FunctionName {
  std::string_view name;
  int arity;
  Op op;
  Op exact_op;  // inside real() and rounded(); the same as op if there is none
};

// The function of that name; null if there is none.
const FunctionName* FindFunction(std::string_view name);

// Words called like functions that have rules of their own.
enum class Form : uint8_t {
  kReal,
  kError,
  kRounded,
  kExact,
  kIeee,
  kUp,
  kDown,
  kToZero,
  kToEven,
  kToAway,
  kToOdd,
  kSelect,
  kBits,
  kFromBits,
  kUlps,
  kScale,
  kFlags,
  kRaises,
  kSum,
  kSumPairs,
  kSumTree,
  kDot,
  kDotFma,
  kThroughWide,
};
std::optional<Form> FindForm(std::string_view name);

// "i32_sat", "u8_wrap", "i64_x86", "i32": a conversion to an integer and what it does with what does not fit; "e8m0",
// "e8m0sat": to a scale.
struct IntegerConversion {
  Type type;
  OutOfRange out_of_range;
};
std::optional<IntegerConversion> FindIntegerConversion(std::string_view name);

// Whether `name` is a constant of every format: min_normal, max ... Some name a function, too.
bool IsConstant(std::string_view name);

// Whether `name` is a keyword, a constant, a type or a function, and so can't name a variable.
bool IsReserved(std::string_view name);

// The name of a function, a form or a conversion that is nearest to `name`; empty if none is near.
std::string_view NearestFunction(std::string_view name);

// The token for an error message.
std::string Quoted(const Token& token);

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_VOCABULARY_H_
