// The size of a statement's exact arithmetic, known in bits before any of it is computed.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/exact_size.h>

#include <gtest/gtest.h>

#include <string>

#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/exact_real.h>

namespace fplab::statement {
namespace {

std::string Repeated(const std::string& piece, const std::string& between, int count) {
  std::string text = piece;
  for (int i = 1; i < count; ++i) text += between + piece;
  return text;
}

std::string ErrorOf(const std::string& statement, const Format& format) {
  try {
    ParseExpression(statement, format);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(ExactSize, CountsTheBitsThatSumsProductsAndComparisonsMayNeed) {
  // A binary32 has 24 bits, of place values from 2^-149 to 2^127. The sum a + b, from 2^-149 to 2^128, has 278; the
  // difference of two such sums 279.
  const ExactSize sum = ExactSizeOf(ParseExpression("real(a+b == b+a)", kBinary32));
  EXPECT_EQ(sum.longest, 279);
  EXPECT_EQ(sum.bits, 24 + 24 + 278 + 278 + 279);
  EXPECT_EQ(sum.products, 0);
  // A product has 48 bits, from 2^-298 to 2^255, and is one multiplication of words; the difference of two of them
  // goes up to 2^256.
  const ExactSize product = ExactSizeOf(ParseExpression("real(a*b == b*a)", kBinary32));
  EXPECT_EQ(product.longest, 298 + 257);
  EXPECT_EQ(product.bits, 24 + 24 + 48 + 48 + 555);
  EXPECT_EQ(product.products, 2);
  // A constant has the bits that it has.
  EXPECT_EQ(ExactSizeOf(ParseExpression("real(a == 3)", kBinary32)).bits, 24 + 2 + 278);
  EXPECT_EQ(ExactSizeOf(ParseExpression("a+b == b+a", kBinary32)).bits, 0);
}

TEST(ExactSize, WhatMayNeedTooMuchIsRefusedWithTheLimitBeforeItIsComputed) {
  // Statements of some thousand characters, whose exact numbers would take gigabytes for the cases of one batch.
  // 900 factors have place values from 2^(-1074 * 900) up to 2^(1024 * 900), the sum one more.
  const std::string factors = Repeated("a", "*", 900), powers = "real(" + Repeated("(a*b+c)", "*", 40) + " > 0)";
  EXPECT_EQ(
      ErrorOf("real(" + factors + " + b > 0)", kBinary64),
      "real(): the exact arithmetic of the statement may need 1888201 bits in one number for one case, expected at "
      "most 100000");
  std::string sums = "a*b";
  for (int i = 0; i < 40; ++i) sums = "(" + sums + ")*c+a";
  const std::string many = ErrorOf("real(" + sums + " > 0)", kBinary64);
  EXPECT_TRUE(many.starts_with("real(): the exact arithmetic of the statement may need ")) << many;
  EXPECT_TRUE(many.ends_with(" bits for one case, expected at most 1048576")) << many;
  EXPECT_EQ(ErrorOf(powers, kBinary16), "");
}

TEST(ExactSize, SquaringOverAndOverIsRefused) {
  std::string power = "a";
  for (int i = 0; i < 11; ++i) power = "(" + power + "*" + power + ")";
  EXPECT_NE(ErrorOf("real(" + power + " == " + power + " + b)", kBinary64), "");
}

TEST(ExactSize, WhatIsAllowedStaysFiniteAtTheEndsOfTheFormat) {
  // As many factors as are allowed, of numbers of which the sum needs every bit that is counted.
  int factors = 1;
  const auto statement = [](int count) { return "a == rounded(" + Repeated("(a+b)", "*", count) + " + a)"; };
  while (ErrorOf(statement(factors + 1), kBinary64).empty()) ++factors;
  EXPECT_GT(factors, 20);
  const Expression expression = ParseExpression(statement(factors), kBinary64);
  EXPECT_LE(ExactSizeOf(expression).longest, 100000);
  for (uint64_t low : {kBinary64.MinSubnormal(), kBinary64.MaxSubnormal()}) {
    Evaluator evaluator(expression);
    evaluator.Run(Evaluator::Part::kClaim, Target::kModel, model::HardwareEnvironment(kIeee),
                  {{kBinary64.MaxFinite()}, {low}}, 1);
    for (int index : evaluator.InstructionsOf(Evaluator::Part::kClaim)) {
      if (expression.program[static_cast<size_t>(index)].op != Op::kRounded) continue;
      EXPECT_TRUE(kBinary64.IsInfinite(evaluator.Number(index, 0))) << "NaN stands for a number that was too long";
    }
  }
}

TEST(ExactSize, ANumberThatIsTooLongIsAnErrorAndNeverNotFinite) {
  ExactReal power(kBinary64, kBinary64.MaxFinite());
  EXPECT_THROW(
      {
        for (int i = 0; i < 20; ++i) power = power * power;
      },
      Error);
  ExactReal scale(kBinary64, kBinary64.MinNormal());
  EXPECT_THROW(
      {
        for (int i = 0; i < 20; ++i) scale = scale * scale;
        scale + ExactReal(kBinary64, kBinary64.One());
      },
      Error);
  const ExactReal infinity(kBinary64, kBinary64.Infinity());
  EXPECT_FALSE((infinity * infinity).finite());
  EXPECT_FALSE((infinity + power).finite());
}

}  // namespace
}  // namespace fplab::statement
