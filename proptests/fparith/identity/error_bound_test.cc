// Largest errors, against every case judged by exact numbers and against bounds of the literature.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/error_bound.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/text/float_text.h>

namespace fplab::identity {
namespace {

constexpr Format kSmall{4, 3};  // 128 patterns

ModeBound Bound(std::string_view value, const Format& format, std::string_view against = "", std::string_view when = "",
                Mode mode = kIeee) {
  SearchOptions options;
  options.modes = {mode};
  options.cases = 50000;
  return BoundError(value, format, options, against, when).bounds[0];
}

TEST(ErrorBound, OneOperationIsWrongByHalfAnUlpAtMostAndByNearlyOneInADirection) {
  for (const char* operation : {"a*b", "a/b", "a+b", "sqrt(a)"}) {
    const ModeBound bound = Bound(operation, kSmall);
    EXPECT_TRUE(bound.exhaustive);
    EXPECT_LE(bound.in_range.ulps, 0.5) << operation;
    EXPECT_GT(bound.in_range.ulps, 0.3) << operation;
    const ModeBound up = Bound(operation, kSmall, "", "", {Rounding::kUp, false, false});
    EXPECT_LT(up.in_range.ulps, 1.0) << operation;
    EXPECT_GT(up.in_range.ulps, 0.5) << operation;
  }
}

TEST(ErrorBound, IsTheMaximumOverEveryCase) {
  // x*x - y*y in doubles, exact for so small a format.
  double largest = 0;
  const auto value = [](uint64_t bits) { return ParseFloat(kBinary64, HexFloat(kSmall, bits)); };
  for (uint64_t x = 0; x <= kSmall.MaxFinite(); ++x) {
    for (uint64_t y = 0; y <= kSmall.MaxFinite(); ++y) {
      const model::Outcome square_x = model::Mul(kSmall, {}, x, x), square_y = model::Mul(kSmall, {}, y, y);
      const model::Outcome computed = model::Sub(kSmall, {}, square_x.bits, square_y.bits);
      if (((square_x.flags | square_y.flags | computed.flags) & (model::kOverflow | model::kInvalid)) != 0) continue;
      const double a = std::bit_cast<double>(value(x)), b = std::bit_cast<double>(value(y));
      const double exact = a * a - b * b, found = std::bit_cast<double>(value(computed.bits));
      const int exponent = exact == 0 ? kSmall.MinExponent() : std::max(std::ilogb(exact), kSmall.MinExponent());
      largest = std::max(largest, std::abs(found - exact) / std::ldexp(1, exponent - kSmall.FractionBits()));
    }
  }
  const ModeBound bound = Bound("x*x - y*y", kSmall);
  EXPECT_TRUE(bound.exhaustive);
  EXPECT_EQ(bound.in_range.ulps, largest);
}

TEST(ErrorBound, NamesOfLetAreForBothSides) {
  const ModeBound bound = Bound("let w = y*y in fma(x,x,-w) + fma(-y,y,w)", kSmall);
  EXPECT_EQ(bound.in_range.ulps, Bound("fma(x,x,-(y*y)) + fma(-y,y,y*y)", kSmall).in_range.ulps);
  EXPECT_EQ(Bound("let w = x+y in w*w", kSmall, "w*w+0*y").in_range.ulps, 0);
}

TEST(ErrorBound, KnownBoundsHoldInASmallFormat) {
  // Jeannerod, Louvet and Muller 2013: Kahan's determinant by fma has 3/2 ulp, and does without underflow.
  SearchOptions options;
  options.modes = {kIeee};
  options.cases = 20000;
  const ErrorBounds kahan = BoundError("fma(a,b,-(c*d)) + fma(-c,d,c*d)", Format{8, 5}, options);
  EXPECT_LE(kahan.bounds[0].no_underflow.ulps, 1.5);
  EXPECT_GT(kahan.bounds[0].no_underflow.ulps, 1.2);
  const ErrorBounds plain = BoundError("a*b - c*d", Format{8, 5}, options);
  EXPECT_GT(plain.bounds[0].no_underflow.ulps, 8);
  // Hypot by squares has a relative error below 2^(1-p) where nothing underflows, a little more than 1 ulp.
  const ModeBound hypot = Bound("sqrt(x*x + y*y)", Format{4, 4});
  EXPECT_TRUE(hypot.exhaustive);
  EXPECT_LE(hypot.no_underflow.ulps, 1.25);
  EXPECT_GT(hypot.in_range.ulps, 1.25) << "squares underflow";
}

TEST(ErrorBound, FlushingLosesWholeNumbersOfUlps) {
  const ModeBound gradual = Bound("a-b", kSmall);
  EXPECT_EQ(gradual.in_range.ulps, 0.5);
  const ModeBound flushed = Bound("a-b", kSmall, "", "", kFtz);
  EXPECT_EQ(flushed.in_range.ulps, 3) << "the largest subnormal number is three of the least";
  EXPECT_EQ(flushed.no_underflow.ulps, gradual.no_underflow.ulps);
}

TEST(ErrorBound, AgainstAnotherExpressionStepsAreCounted) {
  const ModeBound same = Bound("a/2", kSmall, "a*0.5");
  EXPECT_EQ(same.in_range.ulps, 0);
  EXPECT_TRUE(same.in_range.operands.empty());
  const ModeBound third = Bound("a/3", kBinary16, "a*(1/3)", "a >= 1 and a < 2");
  EXPECT_TRUE(third.exhaustive);
  EXPECT_EQ(third.in_range.ulps, 1);
  EXPECT_GE(Bound("(a+b)+c", kBinary64, "a+(b+c)", "a > 0 and b > 0 and c > 0").in_range.ulps, 1);
}

TEST(ErrorBound, ChoicesConversionsAndConditionsAreFollowed) {
  EXPECT_EQ(Bound("a < b ? a : b", kSmall).in_range.ulps, 0);
  EXPECT_EQ(Bound("f16(f32(a) * f32(b))", kBinary16, "", "a >= 1 and a < 1.05 and b >= 1 and b < 1.05").in_range.ulps,
            0.5)
      << "products of half precision are exact in binary32, and some are ties";
  const ModeBound none = Bound("a+b", kSmall, "", "a > b and b > a");
  EXPECT_EQ(none.judged, 0u);
}

TEST(ErrorBound, ASearchThatIsStoppedHasJudgedWhatItJudged) {
  SearchOptions options;
  options.modes = {kIeee};
  options.cases = 1000000;
  options.progress = [](uint64_t, uint64_t) { return false; };
  const ModeBound bound = BoundError("x*x - y*y", kBinary32, options).bounds[0];
  EXPECT_TRUE(bound.stopped);
  EXPECT_FALSE(bound.exhaustive);
  EXPECT_GT(bound.judged, 0u);
  EXPECT_GT(bound.in_range.ulps, 0);
  EXPECT_EQ(bound.no_underflow.operands, bound.in_range.operands) << "which do not underflow";
}

TEST(ErrorBound, WhereErrorsLieCloseTogetherTheLimitRisesSomeDozensOfTimesAndNotMillions) {
  SearchOptions options;
  options.modes = {Mode{Rounding::kNearestEven, false, true}};
  uint64_t before = 0;
  int searches = 0;
  options.progress = [&](uint64_t tried, uint64_t) {
    searches += tried <= before ? 1 : 0;
    before = tried;
    return searches < 200;
  };
  const ModeBound bound = BoundError("a*b", kBinary32, options).bounds[0];
  EXPECT_LT(searches, 200);
  EXPECT_FALSE(bound.stopped);
  EXPECT_GT(bound.in_range.ulps, 0x1.fp23);  // all of a significand
  EXPECT_EQ(bound.no_underflow.ulps, 0.5);
}

TEST(ErrorBound, WhatHasNoExactCounterpartIsRefused) {
  EXPECT_THROW(Bound("a+b", kBinary64), Error);
  EXPECT_THROW(Bound("next_up(a)", kBinary32), Error);
  EXPECT_THROW(Bound("a < b", kBinary32), Error);
  EXPECT_THROW(Bound("bits(a)", kBinary32), Error);
  EXPECT_THROW(Bound("a +", kBinary32), statement::ExpressionError);
}

}  // namespace
}  // namespace fplab::identity
