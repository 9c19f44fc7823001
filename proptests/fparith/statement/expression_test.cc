// The language of statements: what parses to what, and where errors point.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/expression.h>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/statement/evaluator.h>

namespace fplab::statement {
namespace {

// The truth of a statement for given binary32 values of a, b, c ..., on the model.
bool Truth(const std::string& statement, const std::vector<float>& values, Mode mode = kIeee) {
  const Expression expression = ParseExpression(statement, kBinary32);
  Cases cases;
  for (const Variable& variable : expression.variables) {
    cases.push_back({ToBits(values.at(static_cast<size_t>(variable.name[0] - 'a')))});
  }
  Evaluator evaluator(expression);
  evaluator.Run(Evaluator::Part::kClaim, Target::kModel, model::HardwareEnvironment(mode), cases, 1);
  return evaluator.Claim(0);
}

struct ErrorAt {
  size_t column;
  std::string message;
};

ErrorAt ErrorOf(const std::string& statement, const Format& format = kBinary32, const std::string& when = "") {
  try {
    ParseExpression(statement, format, {false, when});
  } catch (const ExpressionError& error) {
    const std::string message = error.what();
    EXPECT_EQ(message.find('\n'), std::string::npos) << "one line: " << message;
    return {error.column(), message};
  }
  return {0, "no error"};
}

TEST(Expression, ErrorsPointAtTheirColumn) {
  EXPECT_EQ(ErrorOf("a + == b").column, 5u);
  EXPECT_EQ(ErrorOf("(a + b == b").column, 12u);
  EXPECT_EQ(ErrorOf("a + b) == b").column, 6u);
  EXPECT_EQ(ErrorOf("a == b @ c").column, 8u);
  EXPECT_EQ(ErrorOf("a == foo(b)").column, 6u);
  EXPECT_EQ(ErrorOf("a == sqrt b").column, 6u);
  EXPECT_EQ(ErrorOf("a == fma(a, b)").column, 14u);
  EXPECT_EQ(ErrorOf("a == 2b").column, 6u);
  EXPECT_EQ(ErrorOf("a == b when").column, 12u);
  EXPECT_EQ(ErrorOf("").column, 1u);
  EXPECT_EQ(ErrorOf("let s = a, s = b in s == a").column, 12u);
  EXPECT_EQ(ErrorOf("let sqrt = a in a == a").column, 5u);
  EXPECT_EQ(ErrorOf("a == b", kBinary32, "a <").column, 4u);
  EXPECT_NE(ErrorOf("a == b", kBinary32, "a <").message.find("condition"), std::string::npos);
}

TEST(Expression, NumbersAndTruthsAreToldApart) {
  EXPECT_EQ(ErrorOf("a + b").column, 1u);
  EXPECT_EQ(ErrorOf("a == b + (c < d)").column, 10u);
  EXPECT_EQ(ErrorOf("a == b and c").column, 12u);
  EXPECT_EQ(ErrorOf("a => b == c").column, 1u);
  EXPECT_EQ(ErrorOf("a == b when c").column, 13u);
  EXPECT_EQ(ErrorOf("not a").column, 5u);
  EXPECT_EQ(ErrorOf("sqrt(a < b) == a").column, 6u);
  EXPECT_EQ(ErrorOf("sqrt((a < b)) == a").column, 6u);
}

TEST(Expression, LiteralsThatTheFormatLacksAreRefused) {
  EXPECT_EQ(ErrorOf("a == 1e39").column, 6u);
  EXPECT_EQ(ErrorOf("a == 0x1p128").column, 6u);
  EXPECT_EQ(ErrorOf("a + inf == b", kE4M3).column, 5u);
  EXPECT_EQ(ErrorOf("a == 1e-46").column, 6u);
  EXPECT_EQ(ErrorOf("a == 500", kE4M3).column, 6u);
  EXPECT_EQ(ErrorOf("a == 1e").column, 6u);
  EXPECT_EQ(ErrorOf("a == 1e-45").column, 0u);
  EXPECT_EQ(ErrorOf("a == 1e39", kBinary64).column, 0u);
}

TEST(Expression, TenThousandLevelsGiveOneError) {
  const std::string parentheses = std::string(10000, '(') + "a" + std::string(10000, ')') + " == a";
  EXPECT_NE(ErrorOf(parentheses).message.find("nested"), std::string::npos);
  EXPECT_NE(ErrorOf("a == " + std::string(10000, '-') + "a").message.find("nested"), std::string::npos);
  EXPECT_NE(ErrorOf(std::string(10000, '!') + "(a == a)").message.find("nested"), std::string::npos);
  std::string calls = "a == ", implications;
  for (int i = 0; i < 10000; ++i) {
    calls += "sqrt(";
    implications += "a == b => ";
  }
  EXPECT_NE(ErrorOf(calls + "a" + std::string(10000, ')')).message.find("nested"), std::string::npos);
  EXPECT_NE(ErrorOf(implications + "a == b").message.find("nested"), std::string::npos);
}

TEST(Expression, LongFlatStatementsHaveALimitToo) {
  std::string sum = "a";
  for (int i = 0; i < 100000; ++i) sum += "+b";
  EXPECT_NE(ErrorOf(sum + " == a").message.find("operations"), std::string::npos);
  EXPECT_NE(ErrorOf("a==b and c==d and e==f and g==h and i==j").message.find("variable"), std::string::npos);
  const std::string longest = std::string((1 << 20) - 4, ' ') + "a==b";
  EXPECT_EQ(ErrorOf(longest).column, 0u);
  EXPECT_EQ(ErrorOf("a==b", kBinary32, longest).column, 0u);
  EXPECT_NE(ErrorOf(' ' + longest).message.find("characters"), std::string::npos);
  EXPECT_NE(ErrorOf("a==b", kBinary32, ' ' + longest).message.find("characters"), std::string::npos);
}

RC_GTEST_PROP(Expression, ACharacterThatStartsNothingIsQuotedWhole, ()) {
  const auto character = *rc::gen::elementOf(
      std::vector<std::string>{"\u00e9", "\u2264", "\u221e", "\u00d7", "\U0001f600", "$", "@", "\u00a0"});
  const auto where = *rc::gen::elementOf(
      std::vector<std::string>{"a + {} == b", "a {} b", "{}", "a == b when {}", "let {} = a in a == b", "a == b {}"});
  const size_t at = where.find("{}");
  const ErrorAt error = ErrorOf(where.substr(0, at) + character + where.substr(at + 2));
  RC_ASSERT(error.column == at + 1);
  RC_ASSERT(error.message.ends_with("found \"" + character + "\""));
}

RC_GTEST_PROP(Expression, NoTextCrashesTheParser, (const std::string& text)) {
  try {
    ParseExpression(text, kBinary32);
  } catch (const ExpressionError&) {
  }
}

RC_GTEST_PROP(Expression, NoMixtureOfTokensCrashesTheParser, ()) {
  const auto tokens = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{
      "a",     "b",    "1",     "0x1p-126", "(",        ")",     "+",    "-",   "*",       "/", "==",
      "===",   "<",    "=>",    "<=>",      "and",      "not",   "when", "let", "in",      "=", ",",
      "sqrt(", "fma(", "real(", "exact(",   "rounded(", "ieee(", "max",  "eps", "next_up("}));
  std::string text;
  for (const std::string& token : tokens) text += token + " ";
  try {
    const Expression expression = ParseExpression(text, kBinary16);
    Evaluator evaluator(expression);
    evaluator.Run(Evaluator::Part::kClaim, Target::kModel, model::HardwareEnvironment(kFtz),
                  Cases(expression.variables.size(), {0x3c00}), 1);
  } catch (const ExpressionError&) {
  }
}

TEST(Expression, OperatorsBindAsInMathematics) {
  EXPECT_TRUE(Truth("a + b*b == 5", {1, 2}));
  EXPECT_TRUE(Truth("a - b - b == -3", {1, 2}));
  EXPECT_TRUE(Truth("a / b / b == 0.25", {1, 2}));
  EXPECT_TRUE(Truth("-a*b == -2", {1, 2}));
  EXPECT_TRUE(Truth("a < b <= b and not b < a", {1, 2}));
  EXPECT_FALSE(Truth("a < b < b", {1, 2}));
  EXPECT_TRUE(Truth("b < a => a < a", {1, 2}));
  EXPECT_TRUE(Truth("a == b or a < b and b < a <=> b < a", {1, 2}));
  EXPECT_TRUE(Truth("a == 1 => a == 2 => a == 3", {1})) << "=> groups to the right";
  EXPECT_TRUE(Truth("a != b && !(a == b) || b > a", {1, 2}));
}

TEST(Expression, EqualityIgnoresTheSignOfZeroUntilAskedForIt) {
  EXPECT_TRUE(Truth("a == b", {0.0f, -0.0f}));
  EXPECT_FALSE(Truth("a === b", {0.0f, -0.0f}));
  EXPECT_TRUE(Truth("a !== b", {0.0f, -0.0f}));
  EXPECT_TRUE(Truth("a/b == b/a", {0.0f, -0.0f})) << "any NaN equals any NaN";
  EXPECT_TRUE(ParseExpression("a == b and b == a", kBinary32).WithSignedZeros().has_value());
  EXPECT_FALSE(ParseExpression("a == b => b == a", kBinary32).WithSignedZeros().has_value());
}

TEST(Expression, ComparisonsAreJudgedOutsideTheModeUnlessSaidSo) {
  const float tiny = 0x1p-149f;
  EXPECT_FALSE(Truth("a == b", {tiny, 0}, kDaz));
  EXPECT_TRUE(Truth("eq_mode(a, b)", {tiny, 0}, kDaz));
  EXPECT_FALSE(Truth("eq_mode(a, b)", {tiny, 0}, kFtz));
  EXPECT_FALSE(Truth("lt_mode(b, a)", {tiny, 0}, kFtzDaz));
  EXPECT_TRUE(Truth("ieee(lt_mode(b, a))", {tiny, 0}, kFtzDaz));
}

TEST(Expression, HexadecimalLiteralsEndWhereTheirDigitsOrTheirExponentDoes) {
  EXPECT_TRUE(Truth("a == 0x1f", {31}));
  EXPECT_TRUE(Truth("0x1F-a == 0x1", {30}));
  EXPECT_TRUE(Truth("a==0x1.fp-3 and a == 0X1.FP-3", {0x1.fp-3f}));
  EXPECT_TRUE(Truth("0xfp+1-a == 0xf.8", {14.5f}));
  EXPECT_TRUE(Truth("0x1 == a", {1}));
}

TEST(Expression, ConstantsAreThoseOfTheFormat) {
  EXPECT_TRUE(Truth("a == min_normal", {0x1p-126f}));
  EXPECT_TRUE(Truth("a == min_subnormal", {0x1p-149f}));
  EXPECT_TRUE(Truth("a == max", {0x1.fffffep127f}));
  EXPECT_TRUE(Truth("a == eps and 1 + eps == next_up(1)", {0x1p-23f}));
  EXPECT_TRUE(Truth("a == 0.1", {0.1f}));
}

TEST(Expression, EpsIsTheGapAboveOneWhereItIsSubnormalToo) {
  for (const char* name : {"e4p7", "e4p8", "e4p9", "e2p20", "e4m3", "f16"}) {
    const Format format = ParseFormat(name);
    const Expression expression = ParseExpression("a + eps == next_up(a) and real(a + eps == next_up(a))", format);
    Evaluator evaluator(expression);
    evaluator.Run(Evaluator::Part::kClaim, Target::kModel, model::HardwareEnvironment(kIeee), {{format.One()}}, 1);
    EXPECT_TRUE(evaluator.Claim(0)) << name;
  }
}

TEST(Expression, ExactArithmeticSeesWhatRoundingLost) {
  EXPECT_TRUE(Truth("exact(a+b)", {1, 0x1p-23f}));
  EXPECT_FALSE(Truth("exact(a+b)", {1, 0x1p-24f}));
  EXPECT_FALSE(Truth("exact(a/b)", {1, 3}));
  EXPECT_TRUE(Truth("exact(a/b)", {3, 2}));
  EXPECT_FALSE(Truth("exact(sqrt(a))", {2}));
  EXPECT_TRUE(Truth("exact(sqrt(a))", {2.25f}));
  EXPECT_TRUE(Truth("exact(a-b)", {1, 0x1p-24f}));
  EXPECT_FALSE(Truth("exact(a-b)", {1, 0x1p-25f}));
  EXPECT_TRUE(Truth("exact(fma(a, b, c))", {3, 5, 7}));
  EXPECT_FALSE(Truth("exact(fma(a, b, c))", {1 + 0x1p-23f, 1 + 0x1p-23f, 1}));
  EXPECT_TRUE(Truth("let s = a+b in real(a + b - s == min_subnormal)", {0x1p100f, 0x1p-149f}));
  EXPECT_TRUE(Truth("rounded(a+b) === a+b", {1, 0x1.8p-24f}));
  EXPECT_FALSE(Truth("exact(a*b)", {0x1p-100f, 0x1p-40f}, kFtz)) << "an exact product, flushed";
  EXPECT_TRUE(Truth("exact(a*b)", {0x1p-100f, 0x1p-40f}));
}

TEST(Expression, EqualSubexpressionsAreOneInstruction) {
  EXPECT_EQ(ParseExpression("(a+b)*(a+b) == (a+b)*(a+b)", kBinary32).program.size(), 5u);
}

}  // namespace
}  // namespace fplab::statement
