// Tables of FPCore's words.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/fpcore_vocabulary.h>

#include <algorithm>
#include <array>
#include <utility>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/statement/fpcore_number.h>

namespace fplab::statement {
namespace {

constexpr std::array kOperations = {
    FpCoreOperation{"+", "+", 2, true},
    FpCoreOperation{"-", "-", 2, true},
    FpCoreOperation{"*", "*", 2, true},
    FpCoreOperation{"/", "/", 2, true},
    FpCoreOperation{"sqrt", "sqrt", 1, true},
    FpCoreOperation{"fma", "fma", 3, true},
    FpCoreOperation{"fabs", "abs", 1, false},
    FpCoreOperation{"copysign", "copysign", 2, false},
    FpCoreOperation{"fmin", "min_num", 2, false},
    FpCoreOperation{"fmax", "max_num", 2, false},
    FpCoreOperation{"floor", "floor", 1, false},
    FpCoreOperation{"ceil", "ceil", 1, false},
    FpCoreOperation{"trunc", "trunc", 1, false},
    FpCoreOperation{"round", "round", 1, false},
    FpCoreOperation{"nearbyint", "rint", 1, true},
    FpCoreOperation{"fmod", "fmod", 2, false},
    FpCoreOperation{"remainder", "rem", 2, false},
    FpCoreOperation{"hypot", "hypot", 2, true},
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kPredicates = {
    {{"isfinite", "isfinite"}, {"isinf", "isinf"}, {"isnan", "isnan"}, {"isnormal", "normal"}, {"signbit", "signbit"}}};

// Digits enough for 113 bits in any direction: the expansions of irrational numbers that are near no tie.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kIrrational = {{
    {"E", "2.71828182845904523536028747135266249775724709369996"},
    {"LOG2E", "1.442695040888963407359924681001892137426645954152986"},
    {"LOG10E", "0.4342944819032518276511289189166050822943970058036666"},
    {"LN2", "0.6931471805599453094172321214581765680755001343602553"},
    {"LN10", "2.302585092994045684017991454684364207601101488628773"},
    {"PI", "3.141592653589793238462643383279502884197169399375106"},
    {"PI_2", "1.570796326794896619231321691639751442098584699687553"},
    {"PI_4", "0.7853981633974483096156608458198757210492923498437765"},
    {"M_1_PI", "0.3183098861837906715377675267450287240689192914809129"},
    {"M_2_PI", "0.6366197723675813430755350534900574481378385829618258"},
    {"M_2_SQRTPI", "1.128379167095512573896158903121545171688101258657998"},
    {"SQRT2", "1.414213562373095048801688724209698078569671875376948"},
    {"SQRT1_2", "0.707106781186547524400844362104849039284835937688474"},
}};

constexpr std::array<std::pair<std::string_view, Rounding>, 5> kRoundings = {{{"nearestEven", Rounding::kNearestEven},
                                                                              {"nearestAway", Rounding::kNearestAway},
                                                                              {"toPositive", Rounding::kUp},
                                                                              {"toNegative", Rounding::kDown},
                                                                              {"toZero", Rounding::kTowardZero}}};

template <typename Table>
auto Find(const Table& table, std::string_view word) -> std::optional<typename Table::value_type::second_type> {
  for (const auto& [name, value] : table) {
    if (name == word) return value;
  }
  return std::nullopt;
}

}  // namespace

const FpCoreOperation* FindFpCoreOperation(std::string_view name) {
  const auto found = std::find_if(kOperations.begin(), kOperations.end(),
                                  [&](const FpCoreOperation& candidate) { return candidate.name == name; });
  return found == kOperations.end() ? nullptr : &*found;
}

std::optional<std::string_view> FindFpCorePredicate(std::string_view name) { return Find(kPredicates, name); }

std::optional<std::string_view> FindFpCoreConstant(std::string_view name) { return Find(kIrrational, name); }

Type FpCorePrecision(const SExpression& value) {
  if (value.IsAtom("binary16")) return Type::Number(kBinary16);
  if (value.IsAtom("binary32")) return Type::Number(kBinary32);
  if (value.IsAtom("binary64")) return Type::Number(kBinary64);
  if (value.IsAtom("binary80")) return Type::Wide(kX87);
  if (value.IsAtom("binary128")) return Type::Wide(kBinary128);
  if (value.IsAtom("bfloat16")) return Type::Number(kBfloat16);
  if (value.IsForm("float") && value.children.size() == 3) {
    const std::optional<int> exponent = SmallInteger(value.children[1].text),
                             bits = SmallInteger(value.children[2].text);
    if (exponent && bits && *exponent > 0 && *exponent < 100 && *bits > *exponent && *bits < 200) {
      // FPBench's other name of binary80, whose leading bit is one of the 80.
      if (*exponent == 15 && *bits == 80) return Type::Wide(kX87);
      try {
        return ParseFloatType(fmt::format("e{}p{}", *exponent, *bits - *exponent));
      } catch (const Error& error) {
        FailAt(value, error.what());
      }
    }
  }
  FailAt(value, fmt::format(":precision {} is not supported, expected binary16, binary32, binary64, binary80, "
                            "binary128, bfloat16 or (float EXPONENT-BITS BITS)",
                            value.is_list ? "(...)" : Quoted(value.text)));
}

Rounding FpCoreRounding(const SExpression& value) {
  const std::optional<Rounding> rounding = Find(kRoundings, value.text);
  if (value.IsAtom() && rounding) return *rounding;
  FailAt(value, fmt::format(":round {} is not supported, expected nearestEven, nearestAway, toPositive, toNegative or "
                            "toZero",
                            value.is_list ? "(...)" : Quoted(value.text)));
}

// The form of a statement that rounds in a direction.
std::string_view FormOf(Rounding rounding) {
  switch (rounding) {
    case Rounding::kNearestAway:
      return "to_away";
    case Rounding::kTowardZero:
      return "to_zero";
    case Rounding::kUp:
      return "up";
    case Rounding::kDown:
      return "down";
    default:
      return "to_even";
  }
}

}  // namespace fplab::statement
