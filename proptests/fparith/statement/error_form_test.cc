// error(expr): the distance of a computed result from the real value of its expression, in ulps.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/identity/search.h>
#include <fplab/fparith/statement/constant_value.h>
#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/expression.h>
#include "proptests/support/statement_questions.h"

namespace fplab::statement {
namespace {

bool Truth(const std::string& statement, const Format& format = kBinary32, Mode mode = kIeee,
           const std::vector<std::string>& values = {}) {
  return TruthOf(statement, format, mode, values);
}

void ExpectError(const std::string& statement, const std::string& column, const std::string& part) {
  ExpectParseError(statement, kBinary32, column, part);
}

// Whether the statement holds for every pair of a small format for which nothing overflows or is NaN.
bool HoldsForAll(const std::string& statement, Mode mode) {
  identity::SearchOptions options;
  options.modes = {mode};
  const identity::SearchResult result = identity::Search(ParseExpression(statement, Format{4, 4}), options);
  EXPECT_TRUE(result.exhaustive && result.in_range[0]);
  return identity::LastStratum(result.failures[0]).value_or(identity::Stratum::kSpecial) == identity::Stratum::kSpecial;
}

TEST(ErrorForm, AQuotientsErrorIsAnExactFraction) {
  // 1/3 = 1365.33.. * 2^-12, and f16 takes 1365.
  EXPECT_TRUE(Truth("error(a/b)*3 == 1", kBinary16, kIeee, {"1", "3"}));
  EXPECT_TRUE(Truth("1/3*0 == 0 and not error(a/b) == 0.333333", kBinary16, kIeee, {"1", "3"}));
  EXPECT_TRUE(Truth("up(error(a/b))*3 == 2", kBinary16, kIeee, {"1", "3"}));
  EXPECT_TRUE(Truth("error(a/b/b)*9 < 9 and error(a/b/b)*9 > 0", kBinary16, kIeee, {"1", "3"}));
}

TEST(ErrorForm, AnOperationRoundedToNearestIsOffByHalfAnUlpAtMostAndADirectedOneByLessThanOne) {
  for (const char* operation :
       {"a+b", "a-b", "a*b", "a/(b == 0 ? 1 : b)", "fma(a,b,a)", "f32(a)*f32(b)", "a < b ? a*b : a-b"}) {
    const std::string text = operation;
    EXPECT_TRUE(HoldsForAll("error(" + text + ") <= 0.5", kIeee)) << text;
    EXPECT_TRUE(HoldsForAll("error(" + text + ") < 1", {Rounding::kUp, false, false})) << text;
  }
  EXPECT_FALSE(HoldsForAll("error(a*b) < 0.5", kIeee));
  EXPECT_FALSE(HoldsForAll("error(a*b) <= 0.5", {Rounding::kTowardZero, false, false}));
}

TEST(ErrorForm, WhatFlushingLosesIsAnErrorOfManyUlps) {
  EXPECT_FALSE(HoldsForAll("error(a*b) <= 0.5", kFtz));
  EXPECT_TRUE(Truth("error(a*b) == 4194304", kBinary32, kFtz, {"min_normal", "0.5"}));
  // The operand as it is given is the real one.
  EXPECT_TRUE(Truth("error(a*1) == 3", kBinary32, kFtzDaz, {"0x3p-149"}));
}

TEST(ErrorForm, AnErrorOfZeroIsExactnessAndTheOtherWayRound) {
  for (const char* operation : {"a+b", "a*b", "a/b"}) {
    const std::string text = operation;
    EXPECT_TRUE(HoldsForAll("error(" + text + ") == 0 <=> exact(" + text + ")", kIeee)) << text;
  }
}

TEST(ErrorForm, AnUlpBelowMinNormalIsTheLeastNumber) {
  EXPECT_TRUE(Truth("error(a*b) == 0.5", kBinary32, kIeee, {"min_subnormal", "0.5"}));
  EXPECT_TRUE(Truth("error(a*b) == 0.25", kBinary32, kIeee, {"min_subnormal", "0.25"}));
  EXPECT_TRUE(Truth("error(a-b) == 0", kBinary32, kIeee, {"1", "1"}));
}

TEST(ErrorForm, AnUlpIsThatOfTheRealValueInTheFormatOfTheResult) {
  // 1 - 2^-12 is the real value, below a power of two: its ulp is half of that of 1, which is computed.
  EXPECT_TRUE(Truth("error(f16(a)) == 0.5", kBinary32, kIeee, {"0x0.fffp0"}));
  EXPECT_TRUE(Truth("error(f64(a)*f64(a)) == 0", kBinary32, kIeee, {"0.1"}));
}

TEST(ErrorForm, InfinitiesAndNansMakeEveryComparisonFalse) {
  for (const char* values : {"max", "inf", "nan"}) {
    EXPECT_FALSE(Truth("error(a*a) <= 1", kBinary32, kIeee, {values}));
    EXPECT_FALSE(Truth("error(a*a) > 1", kBinary32, kIeee, {values}));
    EXPECT_FALSE(Truth("error(a*a) == error(a*a)", kBinary32, kIeee, {values}));
  }
  EXPECT_FALSE(Truth("error(a/b) <= 1", kBinary32, kIeee, {"1", "0"}));
}

TEST(ErrorForm, NamesStandForTheirDefinitionsSoThatKahansDeterminantIsWithinThreeHalvesOfAnUlp) {
  const std::vector<std::string> operands = {"2", "1", "0x1.004p+0", "1.5"};  // a, d, b, c
  EXPECT_TRUE(Truth("error(a*d - b*c) == 2", kBinary16, kIeee, operands));
  // The real value is that of a*d - b*c, whatever w is rounded to.
  EXPECT_TRUE(Truth("let w = b*c, f = fma(a,d,-w) - fma(b,c,-w) in error(f) <= 1.5", kBinary16, kIeee,
                    {"0x1.004p+0", "1.5", "2", "1"}));
}

TEST(ErrorForm, ErrorsAreComparedWithEachOtherAndReckonedWith) {
  EXPECT_TRUE(Truth("error(fma(a,b,c)) <= error(a*b+c)", kBinary32, kIeee, {"0.1", "0.3", "-0.03"}));
  EXPECT_TRUE(Truth("let e = error(a/b), d = 2*e in d == e + e and -e <= 0 and 0 <= e <= 0.5 and real(e*2 == d)",
                    kBinary32, kIeee, {"1", "7"}));
  EXPECT_TRUE(Truth("error(0.1+0.2) <= 0.5 and error(a) == 0", kBinary32, kIeee, {"0.1"}));
  EXPECT_TRUE(Truth("error(a+b) == 0 when error(a+b) <= 0.5", kBinary32, kIeee, {"1", "2"}));
}

TEST(ErrorForm, WhatHasNoFractionForItsRealValueIsRefusedWhereItStands) {
  ExpectError("error(a + sqrt(b)) <= 1", "11", "the real value of this is no fraction");
  ExpectError("error(floor(a)) <= 1", "7", "is no fraction that error() has");
  ExpectError("let r = hypot(a,b) in error(r) <= 1", "9", "is no fraction that error() has");
  ExpectError("error(a, b) <= 1", "10", "error() takes 1 argument, found 2");
  ExpectError("error(a < b) <= 1", "7", "this is true or false");
  ExpectError("error(n: i32) <= 1", "7", "a floating-point number is expected");
}

TEST(ErrorForm, AnErrorIsARealNumberAndNoOperandOfRoundedOperations) {
  ExpectError("fma(error(a),a,a) == a", "5", "this is an exact number");
  ExpectError("f32(error(a)) == a", "5", "this is an exact number");
  ExpectError("error(error(a)) == 0", "7", "this is an exact number");
  ExpectError("ulps(error(a), error(a)) == 0", "6", "this is an exact number");
  ExpectError("error(a)/2 == 0", "9", "quotients are not computed exactly");
  ExpectError("error(a)", "1", "this is a number");
}

TEST(ErrorForm, LiteralsBesideItAreOfBinary64) {
  const Expression expression = ParseExpression("error(a*b) <= 0.1", kBinary16);
  ASSERT_EQ(expression.inexact_literals.size(), 1u);
  EXPECT_EQ(expression.inexact_literals[0].type, Type::Number(kBinary64));
  EXPECT_TRUE(ParseExpression("error(a*b) <= 0.500030517578125", kBinary16).inexact_literals.empty());
}

TEST(ErrorForm, ATraceShowsItsValue) {
  const Expression expression = ParseExpression("error(a/b) <= 0.25", kBinary16);
  const std::vector<uint64_t> operands = {CaseOf(expression, {"1", "3"})[0][0], CaseOf(expression, {"1", "3"})[1][0]};
  bool shown = false;
  for (const identity::Step& step : identity::TraceClaim(expression, operands, Target::kModel, kIeee)) {
    if (step.text != "error(a/b)") continue;
    shown = true;
    EXPECT_EQ(step.type, Type::Number(kBinary64));
    EXPECT_EQ(std::bit_cast<double>(step.bits), 1.0 / 3);
  }
  EXPECT_TRUE(shown);
}

// A product of two binary32 numbers is exact in binary64, and so is all else here.
RC_GTEST_PROP(ErrorForm, OfAProductIsWhatBinary64MeasuresWhereThatIsExact, ()) {
  const auto significand = rc::gen::inRange<int32_t>(-(1 << 24) + 1, 1 << 24);
  const float a = std::ldexp(static_cast<float>(*significand), *rc::gen::inRange(-60, 30));
  const float b = std::ldexp(static_cast<float>(*significand), *rc::gen::inRange(-60, 30));
  const double real = static_cast<double>(a) * b;
  const double ulp = real == 0 ? 0x1p-149 : std::max(std::ldexp(1.0, std::ilogb(real) - 23), 0x1p-149);
  const double error = std::abs(static_cast<double>(a * b) - real) / ulp;
  const Expression expression = ParseExpression("error(a*b) == e: f64", kBinary32);
  Evaluator evaluator(expression);
  evaluator.Run(Evaluator::Part::kClaim, Target::kModel, model::HardwareEnvironment(kIeee),
                OneCase({std::bit_cast<uint32_t>(a), std::bit_cast<uint32_t>(b), std::bit_cast<uint64_t>(error)}), 1);
  RC_ASSERT(evaluator.Claim(0));
}

}  // namespace
}  // namespace fplab::statement
