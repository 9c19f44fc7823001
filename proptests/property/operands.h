// Operands: named operands of a property, drawn by stratum and related to one another, printed as the code that gives
// them again.
//
//   const auto at = *Operands<float>("a", "b");          // in a property; at.get<0>() is a, or auto [a, b] = at
//   const auto at = Operands<float>("a", "b").At(0x1.8p-126f, 0x1p-126f);  // what a failure prints: this case alone
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_PROPERTY_OPERANDS_H_
#define FPLAB_PROPTESTS_PROPERTY_OPERANDS_H_

#include <fmt/format.h>
#include <rapidcheck.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/mode/mode.h>
#include <fplab/proptests/property/claim.h>
#include <fplab/proptests/property/float_strata.h>
#include <fplab/proptests/property/generators.h>
#include <fplab/proptests/property/named_bits.h>
#include <fplab/proptests/property/simpler_operands.h>
#include <fplab/proptests/property/value_text.h>

namespace fplab::proptests {

// A value of an operand: float, double, or, for a format that C++ has no type of, its bits as uint64_t.
template <typename T>
concept OperandValue = HardwareFloat<T> || std::same_as<T, uint64_t>;

// One case: N named operands of a format. Structured bindings take it apart.
template <OperandValue T, size_t N>
struct Case {
  Format format;
  std::array<std::string, N> names;
  std::array<T, N> values;

  template <size_t I>
  const T& get() const {
    return std::get<I>(values);
  }
  NamedBits Bits() const {
    NamedBits bits{format, {}};
    for (size_t i = 0; i < N; ++i) {
      if constexpr (HardwareFloat<T>) {
        bits.operands.push_back({names[i], ToBits(values[i])});
      } else {
        bits.operands.push_back({names[i], values[i]});
      }
    }
    return bits;
  }
  // "fplab::proptests::Operands<float>("a", "b").At(0x1.8p-126f, 0x1p-126f)"
  std::string Code() const {
    std::string quoted, given;
    for (size_t i = 0; i < N; ++i) {
      quoted += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", names[i]);
      given += (i == 0 ? "" : ", ") + CodeText(values[i]);
    }
    if constexpr (HardwareFloat<T>) {
      const char* type = std::same_as<T, float> ? "float" : "double";
      return fmt::format("fplab::proptests::Operands<{}>({}).At({})", type, quoted, given);
    } else {
      return fmt::format("fplab::proptests::Operands(fplab::ParseFormat(\"{}\"), {}).At({})", Name(format), quoted,
                         given);
    }
  }

  friend std::ostream& operator<<(std::ostream& out, const Case& shown) { return out << shown.Code(); }
};

// The generator of cases, a rc::Gen with ways to narrow and to fix what it draws.
template <OperandValue T, size_t N>
class OperandsGen : public rc::Gen<Case<T, N>> {
 public:
  // Throws Error unless the names are different identifiers, none of them "result".
  OperandsGen(const Format& format, std::array<std::string, N> names)
      : OperandsGen(Plan{format, std::move(names), Specials::kFiniteOnly, nullptr}) {
    RequireNames({plan_.names.begin(), plan_.names.end()});
  }

  // Infinities and NaNs too.
  OperandsGen AllValues() const {
    Plan plan = plan_;
    plan.specials = Specials::kAll;
    return OperandsGen(plan);
  }
  // Only operands for which `condition` is true, a statement of fplab's language about them ("0 <= t and t <= 1"),
  // computed exactly as IEEE has it; it holds of what shrinks, too. Throws Error as Claim does; what it names has to be
  // operands.
  OperandsGen When(const std::string& condition) const {
    Plan plan = plan_;
    plan.condition = std::make_shared<const Claim>(condition, Case<T, N>{plan.format, plan.names, {}}.Bits());
    return OperandsGen(plan);
  }
  // This case and no other, whatever the condition.
  template <typename... Values>
  Case<T, N> At(Values... values) const {
    static_assert(sizeof...(Values) == N, "a value for each name");
    static_assert((std::is_same_v<Values, T> && ...) || !HardwareFloat<T>, "values of the operands' own type");
    return {plan_.format, plan_.names, {static_cast<T>(values)...}};
  }

 private:
  struct Plan {
    Format format;
    std::array<std::string, N> names;
    Specials specials;
    std::shared_ptr<const Claim> condition;

    Case<T, N> Of(const std::vector<uint64_t>& bits) const {
      Case<T, N> result{format, names, {}};
      for (size_t i = 0; i < N; ++i) {
        if constexpr (HardwareFloat<T>) {
          result.values[i] = std::bit_cast<T>(static_cast<BitsOf<T>>(bits[i]));
        } else {
          result.values[i] = bits[i];
        }
      }
      return result;
    }
    bool Admits(const Case<T, N>& drawn) const { return !condition || condition->IsTrue(drawn.Bits(), kIeee); }

    Case<T, N> Draw(uint64_t seed) const {
      constexpr int kMostTries = 10'000;  // a condition may be hard to meet; RapidCheck then discards the case
      FloatStrata strata(format, specials, seed);
      for (int tries = 0; tries < kMostTries; ++tries) {
        std::vector<uint64_t> bits;
        for (size_t i = 0; i < N; ++i) bits.push_back(Next(strata, bits));
        Case<T, N> drawn = Of(bits);
        if (Admits(drawn)) return drawn;
      }
      throw rc::GenerationFailure("no operands that meet the condition were drawn");
    }
    // Each operand is often related to those before it.
    static uint64_t Next(FloatStrata& strata, const std::vector<uint64_t>& before) {
      if (before.empty()) return strata.One();
      if (before.size() == 1) return strata.Partner(before[0]);
      const uint64_t any = before[strata.random().Below(before.size())];
      return strata.random().Below(2) == 0 ? strata.Addend(before[before.size() - 2], before.back())
                                           : strata.Partner(any);
    }

    rc::Seq<Case<T, N>> Simpler(const Case<T, N>& failing) const {
      std::vector<uint64_t> operands;
      for (const NamedValue& operand : failing.Bits().operands) operands.push_back(operand.bits);
      std::vector<Case<T, N>> simpler;
      for (const std::vector<uint64_t>& bits : SimplerOperands(format, operands)) {
        Case<T, N> candidate = Of(bits);
        if (Admits(candidate)) simpler.push_back(std::move(candidate));
      }
      return rc::seq::fromContainer(std::move(simpler));
    }
  };

  explicit OperandsGen(const Plan& plan)
      : rc::Gen<Case<T, N>>(rc::gen::shrink(DrawnFromSeed([plan](uint64_t seed) { return plan.Draw(seed); }),
                                            [plan](const Case<T, N>& failing) { return plan.Simpler(failing); })),
        plan_(plan) {}

  Plan plan_;
};

// Finite operands of these names. Later ones are often related to earlier ones: of near exponents, equal or
// neighbouring, or such that a product or a quotient is near the smallest normal number.
template <HardwareFloat T, typename... Names>
OperandsGen<T, sizeof...(Names)> Operands(const Names&... names) {
  return {kFormatOf<T>, {std::string(names)...}};
}
// The same of any format, as bits. Throws Error for a format that has no values.
template <typename... Names>
OperandsGen<uint64_t, sizeof...(Names)> Operands(const Format& format, const Names&... names) {
  RequireFormat(format);
  return {format, {std::string(names)...}};
}

}  // namespace fplab::proptests

template <typename T, size_t N>
struct std::tuple_size<fplab::proptests::Case<T, N>> : std::integral_constant<size_t, N> {};
template <size_t I, typename T, size_t N>
struct std::tuple_element<I, fplab::proptests::Case<T, N>> {
  using type = T;
};

#endif  // FPLAB_PROPTESTS_PROPERTY_OPERANDS_H_
