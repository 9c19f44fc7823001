// Rewrites under permissions to flush, against all the ways to compute them, and those that compilers make.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/refinement.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <fplab/fparith/identity/identity.h>

namespace fplab::statement {
namespace {

identity::Refutation Ask(const std::string& text, const Format& format, std::string_view freedom) {
  const Freedom free = *FindFreedom(freedom);
  const Refinement refinement = RefinementOf(ParseExpression(text, format), free);
  identity::SearchOptions options;
  options.modes = {free.mode};
  options.all_strata = false;
  return identity::Refute(refinement.expression, options);
}

// Of every binary16 operand, or of all pairs in an 8-bit format.
bool IsAllowed(const std::string& text, std::string_view freedom) {
  const bool one = ParseExpression(text, kBinary16).variables.size() == 1;
  const identity::Refutation refutation = Ask(text, one ? kBinary16 : kE5M2, freedom);
  EXPECT_TRUE(refutation.search.exhaustive || !refutation.Holds()) << text;
  return refutation.Holds();
}

struct Rewrite {
  const char* text;
  // Allowed where results may be flushed; where operands must be, too; where they may be.
  bool outputs, inputs_must, inputs_may;
};

// Those of InstCombine and of shader compilers, half of them wrong; what they are worth in each kind of flushing.
constexpr Rewrite kRewrites[] = {
    {"x*1 == x", true, false, true},    // LLVM's reading of preserve-sign has operands flushed
    {"x+0 == x", true, false, true},    // alive2 1324
    {"x == x*1", false, false, false},  // canonicalize: what was exact may become zero
    {"x*2 == x+x when abs(x) < 1", true, true, true},
    {"x/2 == x*0.5", true, true, true},
    {"x*0.5 == x/2", true, true, true},
    {"x*0.5*2 == x", false, false, false},
    {"x*0.5*2 == x when abs(x) >= 4*min_normal", true, true, true},
    {"a+b == b+a when abs(a) < 1 and abs(b) < 1", true, true, true},
    {"a*b == b*a when abs(a) < 1 and abs(b) < 1", true, true, true},
    {"a-b == a+(-b) when abs(a) < 1 and abs(b) < 1", true, true, true},
    {"-(a-b) == b-a when abs(a) < 1 and abs(b) < 1", true, true, true},
    {"0-x == -x", true, false, true},
    {"-x == 0-x", false, false, false},
    {"(a-b == 0) <=> (a == b) when abs(a) < 1 and abs(b) < 1", true, false, true},  // llvm 85245
    {"(a == b) <=> (a-b == 0) when abs(a) < 1 and abs(b) < 1", false, false, false},
    {"eq_mode(x, 0) <=> x == 0", true, false, true},  // llvm 181899
    {"x == 0 <=> eq_mode(x, 0)", true, false, false},
    {"abs(a*b) == abs(a)*abs(b) when abs(a) < 1 and abs(b) < 1", true, true, true},
    {"(a < b ? a : b) == min(a,b)", true, false, false},
    {"min(a,b) == (a < b ? a : b)", true, false, true},
    {"f16(f32(x)) == x", true, false, true},
    {"x == f16(f32(x))", false, false, false},
    {"a*b+0 == a*b when abs(a) < 1 and abs(b) < 1", true, false, true},
    {"a*b == a*b+0 when abs(a) < 1 and abs(b) < 1", true, true, true},
    {"a/b == a*(1/b) when power_of_two(b) and abs(a) < 1 and b >= 1", true, true, true},
    {"a/b == a*(1/b) when power_of_two(b) and b >= 1", false, false, false},  // DirectXShaderCompiler 1093
    {"x/4 == x*0.5*0.5", true, true, true},
    {"x*0.5*0.5 == x/4", true, false, true},
    {"x/3 == x*(1/3)", false, false, false},
    {"a+b-b == a when abs(a) <= 1 and abs(b) <= 1", false, false, false},
    {"x*x*x == x*(x*x) when abs(x) <= 1 and x > 0.5", true, true, true},
    {"sqrt(x*x) == abs(x) when abs(x) <= 1", false, false, false},
    {"a*b/b == a when abs(a) <= 1 and abs(b) >= 1", false, false, false},
};

TEST(Refinement, RewritesOfCompilersAreAllowedOrNot) {
  for (const Rewrite& rewrite : kRewrites) {
    const std::string text = rewrite.text;
    EXPECT_EQ(IsAllowed(text, "may-ftz"), rewrite.outputs) << text;
    EXPECT_EQ(IsAllowed(text, "may-ftz+daz"), rewrite.inputs_must) << text;
    EXPECT_EQ(IsAllowed(text, "may-ftz+may-daz"), rewrite.inputs_may) << text;
  }
}

// All results of a choice of flags by each of some operations, one after another.
TEST(Refinement, TheWaysAreThoseOfEveryChoiceOfEveryOperation) {
  const Freedom freedom = *FindFreedom("may-ftz+may-daz");
  const Refinement refinement = RefinementOf(ParseExpression("a*b+c == a*(b+c)", kE5M2), freedom);
  EXPECT_EQ(refinement.left.size(), 16u);
  EXPECT_EQ(refinement.right.size(), 16u);
  Evaluator evaluator(refinement.expression);
  for (uint64_t i = 0; i < 20000; ++i) {
    const uint64_t a = i * 37 % 124, b = i * 101 % 124 | 0x80, c = i % 9 | (i % 2) << 7;
    evaluator.Run(Evaluator::Part::kClaim, Target::kModel, model::HardwareEnvironment(freedom.mode), OneCase({a, b, c}),
                  1);
    std::set<uint64_t> left, right, expected_left, expected_right;
    for (const int way : refinement.left) left.insert(evaluator.Number(way, 0));
    for (const int way : refinement.right) right.insert(evaluator.Number(way, 0));
    for (const Mode& first : kFlushModes) {
      for (const Mode& second : kFlushModes) {
        const model::Environment one = model::HardwareEnvironment(first), two = model::HardwareEnvironment(second);
        expected_left.insert(model::Add(kE5M2, two, model::Mul(kE5M2, one, a, b).bits, c).bits);
        expected_right.insert(model::Mul(kE5M2, two, a, model::Add(kE5M2, one, b, c).bits).bits);
      }
    }
    ASSERT_EQ(left, expected_left);
    ASSERT_EQ(right, expected_right);
    ASSERT_EQ(evaluator.Claim(0), std::all_of(right.begin(), right.end(), [&](uint64_t result) {
                return std::any_of(left.begin(), left.end(), [&](uint64_t other) {
                  return kE5M2.SameBits(result, other) || (kE5M2.IsZero(result) && kE5M2.IsZero(other));
                });
              }));
  }
}

TEST(Refinement, ConditionsAndIeeePartsHaveNoChoice) {
  const Refinement refinement =
      RefinementOf(ParseExpression("ieee(a*b) == a*b when a*b > 0", kBinary32), *FindFreedom("may-ftz"));
  EXPECT_EQ(refinement.left.size(), 1u);
  EXPECT_EQ(refinement.right.size(), 2u);
  EXPECT_FALSE(IsAllowed("ieee(a*b) == a*b when a*b != 0", "may-ftz"));
  EXPECT_TRUE(IsAllowed("a*b == ieee(a*b) when a*b != 0", "may-ftz"));
}

TEST(Refinement, NamesComeBack) {
  for (const char* name : {"may-ftz", "may-ftz+daz", "may-ftz+may-daz", "may-ftz,up", "may-ftz+may-daz,toward-zero"}) {
    EXPECT_EQ(Name(*FindFreedom(name)), name);
  }
  EXPECT_FALSE(FindFreedom("ftz"));
  EXPECT_THROW(FindFreedom("may-daz"), Error);
  EXPECT_THROW(FindFreedom("may-ftz,sideways"), Error);
}

TEST(Refinement, WhatIsNoRewriteIsRefused) {
  const Freedom freedom = *FindFreedom("may-ftz");
  const auto of = [&](const char* text) { return RefinementOf(ParseExpression(text, kBinary32), freedom); };
  EXPECT_THROW(of("a < b"), Error);
  EXPECT_THROW(of("a == b and b == c"), Error);
  EXPECT_THROW(of("a == b => b == a"), Error);
  EXPECT_THROW(of("a+b+c+d+a*b+c*d+a/b+c/d == 0"), Error) << "too many ways";
}

}  // namespace
}  // namespace fplab::statement
