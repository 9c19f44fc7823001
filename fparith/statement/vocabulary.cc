// Functions, keywords and constants.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/vocabulary.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace fplab::statement {
namespace {

constexpr FunctionName Plain(std::string_view name, int arity, Op op) { return {name, arity, op, op}; }

constexpr std::array kFunctions = {
    Plain("fma", 3, Op::kFma),
    Plain("sqrt", 1, Op::kSqrt),
    Plain("hypot", 2, Op::kHypot),
    Plain("rem", 2, Op::kRemainder),
    Plain("fmod", 2, Op::kFmod),
    FunctionName{"min", 2, Op::kMin, Op::kExactMin},
    FunctionName{"max", 2, Op::kMax, Op::kExactMax},
    Plain("min_num", 2, Op::kMinNum),
    Plain("max_num", 2, Op::kMaxNum),
    Plain("fmin", 2, Op::kMinNum),
    Plain("fmax", 2, Op::kMaxNum),
    Plain("minimum", 2, Op::kMinimum),
    Plain("maximum", 2, Op::kMaximum),
    Plain("minimum_number", 2, Op::kMinimumNumber),
    Plain("maximum_number", 2, Op::kMaximumNumber),
    Plain("ceil", 1, Op::kCeil),
    Plain("floor", 1, Op::kFloor),
    Plain("trunc", 1, Op::kTrunc),
    Plain("rint", 1, Op::kRint),
    Plain("round", 1, Op::kRound),
    Plain("round_even", 1, Op::kRoundEven),
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
    Plain("significand", 1, Op::kSignificand),
    Plain("logb", 1, Op::kLogB),
    Plain("eq_mode", 2, Op::kEqualInMode),
    Plain("lt_mode", 2, Op::kLessInMode),
    Plain("le_mode", 2, Op::kLessEqualInMode),
    Plain("finite", 1, Op::kIsFinite),
    Plain("isfinite", 1, Op::kIsFinite),
    Plain("nan", 1, Op::kIsNan),
    Plain("isnan", 1, Op::kIsNan),
    Plain("isinf", 1, Op::kIsInfinite),
    Plain("iszero", 1, Op::kIsZero),
    Plain("signaling", 1, Op::kIsSignaling),
    Plain("signbit", 1, Op::kSignBit),
    Plain("normal", 1, Op::kIsNormal),
    Plain("subnormal", 1, Op::kIsSubnormal),
    Plain("is_integer", 1, Op::kIsInteger),
    Plain("power_of_two", 1, Op::kIsPowerOfTwo),
};

constexpr std::array<std::pair<std::string_view, Form>, 24> kForms = {{
    {"real", Form::kReal},      {"error", Form::kError},        {"rounded", Form::kRounded},
    {"exact", Form::kExact},    {"ieee", Form::kIeee},          {"up", Form::kUp},
    {"down", Form::kDown},      {"to_zero", Form::kToZero},     {"to_even", Form::kToEven},
    {"to_away", Form::kToAway}, {"to_odd", Form::kToOdd},       {"select", Form::kSelect},
    {"bits", Form::kBits},      {"from_bits", Form::kFromBits}, {"ulps", Form::kUlps},
    {"ldexp", Form::kScale},    {"flags", Form::kFlags},        {"raises", Form::kRaises},
    {"sum", Form::kSum},        {"sum_pairs", Form::kSumPairs}, {"sum_tree", Form::kSumTree},
    {"dot", Form::kDot},        {"dot_fma", Form::kDotFma},     {"through_wide", Form::kThroughWide},
}};

constexpr std::array<std::string_view, 6> kConstants = {"min_normal", "min_subnormal", "max", "eps", "inf", "nan"};
constexpr std::array<std::string_view, 9> kWords = {"let", "in", "when", "and", "or", "not", "ulp", "ulps", "within"};

// Replacements, insertions and deletions of letters that lead from a to b.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

const FunctionName* FindFunction(std::string_view name) {
  for (const FunctionName& function : kFunctions) {
    if (function.name == name) return &function;
  }
  return nullptr;
}

std::optional<Form> FindForm(std::string_view name) {
  for (const auto& [known, form] : kForms) {
    if (known == name) return form;
  }
  return std::nullopt;
}

std::optional<IntegerConversion> FindIntegerConversion(std::string_view name) {
  if (name == "e8m0") return IntegerConversion{Type::Scale(), OutOfRange::kX86};
  if (name == "e8m0sat") return IntegerConversion{Type::Scale(), OutOfRange::kSaturate};
  const size_t underscore = name.find('_');
  const std::optional<Type> type = FindType(name.substr(0, underscore));
  if (!type || !type->IsInteger() || type->is_scale) return std::nullopt;
  if (underscore == std::string_view::npos) return IntegerConversion{*type, OutOfRange::kX86};
  const std::string_view suffix = name.substr(underscore + 1);
  if (suffix == "x86") return IntegerConversion{*type, OutOfRange::kX86};
  if (suffix == "sat") return IntegerConversion{*type, OutOfRange::kSaturate};
  if (suffix == "wrap") return IntegerConversion{*type, OutOfRange::kWrap};
  return std::nullopt;
}

bool IsConstant(std::string_view name) {
  return std::find(kConstants.begin(), kConstants.end(), name) != kConstants.end();
}

bool IsReserved(std::string_view name) {
  return IsConstant(name) || std::find(kWords.begin(), kWords.end(), name) != kWords.end() ||
         FindFunction(name) != nullptr || FindForm(name) || FindType(name) || FindIntegerConversion(name);
}

std::string_view NearestFunction(std::string_view name) {
  constexpr size_t kNear = 2;
  if (name.size() <= kNear || name.size() > 30) return {};
  std::string_view nearest;
  size_t least = kNear + 1;
  const auto consider = [&](std::string_view candidate) {
    const size_t distance = EditDistance(name, candidate);
    if (distance < least && distance < candidate.size()) {
      least = distance;
      nearest = candidate;
    }
  };
  for (const FunctionName& function : kFunctions) consider(function.name);
  for (const auto& [form, unused] : kForms) consider(form);
  return nearest;
}

std::string Quoted(const Token& token) {
  return token.kind == TokenKind::kEnd ? "the end" : fmt::format("\"{}\"", token.text);
}

}  // namespace fplab::statement
