// The wide model judged by MPFR, in the four directions that both have.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include <fplab/fparith/model/wide.h>
#include "proptests/support/wide_generators.h"
#include "proptests/support/wide_judge.h"

namespace fplab::model {
namespace {

constexpr Rounding kDirections[] = {Rounding::kNearestEven, Rounding::kTowardZero, Rounding::kUp, Rounding::kDown};

WideOutcome Compute(WideFunction function, const WideFormat& format, const Environment& environment, WideBits a,
                    WideBits b, WideBits c) {
  switch (function) {
    case WideFunction::kAdd:
      return Add(format, environment, a, b);
    case WideFunction::kSub:
      return Sub(format, environment, a, b);
    case WideFunction::kMul:
      return Mul(format, environment, a, b);
    case WideFunction::kDiv:
      return Div(format, environment, a, b);
    case WideFunction::kSqrt:
      return Sqrt(format, environment, a);
    case WideFunction::kFma:
      break;
  }
  return Fma(format, environment, a, b, c);
}

void ExpectMpfrs(WideFunction function, int cases) {
  if (!HaveWideJudge()) GTEST_SKIP() << "MPFR is not installed";
  for (const WideFormat& format : {kX87, kBinary128, WideFormat{15, 54}, WideFormat{12, 90}, WideFormat{3, 113}}) {
    WideGenerator generator(format, 67);
    int inexact = 0, subnormal = 0, overflow = 0;
    for (int i = 0; i < cases; ++i) {
      const WideBits a = generator.One(), b = generator.Partner(a), c = generator.Addend(a, b);
      const Environment environment{{kDirections[generator.random().Below(4)], false, false}};
      const WideOutcome found = Compute(function, format, environment, a, b, c);
      const WideJudgement expected = JudgeWide(function, format, environment.mode.rounding, a, b, c);
      const std::string of = fmt::format("{} of {} {} {} {}", Name(format), Name(environment.mode), ShowWide(format, a),
                                         ShowWide(format, b), ShowWide(format, c));
      ASSERT_TRUE(format.SameBits(found.bits, expected.bits))
          << of << ": " << ShowWide(format, found.bits) << ", not " << ShowWide(format, expected.bits);
      ASSERT_EQ((found.flags & kInexact) != 0, expected.inexact) << of;
      ASSERT_EQ((found.flags & kOverflow) != 0, expected.overflow) << of;
      inexact += expected.inexact ? 1 : 0;
      overflow += expected.overflow ? 1 : 0;
      subnormal += format.IsSubnormal(found.bits) ? 1 : 0;
    }
    EXPECT_GT(inexact, cases / 20) << Name(format);
    if (function == WideFunction::kSqrt) continue;  // it has neither
    EXPECT_GT(subnormal, cases / 200) << Name(format);
    EXPECT_GT(overflow, cases / 200) << Name(format);
  }
}

constexpr int kCases = 40000;

TEST(WideMpfr, SumsAreMpfrs) { ExpectMpfrs(WideFunction::kAdd, kCases); }
TEST(WideMpfr, DifferencesAreMpfrs) { ExpectMpfrs(WideFunction::kSub, kCases); }
TEST(WideMpfr, ProductsAreMpfrs) { ExpectMpfrs(WideFunction::kMul, kCases); }
TEST(WideMpfr, QuotientsAreMpfrs) { ExpectMpfrs(WideFunction::kDiv, kCases); }
TEST(WideMpfr, SquareRootsAreMpfrs) { ExpectMpfrs(WideFunction::kSqrt, kCases); }
TEST(WideMpfr, FusedMultiplyAddsAreMpfrs) { ExpectMpfrs(WideFunction::kFma, 3 * kCases); }

}  // namespace
}  // namespace fplab::model
