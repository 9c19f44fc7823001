// The wide model judged by what the compiler makes of long double, which is x87's on x86-64, and of __float128.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cfenv>
#include <cmath>
#include <string>
#include <utility>

#include <fplab/fparith/model/wide.h>
#include "proptests/support/long_double.h"
#include "proptests/support/wide_generators.h"

#if defined(__x86_64__) && defined(__SIZEOF_FLOAT128__)

namespace fplab::model {
namespace {

__extension__ typedef __float128 Quad;

constexpr std::pair<Rounding, int> kDirections[] = {{Rounding::kNearestEven, FE_TONEAREST},
                                                    {Rounding::kTowardZero, FE_TOWARDZERO},
                                                    {Rounding::kUp, FE_UPWARD},
                                                    {Rounding::kDown, FE_DOWNWARD}};

class ScopedDirection {
 public:
  explicit ScopedDirection(int direction) {
    std::fegetenv(&found_);
    std::feclearexcept(FE_ALL_EXCEPT);
    std::fesetround(direction);
  }
  ~ScopedDirection() { std::fesetenv(&found_); }
  ScopedDirection(const ScopedDirection&) = delete;
  ScopedDirection& operator=(const ScopedDirection&) = delete;

  // Those raised since the scope began.
  static Flags Raised() {
    const int raised = std::fetestexcept(FE_ALL_EXCEPT);
    const auto flag = [&](int exception, Flags of) { return (raised & exception) != 0 ? of : Flags{0}; };
    return static_cast<Flags>(flag(FE_INEXACT, kInexact) | flag(FE_UNDERFLOW, kUnderflow) |
                              flag(FE_OVERFLOW, kOverflow) | flag(FE_DIVBYZERO, kDivideByZero) |
                              flag(FE_INVALID, kInvalid));
  }

 private:
  std::fenv_t found_{};
};

// Patterns and values of the compiler's types, beside those of long_double.h.
WideBits BitsOf(long double value) { return X87BitsOf(value); }
Quad QuadOf(WideBits bits) { return std::bit_cast<Quad>(bits); }
WideBits BitsOf(Quad value) { return std::bit_cast<WideBits>(value); }

template <typename T>
T ValueOf(WideBits bits) {
  if constexpr (std::is_same_v<T, Quad>) {
    return QuadOf(bits);
  } else {
    return LongDoubleOf(bits);
  }
}

// volatile: computed here, once, in the direction.
template <typename T>
T Compute(int operation, T x, T y) {
  volatile T a = x, b = y, result = 0;
  switch (operation) {
    case 0:
      result = a + b;
      break;
    case 1:
      result = a - b;
      break;
    case 2:
      result = a * b;
      break;
    case 3:
      result = a / b;
      break;
    default:
      if constexpr (std::is_same_v<T, long double>) result = __builtin_sqrtl(a);
      break;
  }
  return result;
}

WideOutcome Modelled(int operation, const WideFormat& format, const Environment& environment, WideBits a, WideBits b) {
  switch (operation) {
    case 0:
      return Add(format, environment, a, b);
    case 1:
      return Sub(format, environment, a, b);
    case 2:
      return Mul(format, environment, a, b);
    case 3:
      return Div(format, environment, a, b);
    default:
      return Sqrt(format, environment, a);
  }
}

constexpr const char* kNames[] = {"+", "-", "*", "/", "sqrt"};

template <typename T>
void ExpectTheCompilers(const WideFormat& format, int operations) {
  constexpr int kCases = 60000;
  for (int operation = 0; operation < operations; ++operation) {
    WideGenerator generator(format, 71);
    for (int i = 0; i < kCases; ++i) {
      const WideBits a = generator.One(), b = generator.Partner(a);
      for (const auto& [rounding, direction] : kDirections) {
        WideBits bits = 0;
        Flags flags = 0;
        {
          const ScopedDirection scope(direction);
          bits = BitsOf(Compute<T>(operation, ValueOf<T>(a), ValueOf<T>(b)));
          flags = ScopedDirection::Raised();
        }
        const WideOutcome expected = Modelled(operation, format, {{rounding, false, false}}, a, b);
        const std::string of = fmt::format("{} {} {} {} in {}", Name(format), ShowWide(format, a), kNames[operation],
                                           ShowWide(format, b), Name(rounding));
        ASSERT_TRUE(format.SameBits(bits, expected.bits))
            << of << ": " << ShowWide(format, bits) << ", the model has " << ShowWide(format, expected.bits);
        ASSERT_EQ(flags, expected.flags) << of;
      }
    }
  }
}

TEST(WideCompiler, X87AddsSubtractsMultipliesDividesAndTakesRootsAsTheModelInEveryDirection) {
  ExpectTheCompilers<long double>(kX87, 5);
}

TEST(WideCompiler, Float128AddsSubtractsMultipliesAndDividesAsTheModelInEveryDirection) {
  ExpectTheCompilers<Quad>(kBinary128, 4);
}

// A result and what it raised.
template <typename To, typename From>
To Converted(From from) {
  volatile From value = from;
  volatile To result = static_cast<To>(value);
  return result;
}

template <typename T>
void ExpectConversions(const WideFormat& format) {
  WideGenerator generator(format, 73);
  for (int i = 0; i < 100000; ++i) {
    // Near the ranges of the narrow formats as often as anywhere.
    WideBits a = generator.One();
    if (generator.random().Below(2) != 0) {
      const int field = format.Bias() + static_cast<int>(generator.random().Within(-1100, 1100));
      a = format.WithSign(format.SignBit(a),
                          static_cast<WideBits>(field) << format.FractionBits() | format.Fraction(generator.One()));
    }
    for (const auto& [rounding, direction] : kDirections) {
      const Environment environment{{rounding, false, false}};
      Outcome to32{}, to64{};
      {
        const ScopedDirection scope(direction);
        to32.bits = std::bit_cast<uint32_t>(Converted<float>(ValueOf<T>(a)));
        to32.flags = ScopedDirection::Raised();
      }
      {
        const ScopedDirection scope(direction);
        to64.bits = std::bit_cast<uint64_t>(Converted<double>(ValueOf<T>(a)));
        to64.flags = ScopedDirection::Raised();
      }
      const std::string of = fmt::format("{} in {}", ShowWide(format, a), Name(rounding));
      const Outcome expected32 = Convert(format, kBinary32, environment, a);
      const Outcome expected64 = Convert(format, kBinary64, environment, a);
      ASSERT_TRUE(kBinary32.SameBits(to32.bits, expected32.bits)) << of;
      ASSERT_TRUE(kBinary64.SameBits(to64.bits, expected64.bits)) << of;
      ASSERT_EQ(to32.flags, expected32.flags) << of;
      ASSERT_EQ(to64.flags, expected64.flags) << of;
    }
  }
}

TEST(WideCompiler, X87StoresBinary32AndBinary64AsTheModelInEveryDirection) { ExpectConversions<long double>(kX87); }

TEST(WideCompiler, Float128ConvertsToBinary32AndBinary64AsTheModelInEveryDirection) {
  ExpectConversions<Quad>(kBinary128);
}

TEST(WideCompiler, Float128AndX87ConvertToEachOtherAsTheModelInEveryDirection) {
  WideGenerator quads(kBinary128, 79), doubles(kX87, 83);
  for (int i = 0; i < 100000; ++i) {
    const WideBits quad = quads.One(), extended = doubles.One();
    for (const auto& [rounding, direction] : kDirections) {
      const Environment environment{{rounding, false, false}};
      WideBits narrowed = 0, widened = 0;
      {
        const ScopedDirection scope(direction);
        narrowed = BitsOf(Converted<long double>(QuadOf(quad)));
        widened = BitsOf(Converted<Quad>(LongDoubleOf(extended)));
      }
      ASSERT_TRUE(kX87.SameBits(narrowed, Convert(kBinary128, kX87, environment, quad).bits))
          << ShowWide(kBinary128, quad) << " in " << Name(rounding);
      ASSERT_TRUE(kBinary128.SameBits(widened, Convert(kX87, kBinary128, environment, extended).bits))
          << ShowWide(kX87, extended);
    }
  }
}

TEST(WideCompiler, BinaryFormatsAndIntegersBecomeWideAsTheModelSays) {
  FloatGenerator generator(kBinary64, Specials::kAll, 89);
  for (int i = 0; i < 100000; ++i) {
    const uint64_t a = generator.One(), n = generator.random()() >> generator.random().Below(64);
    const Environment environment{kIeee};
    const auto value = std::bit_cast<double>(a);
    if (!kBinary64.IsNan(a)) {
      ASSERT_EQ(BitsOf(Converted<long double>(value)), Convert(kBinary64, kX87, environment, a).bits) << value;
      ASSERT_EQ(BitsOf(Converted<Quad>(value)), Convert(kBinary64, kBinary128, environment, a).bits) << value;
    }
    ASSERT_EQ(BitsOf(Converted<long double>(n)), FromInteger(kX87, environment, IntegerType::kUint64, n).bits) << n;
    ASSERT_EQ(BitsOf(Converted<Quad>(n)), FromInteger(kBinary128, environment, IntegerType::kUint64, n).bits) << n;
    const auto negative = static_cast<int64_t>(0 - n);
    ASSERT_EQ(BitsOf(Converted<long double>(negative)),
              FromInteger(kX87, environment, IntegerType::kInt64, static_cast<uint64_t>(negative)).bits)
        << n;
    ASSERT_EQ(BitsOf(Converted<Quad>(negative)),
              FromInteger(kBinary128, environment, IntegerType::kInt64, static_cast<uint64_t>(negative)).bits)
        << n;
  }
}

}  // namespace
}  // namespace fplab::model

#endif
