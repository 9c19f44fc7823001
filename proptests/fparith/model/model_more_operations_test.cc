// Remainders, scaling, lengths, minima of the standards and rounding to odd, each judged by arithmetic that is not the
// model's: the C library's exact functions, and exact numbers.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/model/function.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/statement/exact_real.h>
#include <fplab/fparith/text/float_text.h>
#include "proptests/support/float_generators.h"

namespace fplab::model {
namespace {

using statement::ExactReal;

double ValueOf(const Format& format, uint64_t bits) {
  return DoubleFromBits(Convert(format, kBinary64, {}, bits).bits);
}

// The value as a number of the format, which holds it.
uint64_t BitsIn(const Format& format, double value) { return Convert(kBinary64, format, {}, ToBits(value)).bits; }

std::vector<Environment> Environments() {
  std::vector<Environment> environments;
  for (const Rounding rounding : kAllRoundings) environments.push_back({{rounding, false, false}});
  environments.push_back({{Rounding::kToOdd, false, false}});
  return environments;
}

TEST(ModelMoreOperations, RemainderAndFmodOfEveryPairAreTheCLibrarys) {
  for (const Format& format : {ParseFormat("e3p3"), ParseFormat("e4p3"), kE5M2, kE4M3}) {
    for (uint64_t a = 0; a <= format.Mask(); ++a) {
      for (uint64_t b = 0; b <= format.Mask(); ++b) {
        const double x = ValueOf(format, a), y = ValueOf(format, b);
        EXPECT_TRUE(format.SameBits(Remainder(format, {}, a, b).bits, BitsIn(format, std::remainder(x, y))))
            << Name(format) << " " << x << " " << y;
        EXPECT_TRUE(format.SameBits(Fmod(format, {}, a, b).bits, BitsIn(format, std::fmod(x, y))))
            << Name(format) << " " << x << " " << y;
      }
    }
  }
}

RC_GTEST_PROP(ModelMoreOperations, RemainderAndFmodOfBinary64AreTheCLibrarys, ()) {
  const uint64_t a = *GenBits(kBinary64, Specials::kAll), b = *GenBits(kBinary64, Specials::kAll);
  const double x = DoubleFromBits(a), y = DoubleFromBits(b);
  RC_ASSERT(kBinary64.SameBits(Remainder(kBinary64, {}, a, b).bits, ToBits(std::remainder(x, y))));
  RC_ASSERT(kBinary64.SameBits(Fmod(kBinary64, {}, a, b).bits, ToBits(std::fmod(x, y))));
}

TEST(ModelMoreOperations, ARemainderIsFlushedAndSeesFlushedOperands) {
  const uint64_t a = kBinary32.MinNormal() + 1, b = kBinary32.MinNormal();
  EXPECT_EQ(Remainder(kBinary32, {}, a, b), (Outcome{1, 0}));
  EXPECT_EQ(Remainder(kBinary32, {kFtz}, a, b), (Outcome{0, kUnderflow | kInexact}));
  EXPECT_EQ(Remainder(kBinary32, {kDaz}, a, 1), (Outcome{kBinary32.CanonicalNan(), kInvalid})) << "a zero divisor";
  EXPECT_EQ(Evaluate(ParseFunction("f32_rem"), {}, a, b, 0).bits, 1u);
}

// Whether `bits` is the magnitude `square` is the square of, rounded in that direction.
bool IsRootOf(const Format& format, Rounding rounding, uint64_t bits, const ExactReal& square) {
  const auto squared = [](const ExactReal& x) { return x * x; };
  const auto compare = [&](const ExactReal& x) { return ExactReal::Compare(squared(x), square); };
  const ExactReal value(format, bits), above(format, bits + 1);
  if (rounding == Rounding::kTowardZero || rounding == Rounding::kDown) {
    return compare(value) <= 0 && compare(above) > 0;
  }
  const ExactReal below = bits == 0 ? ExactReal() : ExactReal(format, bits - 1);
  if (rounding == Rounding::kUp) return compare(value) >= 0 && (bits == 0 || compare(below) < 0);
  if (rounding == Rounding::kToOdd) {
    return compare(value) == 0 || ((bits & 1) != 0 && compare(below) < 0 && compare(above) > 0);
  }
  // Twice the midpoints, of four times the square.
  const ExactReal four = square + square + square + square;
  const int low = ExactReal::Compare(squared(below + value), four),
            high = ExactReal::Compare(squared(value + above), four);
  const bool even = (bits & 1) == 0;
  if (rounding == Rounding::kNearestAway) return (bits == 0 || low <= 0) && high > 0;
  return (bits == 0 || low < 0 || (low == 0 && even)) && (high > 0 || (high == 0 && even));
}

void ExpectHypot(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  const uint64_t length = Hypot(format, environment, a, b).bits;
  if (!format.IsFinite(format.Magnitude(length) + 1)) return;  // at the end of the range
  const ExactReal x(format, a), y(format, b);
  EXPECT_TRUE(IsRootOf(format, environment.mode.rounding, length, x * x + y * y))
      << Name(format) << " " << HexFloat(format, a) << " " << HexFloat(format, b) << " " << HexFloat(format, length)
      << " " << Name(environment.mode.rounding);
}

TEST(ModelMoreOperations, HypotOfEveryPairIsCorrectlyRoundedInEveryDirection) {
  for (const Format& format : {ParseFormat("e3p3"), ParseFormat("e4p4"), kE5M2}) {
    for (const Environment& environment : Environments()) {
      for (uint64_t a = 0; a <= format.MaxFinite(); ++a) {
        for (uint64_t b = 0; b <= format.MaxFinite(); ++b) ExpectHypot(format, environment, a, b);
      }
    }
  }
}

RC_GTEST_PROP(ModelMoreOperations, HypotIsCorrectlyRounded, ()) {
  for (const Format& format : {kBinary32, kBinary64}) {
    const uint64_t a = *GenBits(format), b = *GenBits(format);
    for (const Environment& environment : Environments()) ExpectHypot(format, environment, a, b);
  }
}

TEST(ModelMoreOperations, HypotOfAnInfinityAndAQuietNanIsInfinite) {
  const Format& f = kBinary32;
  EXPECT_EQ(Hypot(f, {}, f.Negate(f.Infinity()), f.CanonicalNan()), (Outcome{f.Infinity(), 0}));
  EXPECT_EQ(Hypot(f, {}, f.Infinity(), 0x7f800001), (Outcome{f.CanonicalNan(), kInvalid}));
  EXPECT_EQ(Hypot(f, {}, f.CanonicalNan(), f.One()), (Outcome{f.CanonicalNan(), 0}));
  EXPECT_EQ(Hypot(f, {}, f.Negate(0), f.Negate(0)), (Outcome{0, 0}));
}

RC_GTEST_PROP(ModelMoreOperations, ScaleBIsTheCLibrarysScalbn, (int16_t n)) {
  const uint64_t a = *GenBits(kBinary64, Specials::kAll);
  RC_ASSERT(kBinary64.SameBits(ScaleB(kBinary64, {}, a, n).bits, ToBits(std::scalbn(DoubleFromBits(a), n))));
}

TEST(ModelMoreOperations, MinimaDifferInNansAndZerosAsTheStandardsSay) {
  const Format& f = kBinary32;
  const uint64_t nan = f.CanonicalNan(), signaling = 0x7f800001, one = f.One(), zero = 0, minus = f.SignMask();
  EXPECT_EQ(MinNum(f, {}, nan, one), (Outcome{one, 0}));
  EXPECT_EQ(MinNum(f, {}, signaling, one), (Outcome{nan, kInvalid}));
  EXPECT_EQ(MinimumNumber(f, {}, signaling, one), (Outcome{one, kInvalid}));
  EXPECT_EQ(Minimum(f, {}, nan, one), (Outcome{nan, 0}));
  EXPECT_EQ(Minimum(f, {}, one, signaling), (Outcome{nan, kInvalid}));
  EXPECT_EQ(Minimum(f, {}, zero, minus).bits, minus);
  EXPECT_EQ(MinNum(f, {}, zero, minus).bits, zero) << "the first of two zeros";
  EXPECT_EQ(Maximum(f, {}, minus, zero).bits, zero);
  EXPECT_EQ(MaxNum(f, {}, minus, zero).bits, minus);
  EXPECT_EQ(MaxNum(f, {}, one, f.Negate(one)).bits, one);
  EXPECT_EQ(MinNum(f, {}, one, f.Negate(one)).bits, f.Negate(one));
  EXPECT_EQ(Maximum(f, {}, f.Infinity(), nan).bits, nan);
}

// Boldo and Melquiond, theorem 3: to odd in a format of two bits more, then to nearest, is to nearest at once.
TEST(ModelMoreOperations, RoundingToOddFirstMakesDoubleRoundingInnocuous) {
  const Format narrow = ParseFormat("e4p3"), wide = ParseFormat("e6p5");
  Environment odd, nearest;
  odd.mode.rounding = Rounding::kToOdd;
  for (uint64_t a = 0; a <= kBinary16.MaxFinite(); ++a) {
    const uint64_t middle = Convert(kBinary16, wide, odd, a).bits;
    ASSERT_EQ(Convert(wide, narrow, nearest, middle).bits, Convert(kBinary16, narrow, nearest, a).bits) << a;
  }
}

TEST(ModelMoreOperations, RoundingToOddKeepsWhatIsExactAndStaysFinite) {
  Environment odd;
  odd.mode.rounding = Rounding::kToOdd;
  const Format& f = kBinary32;
  EXPECT_EQ(Add(f, odd, f.One(), f.One()), (Outcome{0x40000000, 0}));
  EXPECT_EQ(Add(f, odd, f.One(), f.MinSubnormal()).bits, f.One() + 1);
  EXPECT_EQ(Add(f, odd, f.One() + 1, f.MinSubnormal()).bits, f.One() + 1);
  EXPECT_EQ(Mul(f, odd, f.MaxFinite(), f.MaxFinite()), (Outcome{f.MaxFinite(), kOverflow | kInexact}));
  EXPECT_EQ(Mul(f, odd, f.MinSubnormal(), f.MinSubnormal()).bits, f.MinSubnormal());
}

}  // namespace
}  // namespace fplab::model
