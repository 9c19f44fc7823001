// Types and evaluation of operations as data.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/model/function.h>

#include <array>
#include <utility>

#include <fplab/fparith/float/error.h>

namespace fplab::model {
namespace {

// Operations that are <format>_<word>.
constexpr std::array<std::pair<std::string_view, Operation>, 18> kWords = {
    {{"add", Operation::kAdd},
     {"sub", Operation::kSub},
     {"mul", Operation::kMul},
     {"div", Operation::kDiv},
     {"sqrt", Operation::kSqrt},
     {"mulAdd", Operation::kFma},
     {"eq", Operation::kEqual},
     {"lt", Operation::kLess},
     {"le", Operation::kLessEqual},
     {"eq_signaling", Operation::kEqualSignaling},
     {"lt_quiet", Operation::kLessQuiet},
     {"le_quiet", Operation::kLessEqualQuiet},
     {"roundToInt", Operation::kRoundToIntegral},
     {"minimumNumber", Operation::kMinimumNumber},
     {"maximumNumber", Operation::kMaximumNumber},
     {"x86min", Operation::kX86Min},
     {"x86max", Operation::kX86Max},
     {"rem", Operation::kRemainder}}};

constexpr std::array<std::pair<std::string_view, IntegerType>, 4> kIntegers = {{{"i32", IntegerType::kInt32},
                                                                                {"ui32", IntegerType::kUint32},
                                                                                {"i64", IntegerType::kInt64},
                                                                                {"ui64", IntegerType::kUint64}}};

constexpr std::array<std::pair<std::string_view, Rounding>, 5> kRoundings = {{{"near_even", Rounding::kNearestEven},
                                                                              {"near_maxMag", Rounding::kNearestAway},
                                                                              {"minMag", Rounding::kTowardZero},
                                                                              {"max", Rounding::kUp},
                                                                              {"min", Rounding::kDown}}};

template <typename T, size_t N>
std::optional<T> Find(const std::array<std::pair<std::string_view, T>, N>& table, std::string_view name) {
  for (const auto& [known, value] : table) {
    if (known == name) return value;
  }
  return std::nullopt;
}

template <typename T, size_t N>
std::string_view NameIn(const std::array<std::pair<std::string_view, T>, N>& table, T value) {
  for (const auto& [name, known] : table) {
    if (known == value) return name;
  }
  return "";
}

[[noreturn]] void Refuse(std::string_view name) {
  throw Error(
      "function '{}' is not known; expected TestFloat's names: <format>_add, sub, mul, mulAdd, div, sqrt, rem, "
      "roundToInt, "
      "eq, "
      "le, lt, eq_signaling, le_quiet, lt_quiet, <type>_to_<type> with integers i32, ui32, i64, ui64; or "
      "<format>_minimumNumber, maximumNumber, x86min, x86max",
      name);
}

// Takes "_r_minMag", "_rx_minMag" or "_x" off the end of name.
void TakeSuffix(std::string_view& name, Function& function) {
  if (name.ends_with("_x")) {
    name.remove_suffix(2);
    function.inexact = model::InexactFlag::kRaise;
    return;
  }
  for (const std::string_view marker : {"_r_", "_rx_"}) {
    const size_t at = name.find(marker);
    if (at == std::string_view::npos) continue;
    function.rounding = Find(kRoundings, name.substr(at + marker.size()));
    if (!function.rounding) return;  // the rest then matches no operation
    if (marker == "_rx_") function.inexact = model::InexactFlag::kRaise;
    name = name.substr(0, at);
    return;
  }
}

bool RoundsToInteger(Operation operation) {
  return operation == Operation::kRoundToIntegral || operation == Operation::kToInteger;
}

std::string Suffix(const Function& function) {
  if (!RoundsToInteger(function.operation)) return "";
  const bool exact = function.inexact == model::InexactFlag::kRaise;
  if (!function.rounding) return exact ? "_x" : "";
  return (exact ? "_rx_" : "_r_") + std::string(NameIn(kRoundings, *function.rounding));
}

Function ParseConversion(std::string_view from, std::string_view to, Function function) {
  const std::optional<IntegerType> source = Find(kIntegers, from), target = Find(kIntegers, to);
  if (source) {
    function.operation = Operation::kFromInteger;
    function.integer = *source;
  } else {
    function.format = ParseFormat(from);
  }
  if (target) {
    function.operation = Operation::kToInteger;
    function.integer = *target;
    function.result_format = function.format;
  } else {
    function.result_format = ParseFormat(to);
  }
  if (source) function.format = function.result_format;
  return function;
}

}  // namespace

int Function::Arity() const {
  switch (operation) {
    case Operation::kSqrt:
    case Operation::kRoundToIntegral:
    case Operation::kConvert:
    case Operation::kToInteger:
    case Operation::kFromInteger:
      return 1;
    case Operation::kFma:
      return 3;
    default:
      return 2;
  }
}

ValueKind Function::OperandKind() const {
  return operation == Operation::kFromInteger ? ValueKind::kInteger : ValueKind::kFloat;
}

ValueKind Function::ResultKind() const {
  switch (operation) {
    case Operation::kEqual:
    case Operation::kLess:
    case Operation::kLessEqual:
    case Operation::kEqualSignaling:
    case Operation::kLessQuiet:
    case Operation::kLessEqualQuiet:
      return ValueKind::kTruth;
    case Operation::kToInteger:
      return ValueKind::kInteger;
    default:
      return ValueKind::kFloat;
  }
}

namespace {

int IntegerDigits(IntegerType type) { return type == IntegerType::kInt64 || type == IntegerType::kUint64 ? 16 : 8; }

}  // namespace

int Function::OperandDigits() const {
  return OperandKind() == ValueKind::kInteger ? IntegerDigits(integer) : format.HexDigits();
}

int Function::ResultDigits() const {
  switch (ResultKind()) {
    case ValueKind::kTruth:
      return 1;
    case ValueKind::kInteger:
      return IntegerDigits(integer);
    case ValueKind::kFloat:
      break;
  }
  return result_format.HexDigits();
}

bool Function::SameResult(uint64_t a, uint64_t b) const {
  return ResultKind() == ValueKind::kFloat ? result_format.SameBits(a, b) : a == b;
}

bool Function::SameButRounding(const Function& other) const {
  return operation == other.operation && format == other.format && result_format == other.result_format &&
         integer == other.integer && inexact == other.inexact;
}

Outcome Evaluate(const Function& function, const Environment& environment, uint64_t a, uint64_t b, uint64_t c) {
  if (function.rounding) {
    Environment fixed = environment;
    fixed.mode.rounding = *function.rounding;
    Function unfixed = function;
    unfixed.rounding.reset();
    return Evaluate(unfixed, fixed, a, b, c);
  }
  const Format& format = function.format;
  switch (function.operation) {
    case Operation::kAdd:
      return Add(format, environment, a, b);
    case Operation::kSub:
      return Sub(format, environment, a, b);
    case Operation::kMul:
      return Mul(format, environment, a, b);
    case Operation::kDiv:
      return Div(format, environment, a, b);
    case Operation::kSqrt:
      return Sqrt(format, environment, a);
    case Operation::kFma:
      return Fma(format, environment, a, b, c);
    case Operation::kEqual:
      return Equal(format, environment, a, b, NanComparison::kQuiet);
    case Operation::kLess:
      return Less(format, environment, a, b, NanComparison::kSignaling);
    case Operation::kLessEqual:
      return LessEqual(format, environment, a, b, NanComparison::kSignaling);
    case Operation::kEqualSignaling:
      return Equal(format, environment, a, b, NanComparison::kSignaling);
    case Operation::kLessQuiet:
      return Less(format, environment, a, b, NanComparison::kQuiet);
    case Operation::kLessEqualQuiet:
      return LessEqual(format, environment, a, b, NanComparison::kQuiet);
    case Operation::kRoundToIntegral:
      return RoundToIntegral(format, environment, a, function.inexact);
    case Operation::kConvert:
      return Convert(format, function.result_format, environment, a);
    case Operation::kToInteger:
      return ToInteger(format, environment, function.integer, a, function.inexact);
    case Operation::kFromInteger:
      return FromInteger(function.result_format, environment, function.integer, a);
    case Operation::kMinimumNumber:
      return MinimumNumber(format, environment, a, b);
    case Operation::kMaximumNumber:
      return MaximumNumber(format, environment, a, b);
    case Operation::kX86Min:
      return X86Min(format, environment, a, b);
    case Operation::kX86Max:
      return X86Max(format, environment, a, b);
    case Operation::kRemainder:
      return Remainder(format, environment, a, b);
  }
  return {};
}

std::string Name(const Function& function) {
  switch (function.operation) {
    case Operation::kConvert:
      return Name(function.format) + "_to_" + Name(function.result_format);
    case Operation::kToInteger:
      return Name(function.format) + "_to_" + std::string(NameIn(kIntegers, function.integer)) + Suffix(function);
    case Operation::kFromInteger:
      return std::string(NameIn(kIntegers, function.integer)) + "_to_" + Name(function.result_format);
    default:
      return Name(function.format) + "_" + std::string(NameIn(kWords, function.operation)) + Suffix(function);
  }
}

Function ParseFunction(std::string_view name) {
  std::string_view rest = name;
  Function function{Operation::kConvert};
  TakeSuffix(rest, function);
  const size_t underscore = rest.find('_');
  if (underscore == std::string_view::npos) Refuse(name);
  const std::string_view type = rest.substr(0, underscore), word = rest.substr(underscore + 1);
  if (word.starts_with("to_")) {
    const std::string_view to = word.substr(3);
    if (Find(kIntegers, type) && Find(kIntegers, to)) Refuse(name);
    function = ParseConversion(type, to, function);
  } else {
    const std::optional<Operation> operation = Find(kWords, word);
    if (!operation) Refuse(name);
    function.operation = *operation;
    function.format = function.result_format = ParseFormat(type);
  }
  const bool plain = !function.rounding && function.inexact == model::InexactFlag::kSuppress;
  if (!plain && !RoundsToInteger(function.operation)) Refuse(name);
  return function;
}

}  // namespace fplab::model
