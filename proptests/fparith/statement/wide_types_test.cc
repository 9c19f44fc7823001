// Wide numbers in statements: x87, binary128 and others as types of intermediate values.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <bit>
#include <string>
#include <vector>

#include <fplab/fparith/identity/error_bound.h>
#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/statement/constant_value.h>
#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/expression.h>
#include <fplab/fparith/statement/refinement.h>
#include <fplab/fparith/text/wide_text.h>
#include "proptests/support/statement_questions.h"

namespace fplab::statement {
namespace {

bool Truth(const std::string& statement, const Format& format = kBinary64, Mode mode = kIeee,
           const std::vector<std::string>& values = {}) {
  return TruthOf(statement, format, mode, values);
}

void ExpectError(const std::string& statement, const std::string& column, const std::string& part) {
  ExpectParseError(statement, kBinary64, column, part);
}

identity::Refutation Refuted(const std::string& statement, const Format& format, Mode mode = kIeee) {
  identity::SearchOptions options;
  options.modes = {mode};
  options.cases = 60000;
  options.exhaustive_limit = 1 << 17;
  return identity::Refute(statement, format, options);
}

void ExpectNoCounterexample(const std::string& statement, const Format& format, Mode mode = kIeee) {
  const identity::Refutation found = Refuted(statement, format, mode);
  EXPECT_TRUE(found.Holds()) << statement << " in " << Name(mode);
}

// The same where a result that overflows or is NaN may contradict it.
void ExpectNoCounterexampleInRange(const std::string& statement, const Format& format) {
  const identity::Refutation found = Refuted(statement, format);
  EXPECT_TRUE(!found.findings[0].failure || found.findings[0].last == identity::Stratum::kSpecial) << statement;
}

TEST(WideTypes, ProductsOfBinary64RoundedToX87FirstAreRoundedTwiceAndTheSearchFindsOne) {
  const identity::Refutation found = Refuted("f64(x87(a)*x87(b)) == a*b", kBinary64);
  ASSERT_FALSE(found.Holds());
  ASSERT_TRUE(found.findings[0].failure);
  const std::vector<uint64_t>& operands = found.findings[0].failure->operands;
#if defined(__x86_64__)
  // The processor's x87 says so, too.
  volatile long double a = std::bit_cast<double>(operands[0]), b = std::bit_cast<double>(operands[1]);
  volatile long double product = a * b;
  volatile double twice = static_cast<double>(product);
  const uint64_t once = model::Mul(kBinary64, {kIeee}, operands[0], operands[1]).bits;
  EXPECT_NE(std::bit_cast<uint64_t>(static_cast<double>(twice)), once);
#endif
}

TEST(WideTypes, DoubleRoundingOfSumsAndQuotientsOfBinary64IsFoundWhereNothingUnderflows) {
  for (const char* statement :
       {"f64(x87(a)+x87(b)) == a+b", "f64(x87(a)/x87(b)) == a/b", "f64(x87(a)*x87(b)) == a*b"}) {
    const identity::Refutation found = Refuted(statement, kBinary64);
    ASSERT_FALSE(found.Holds()) << statement;
    EXPECT_EQ(found.findings[0].last, identity::Stratum::kNoUnderflow) << statement;
  }
}

// 64 >= 2*24 + 2, and 113 >= 2*53 + 2 (Figueroa 1995).
TEST(WideTypes, DoubleRoundingIsInnocuousWhereTheIntermediateHasTwiceTheBitsAndTwo) {
  for (const char* operation : {"+", "-", "*", "/"}) {
    ExpectNoCounterexample(fmt::format("f32(x87(a) {0} x87(b)) == a {0} b", operation), kBinary32);
    ExpectNoCounterexample(fmt::format("f64(f128(a) {0} f128(b)) == a {0} b", operation), kBinary64);
    ExpectNoCounterexample(fmt::format("f16(e15p24(a) {0} e15p24(b)) == a {0} b", operation), kBinary16);
  }
  ExpectNoCounterexample("f32(sqrt(x87(a))) == sqrt(a)", kBinary32);
  ExpectNoCounterexample("f64(sqrt(f128(a))) == sqrt(a)", kBinary64);
}

// Every value of binary16, and 24 = 2*11 + 2; one bit less is too few for a root alone to show it.
TEST(WideTypes, SquareRootsOfBinary16ThroughAWideFormatAreProvedByAllOfThem) {
  const identity::Refutation through24 = Refuted("f16(sqrt(e12p24(a))) == sqrt(a)", kBinary16);
  EXPECT_TRUE(through24.Holds());
  EXPECT_TRUE(through24.search.exhaustive);
  EXPECT_FALSE(Refuted("f16(sqrt(e12p12(a))) == sqrt(a)", kBinary16).Holds());
}

TEST(WideTypes, RoundingTwiceInOneDirectionOrFirstToOddIsRoundingOnce) {
  ExpectNoCounterexample("f64(x87(a)*x87(b)) == a*b", kBinary64, {Rounding::kUp, false, false});
  ExpectNoCounterexample("f64(x87(a)/x87(b)) == a/b", kBinary64, {Rounding::kTowardZero, false, false});
  ExpectNoCounterexample("up(f64(x87(a)+x87(b))) == up(a+b)", kBinary64);
  // Boldo and Melquiond 2008: 64 >= 53 + 2.
  ExpectNoCounterexample("f64(to_odd(x87(a)*x87(b))) == a*b", kBinary64);
  ExpectNoCounterexample("f64(to_odd(x87(a)+x87(b))) == a+b", kBinary64);
  ExpectNoCounterexample("f64(to_odd(f128(a)*f128(b)+f128(c))) == fma(a,b,c)", kBinary64);
  EXPECT_TRUE(Truth("down(x87(1)/x87(3)) < up(x87(1)/x87(3))"));
}

TEST(WideTypes, AWideOperationFlushesNothingInAnyMode) {
  EXPECT_TRUE(Truth("f32(x87(a)) === a", kBinary32, kFtzDaz, {"min_subnormal"}));
  EXPECT_TRUE(Truth("f32(f128(a)*f128(b)) === min_subnormal", kBinary32, kFtzDaz, {"min_normal", "eps"}));
  EXPECT_TRUE(Truth("a*b === 0", kBinary32, kFtzDaz, {"min_normal", "eps"}));
  EXPECT_TRUE(Truth("x87(min_subnormal)/2 == 0 and x87(min_subnormal)*1 != 0", kBinary32, kFtzDaz));
}

TEST(WideTypes, ConversionsRoundLiteralsAndConstantsInTheirType) {
  EXPECT_TRUE(Truth("x87(0.1) != x87(f64(0.1)) and f64(x87(0.1)) == 0.1"));
  EXPECT_TRUE(Truth("f128(0.1) != f128(x87(0.1))"));
  EXPECT_TRUE(Truth("x87(1) + eps > 1 and x87(1) + eps/2 == 1"));
  EXPECT_TRUE(Truth("f128(1) + eps == f128(1) + f128(0x1p-112)"));
  EXPECT_TRUE(Truth("isinf(x87(1) + inf) and isnan(f128(1)*nan) and not isfinite(x87(max)*2)"));
  EXPECT_TRUE(Truth("x87(max) > x87(f64(max)) and f128(max) == max - 0 and min_normal*x87(1) > min_subnormal"));
  EXPECT_TRUE(Truth("f64(x87(1e4000)) == inf and f32(f128(1e-4900)) === 0"));
  const Expression rounded = ParseExpression("x87(a) == 0.1", kBinary64);
  ASSERT_EQ(rounded.inexact_literals.size(), 1u);
  EXPECT_EQ(rounded.inexact_literals[0].type, Type::Wide(kX87));
  EXPECT_EQ(Decimal(kX87, rounded.inexact_literals[0].bits), "0.1");
}

TEST(WideTypes, IntegersOf64BitsFitIntoX87) {
  ExpectNoCounterexample("i64(x87(n: i64)) == n", kBinary64);
  ExpectNoCounterexample("u64(x87(n: u64)) == n and u64(f128(n)) == n", kBinary64);
  EXPECT_FALSE(Refuted("u64(e12p63(n: u64)) == n", kBinary64).Holds());
  ExpectNoCounterexample("i32_sat(x87(a)) == i32_sat(a) and i32(f128(a)) == i32(a) and u8_wrap(x87(a)) == u8_wrap(a)",
                         kBinary64);
  EXPECT_TRUE(Truth("i64_wrap(x87(0x1.8p64)) == -0x8000000000000000 and u64_sat(f128(inf)) == 0xffffffffffffffff"));
  EXPECT_TRUE(Truth("i32(x87(nan)) == -2147483648 and i32_sat(x87(nan)) == 0 and i32_sat(-x87(inf)) == -2147483648"));
  EXPECT_TRUE(Truth("i64(f128(0x1.fffffffffffffffep62)) == 0x7fffffffffffffff and u64(x87(0.99)) == 0"));
}

TEST(WideTypes, SignsChoicesMinimaComparisonsAndPredicatesAreThoseOfNarrowNumbers) {
  const std::string wide_all =
      "min(x87(a),x87(b)) == x87(min(a,b)) and max(x87(a),x87(b)) == x87(max(a,b)) and "
      "min_num(x87(a),x87(b)) === x87(min_num(a,b)) and max_num(x87(a),x87(b)) === x87(max_num(a,b)) and "
      "minimum(x87(a),x87(b)) === x87(minimum(a,b)) and maximum(x87(a),x87(b)) === x87(maximum(a,b)) and "
      "minimum_number(x87(a),x87(b)) === x87(minimum_number(a,b)) and "
      "maximum_number(x87(a),x87(b)) === x87(maximum_number(a,b)) and "
      "-f128(a) === f128(-a) and abs(f128(a)) === f128(abs(a)) and "
      "copysign(f128(a),f128(b)) === f128(copysign(a,b)) and (a < b ? x87(a) : x87(b)) === x87(a < b ? a : b) and "
      "(x87(a) < x87(b) <=> a < b) and (f128(a) <= f128(b) <=> a <= b) and (x87(a) == x87(b) <=> a == b) and "
      "(x87(a) === x87(b) <=> a === b) and (x87(a) > x87(b) <=> a > b) and (x87(a) != x87(b) <=> a != b) and "
      "(isnan(x87(a)) <=> isnan(a)) and (isinf(x87(a)) <=> isinf(a)) and (iszero(x87(a)) <=> iszero(a)) and "
      "(signbit(x87(a)) <=> signbit(a)) and (isfinite(x87(a)) <=> isfinite(a)) and "
      "(normal(x87(a)) <=> isfinite(a) and a != 0) and (subnormal(e11p60(a)) <=> subnormal(a)) when not isnan(a) and "
      "not isnan(b)";
  identity::SearchOptions options;
  options.modes = {kIeee};
  options.cases = 20000;
  options.all_values = true;
  const identity::Refutation found = identity::Refute(wide_all, kBinary64, options);
  EXPECT_TRUE(found.Holds());
  EXPECT_TRUE(
      Truth("min(x87(nan),1) == 1 and isnan(min(x87(1),nan)) and min_num(x87(nan),2) == 2 and "
            "isnan(minimum(x87(nan),1)) and maximum_number(f128(nan),3) == 3 and isnan(-x87(nan))"));
  EXPECT_TRUE(Truth("x87(nan) == x87(nan) and not (x87(nan) < 1) and not (x87(nan) >= 1)"));
}

TEST(WideTypes, SumsDotProductsNamesAndFmaTakeThem) {
  EXPECT_TRUE(Truth("let w = x87(a) in f64(w*w - w*w) == 0 and f64(sum(w, w, w)) == 3", kBinary64, kIeee, {"1"}));
  EXPECT_TRUE(Truth("dot(x87(a),x87(b), x87(a),x87(b)) == 12 and dot_fma(f128(a),f128(b), f128(a),f128(b)) == 12",
                    kBinary64, kIeee, {"2", "3"}));
  EXPECT_TRUE(Truth("fma(x87(a), x87(a), -1) == x87(0x1p-29) + x87(0x1p-60)", kBinary64, kIeee, {"1 + 0x1p-30"}));
  EXPECT_FALSE(Truth("x87(a)*x87(a) - 1 == x87(0x1p-32) + x87(0x1p-66)", kBinary64, kIeee, {"1 + 0x1p-33"}));
}

TEST(WideTypes, FlagsAreThoseOfTheWideOperations) {
  EXPECT_TRUE(Truth("raises(inexact, x87(1)/x87(3)) and not raises(inexact, x87(1)/x87(2))"));
  EXPECT_TRUE(Truth("raises(overflow, x87(max)*2) and not raises(overflow, x87(a)*x87(a))", kBinary64, kIeee, {"max"}));
  EXPECT_TRUE(Truth("raises(overflow, f64(x87(a)*x87(a))) and raises(underflow, f32(f128(0x1.1p-149)))", kBinary64,
                    kIeee, {"max"}));
  EXPECT_TRUE(Truth("raises(divide_by_zero, f128(1)/0) and raises(invalid, sqrt(x87(-1)))"));
  EXPECT_TRUE(Truth("raises(underflow, x87(min_normal)/3) and not raises(underflow, x87(min_normal)/2)"));
}

TEST(WideTypes, RealNumbersAndErrorsAreExact) {
  ExpectNoCounterexample("exact(x87(a)*x87(b))", kBinary32);
  EXPECT_FALSE(Refuted("exact(x87(a)*x87(b))", kBinary64).Holds());
  ExpectNoCounterexample("let p = f128(a)*f128(b) in real(p == a*b)", kBinary64);
  EXPECT_FALSE(Refuted("let p = x87(a)*x87(b) in real(p == a*b)", kBinary64).Holds());
  // Half an ulp, and half of one of the 2^11 times finer ones.
  ExpectNoCounterexampleInRange("error(f64(x87(a)*x87(b))) <= 0.5 + 0x1p-12", kBinary64);
  EXPECT_EQ(Refuted("error(f64(x87(a)*x87(b))) <= 0.5", kBinary64).findings[0].last, identity::Stratum::kNoUnderflow);
  ExpectNoCounterexampleInRange("error(x87(a)*x87(b)) <= 0.5 and error(f128(a)/f128(b)) <= 0.5 when b != 0", kBinary64);
  EXPECT_TRUE(Truth("error(x87(a)/x87(b))*3 == 1", kBinary64, kIeee, {"1", "3"}));
}

TEST(WideTypes, StepsOfAnEvaluationHaveTheirBits) {
  const Expression expression = ParseExpression("f64(x87(a)/x87(3)) == a/3", kBinary64);
  const auto steps = identity::TraceClaim(expression, {kBinary64.One()}, Target::kModel, kIeee);
  bool found = false;
  for (const identity::Step& step : steps) {
    if (step.text != "x87(a)/x87(3)") continue;
    found = true;
    EXPECT_EQ(step.type, Type::Wide(kX87));
    EXPECT_EQ(HexBits(kX87, step.wide), "0x3ffdaaaaaaaaaaaaaaab");
    EXPECT_EQ(step.flags, model::kInexact);
  }
  EXPECT_TRUE(found);
}

TEST(WideTypes, WhatTheyLackIsRefusedByNameWithItsColumn) {
  ExpectError("rem(x87(a),x87(b)) == 0", "1", "there is no rem() of x87");
  ExpectError("0 == floor(f128(a))", "6", "there is no floor() of f128");
  ExpectError("hypot(x87(a),x87(b)) > 0", "1", "there is no hypot() of x87");
  ExpectError("next_up(x87(a)) > 0", "1", "there is no next_up() of x87");
  ExpectError("bits(x87(a)) == 0", "1", "there is no bits() of x87");
  ExpectError("ulps(x87(a),x87(b)) == 0", "1", "there is no ulps() of x87");
  ExpectError("x87(a) ~ x87(b) within 2 ulp", "1", "there is no distance in ulps of x87");
  ExpectError("ldexp(x87(a),3) == 0", "1", "there is no ldexp() of x87");
  ExpectError("through_wide(x87(a)) == 0", "1", "there is no through_wide() of x87");
  ExpectError("libm_log(x87(a)) == 0", "1", "there is no libm_log() of x87");
  ExpectError("a: x87 == b", "11", "this is f64, and what it is used with is x87");
  ExpectError("x87(a) == a", "11", "this is f64, and what it is used with is x87");
  ExpectError("x87(a) == f128(a)", "11", "this is f128, and what it is used with is x87");
  ExpectError("x87(a) & x87(a) == 0", "8", "integers");
  ExpectError("x87 == a", "1", "\"x87\" is a type");
  ExpectError("x87(1e5000) == 0", "5", "beyond the largest finite value of x87");
  ExpectError("real(x87(a) == 1)", "6", "x87() inside real() is not exact");
}

TEST(WideTypes, AreComputedOnTheModelAlone) {
  const Expression expression = ParseExpression("f64(x87(a)) == a", kBinary64);
  EXPECT_NO_THROW(RequireTarget(expression, Target::kModel));
  try {
    RequireTarget(expression, Target::kHardware);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "\"x87(a)\": x87 is computed on the model alone");
  }
  EXPECT_THROW(ParseFormat("x87"), Error);
  EXPECT_THROW(ParseFormat("f128"), Error);
}

TEST(WideTypes, WhatMayBeFlushedIsAskedOfTheNarrowOperationsAlone) {
  const Expression statement = ParseExpression("f32(x87(a)*x87(b)) == a*b", kBinary32);
  const Refinement refinement = RefinementOf(statement, *FindFreedom("may-ftz"));
  EXPECT_EQ(refinement.left.size(), 1u);
  EXPECT_EQ(refinement.right.size(), 2u);
}

TEST(WideTypes, AnErrorIsBoundedThroughThemAndNotOfThem) {
  identity::SearchOptions options;
  options.modes = {kIeee};
  options.cases = 20000;
  EXPECT_EQ(identity::BoundError("f32(x87(a)*x87(b))", kBinary32, options).bounds[0].in_range.ulps, 0.5);
  EXPECT_THROW(identity::BoundError("x87(a)*x87(b)", kBinary32, options), Error);
}

}  // namespace
}  // namespace fplab::statement
