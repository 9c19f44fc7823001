// TestFloat's names of functions. TestFloat-3e, doc/TestFloat-general.html, section 6.
#include <array>
#include <utility>

#include "fparith/error.h"
#include "fparith/model_function.h"

namespace fplab {
namespace {

using model::IntegerType;

// Operations that are <format>_<word>.
constexpr std::array<std::pair<std::string_view, Operation>, 17> kWords = {
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
     {"x86max", Operation::kX86Max}}};

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
      "function '{}' is not known; expected TestFloat's names: <format>_add, sub, mul, mulAdd, div, sqrt, roundToInt, "
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

}  // namespace fplab
