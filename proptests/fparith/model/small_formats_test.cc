// Formats of four to eight bits against their publications: every value, every pair, by the arithmetic of double.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <string>
#include <vector>

#include <fplab/fparith/model/model.h>
#include <fplab/fparith/text/float_text.h>
#include "proptests/support/published_formats.h"

// Sums, differences and products of the values are exact in double: they have 5 bits at most, of places 2^-18 to 2^15.
// Quotients and roots are rounded to 53 bits and to the format's p <= 5 bits then, which is innocuous: 53 >= 2p + 2
// (Figueroa 1995), and a quotient or a root that is no number and no midpoint of the format's grid, which below min
// normal is coarser still, is further from all of them than double rounds.
namespace fplab::model {
namespace {

constexpr Rounding kRoundings[] = {Rounding::kNearestEven, Rounding::kNearestAway, Rounding::kTowardZero,
                                   Rounding::kUp,          Rounding::kDown,        Rounding::kToOdd};

class Published {
 public:
  explicit Published(const PublishedFormat& published)
      : published_(published), format_(ParseFormat(published.name)), magnitudes_(MagnitudesOf(published)) {}

  const Format& format() const { return format_; }
  double Value(uint64_t bits) const { return published_.Value(bits); }
  double min_normal() const { return std::ldexp(1.0, 1 - published_.bias); }
  RoundedNumber Round(Rounding rounding, double x) const {
    return RoundByTable(magnitudes_, published_.largest, rounding, x);
  }

  // What `outcome` must be for an exact result x; `raised` by the operands alone.
  // `of` names the case.
  template <typename Text>
  void Expect(const Outcome& outcome, Rounding rounding, Tininess tininess, double x, Flags raised,
              const Text& of) const {
    Flags flags = raised;
    double value = x;
    if (std::isfinite(x)) {
      const RoundedNumber rounded = Round(rounding, x);
      value = rounded.value;
      if (!rounded.exact) flags |= kInexact;
      if (rounded.overflow) flags |= kOverflow;
      // With one binade more below, what is rounded up to min normal is rounded with more bits.
      const bool reaches = std::fabs(Round(rounding, 2 * x).value) >= 2 * min_normal();
      const bool tiny = std::fabs(x) < min_normal() && !(tininess == Tininess::kAfterRounding && reaches);
      if (tiny && !rounded.exact) flags |= kUnderflow;
    }
    ASSERT_EQ(outcome.flags, flags) << of() << " = " << x;
    ASSERT_TRUE(Is(outcome.bits, value)) << of() << " = " << x << " -> " << HexBits(format_, outcome.bits);
  }

 private:
  // Whether the pattern is what stands for the value, infinities and NaNs included.
  bool Is(uint64_t bits, double value) const {
    const double found = Value(bits);
    const bool none = published_.nans == PublishedFormat::Nans::kNone;
    if (std::isinf(value) && published_.beyond == Beyond::kNan) value = std::nan("");
    if (std::isinf(value) && published_.beyond == Beyond::kLargest) value = std::copysign(published_.largest, value);
    if (std::isnan(value) && none) value = published_.largest;
    if (std::isnan(value)) return std::isnan(found);
    const bool one_zero = published_.nans == PublishedFormat::Nans::kNegativeZero;
    return found == value && (std::signbit(found) == std::signbit(value) || (value == 0 && one_zero));
  }

  PublishedFormat published_;
  Format format_;
  std::vector<double> magnitudes_;
};

std::vector<Published> All() {
  std::vector<Published> all;
  for (const PublishedFormat& format : PublishedFormats()) all.emplace_back(format);
  return all;
}

// What operands raise beside what rounding raises.
Flags FlagsOf(const Format& format, std::initializer_list<uint64_t> operands, double result, bool divides_by_zero) {
  bool nan = false, signaling = false, subnormal = false;
  for (const uint64_t bits : operands) {
    nan |= format.IsNan(bits);
    signaling |= format.IsSignalingNan(bits);
    subnormal |= format.IsSubnormal(bits);
  }
  if (signaling || (std::isnan(result) && !nan)) return kInvalid;
  if (divides_by_zero) return kDivideByZero;
  return subnormal && !nan ? kDenormal : Flags{0};
}

template <typename Body>
void ForEnvironments(const Body& body) {
  for (const Rounding rounding : kRoundings) {
    for (const Tininess tininess : {Tininess::kBeforeRounding, Tininess::kAfterRounding}) {
      body(Environment{{rounding, false, false}, tininess});
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(SmallFormats, EveryPatternHasTheValueThatIsPublished) {
  for (const PublishedFormat& published : PublishedFormats()) {
    const Format format = ParseFormat(published.name);
    ASSERT_EQ(format.Width(), published.width()) << published.name;
    double largest = 0;
    for (uint64_t bits = 0; bits < published.patterns(); ++bits) {
      const double value = published.Value(bits);
      const std::string text = std::string(published.name) + " " + HexBits(format, bits);
      ASSERT_EQ(format.IsNan(bits), std::isnan(value)) << text;
      ASSERT_EQ(format.IsInfinite(bits), std::isinf(value)) << text;
      ASSERT_EQ(format.IsFinite(bits), std::isfinite(value)) << text;
      ASSERT_EQ(format.IsZero(bits), value == 0) << text;
      const bool normal = std::fabs(value) >= std::ldexp(1.0, 1 - published.bias);
      ASSERT_EQ(format.IsNormal(bits), std::isfinite(value) && normal) << text;
      ASSERT_EQ(format.IsSubnormal(bits), value != 0 && std::isfinite(value) && !normal) << text;
      const Outcome wide = Convert(format, kBinary64, {}, bits);
      ASSERT_TRUE(kBinary64.SameBits(wide.bits, std::bit_cast<uint64_t>(value))) << text;
      if (!std::isnan(value)) {
        ASSERT_EQ(published.Value(format.Negate(bits)), -value) << text;
        ASSERT_EQ(published.Value(format.Abs(bits)), std::fabs(value)) << text;
      } else {
        ASSERT_TRUE(std::isnan(published.Value(format.Negate(bits)))) << text;
        ASSERT_TRUE(std::isnan(published.Value(format.Abs(bits)))) << text;
      }
      if (!std::isfinite(value)) continue;
      largest = std::max(largest, value);
      ASSERT_EQ(std::stod(ExactDecimal(format, bits)), value) << text;
      ASSERT_EQ(ParseFloat(format, HexFloat(format, bits)), bits) << text;
      ASSERT_EQ(ParseFloat(format, Decimal(format, bits)), bits) << text;
    }
    EXPECT_EQ(largest, published.largest) << published.name;
    EXPECT_EQ(published.Value(format.MaxFinite()), published.largest) << published.name;
    EXPECT_EQ(published.Value(format.One()), 1) << published.name;
    EXPECT_EQ(published.Value(format.MinNormal()), std::ldexp(1.0, 1 - published.bias)) << published.name;
  }
}

TEST(SmallFormats, EveryPairIsAddedSubtractedMultipliedAndDividedAsDoublesRoundedOnce) {
  for (const Published& format : All()) {
    const Format f = format.format();
    ForEnvironments([&](const Environment& environment) {
      const Rounding rounding = environment.mode.rounding;
      for (uint64_t a = 0; a <= f.Mask(); ++a) {
        const double x = format.Value(a);
        for (uint64_t b = 0; b <= f.Mask(); ++b) {
          const double y = format.Value(b);
          const auto of = [&](const char* operation) {
            return Name(f) + " " + operation + " " + HexBits(f, a) + " " + HexBits(f, b) + " " + Name(environment.mode);
          };
          const auto expect = [&](const Outcome& outcome, double result, bool divides_by_zero, const char* operation) {
            format.Expect(outcome, rounding, environment.tininess, result, FlagsOf(f, {a, b}, result, divides_by_zero),
                          [&] { return of(operation); });
          };
          // An exact zero of opposite signs is -0 downward.
          const auto sum = [&](double p, double q) {
            const bool cancels = p + q == 0 && std::signbit(p) != std::signbit(q);
            return cancels && rounding == Rounding::kDown ? -0.0 : p + q;
          };
          expect(Add(f, environment, a, b), sum(x, y), false, "+");
          expect(Sub(f, environment, a, b), sum(x, -y), false, "-");
          expect(Mul(f, environment, a, b), x * y, false, "*");
          expect(Div(f, environment, a, b), x / y, y == 0 && x != 0 && std::isfinite(x), "/");
          if (testing::Test::HasFatalFailure()) return;
        }
      }
    });
    if (HasFatalFailure()) return;
  }
}

TEST(SmallFormats, EveryValueHasTheRootOfDoubleRoundedOnce) {
  for (const Published& format : All()) {
    const Format f = format.format();
    ForEnvironments([&](const Environment& environment) {
      for (uint64_t a = 0; a <= f.Mask(); ++a) {
        const double root = std::sqrt(format.Value(a));
        format.Expect(Sqrt(f, environment, a), environment.mode.rounding, environment.tininess, root,
                      FlagsOf(f, {a}, root, false), [&] { return "sqrt " + Name(f) + " " + HexBits(f, a); });
      }
    });
  }
}

// What a conversion from `from` of a pattern with the value x must be.
void ExpectConversion(const Format& from, const Published& to, const Environment& environment, uint64_t a, double x) {
  const Format f = to.format();
  Flags flags = from.IsSubnormal(a) ? kDenormal : Flags{0};
  // What has no counterpart is invalid: a NaN in a format without, an infinity where a NaN stands for it.
  if (from.IsSignalingNan(a) || (from.IsNan(a) && !f.HasNan())) flags = kInvalid;
  if (from.IsInfinite(a) && f.IsNan(f.InfiniteResult(false))) flags = kInvalid;
  to.Expect(Convert(from, f, environment, a), environment.mode.rounding, environment.tininess, x, flags,
            [&] { return Name(f) + " of " + Name(from) + " " + HexBits(from, a) + " " + Name(environment.mode); });
}

TEST(SmallFormats, EveryValueOfEveryOtherAndOfSixteenBitsIsConvertedAsItIsRounded) {
  const std::vector<Published> all = All();
  for (const Published& to : all) {
    ForEnvironments([&](const Environment& environment) {
      for (const Published& from : all) {
        const Format f = from.format();
        for (uint64_t a = 0; a <= f.Mask(); ++a) ExpectConversion(f, to, environment, a, from.Value(a));
      }
      for (const Format& f : {kBinary16, kBfloat16}) {
        for (uint64_t a = 0; a <= f.Mask(); ++a) {
          const double x = std::bit_cast<double>(Convert(f, kBinary64, {}, a).bits);
          // Some exponents of bfloat16 are beyond the table.
          if (std::fabs(x) < 0x1p120 || !std::isfinite(x)) ExpectConversion(f, to, environment, a, x);
        }
      }
    });
    if (HasFatalFailure()) return;
  }
}

TEST(SmallFormats, NumbersMidpointsAndTheirNeighboursAreConvertedFromBinary32And64AsTheyAreRounded) {
  for (const PublishedFormat& published : PublishedFormats()) {
    const Published to(published);
    std::vector<double> numbers = MagnitudesOf(published);
    numbers.resize(published.patterns() / 2 + 2);  // and some beyond the largest
    std::vector<double> asked = {std::numeric_limits<double>::infinity()};
    for (size_t i = 0; i + 1 < numbers.size(); ++i) {
      for (const double x : {numbers[i], (numbers[i] + numbers[i + 1]) / 2}) {
        const auto single = static_cast<float>(x);
        asked.insert(asked.end(), {x, std::nextafterf(single, 0), std::nextafterf(single, 1e30f), std::nextafter(x, 0),
                                   std::nextafter(x, 1e30)});
      }
    }
    ForEnvironments([&](const Environment& environment) {
      for (const double magnitude : asked) {
        for (const double x : {magnitude, -magnitude}) {
          ExpectConversion(kBinary64, to, environment, std::bit_cast<uint64_t>(x), x);
          const auto single = static_cast<float>(x);
          if (single == x) ExpectConversion(kBinary32, to, environment, std::bit_cast<uint32_t>(single), x);
        }
      }
      for (const uint64_t nan : {0x7fc00000u, 0xffc01234u, 0x7f800001u}) {
        ExpectConversion(kBinary32, to, environment, nan, std::nan(""));
      }
    });
    if (HasFatalFailure()) return;
  }
}

TEST(SmallFormats, IntegersAreConvertedAndValuesRoundedToThemAsDoublesAre) {
  for (const Published& format : All()) {
    const Format f = format.format();
    ForEnvironments([&](const Environment& environment) {
      const Rounding rounding = environment.mode.rounding;
      for (int n = -600; n <= 600; ++n) {
        const Outcome outcome = FromInteger(f, environment, IntegerType::kInt32, static_cast<uint64_t>(n));
        format.Expect(outcome, rounding, environment.tininess, n, 0,
                      [&] { return Name(f) + " of " + std::to_string(n); });
      }
      for (uint64_t a = 0; a <= f.Mask(); ++a) {
        const double x = format.Value(a), below = std::floor(x), tail = x - below;
        if (!std::isfinite(x)) continue;
        const bool odd = std::fmod(below, 2) != 0;
        const bool up = rounding == Rounding::kUp            ? tail > 0
                        : rounding == Rounding::kDown        ? false
                        : rounding == Rounding::kTowardZero  ? tail > 0 && x < 0
                        : rounding == Rounding::kToOdd       ? tail > 0 && !odd
                        : tail != 0.5                        ? tail > 0.5
                        : rounding == Rounding::kNearestEven ? odd
                                                             : x > 0;
        const double whole = std::copysign(std::fabs(below + (up ? 1 : 0)), x);
        const Flags inexact = tail != 0 ? kInexact : Flags{0};
        const std::string of = "integral " + Name(f) + " " + HexBits(f, a) + " " + Name(environment.mode);
        const Outcome integer = ToInteger(f, environment, IntegerType::kInt32, a, InexactFlag::kRaise);
        ASSERT_EQ(static_cast<int32_t>(integer.bits), whole) << of;
        ASSERT_EQ(integer.flags, inexact) << of;
        const Outcome integral = RoundToIntegral(f, environment, a, InexactFlag::kRaise);
        format.Expect(integral, Rounding::kNearestEven, environment.tininess, whole, inexact, [&] { return of; });
      }
    });
    if (HasFatalFailure()) return;
  }
}

TEST(SmallFormats, EveryPairIsComparedAndTheLesserTakenAsOfDoubles) {
  for (const Published& format : All()) {
    const Format f = format.format();
    for (uint64_t a = 0; a <= f.Mask(); ++a) {
      const double x = format.Value(a);
      for (uint64_t b = 0; b <= f.Mask(); ++b) {
        const double y = format.Value(b);
        const auto of = [&] { return Name(f) + " " + HexBits(f, a) + " " + HexBits(f, b); };
        ASSERT_EQ(Less(f, {}, a, b, NanComparison::kQuiet).bits, x < y) << of();
        ASSERT_EQ(LessEqual(f, {}, a, b, NanComparison::kQuiet).bits, x <= y) << of();
        ASSERT_EQ(Equal(f, {}, a, b, NanComparison::kQuiet).bits, x == y) << of();
        const double copied = format.Value(f.CopySign(a, b));
        if (std::isnan(x)) {
          ASSERT_TRUE(std::isnan(copied)) << of();
        } else {
          ASSERT_EQ(copied, std::copysign(x, f.SignBit(b) ? -1.0 : 1.0)) << of();
        }
        if (std::isnan(x) && std::isnan(y)) continue;
        const double least = std::isnan(x) ? y : std::isnan(y) ? x : std::min(x, y);
        const double most = std::isnan(x) ? y : std::isnan(y) ? x : std::max(x, y);
        ASSERT_EQ(format.Value(MinimumNumber(f, {}, a, b).bits), least) << of();
        ASSERT_EQ(format.Value(MaximumNumber(f, {}, a, b).bits), most) << of();
        if (std::isnan(x) || std::isnan(y)) continue;
        ASSERT_EQ(format.Value(X86Min(f, {}, a, b).bits), x < y ? x : y) << of();
        ASSERT_EQ(format.Value(X86Max(f, {}, a, b).bits), x > y ? x : y) << of();
        ASSERT_EQ(format.Value(Minimum(f, {}, a, b).bits), least) << of();
        ASSERT_EQ(format.Value(MinNum(f, {}, a, b).bits), least) << of();
      }
    }
  }
}

TEST(SmallFormats, NeighboursAreTheNextValuesAndEndAtWhatStandsForInfinity) {
  for (const PublishedFormat& published : PublishedFormats()) {
    const Published format(published);
    const Format f = format.format();
    for (uint64_t a = 0; a <= f.Mask(); ++a) {
      const double x = format.Value(a);
      if (!std::isfinite(x)) continue;
      double above = std::numeric_limits<double>::infinity();
      for (uint64_t b = 0; b <= f.Mask(); ++b) {
        if (format.Value(b) > x) above = std::min(above, format.Value(b));
      }
      const uint64_t up = NextUp(f, a);
      if (x < published.largest) {
        ASSERT_EQ(format.Value(up), above) << Name(f) << " " << HexBits(f, a);
        ASSERT_EQ(NextDown(f, f.Negate(a)), f.Negate(up)) << Name(f) << " " << HexBits(f, a);
      } else {
        ASSERT_EQ(up, f.InfiniteResult(false)) << Name(f);
      }
    }
  }
}

// What the publications say in words.
TEST(SmallFormats, OverflowGoesWhereItIsPublished) {
  const auto converted = [](const char* to, const char* number) {
    const Format format = ParseFormat(to);
    return Decimal(format, Convert(kBinary32, format, {}, ParseNumber(kBinary32, number).bits).bits);
  };
  const struct {
    const char* to;
    const char* number;
    const char* result;
  } cases[] = {{"e4m3", "464", "448"},
               {"e4m3", "465", "nan"},
               {"e4m3", "-inf", "nan"},
               {"e4m3sat", "465", "448"},
               {"e4m3sat", "-inf", "-448"},
               {"e4m3sat", "nan", "nan"},
               {"e5m2", "61440", "inf"},
               {"e5m2", "61439", "57344"},
               {"e5m2sat", "1e30", "57344"},
               {"e5m2sat", "-inf", "-57344"},
               {"e5m2sat", "nan", "nan"},
               {"e2m1", "5", "4"},
               {"e2m1", "7", "6"},
               {"e2m1", "-1e30", "-6"},
               {"e2m1", "inf", "6"},
               {"e2m1", "nan", "6"},
               {"e2m1", "-nan", "6"},
               {"e2m3", "7.75", "7.5"},
               {"e3m2", "-100", "-28"},
               {"e4m3fnuz", "247", "240"},
               {"e4m3fnuz", "248", "nan"},
               {"e4m3fnuz", "inf", "nan"},
               {"e4m3fnuz", "-0", "0"},
               {"e4m3fnuz", "-1e-9", "0"},
               {"e4m3b11fnuz", "-31", "nan"},
               {"e5m2fnuz", "61439", "57344"},
               {"e3m4", "15.75", "inf"}};
  for (const auto& [to, number, result] : cases) EXPECT_EQ(converted(to, number), result) << to << " of " << number;
  EXPECT_EQ(Div(kE2M1, {}, kE2M1.One(), 0), (Outcome{kE2M1.MaxFinite(), kDivideByZero}));
  EXPECT_EQ(Div(kE2M1, {}, kE2M1.Negate(kE2M1.One()), 0), (Outcome{kE2M1.Negate(kE2M1.MaxFinite()), kDivideByZero}));
  EXPECT_EQ(Div(kE2M1, {}, 0, kE2M1.SignMask()), (Outcome{kE2M1.MaxFinite(), kInvalid}));
  EXPECT_EQ(Sqrt(kE2M1, {}, kE2M1.Negate(kE2M1.One())), (Outcome{kE2M1.MaxFinite(), kInvalid}));
  EXPECT_EQ(kE4M3Fnuz.Negate(0), 0u);
}

}  // namespace
}  // namespace fplab::model
