// The types of the language: formats side by side, integers, bits, choices, directions, flags; what each word computes,
// and where an error points.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

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

TEST(ExpressionTypes, VariablesHaveTheirOwnFormatOrTheStatements) {
  const Expression expression = ParseExpression("f32(a: f16) == b and n: i32 == 3 and c == f32(a)", kBinary32);
  ASSERT_EQ(expression.variables.size(), 4u);
  EXPECT_EQ(expression.variables[0].type, Type::Number(kBinary16));
  EXPECT_EQ(expression.variables[1].type, Type::Number(kBinary32));
  EXPECT_EQ(expression.variables[2].type, Type::Integer(32, true));
  EXPECT_EQ(expression.variables[3].name, "c");
}

TEST(ExpressionTypes, WhatIsMixedWithoutAConversionIsRefusedWhereItStands) {
  ExpectError("a: f16 == b", "11",
              "this is f32, and what it is used with is f16: convert one of them, such as f16(...)");
  ExpectError("a + f64(b) == a", "5", "this is f64");
  ExpectError("n: i32 + a == n", "10", "this is f32, and what it is used with is i32");
  ExpectError("n: i32 == 0.5", "11", "a whole number is expected");
  ExpectError("n: i8 == 128", "10", "does not fit into i8");
  ExpectError("a == b and a: f16 == f16(b)", "12", "its type belongs to where it first stands");
  ExpectError("fma(a, b, c: f64) == a", "11", "this is f64");
  ExpectError("a % b == a", "3", "rem(a,b)");
  ExpectError("(a | b) == a", "4", "bits(a)");
  ExpectError("sqrt(n: i32) == 1", "6", "this is i32; a floating-point number is expected");
  ExpectError("bits(n: i32) == 1", "6", "this is i32");
  ExpectError("let s = a in s: f16 == s", "14", "is no variable");
  ExpectError("rounds(a) == a", "1", "is round() meant?");
  ExpectError("frobnicate(a) == a", "1", "is not a function");
  ExpectError("f16 == a", "1", "is a type: \"(\" is missing");
  ExpectError("fma(a, b) == a", "9", "takes 3 arguments, found 2");
  ExpectError("sqrt(a, b) == a", "9", "takes 1 argument, found 2");
  ExpectError("from_bits(n: u32, 3) == a", "19", "a format is expected");
  ExpectError("from_bits(n: u16, f32) == a", "11", "the bits of f32 are u32");
  ExpectError("raises(nothing, a*b)", "8", "expected inexact");
  ExpectError("dot(a, b, c) == a", "12", "an even number");
  ExpectError("a ~ b within 2 == c", "16", "expected \"ulp\"");
  ExpectError("real(n: i32 + 1 == 2)", "6", "integers do not belong into real()");
  ExpectError("real(n: u32 == 1)", "6", "integers do not belong into real()");
  ExpectError("real(a > n: u32)", "10", "integers do not belong into real()");
  ExpectError("real(-(n: u32) < a)", "6", "integers do not belong into real()");
  ExpectError("real(abs(n: u32) == b)", "10", "integers do not belong into real()");
  ExpectError("real(fma(a,n: u32,c) == b)", "12", "integers do not belong into real()");
  ExpectError("real(min(n: u32,a) == b)", "10", "integers do not belong into real()");
  ExpectError("rounded(n: u32) == b", "9", "integers do not belong into real()");
  ExpectError("real(f16(a) == 2)", "6", "give its result a name with let");
}

TEST(ExpressionTypes, ACharacterOfSeveralBytesIsQuotedWhole) {
  EXPECT_NE(ParseErrorOf("a == b × c", kBinary32).find("found \"×\""), std::string::npos)
      << ParseErrorOf("a == b × c", kBinary32);
}

TEST(ExpressionTypes, LiteralsTakeTheTypeTheyAreUsedWith) {
  EXPECT_TRUE(Truth("f64(a: f32) == 0.100000001490116119384765625", kBinary64, kIeee, {"0.1"}));
  EXPECT_TRUE(Truth("f64(f32(0.1)) != 0.1", kBinary64));
  EXPECT_TRUE(Truth("f32(a: f16) == min_normal * 0x1p112", kBinary32, kIeee, {"min_normal"}));
  EXPECT_TRUE(Truth("bits(a) == 0x3f800000", kBinary32, kIeee, {"1"}));
  EXPECT_TRUE(Truth("n: i8 == -128", kBinary32, kIeee, {"-128"}));
  const Expression rounded = ParseExpression("a*4097 - a*4096 == 0", kBinary16);
  ASSERT_EQ(rounded.inexact_literals.size(), 1u);
  EXPECT_EQ(rounded.inexact_literals[0].text, "4097");
  EXPECT_EQ(static_cast<uint64_t>(rounded.inexact_literals[0].bits), 0x6c00u) << "4096";
}

TEST(ExpressionTypes, ConversionsRoundUnderTheModeAndTheDirectionAroundThem) {
  EXPECT_TRUE(Truth("f16(f32(1.00048828125)) == 1", kBinary32)) << "a tie, to even";
  EXPECT_TRUE(Truth("up(f16(f32(1.00048828125))) == next_up(f16(1))", kBinary32));
  EXPECT_TRUE(Truth("f16(a) == 0", kBinary32, kFtz, {"0x1p-20"}));
  EXPECT_TRUE(Truth("f16(a) == 0x1p-20", kBinary32, kIeee, {"0x1p-20"}));
  EXPECT_TRUE(Truth("e4m3(a: e5m2) == 1.5", kBinary32, kIeee, {"1.5"}));
  EXPECT_TRUE(Truth("isnan(e4m3(a)) and e4m3sat(a) == 448", kBinary32, kIeee, {"465"}));
  EXPECT_TRUE(Truth("isinf(e5m2(a)) and e5m2sat(a) == max and e5m2sat(-a) == -max", kBinary32, kIeee, {"1e30"}));
  EXPECT_TRUE(Truth("e2m1(a) == 4 and e2m1(2*a) == 6 and e2m3(a) == 5 and e3m2(a) == 5", kBinary32, kIeee, {"5"}));
  EXPECT_TRUE(Truth("e4m3fnuz(-a) === 0 and bits(e4m3fnuz(a)) == 0 and isnan(e4m3fnuz(1/a))", kBinary32, kIeee, {"0"}));
  EXPECT_TRUE(Truth("e3m4(a) == 1.0625 and e4m3b11fnuz(a) == 1", kBinary32, kIeee, {"1.0625"}));
  EXPECT_TRUE(Truth("down(a*b) < up(a*b) and to_zero(a*b) == down(a*b)", kBinary32, kIeee, {"0.1", "0.1"}));
  EXPECT_TRUE(Truth("bits(to_odd(a+b)) == bits(a) + 1", kBinary32, kIeee, {"1", "min_subnormal"}));
  EXPECT_TRUE(Truth("up(ieee(a+b)) == a and up(a+b) > a", kBinary32, kIeee, {"1", "min_subnormal"}));
  EXPECT_TRUE(Truth("let s = a+b in up(s) > s", kBinary32, kIeee, {"1", "min_subnormal"})) << "a name is its text";
}

TEST(ExpressionTypes, IntegersWrapAndTheirDivisionTruncates) {
  EXPECT_TRUE(Truth("i8(127) + 1 == -128"));
  EXPECT_TRUE(Truth("u8(0) - 1 == 255"));
  EXPECT_TRUE(Truth("i32(-7) / 2 == -3 and i32(-7) % 2 == -1 and i32(7) / i32(0) == 0 and i32(7) % i32(0) == 7"));
  EXPECT_TRUE(Truth("-i8(-128) == -128 and i8(-128) / i8(-1) == -128"));
  EXPECT_TRUE(Truth("i32(-8) >> 1 == -4 and u32(0x80000000) >> 31 == 1 and i32(1) << 33 == 2"));
  EXPECT_TRUE(Truth("(u8(0xf0) | 0x0f) == 255 and (u8(0xf0) & 0x3c) == 0x30 and (u8(0xf0) ^ 255) == 15"));
  EXPECT_TRUE(Truth("~u8(0) == 255 and ~i32(0) == -1"));
  EXPECT_TRUE(Truth("i64(u32(0xffffffff)) == 4294967295 and i8(i32(511)) == -1"));
  EXPECT_TRUE(Truth("u64(0xffffffffffffffff) > 1 and i64(-1) < 0"));
}

TEST(ExpressionTypes, NumbersThatAnIntegerDoesNotHoldAreSaturatedWrappedOrX86s) {
  EXPECT_TRUE(Truth("i32(a) == -3", kBinary32, kIeee, {"-3.99"}));
  EXPECT_TRUE(Truth("i32(a) == -2147483648 and i32_sat(a) == 2147483647 and i32_wrap(a) == -2147483648", kBinary32,
                    kIeee, {"0x1p31"}));
  EXPECT_TRUE(Truth("i32(a) == -2147483648 and i32_sat(a) == 0 and i32_wrap(a) == 0", kBinary32, kIeee, {"nan"}));
  EXPECT_TRUE(Truth("i32_sat(a) == -2147483648", kBinary32, kIeee, {"-inf"}));
  EXPECT_TRUE(Truth("i8(a) == 0 and u16(a) == 0", kBinary32, kIeee, {"nan"})) << "the low bits of 0x80000000";
  EXPECT_TRUE(Truth("u8(a) == 1 and u8_sat(a) == 255 and u8_wrap(a) == 1", kBinary32, kIeee, {"257"}));
  EXPECT_TRUE(Truth("u8_sat(a) == 0 and u8_wrap(a) == 255", kBinary32, kIeee, {"-1"}));
  EXPECT_TRUE(Truth("u32_sat(a) == 0 and u32(a) == 0xffffffff", kBinary32, kIeee, {"-1"}));
  EXPECT_TRUE(Truth("i64(a) == i64_sat(a) and i64_sat(a) == -9223372036854775808", kBinary64, kIeee, {"-0x1p63"}));
  EXPECT_TRUE(Truth("u64_sat(a) == 0xffffffffffffffff and u64_wrap(a) == 0", kBinary64, kIeee, {"0x1p64"}));
  EXPECT_TRUE(Truth("f32(i32(16777217)) == 16777216 and up(f32(i32(16777217))) == 16777218"));
  EXPECT_TRUE(Truth("f16(u32(65520)) == inf"));
}

TEST(ExpressionTypes, BitsAreWhatTheyAre) {
  EXPECT_TRUE(Truth("from_bits(bits(a) & 0x7fffffff) === abs(a)", kBinary32, kIeee, {"-2.5"}));
  EXPECT_TRUE(Truth("bits(a: f16) == 0x3c00 and from_bits(u16(0x3c00), f16) == a", kBinary32, kIeee, {"1"}));
  EXPECT_TRUE(Truth("bits(a) == 0x38 and u8(0x38) == bits(a)", kE4M3, kIeee, {"1"}));
  EXPECT_TRUE(Truth("ulps(a, b) == 3 and a ~ b within 3 ulps and not a ~ b within 2 ulp", kBinary32, kIeee,
                    {"1", "next_up(next_up(next_up(1)))"}));
  EXPECT_TRUE(Truth("ulps(a, -a) == 2 and ulps(nan, nan) == 0 and ulps(a, nan) == 0xffffffffffffffff", kBinary32, kIeee,
                    {"min_subnormal"}));
}

TEST(ExpressionTypes, ChoicesTakeOneOfTwoOfOneType) {
  EXPECT_TRUE(Truth("(a < 0 ? -a : a) == abs(a)", kBinary32, kIeee, {"-3"}));
  EXPECT_TRUE(Truth("select(a < 0, 0, a) === -a", kBinary32, kIeee, {"0"}) == false);
  EXPECT_TRUE(Truth("(a == 0 ? i32(1) : 2) == 2", kBinary32, kIeee, {"3"}));
  EXPECT_TRUE(Truth("(c: f16 < 1 ? f32(c) : 7) == 7", kBinary32, kIeee, {"1"})) << "a colon of a choice, not of a type";
  ExpectError("(a < 1 ? a : f16(b)) == 1", "14", "this is f16");
  ExpectError("(a ? a : b) == 1", "2", "a statement that is true or false is expected");
}

TEST(ExpressionTypes, RoundingsToWholeNumbersDifferAtHalves) {
  EXPECT_TRUE(Truth("round(a) == 3 and round_even(a) == 2 and rint(a) == 2", kBinary32, kIeee, {"2.5"}));
  EXPECT_TRUE(Truth("round(a) == -1 and round_even(a) === -0.0 and trunc(a) === -0.0", kBinary32, kIeee, {"-0.5"}));
  EXPECT_TRUE(Truth("rint(a) == 3 and round_even(a) == 2", kBinary32, {Rounding::kUp, false, false}, {"2.5"}));
  EXPECT_TRUE(Truth("is_integer(a) and not is_integer(a/2) and not is_integer(inf)", kBinary32, kIeee, {"3"}));
}

TEST(ExpressionTypes, FunctionsOnBitsTellPartsAndClasses) {
  EXPECT_TRUE(Truth("logb(a) == -149 and significand(a) == 1", kBinary32, kFtzDaz, {"min_subnormal"}));
  EXPECT_TRUE(
      Truth("logb(a) == 3 and significand(a) == -1.25 and ldexp(significand(a), 3) == a", kBinary32, kIeee, {"-10"}));
  EXPECT_TRUE(Truth("logb(a) == -inf and logb(inf) == inf and isnan(logb(nan)) and iszero(significand(a))", kBinary32,
                    kIeee, {"0"}));
  EXPECT_TRUE(Truth("isinf(a) and signbit(a) and not isfinite(a) and not isnan(a) and not iszero(a)", kBinary32, kIeee,
                    {"-inf"}));
  EXPECT_TRUE(Truth("ldexp(a, -150) == 0 and ldexp(a, n) == 2", kBinary32, kIeee, {"1", "1"}));
}

TEST(ExpressionTypes, FlagsAreThoseOfEveryOperationInside) {
  EXPECT_TRUE(Truth("raises(inexact, a/b) and not raises(underflow, a/b)", kBinary32, kIeee, {"1", "3"}));
  EXPECT_TRUE(Truth("raises(divide_by_zero, a/b) and flags(a/b) == 8", kBinary32, kIeee, {"1", "0"}));
  EXPECT_TRUE(Truth("flags((a*a)*b) == 5 and flags(a) == 0", kBinary32, kIeee, {"max", "0x1p-20"}))
      << "overflow, inexact";
  EXPECT_TRUE(Truth("raises(invalid, sqrt(a)) and flags(sqrt(a)) != flags(a*a)", kBinary32, kIeee, {"-1"}));
  EXPECT_TRUE(Truth("raises(underflow, a*b) and flags(ieee(a*b)) == 0", kBinary32, kFtz, {"min_normal", "0.5"}));
}

TEST(ExpressionTypes, SumsGroupAsTheyAreNamed) {
  const std::vector<std::string> values = {"0x1p24", "1", "1", "1"};
  EXPECT_TRUE(Truth("sum(a,b,c,d) === ((a+b)+c)+d and sum(a,b,c,d) == 0x1p24", kBinary32, kIeee, values));
  EXPECT_TRUE(Truth("sum_pairs(a,b,c,d) === (a+b)+(c+d)", kBinary32, kIeee, values));
  EXPECT_TRUE(
      Truth("sum_pairs(a,b,c) === (a+b)+c and sum_tree(a,b,c) === (a+b)+c and sum(a) === a", kBinary32, kIeee, values));
  EXPECT_TRUE(Truth("sum_tree(a,b,c,d,a) === ((a+b)+c)+(d+a)", kBinary32, kIeee, values));
  EXPECT_TRUE(Truth("dot(a,b, c,d) === a*b + c*d and dot_fma(a,b, c,d) === fma(c,d,a*b)", kBinary32, kIeee, values));
}

TEST(ExpressionTypes, AStatementWithoutVariablesIsOneCase) {
  EXPECT_FALSE(Truth("0.1 + 0.2 == 0.3", kBinary64));
  EXPECT_TRUE(Truth("0.1 + 0.2 == 0.3", kBinary32));
}

TEST(ExpressionTypes, ALetMayUseOnlyWhatStandsBeforeIt) {
  const Expression expression = ParseExpression("let s = t + 1, t = a in ieee(s) == t", kBinary32);
  ASSERT_EQ(expression.variables.size(), 2u);
  EXPECT_EQ(expression.variables[0].name, "t") << "a variable, for the name comes later";
}

TEST(ExpressionTypes, WhatTheMachineLacksIsNamed) {
  const auto refusal = [](const std::string& statement) {
    try {
      RequireTarget(ParseExpression(statement, kBinary32), Target::kHardware);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(refusal("to_odd(a+b) == a").find("\"a+b\": the hardware has no such operation on f32"), std::string::npos);
  EXPECT_NE(refusal("round(a) == a").find("\"round(a)\""), std::string::npos);
  EXPECT_NE(refusal("fmod(a,b) == a").find("\"fmod(a,b)\""), std::string::npos);
  EXPECT_NE(refusal("raises(inexact, f16(a)*f16(a))").find("\"f16(a)*f16(a)\": the hardware computes on f16 through"),
            std::string::npos);
  EXPECT_NE(refusal("fma(h: bf16,h,h) == h").find("\"fma(h: bf16,h,h)\": the hardware has no such operation on"),
            std::string::npos)
      << refusal("fma(h: bf16,h,h) == h");
  EXPECT_EQ(refusal("let h = f16(a) in raises(inexact, a+a) and fma(h,h,h) < sqrt(h)"), "");
  EXPECT_EQ(refusal("up(a+b) == f32(f64(a)) and f32(n: i32) == a and bits(a) == 1"), "");
}

}  // namespace
}  // namespace fplab::statement
