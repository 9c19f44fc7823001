// BitEqual and WithinUlps: what they take for equal, and what they say.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <sstream>
#include <string>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/error.h>
#include <fplab/proptests/property/generators.h>
#include <fplab/proptests/property/matchers.h>
#include <fplab/proptests/property/under_mode.h>

namespace fplab::proptests {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

TEST(Matchers, BitEqualTellsZerosApartAndTakesAnyNanForAnyOther) {
  EXPECT_TRUE(BitEqual(1.0f, 1.0f));
  EXPECT_FALSE(BitEqual(0.0f, -0.0f));
  EXPECT_TRUE(BitEqual(kNan, FloatFromBits(0xff812345)));
  EXPECT_FALSE(BitEqual(kNan, kInf));
  EXPECT_FALSE(BitEqual(0x1p-149f, 0.0f));
  EXPECT_FALSE(BitEqual(0x1p-1074, 0.0));
}

TEST(Matchers, TheMessageHasHexFloatBitsAndDecimalOfBoth) {
  EXPECT_EQ(BitEqual(0x1.8p-126f, -0.0f).message,
            "found     0x1.8p-126 [0x00c00000] 1.7632415e-38\nexpected  -0x0p+0 [0x80000000] -0, to the bit");
  EXPECT_EQ(
      WithinUlps(0x1.000006p0f, 1.0f, 2).message,
      "found     0x1.000006p+0 [0x3f800003] 1.0000004\nexpected  0x1p+0 [0x3f800000] 1, within 2 ulp; it is 3 away");
  EXPECT_EQ(WithinUlps(kNan, 1.0f, 2).message,
            "found     nan [0x7fc00000] nan\nexpected  0x1p+0 [0x3f800000] 1, within 2 ulp");
  EXPECT_EQ(BitEqual(1.0f, 1.0f).message, "");
}

TEST(Matchers, UlpsAreStepsBetweenNeighboursAcrossZeroAndIntoInfinity) {
  EXPECT_TRUE(WithinUlps(-0.0f, 0.0f, 0));
  EXPECT_TRUE(WithinUlps(-0x1p-149f, 0x1p-149f, 2));
  EXPECT_FALSE(WithinUlps(-0x1p-149f, 0x1p-149f, 1));
  EXPECT_TRUE(WithinUlps(std::numeric_limits<float>::max(), kInf, 1));
  EXPECT_TRUE(WithinUlps(kNan, kNan, 0));
  EXPECT_FALSE(WithinUlps(kNan, 1.0f, ~uint64_t{0} - 1));
  EXPECT_TRUE(WithinUlps(-kInf, kInf, 2 * uint64_t{0x7f800000}));
  EXPECT_FALSE(WithinUlps(-kInf, kInf, 2 * uint64_t{0x7f800000} - 1));
  const double huge = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(WithinUlps(-huge, huge, 2 * uint64_t{0x7ff0000000000000}));
  EXPECT_FALSE(WithinUlps(-huge, huge, 2 * uint64_t{0x7ff0000000000000} - 1));
}

RC_GTEST_PROP(Matchers, SoManySuccessorsAreSoManyUlps, ()) {
  const double x = *Floats<double>();
  const auto steps = *rc::gen::inRange<uint64_t>(0, 20);
  double y = x;
  for (uint64_t i = 0; i < steps; ++i) y = NextUp(y);
  RC_ASSERT(WithinUlps(x, y, steps));
  RC_ASSERT(WithinUlps(y, x, steps));
  // Steps over -0 and +0 are one step, and infinity's successor is itself.
  RC_ASSERT(steps <= 1 || IsInfinite(y) || !WithinUlps(x, y, steps - 2));
}

TEST(Matchers, EveryModeJudgesAndSaysTheSame) {
  for (const Mode mode : ModesOfThisMachine()) {
    const Judgement judgement = UnderMode(mode, [] { return BitEqual(FloatFromBits(1), FloatFromBits(0)); });
    EXPECT_EQ(judgement.message, BitEqual(FloatFromBits(1), FloatFromBits(0)).message) << Name(mode);
    EXPECT_FALSE(judgement.holds);
    EXPECT_TRUE(UnderMode(mode, [] { return WithinUlps(0x1p-126f, 0x0.fffffep-126f, 1); }).holds);
  }
}

// GoogleMock's EXPECT_THAT makes a testing::Matcher of what it is given.
TEST(Matchers, GoogleTestTakesThemAsMatchers) {
  const testing::Matcher<float> equal = BitEqual(1.0f);
  EXPECT_FALSE(equal.Matches(0x1.000002p0f));
  EXPECT_TRUE(equal.Matches(1.0f));
  std::ostringstream explanation;
  EXPECT_FALSE(BitEqual(1.0f).MatchAndExplain(0x1.000002p0f, &explanation));
  EXPECT_EQ(explanation.str(), BitEqual(0x1.000002p0f, 1.0f).message);
  std::ostringstream text;
  const testing::Matcher<double> near = WithinUlps(1.0, 3);
  near.DescribeTo(&text);
  near.DescribeNegationTo(&text);
  EXPECT_EQ(text.str(),
            "is within 3 ulp of 0x1p+0 [0x3ff0000000000000] 1is not within 3 ulp of 0x1p+0 [0x3ff0000000000000] 1");
}

TEST(Matchers, AResultOfAnotherFormatIsRefused) {
  EXPECT_THROW(BitEqual(1.0f).Judge({kBinary64, 0}), Error);
  EXPECT_NO_THROW(BitEqual(uint64_t{0x3c00}).Judge({kBinary16, 0}));
}

}  // namespace
}  // namespace fplab::proptests
