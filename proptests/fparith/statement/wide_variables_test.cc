// Variables of wide formats in the language: their types, their words, constants and literals beside them.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/statement/constant_value.h>
#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/expression.h>
#include <fplab/fparith/statement/fpcore.h>
#include <fplab/fparith/statement/operands.h>
#include <fplab/fparith/text/wide_text.h>

namespace fplab::statement {
namespace {

std::string ErrorOf(const std::string& statement, const Type& format) {
  try {
    ParseExpression(statement, format);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// Whether the claim is true of operands given as texts, in the order of the variables.
bool IsTrue(const std::string& statement, const Type& format, const std::vector<std::string>& operands,
            Mode mode = kIeee) {
  const Expression expression = ParseExpression(statement, format);
  const std::vector<Type> types = expression.VariableTypes();
  std::vector<uint64_t> words(expression.Words());
  for (size_t v = 0; v < types.size(); ++v) SetOperand(types, words, v, ConstantBits(operands.at(v), types[v]));
  return identity::TraceClaim(expression, words, Target::kModel, mode).back().bits != 0;
}

TEST(WideVariables, AreNamedByAnnotationOrByTheFormatOfTheStatement) {
  const Expression annotated = ParseExpression("f64(a: x87) == b and f128(0) < c: f128", kBinary64);
  EXPECT_EQ(annotated.VariableTypes(),
            (std::vector<Type>{Type::Wide(kX87), Type::Number(kBinary64), Type::Wide(kBinary128)}));
  const Expression whole = ParseExpression("a + b == c: e15p20 or d == 0.1", ParseFloatType("e15p20"));
  for (const Type& type : whole.VariableTypes()) EXPECT_EQ(type, Type::Wide({15, 20}));
  EXPECT_EQ(whole.format, Type::Wide({15, 20}));
  ASSERT_EQ(whole.inexact_literals.size(), 1u);
  EXPECT_EQ(whole.inexact_literals[0].type, Type::Wide({15, 20}));
}

TEST(WideVariables, UpperWordsFollowAfterTheLowOnesOfAllOperands) {
  const std::vector<Type> types = {Type::Wide(kX87), Type::Integer(32, true), Type::Wide(kBinary128),
                                   Type::Number(kBinary32)};
  EXPECT_EQ(WordsOf(types), 6u);
  EXPECT_EQ(UpperWordOf(types, 0), 4u);
  EXPECT_EQ(UpperWordOf(types, 2), 5u);
  std::vector<uint64_t> words(6);
  SetOperand(types, words, 0, kX87.MaxFinite());
  SetOperand(types, words, 1, 7);
  SetOperand(types, words, 2, kBinary128.One());
  SetOperand(types, words, 3, kBinary32.One());
  // Patterns of x87's format lack the leading bit: 63 bits of fraction below the exponent's.
  EXPECT_EQ(words,
            (std::vector<uint64_t>{0x7fff'ffff'ffff'ffff, 7, 0, kBinary32.One(), 0x3fff, 0x3fff'0000'0000'0000}));
  EXPECT_EQ(OperandOf(types, words, 0), kX87.MaxFinite());
  EXPECT_EQ(OperandOf(types, words, 1), 7u);
  EXPECT_EQ(OperandOf(types, words, 2), kBinary128.One());
  EXPECT_EQ(WordsOf(std::vector<Type>{Type::Number(kBinary64), Type::Integer(8, false)}), 2u);
}

TEST(WideVariables, LiteralsAndConstantsBesideThemAreOfTheirType) {
  EXPECT_TRUE(IsTrue("a == 0.1", Type::Wide(kX87), {"0.1"}));
  EXPECT_FALSE(IsTrue("(a: x87) == x87(f64(0.1))", Type::Number(kBinary64), {"0.1"}));
  EXPECT_TRUE(IsTrue("a*2 == 6*min_subnormal and a > 0", Type::Wide(kBinary128), {"3*min_subnormal"}, kFtzDaz));
  EXPECT_TRUE(IsTrue("a < inf and a + a == inf and a == max", Type::Wide(kX87), {"max"}));
  EXPECT_TRUE(IsTrue("a + eps > a and a + eps/4 == a", Type::Wide({15, 20}), {"1"}));
  EXPECT_TRUE(IsTrue("isnan(a) and a != 0", Type::Wide(kX87), {"nan"}));
}

TEST(WideVariables, AreComparedUnderTheModeToo) {
  const Type x87 = Type::Wide(kX87);
  EXPECT_TRUE(IsTrue("lt_mode(a, b) and le_mode(a, b) and not eq_mode(a, b)", x87, {"min_subnormal", "1"}, kFtzDaz));
  EXPECT_TRUE(IsTrue("eq_mode(a, -a) and not lt_mode(-a, a)", x87, {"0"}));
  EXPECT_TRUE(IsTrue("not eq_mode(a, a) and not le_mode(a, 1) and not raises(invalid, eq_mode(a, a))", x87, {"nan"}));
  EXPECT_FALSE(IsTrue("eq_mode(a, 0)", x87, {"min_subnormal"}, kFtzDaz)) << "its registers do not flush";
}

TEST(WideVariables, WhatHasNoWideResultIsRefusedWhereTheFormatOfTheStatementIsWide) {
  const Type x87 = Type::Wide(kX87);
  EXPECT_EQ(ErrorOf("a == rounded(a*a)", x87).substr(0, 40), "column 6: there is no rounded() of x87, ");
  EXPECT_EQ(ErrorOf("from_bits(n: u64) == 1", x87).substr(0, 42), "column 1: there is no from_bits() of x87, ");
  EXPECT_EQ(ErrorOf("a == rem(a, b)", x87).substr(0, 36), "column 6: there is no rem() of x87, ");
  EXPECT_EQ(ErrorOf("a: x87 == a: f128", x87),
            "column 11: \"a\" is x87 already: its type belongs to where it first stands");
  EXPECT_NE(ErrorOf("a == a", Type::Wide({16, 113})).find("16 exponent bits"), std::string::npos);
  EXPECT_EQ(ErrorOf("from_bits(bits(f32(a)), f32) === f32(a)", x87), "no error");
}

TEST(WideVariables, HaveNoMachine) {
  const Expression expression = ParseExpression("a == a", Type::Wide(kBinary128));
  EXPECT_NO_THROW(RequireTarget(expression, Target::kModel));
  EXPECT_THROW(RequireTarget(expression, Target::kHardware), Error);
}

TEST(WideVariables, FpCoresOf80And128BitsAreRead) {
  const FpCore x87 = ReadFpCores("(FPCore (x y) :precision binary80 (if (< x y) (/ x 3) (* y 0.1)))").at(0);
  EXPECT_EQ(x87.format, Type::Wide(kX87));
  EXPECT_TRUE(IsTrue(x87.Statement("result == y*0.1 and result != x87(f64(0.1))"), x87.format, {"2", "1"}));
  const FpCore wide = ReadFpCores("(FPCore ((! :precision binary64 x) y) :precision binary128 (+ x y))").at(0);
  EXPECT_EQ(wide.Statement("result == y"), "let result = (f128((x: f64)) + y) in result == y");
  EXPECT_EQ(ReadFpCores("(FPCore (x) :precision (float 15 80) x)").at(0).format, Type::Wide(kX87));
  EXPECT_EQ(ReadFpCores("(FPCore (x) :precision (float 15 128) x)").at(0).format, Type::Wide(kBinary128));
  EXPECT_EQ(ReadFpCores("(FPCore (x) :precision (float 15 35) x)").at(0).format, Type::Wide({15, 20}));
}

TEST(WideVariables, NumbersOfAnFpCoreAreRoundedOnceInTheDirectionOfTheirContext) {
  const FpCore up = ReadFpCores("(FPCore (x) :precision binary128 :round toPositive (* x 1/3))").at(0);
  const FpCore down = ReadFpCores("(FPCore (x) :precision binary128 :round toNegative (* x 1/3))").at(0);
  EXPECT_EQ(up.body, "up((x * 0x1.5555555555555555555555555556p-2))");
  EXPECT_EQ(down.body, "down((x * 0x1.5555555555555555555555555555p-2))");
  const FpCore tenth = ReadFpCores("(FPCore (x) :precision binary80 :round toZero (* x 0.1))").at(0);
  EXPECT_EQ(tenth.body, "to_zero((x * 0x1.9999999999999998p-4))");
}

}  // namespace
}  // namespace fplab::statement
