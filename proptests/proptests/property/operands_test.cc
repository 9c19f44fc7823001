// Operands and generators of floats: what they draw, what they never draw, and how a case is written.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/format.h>
#include <fplab/proptests/property/generators.h>
#include <fplab/proptests/property/operands.h>
#include <fplab/proptests/property/value_text.h>
#include "proptests/support/moved_seed.h"

namespace fplab::proptests {
namespace {

// The bits of `count` cases of a generator of operands, from a pinned seed.
template <typename Gen>
std::vector<std::vector<uint64_t>> Drawn(const Gen& gen, int count, uint64_t seed = 1) {
  std::vector<std::vector<uint64_t>> cases;
  rc::Random random(MovedSeed(seed));
  for (int i = 0; i < count; ++i) {
    cases.emplace_back();
    for (const NamedValue& operand : gen(random.split(), 0).value().Bits().operands) {
      cases.back().push_back(operand.bits);
    }
  }
  return cases;
}

// The kinds of values among operands: what a test of floating-point code must not do without.
std::set<std::string> KindsAmong(const Format& format, const std::vector<std::vector<uint64_t>>& cases) {
  std::set<std::string> kinds;
  for (const std::vector<uint64_t>& operands : cases) {
    for (const uint64_t bits : operands) {
      const bool negative = format.SignBit(bits);
      if (format.IsZero(bits)) kinds.insert(negative ? "-0" : "+0");
      if (format.IsSubnormal(bits)) kinds.insert(negative ? "-subnormal" : "subnormal");
      if (format.IsInfinite(bits)) kinds.insert(negative ? "-inf" : "inf");
      if (format.IsNan(bits)) kinds.insert("nan");
      if (format.Magnitude(bits) == format.MinNormal()) kinds.insert("min normal");
      if (format.Magnitude(bits) == format.MaxFinite() && format.IsFinite(bits)) kinds.insert("max");
      if (bits == format.One()) kinds.insert("1");
    }
  }
  return kinds;
}

std::vector<Format> Formats() {
  std::vector<Format> formats = {kNamedFormats.begin(), kNamedFormats.end()};
  formats.insert(formats.end(), kSmallFormats.begin(), kSmallFormats.end());
  return formats;
}

TEST(Operands, EveryKindOfValueIsAmongAThousandCasesOfEveryFormat) {
  for (const Format& format : Formats()) {
    std::set<std::string> expected = {"+0", "subnormal", "-subnormal", "min normal", "max", "1"};
    if (format.HasNegativeZero()) expected.insert("-0");
    if (format.HasInfinity()) expected.insert({"inf", "-inf"});
    if (format.HasNan()) expected.insert("nan");
    EXPECT_EQ(KindsAmong(format, Drawn(Operands(format, "a", "b").AllValues(), 1000)), expected) << Name(format);
  }
}

TEST(Operands, OnlyFiniteValuesAreDrawnUnlessAllAreAskedFor) {
  for (const Format& format : Formats()) {
    const std::set<std::string> kinds = KindsAmong(format, Drawn(Operands(format, "a", "b", "c"), 2000));
    for (const char* special : {"inf", "-inf", "nan"}) EXPECT_FALSE(kinds.contains(special)) << Name(format);
  }
}

TEST(Operands, FloatsAndDoublesAreDrawnInTheSameStrata) {
  const std::set<std::string> floats = KindsAmong(kBinary32, Drawn(Operands<float>("a", "b").AllValues(), 1000));
  const std::set<std::string> doubles = KindsAmong(kBinary64, Drawn(Operands<double>("a", "b").AllValues(), 1000));
  EXPECT_EQ(floats.size(), 10u);
  EXPECT_EQ(floats, doubles);
}

TEST(Operands, LaterOperandsAreOftenRelatedToEarlierOnes) {
  int equal = 0, near = 0, product_at_the_edge = 0;
  for (const std::vector<uint64_t>& pair : Drawn(Operands<float>("a", "b"), 1000)) {
    const int a = kBinary32.Exponent(pair[0]), b = kBinary32.Exponent(pair[1]);
    equal += kBinary32.Magnitude(pair[0]) == kBinary32.Magnitude(pair[1]) ? 1 : 0;
    near += std::abs(a - b) <= 2 ? 1 : 0;
    product_at_the_edge += std::abs(a + b - kBinary32.MinExponent()) <= 3 ? 1 : 0;
  }
  EXPECT_GT(equal, 20);
  EXPECT_GT(near, 200);
  EXPECT_GT(product_at_the_edge, 50);
}

TEST(Operands, AConditionHoldsOfWhatIsDrawnAndOfWhatItShrinksTo) {
  const auto gen = Operands<float>("t", "x").When("0 <= t and t <= 1 and subnormal(x)");
  rc::Random random(MovedSeed(3));
  for (int i = 0; i < 100; ++i) {
    const auto shrinkable = gen(random.split(), 0);
    std::vector<Case<float, 2>> cases = {shrinkable.value()};
    auto shrinks = shrinkable.shrinks();
    while (const auto next = shrinks.next()) cases.push_back(next->value());
    for (const auto& [t, x] : cases) {
      EXPECT_TRUE(t >= 0 && t <= 1) << CodeText(t);
      EXPECT_TRUE(IsSubnormal(x)) << CodeText(x);
    }
  }
}

TEST(Operands, AConditionThatNothingMeetsDiscardsTheCase) {
  const auto gen = Operands<float>("a").When("a != a");
  EXPECT_THROW(gen(rc::Random(1), 0).value(), rc::GenerationFailure);
}

TEST(Operands, NamesThatStatementsCannotHaveAreRefused) {
  EXPECT_THROW(Operands<float>("result"), Error);
  EXPECT_THROW(Operands<float>("a", "a"), Error);
  EXPECT_THROW(Operands<float>("2a"), Error);
  EXPECT_THROW(Operands<float>(""), Error);
  EXPECT_THROW(Operands<float>("a b"), Error);
  EXPECT_THROW(Operands<float>("sqrt"), Error);
  EXPECT_THROW(Operands<float>("when"), Error);
  EXPECT_NO_THROW(Operands<float>("x_2", "X_2"));
  EXPECT_THROW(Operands(Format{1, 70}, "a"), Error);
}

TEST(Operands, AConditionAboutSomethingElseIsRefusedByItsName) {
  try {
    Operands<float>("a", "b").When("a < c");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "\"a < c\": found the name \"c\", expected one of a b");
  }
  EXPECT_THROW(Operands<float>("a").When("a <"), Error);
  EXPECT_THROW(Operands<float>("a").When("libm_exp(a) > 0"), Error);
}

TEST(Operands, ACaseIsWrittenAsTheCodeThatGivesItAgain) {
  const auto at = Operands<float>("a", "b", "c").At(0x1.8p-126f, -0.0f, 0x1p-149f);
  EXPECT_EQ(at.Code(),
            "fplab::proptests::Operands<float>(\"a\", \"b\", \"c\").At(0x1.8p-126f, -0x0p+0f, 0x0.000002p-126f)");
  EXPECT_EQ(Operands<double>("x").At(0x1.8p-1022).Code(), "fplab::proptests::Operands<double>(\"x\").At(0x1.8p-1022)");
  EXPECT_EQ(Operands(kBinary16, "h").At(0x3c00u).Code(),
            "fplab::proptests::Operands(fplab::ParseFormat(\"f16\"), \"h\").At(0x3c00)");
  EXPECT_EQ(Operands<float>("a").At(FloatFromBits(0x7fc00001)).Code(),
            "fplab::proptests::Operands<float>(\"a\").At(fplab::FloatFromBits(0x7fc00001))");
  const auto [a, b, c] = at;
  EXPECT_EQ(ToBits(a), 0x00c00000u);
  EXPECT_EQ(ToBits(b), 0x80000000u);
  EXPECT_EQ(ToBits(c), 1u);
}

// The literals are C's, so strtof of the C library reads them as a compiler does.
RC_GTEST_PROP(Operands, LiteralsOfFiniteNumbersHaveTheirBits, ()) {
  const float x = *Floats<float>();
  const std::string text = CodeText(x);
  RC_ASSERT(text.back() == 'f');
  RC_ASSERT(ToBits(std::strtof(text.c_str(), nullptr)) == ToBits(x));
  const double y = *Floats<double>();
  RC_ASSERT(ToBits(std::strtod(CodeText(y).c_str(), nullptr)) == ToBits(y));
}

}  // namespace
}  // namespace fplab::proptests
