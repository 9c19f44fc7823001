// Functions, keywords and constants.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/expression_vocabulary.h>

#include <array>

namespace fplab::statement {
namespace {

constexpr FunctionName Plain(std::string_view name, int arity, Op op) { return {name, arity, op, op}; }

constexpr std::array kFunctions = {
    Plain("fma", 3, Op::kFma),
    Plain("sqrt", 1, Op::kSqrt),
    FunctionName{"min", 2, Op::kMin, Op::kExactMin},
    FunctionName{"max", 2, Op::kMax, Op::kExactMax},
    Plain("ceil", 1, Op::kCeil),
    Plain("floor", 1, Op::kFloor),
    Plain("trunc", 1, Op::kTrunc),
    Plain("rint", 1, Op::kRint),
    Plain("through_wide", 1, Op::kThroughWide),
    Plain("through_f16c", 1, Op::kThroughF16c),
    Plain("through_bf16", 1, Op::kThroughBf16),
    Plain("libm_log", 1, Op::kLibmLog),
    Plain("libm_exp", 1, Op::kLibmExp),
    Plain("libm_strtod", 1, Op::kLibmStrtod),
    FunctionName{"abs", 1, Op::kAbs, Op::kExactAbs},
    Plain("copysign", 2, Op::kCopySign),
    Plain("next_up", 1, Op::kNextUp),
    Plain("next_down", 1, Op::kNextDown),
    Plain("ulp", 1, Op::kUlp),
    Plain("eq_mode", 2, Op::kEqualInMode),
    Plain("lt_mode", 2, Op::kLessInMode),
    Plain("le_mode", 2, Op::kLessEqualInMode),
    Plain("finite", 1, Op::kIsFinite),
    Plain("nan", 1, Op::kIsNan),
    Plain("normal", 1, Op::kIsNormal),
    Plain("subnormal", 1, Op::kIsSubnormal),
    Plain("power_of_two", 1, Op::kIsPowerOfTwo),
};

}  // namespace

const FunctionName* FindFunction(std::string_view name) {
  for (const FunctionName& function : kFunctions) {
    if (function.name == name) return &function;
  }
  return nullptr;
}

bool IsReserved(std::string_view name) {
  static constexpr std::array<std::string_view, 16> kWords = {
      "let",   "in",      "when",       "and",           "or",  "not", "real", "ieee",
      "exact", "rounded", "min_normal", "min_subnormal", "max", "eps", "inf",  "nan"};
  for (std::string_view word : kWords) {
    if (word == name) return true;
  }
  return FindFunction(name) != nullptr;
}

std::string Quoted(const Token& token) {
  return token.kind == TokenKind::kEnd ? "the end" : fmt::format("\"{}\"", token.text);
}

}  // namespace fplab::statement
