// Functions from outside in statements: how they are called, and what is refused.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/statement/expression.h>
#include "proptests/support/scratch_folder.h"

namespace fplab::statement {
namespace {

// The sum of its arguments from left to right, by the model.
OutsideFunction Total(const std::string& name) {
  return {name, [](const Format& format, Mode mode, const OutsideOperands& operands) {
            std::vector<uint64_t> results = operands[0];
            for (size_t j = 1; j < operands.size(); ++j) {
              for (size_t i = 0; i < results.size(); ++i) {
                results[i] = model::Add(format, model::HardwareEnvironment(mode), results[i], operands[j][i]).bits;
              }
            }
            return results;
          }};
}

ExpressionOptions With(std::vector<OutsideFunction> functions) {
  ExpressionOptions options;
  options.outside = std::move(functions);
  return options;
}

identity::Refutation Ask(const std::string& text, const Format& format = kBinary32) {
  identity::SearchOptions options;
  options.targets = {Target::kHardware};
  options.modes = {kIeee};
  options.cases = 5000;
  return identity::Refute(text, format, options, With({Total("total"), Total("other")}));
}

TEST(OutsideFunction, IsCalledByNameWithOneToEightArguments) {
  EXPECT_TRUE(Ask("total(a) === a").Holds());
  EXPECT_TRUE(Ask("total(a, b) === a+b").Holds());
  EXPECT_TRUE(Ask("total(a, b, 1) === (a+b)+1", kBinary64).Holds());
  EXPECT_TRUE(Ask("total(a,b,c,d, a,b,c,d) === ((((((a+b)+c)+d)+a)+b)+c)+d").Holds());
  EXPECT_TRUE(Ask("other(total(a,b), c) === total(a, b, c)").Holds());
  EXPECT_TRUE(Ask("let s = total(a,b) in real(s == a+b) when real(a+b == a-b) and abs(b) == 0").Holds());
  const identity::Refutation order = Ask("total(a,b,c) == total(c,b,a)");
  ASSERT_FALSE(order.Holds());
  EXPECT_EQ(order.expression.variables.size(), 3u);
}

TEST(OutsideFunction, ComputesInTheModeOfItsPlace) {
  const ExpressionOptions options = With({Total("total")});
  const Expression expression = ParseExpression("total(a, 0) == ieee(total(a, 0))", kBinary32, options);
  const uint64_t subnormal = 1;
  EXPECT_EQ(identity::TraceClaim(expression, {subnormal}, Target::kHardware, kIeee).back().bits, 1u);
  EXPECT_EQ(identity::TraceClaim(expression, {subnormal}, Target::kHardware, kFtzDaz).back().bits, 0u);
}

TEST(OutsideFunction, ATraceShowsTheCallAndNotItsArgumentsTwice) {
  const Expression expression = ParseExpression("total(a, b) == 3", kBinary32, With({Total("total")}));
  std::vector<std::string> texts;
  for (const identity::Step& step :
       identity::TraceClaim(expression, {0x3f800000, 0x40000000}, Target::kHardware, kIeee))
    texts.push_back(step.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"a", "b", "total(a, b)", "3", "total(a, b) == 3"}));
}

TEST(OutsideFunction, WhatCannotBeCalledIsRefused) {
  const auto refusal = [](const std::string& text, const ExpressionOptions& options, const Format& format = kBinary32) {
    return ErrorOf([&] { ParseExpression(text, format, options); });
  };
  const ExpressionOptions total = With({Total("total")});
  EXPECT_EQ(refusal("total() == 1", total).substr(0, 8), "column 1");
  EXPECT_EQ(refusal("total(a,a,a,a,a,a,a,a,a) == 1", total), "column 1: total() takes 1 to 8 arguments");
  EXPECT_EQ(refusal("total(a) == 1", total, kBinary16), "column 1: total() is not defined for f16");
  EXPECT_NE(refusal("real(total(a) == 1)", total).find("inside real() is not exact"), std::string::npos);
  EXPECT_NE(refusal("total(a, f64(b)) == 1", total), "(no error)");
  EXPECT_NE(refusal("toal(a) == 1", total).find("\"toal\" is not a function"), std::string::npos);
  EXPECT_NE(refusal("a == a", With({Total("sqrt")})).find("has this word already"), std::string::npos);
  EXPECT_NE(refusal("a == a", With({Total("1f")})).find("expected a name"), std::string::npos);
  EXPECT_NE(refusal("a == a", With({Total("f"), Total("f")})).find("given twice"), std::string::npos);
  EXPECT_THROW(RequireTarget(ParseExpression("total(a) == 1", kBinary32, total), Target::kModel), Error);
}

}  // namespace
}  // namespace fplab::statement
