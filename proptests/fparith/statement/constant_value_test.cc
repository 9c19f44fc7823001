// Constant expressions: their values, in IEEE mode whatever the host's, and what is no constant.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/constant_value.h>

#include <gtest/gtest.h>

#include <string>

#include <fplab/fparith/float/error.h>

namespace fplab::statement {
namespace {

constexpr Type kFloat = Type::Number(kBinary32);

std::string ErrorOf(const std::string& text, const Type& type) {
  try {
    ConstantValue(text, type, " of a");
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(ConstantValue, IsComputedInTheTypesFormatToNearestEvenWithoutFlushing) {
  EXPECT_EQ(ConstantValue("0.4*min_normal", kFloat), 0x00333333u);
  EXPECT_EQ(ConstantValue("1/min_normal", kFloat), 0x7e800000u);
  EXPECT_EQ(ConstantValue("-inf", kFloat), 0xff800000u);
  EXPECT_EQ(ConstantValue("1/3", Type::Number(kBinary16)), 0x3555u);
  EXPECT_EQ(ConstantValue("f16(f32(0.1))", Type::Number(kBinary16)), 0x2e66u);
  EXPECT_EQ(ConstantValue("from_bits(u32(0x7f800001))", kFloat), 0x7f800001u);
}

TEST(ConstantValue, IntegersAreExtendedToSixtyFourBits) {
  EXPECT_EQ(ConstantValue("-3", Type::Integer(8, true)), ~uint64_t{2});
  EXPECT_EQ(ConstantValue("0xff", Type::Integer(8, true)), ~uint64_t{0});
  EXPECT_EQ(ConstantValue("200+100", Type::Integer(8, false)), 44u);
}

TEST(ConstantValue, WhatIsNoConstantOfTheTypeIsRefused) {
  EXPECT_EQ(ErrorOf("b", kFloat), "column 1 of a: \"b\" has no value: a number is expected");
  EXPECT_EQ(ErrorOf("f64(1)", kFloat), "column 1 of a: this is f64, and f32 is expected");
  EXPECT_NE(ErrorOf("1 == 1", kFloat).find("column 1 of a: this is true or false"), std::string::npos);
  EXPECT_NE(ErrorOf("1 +", kFloat).find("column 4 of a"), std::string::npos);
  EXPECT_NE(ErrorOf("libm_log(2)", kFloat).find("the model has no such operation"), std::string::npos);
  EXPECT_NE(ErrorOf("300", Type::Integer(8, false)).find("does not fit into u8"), std::string::npos);
}

TEST(ConstantValue, ExactArithmeticThatIsTooLongIsRefusedWithItsLimit) {
  std::string product = "max";
  for (int i = 1; i < 900; ++i) product += "*max";
  const std::string error = ErrorOf("rounded(" + product + " + min_subnormal)", Type::Number(kBinary64));
  EXPECT_NE(error.find("expected at most"), std::string::npos) << error;
}

}  // namespace
}  // namespace fplab::statement
