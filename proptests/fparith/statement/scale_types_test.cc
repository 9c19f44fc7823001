// Scales (E8M0) in statements: their values, what becomes of numbers, and who else computes them.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/expression.h>
#include "proptests/support/statement_questions.h"

namespace fplab::statement {
namespace {

constexpr uint64_t kNan = Type::kScaleNan;

// What a number becomes, by whole exponents and comparisons with the two powers of two around it.
uint64_t ScaleByHand(double x, Rounding rounding, bool saturates) {
  if (std::isnan(x)) return kNan;
  if (x < 0) return saturates ? 0 : kNan;
  if (std::isinf(x)) return saturates ? 254 : kNan;
  if (x <= 0x1p-127) return 0;
  const int exponent = std::ilogb(x);
  const double below = std::ldexp(1.0, exponent), middle = 1.5 * below;
  bool up = false;
  if (x > below) {
    const bool to_nearest = rounding == Rounding::kNearestEven || rounding == Rounding::kNearestAway;
    up = rounding == Rounding::kUp || (to_nearest && x >= middle);
  }
  const int rounded = exponent + (up ? 1 : 0);
  if (rounded <= 127) return static_cast<uint64_t>(rounded + 127);
  const bool to_greatest = saturates || rounding == Rounding::kTowardZero || rounding == Rounding::kDown;
  return to_greatest ? 254 : kNan;
}

// The scale that `conversion` of one number `a` makes of every operand.
std::vector<uint64_t> Converted(const std::string& conversion, const Format& format, Mode mode,
                                const std::vector<uint64_t>& operands) {
  const Expression expression = ParseExpression("bits(" + conversion + ") == 0", format);
  Evaluator evaluator(expression);
  evaluator.Run(Evaluator::Part::kClaim, Target::kModel, model::HardwareEnvironment(mode), {operands}, operands.size());
  std::vector<uint64_t> scales;
  const int bits = expression.At(expression.claim).args[0];
  for (size_t i = 0; i < operands.size(); ++i) scales.push_back(evaluator.Number(bits, i));
  return scales;
}

std::vector<uint64_t> EveryPattern(const Format& format) {
  std::vector<uint64_t> patterns;
  for (uint64_t bits = 0; bits <= format.Mask(); ++bits) patterns.push_back(bits);
  return patterns;
}

double Value(const Format& format, uint64_t bits) {
  return std::bit_cast<double>(model::Convert(format, kBinary64, {}, bits).bits);
}

identity::Refutation Refuted(const std::string& statement, Mode mode = kIeee, bool all_values = false) {
  identity::SearchOptions options;
  options.modes = {mode};
  options.all_values = all_values;
  return identity::Refute(statement, kBinary32, options);
}

TEST(ScaleTypes, EveryBfloat16AndEveryBinary16BecomesThePowerOfTwoThatTheDirectionAsksFor) {
  constexpr Rounding kDirections[] = {Rounding::kNearestEven, Rounding::kNearestAway, Rounding::kUp, Rounding::kDown,
                                      Rounding::kTowardZero};
  for (const Format& format : {kBfloat16, kBinary16}) {
    const std::vector<uint64_t> patterns = EveryPattern(format);
    for (const Rounding rounding : kDirections) {
      for (const bool saturates : {false, true}) {
        Mode mode = kIeee;
        mode.rounding = rounding;
        const std::vector<uint64_t> found = Converted(saturates ? "e8m0sat(a)" : "e8m0(a)", format, mode, patterns);
        for (size_t i = 0; i < patterns.size(); ++i) {
          ASSERT_EQ(found[i], ScaleByHand(Value(format, patterns[i]), rounding, saturates))
              << Name(format) << " " << Name(mode) << " " << patterns[i] << (saturates ? " saturating" : "");
        }
      }
    }
  }
}

TEST(ScaleTypes, NumbersOfBinary64BesideTheMiddleOfTwoPowersGoToTheNearer) {
  std::vector<uint64_t> numbers;
  for (const double middle : {0x1.8p-127, 0x1.8p-1, 0x1.8p0, 0x1.8p126, 0x1.8p127}) {
    for (const int step : {-1, 0, 1}) numbers.push_back(std::bit_cast<uint64_t>(middle) + static_cast<uint64_t>(step));
  }
  for (const double end : {0.0, -0.0, 0x1p-1074, 0x1p-128, 0x1p128, 0x1p1023})
    numbers.push_back(std::bit_cast<uint64_t>(end));
  const std::vector<uint64_t> found = Converted("e8m0(a)", kBinary64, kIeee, numbers);
  for (size_t i = 0; i < numbers.size(); ++i) {
    const double x = std::bit_cast<double>(numbers[i]);
    EXPECT_EQ(found[i], ScaleByHand(x, Rounding::kNearestEven, false)) << x;
  }
}

TEST(ScaleTypes, AWideNumberIsRoundedOnceOnItsWay) {
  EXPECT_TRUE(TruthOf("e8m0(f128(a) - f128(b)) == 1", kBinary64, kIeee, {"1.5", "0x1p-70"}));
  EXPECT_TRUE(TruthOf("e8m0(f128(a) + f128(b)) == 2", kBinary64, kIeee, {"1.5", "0x1p-70"}));
  EXPECT_TRUE(TruthOf("up(e8m0(f128(a) + f128(b))) == 2", kBinary64, kIeee, {"1", "0x1p-70"}));
  EXPECT_TRUE(TruthOf("f32(e8m0(u64(0xbfffffffffffffff))) == 0x1p63 and a == a", kBinary32, kIeee, {"0"}));
}

TEST(ScaleTypes, ItsValueIsThatOfBinary32sExponentFieldBesideTheLeastAndNan) {
  EXPECT_TRUE(Refuted("f32(s: e8m0) == from_bits(u32(bits(s)) << 23) when s > 0x1p-127").Holds());
  EXPECT_TRUE(Refuted("f32(s: e8m0) == 0x1p-127 when bits(s) == 0").Holds());
  EXPECT_TRUE(Refuted("isnan(f32(s: e8m0)) <=> bits(s) == 255", kIeee, true).Holds());
  EXPECT_TRUE(Refuted("e8m0(f32(s: e8m0)) == s", kIeee, true).Holds());
  EXPECT_TRUE(Refuted("f32(s: e8m0) == 0 when s == 0x1p-127", kFtz).Holds());
  EXPECT_TRUE(Refuted("e8m0(a) == 0x1p-127 when 0x1.8p-127 <= a and subnormal(a)", kDaz).Holds());
  EXPECT_TRUE(Refuted("e8m0(a) == 0x1p-126 when 0x1.8p-127 <= a and subnormal(a)").Holds());
}

TEST(ScaleTypes, NanIsUnorderedAndEqualToItself) {
  EXPECT_TRUE(Refuted("bits(s: e8m0) == bits(t: e8m0) <=> s == t", kIeee, true).Holds());
  EXPECT_TRUE(Refuted("(f64(s: e8m0) < f64(t: e8m0)) <=> (s < t)", kIeee, true).Holds());
  EXPECT_TRUE(Refuted("(f64(s: e8m0) >= f64(t: e8m0)) <=> (s >= t)", kIeee, true).Holds());
  EXPECT_TRUE(Refuted("isfinite(s: e8m0)").Holds());
  EXPECT_FALSE(Refuted("isfinite(s: e8m0)", kIeee, true).Holds());
}

TEST(ScaleTypes, TheSmallestCounterexampleHasTheExponentNearestToZero) {
  const identity::Refutation found = Refuted("f32(s: e8m0) < 5 or f32(s) > 0x1p80");
  ASSERT_TRUE(found.findings[0].failure);
  EXPECT_EQ(found.findings[0].failure->operands, std::vector<uint64_t>{127 + 3});
}

TEST(ScaleTypes, RealNumbersTakeItsExactValue) {
  EXPECT_TRUE(
      Refuted("let p = f32(s: e8m0)*a in real(p == s*a) when abs(p) > min_normal and abs(p) < max", kIeee).Holds());
}

TEST(ScaleTypes, WhatItLacksIsRefusedWithItsColumn) {
  const auto expect = [](const std::string& text, const std::string& column, const std::string& part) {
    ExpectParseError(text, kBinary32, column, part);
  };
  expect("s: e8m0 * s == s", "9", "there is no \"*\" of e8m0");
  expect("-(s: e8m0) == s", "1", "unary -");
  expect("sqrt(s: e8m0) == s", "1", "sqrt()");
  expect("e8m0(a) == 0.3", "12", "a power of two from 0x1p-127 to 0x1p127");
  expect("e8m0(a) == inf", "12", "is used with e8m0");
  expect("e8m0(a) == b", "12", "convert one of them");
  expect("i32(a) + e8m0(a) == 0", "10", "this is e8m0");
  expect("ulps(s: e8m0, t: e8m0) == 0", "6", "this is e8m0");
  expect("e8m0_wrap(a) == 1", "1", "not a function");
}

}  // namespace
}  // namespace fplab::statement
