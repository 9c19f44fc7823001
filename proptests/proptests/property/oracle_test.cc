// The model as oracle of a user's function: AgreesWith and Satisfies.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <string>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/proptests/property/check.h>
#include <fplab/proptests/property/in_every_mode.h>
#include <fplab/proptests/property/operands.h>
#include <fplab/proptests/property/oracle.h>

namespace fplab::proptests {
namespace {

float Lerp(float a, float b, float t) { return a + t * (b - a); }
float FusedLerp(float a, float b, float t) { return std::fma(t, b - a, a); }

template <typename F, typename Requirement>
std::optional<std::string> Failure(const F& f, const Requirement& requirement) {
  return FailureOf("", [&] {
    const auto at = *Operands<float>("a", "b", "t").AllValues();
    InEveryMode(at, f, requirement);
  });
}

TEST(Oracle, AFunctionAgreesWithItsOwnFormulaInEveryModeForAllValues) {
  const auto failure = Failure(Lerp, AgreesWith("a + t*(b-a)"));
  EXPECT_FALSE(failure) << *failure;
}

TEST(Oracle, AFusedOperationIsFoundOut) {
  const auto failure = Failure(FusedLerp, AgreesWith("a + t*(b-a)"));
  ASSERT_TRUE(failure);
  EXPECT_NE(failure->find("the model's a + t*(b-a)"), std::string::npos) << *failure;
  EXPECT_FALSE(Failure(FusedLerp, AgreesWith("fma(t, b-a, a)")));
}

TEST(Oracle, AnotherOrderOfTheSameSumIsFoundOut) {
  EXPECT_TRUE(Failure([](float a, float b, float t) { return a + b + t; }, AgreesWith("a + (b + t)")));
  EXPECT_FALSE(Failure([](float a, float b, float t) { return a + b + t; }, AgreesWith("a + b + t")));
}

// A function that restores the subnormal results that the mode flushes: as one that ignores the mode does.
TEST(Oracle, AFunctionThatIgnoresTheModeIsFoundOutUnderThatMode) {
  if (!HardwareSupports(kFtz)) GTEST_SKIP() << "no FTZ here";
  const auto failure = FailureOf("", [] {
    const auto at = *Operands<float>("a", "b");
    InModes(
        {kFtz}, at, [](float a, float b) { return UnderMode(kIeee, [&] { return a * b; }); }, AgreesWith("a*b"));
  });
  ASSERT_TRUE(failure);
  EXPECT_NE(failure->find("fails under ftz\n"), std::string::npos) << *failure;
}

TEST(Oracle, TheClaimIsJudgedOnlyWhereTheFormulaAgrees) {
  const NamedBits at{kBinary32, {{"a", kBinary32.One()}, {"b", kBinary32.One()}}};
  const AgreesWith both = AgreesWith("a - b").And("result > 0");
  const Judgement wrong = both(at, {kBinary32, kBinary32.One()}, kIeee);
  EXPECT_FALSE(wrong.holds);
  EXPECT_EQ(wrong.statement, "result === (a - b)");
  EXPECT_EQ(wrong.message, "found     0x1p+0 [0x3f800000] 1\nexpected  0x0p+0 [0x00000000] 0, the model's a - b");
  const Judgement claim = both(at, {kBinary32, 0}, kIeee);
  EXPECT_FALSE(claim.holds);
  EXPECT_EQ(claim.statement, "let result = a - b in result > 0");
  EXPECT_TRUE(AgreesWith("a - b").And("result >= 0")(at, {kBinary32, 0}, kIeee));
}

TEST(Oracle, ZerosSignsAreToldApartAndNansAreNot) {
  const NamedBits at{kBinary32, {{"a", 0}, {"b", kBinary32.SignMask()}, {"n", kBinary32.CanonicalNan()}}};
  EXPECT_FALSE(AgreesWith("a")(at, {kBinary32, kBinary32.SignMask()}, kIeee));
  EXPECT_TRUE(AgreesWith("b")(at, {kBinary32, kBinary32.SignMask()}, kIeee));
  EXPECT_TRUE(AgreesWith("n")(at, {kBinary32, 0xffc12345}, kIeee));
  EXPECT_TRUE(Satisfies("result == a")(at, {kBinary32, kBinary32.SignMask()}, kIeee));
}

// The exact sum of two floats is a double, wherever they are within a factor 2^29 of one another.
TEST(Oracle, AResultOfAnotherFormatHasTheFormulasFormat) {
  const auto failure = FailureOf("", [] {
    const auto at =
        *Operands<float>("a", "b").When("abs(a) >= 1 and abs(a) <= 1024 and abs(b) <= 1024 and abs(b) >= 1");
    InEveryMode(
        at, [](float a, float b) { return static_cast<double>(a) + b; }, AgreesWith("f64(a) + f64(b)"));
  });
  EXPECT_FALSE(failure) << *failure;
}

TEST(Oracle, AFormatWithoutACppTypeIsJudgedByBits) {
  const Format format = kBinary16;
  const auto negate = [](uint64_t bits) { return bits ^ 0x8000; };
  EXPECT_FALSE(FailureOf("", [&] { InEveryMode(*Operands(format, "h"), negate, AgreesWith("-h")); }));
  EXPECT_TRUE(FailureOf("", [&] { InEveryMode(*Operands(format, "h"), negate, AgreesWith("h")); }));
}

TEST(Oracle, AConditionInAClaimExcusesWhatItDoesNotMeet) {
  const NamedBits at{kBinary32, {{"a", kBinary32.One()}}};
  EXPECT_TRUE(Satisfies("result > a when a > 2")(at, {kBinary32, 0}, kIeee));
  EXPECT_FALSE(Satisfies("result > a when a > 0.5")(at, {kBinary32, 0}, kIeee));
}

TEST(Oracle, WhatAStatementCannotNameIsRefused) {
  const NamedBits at{kBinary32, {{"a", 0}}};
  const auto refused = [&](const auto& requirement, const Result& result) {
    try {
      requirement(at, result, kIeee);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("was not refused");
  };
  EXPECT_EQ(refused(Satisfies("result == c"), {kBinary32, 0}),
            "\"result == c\": found the name \"c\", expected one of a result");
  EXPECT_EQ(refused(Satisfies("result: f64 == 0"), {kBinary32, 0}),
            "\"result: f64 == 0\": found result as f64, expected f32");
  const std::string grammar = refused(Satisfies("result <"), {kBinary32, 0});
  EXPECT_TRUE(grammar.starts_with("\"result <\": column 9: ")) << grammar;
  EXPECT_NE(refused(AgreesWith("a"), {kBinary64, 0}), "was not refused");
  EXPECT_NE(refused(AgreesWith("libm_exp(a)"), {kBinary32, 0}), "was not refused");
}

}  // namespace
}  // namespace fplab::proptests
