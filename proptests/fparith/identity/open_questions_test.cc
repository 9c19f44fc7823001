// Statements that people ask about in public, and that a search with few whole numbers, no conversions or cases set
// aside answers wrongly or not at all: each with the answer that is right.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/identity/judge.h>
#include <fplab/fparith/statement/constant_value.h>

namespace fplab::identity {
namespace {

SearchOptions In(Mode mode) {
  SearchOptions options;
  options.modes = {mode};
  return options;
}

ModeFinding Ask(const std::string& statement, const Format& format = kBinary32, Mode mode = kIeee) {
  const Refutation refutation = Refute(statement, format, In(mode));
  EXPECT_GT(refutation.search.Judged(), 0u) << statement;
  return refutation.findings[0];
}

uint64_t Float(const std::string& text) { return statement::ConstantValue(text, statement::Type::Number(kBinary32)); }
uint64_t Double(const std::string& text) { return statement::ConstantValue(text, statement::Type::Number(kBinary64)); }

TEST(OpenQuestions, OverflowRefutesAndIsNamed) {
  for (const auto& [statement, format] : std::vector<std::pair<std::string, Format>>{
           {"finite(1/a) when a != 0", kBinary16}, {"a != b => finite(1/(a-b))", kE5M2}, {"finite(a*2)", kBinary16}}) {
    const ModeFinding finding = Ask(statement, format);
    ASSERT_TRUE(finding.failure) << statement;
    EXPECT_EQ(finding.last, Stratum::kSpecial) << statement;
  }
  EXPECT_TRUE(Ask("sqrt(a) >= 0", kBinary16).failure) << "of a negative number, NaN";
}

TEST(OpenQuestions, OverflowIsJudgedInTheDirectionAskedAbout) {
  // To nearest 65504 + 16 overflows; toward zero nothing does, and the sum is the largest finite number.
  const Mode toward_zero{Rounding::kTowardZero, false, false};
  EXPECT_FALSE(Ask("finite(a+b) when abs(a) <= 65504 and abs(b) <= 16", kBinary16, toward_zero).failure);
  EXPECT_TRUE(Ask("finite(a+b) when abs(a) <= 65504 and abs(b) <= 16", kBinary16).failure);
  const Mode away{Rounding::kNearestAway, false, false};
  const ModeFinding two_sum = Ask("let s = a+b, t = s-a in exact((a-(s-t))+(b-t)) when abs(a) >= abs(b)", kE5M2, away);
  EXPECT_TRUE(!two_sum.failure || two_sum.last == Stratum::kSpecial);
}

TEST(OpenQuestions, WhatIsShownAsOverflowOverflows) {
  SearchOptions options = In(kIeee);
  for (const char* statement : {"(a+b)-b == a", "a/b == a*(1/b)", "(a+b)*2 == a*2 + b*2", "a/b == 1 <=> a == b"}) {
    const VerdictTable table = FindVerdicts(statement, kBinary32, options);
    ASSERT_TRUE(table.verdicts[0].by_overflow) << statement;
    Judge judge(table.expression, options);
    EXPECT_EQ(judge.StratumOf(kIeee, table.verdicts[0].by_overflow->operands), Stratum::kSpecial) << statement;
  }
}

TEST(OpenQuestions, WhatIsSaidOfUnderflowIsTrueOfTheOperandsShown) {
  for (const uint64_t seed : {1, 2, 3, 4, 5, 6, 7, 8}) {
    SearchOptions options = In(kFtz);
    options.cases = 40;  // too few to find the best at once
    options.seed = seed;
    for (const char* statement : {"(a+b)*c == a*c+b*c", "(a*b)*c == a*(b*c)", "a/b == a*(1/b)"}) {
      const Refutation refutation = Refute(statement, kBinary32, options);
      const ModeFinding& finding = refutation.findings[0];
      if (!finding.failure) continue;
      Judge judge(refutation.expression, options);
      const Failure& last = finding.last_failure ? *finding.last_failure : *finding.failure;
      EXPECT_EQ(judge.StratumOf(kFtz, last.operands), finding.last) << statement << " " << seed;
    }
  }
}

TEST(OpenQuestions, ItGoesOnPastACounterexampleByUnderflow) {
  const ModeFinding both = Ask("(a+b)*c == a*c+b*c", kBinary32, kFtz);
  EXPECT_EQ(both.last, Stratum::kNoUnderflow);
  const ModeFinding only = Ask("a-b == 0 <=> a == b", kBinary32, kFtz);
  EXPECT_EQ(only.last, Stratum::kNormalInputs);
}

TEST(OpenQuestions, TheSimplestWholeNumberIsFound) {
  EXPECT_EQ(Ask("(1/n)*n == 1 when rint(n)==n and n>0 and n<1000").failure->operands,
            std::vector<uint64_t>{Float("41")});
  EXPECT_EQ(Ask("(a/n)*n == a when is_integer(a) and is_integer(n) and n > 0 and a > 0", kBinary64).failure->operands,
            (std::vector<uint64_t>{Double("1"), Double("49")}));
}

TEST(OpenQuestions, EverySeedGivesTheSameAnswerWhereItIsAmongTheFirst) {
  std::vector<uint64_t> first;
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    SearchOptions options = In(kIeee);
    options.seed = seed;
    const auto operands = Refute("a*(1/a) == 1", kBinary32, options).findings[0].failure->operands;
    if (first.empty()) first = operands;
    EXPECT_EQ(operands, first) << seed;
  }
}

TEST(OpenQuestions, LiteralsAreTriedFirst) {
  EXPECT_EQ(Ask("a != 0.1").failure->operands, std::vector<uint64_t>{Float("0.1")});
  EXPECT_TRUE(Ask("let q = floor(a/b) in real(q*b <= a) when b == 0.2").failure);
  EXPECT_TRUE(Ask("a*3 == 1 <=> a == 1/3", kBinary16).failure);
}

TEST(OpenQuestions, ConditionsSteerInsteadOfThrowingCasesAway) {
  const Refutation step = Refute(
      "let q = a/b, r = fma(-q, b, a) in fma(r, 1/b, q) == q or r != 0 "
      "when 1 <= a and a < 2 and 1 <= b and b < 2",
      kBinary16, In(kIeee));
  EXPECT_TRUE(step.search.exhaustive);
  EXPECT_EQ(step.search.tried, uint64_t{1} << 20);
  const Refutation interpolation = Refute(
      "fma(t,b,fma(-t,a,a)) <= fma(u,b,fma(-u,a,a)) "
      "when 0 <= t and t <= 1 and 0 <= u and u <= 1 and t <= u and a <= b",
      kBinary32, In(kIeee));
  EXPECT_TRUE(interpolation.findings[0].failure) << "monotone interpolation is not";
}

TEST(OpenQuestions, ConversionsBetweenFormatsCanBeAskedAbout) {
  EXPECT_TRUE(Ask("f16(fma(f32(a: f16), f32(b: f16), f32(c: f16))) == fma(a, b, c)").failure)
      << "a half's fma through float";
  EXPECT_TRUE(Ask("f16(f32(a: f64)) == f16(a)").failure) << "double to float to half";
  EXPECT_FALSE(Ask("f16(f32(a: f16) + f32(b: f16)) == a + b").failure) << "2p+2 bits are enough for a sum";
  EXPECT_FALSE(Ask("bf16(f32(a: bf16) * f32(b: bf16)) == a * b").failure);
}

TEST(OpenQuestions, TruncationAfterAddingAHalfIsNotRounding) {
  EXPECT_TRUE(Ask("i32(a+0.5) == i32(round(a)) when 0 <= a and a < 0x1p30").failure) << "0.49999997";
  EXPECT_TRUE(Ask("i32(a+0.5) == i32(round(a)) when -100 < a and a <= 0").failure);
}

TEST(OpenQuestions, FmodIsNotAMinusBTimesTheTruncatedQuotient) {
  EXPECT_TRUE(Ask("fmod(a,b) == a - b*trunc(a/b) when b != 0").failure);
  EXPECT_FALSE(Ask("abs(fmod(a,b)) < abs(b) when b != 0").failure);
}

TEST(OpenQuestions, ScalingTwiceRoundsTwice) {
  EXPECT_TRUE(Ask("ldexp(ldexp(a, -1060), -10) == ldexp(a, -1070)", kBinary64).failure);
}

TEST(OpenQuestions, SelectOfALessThanZeroIsNotAMaximum) {
  EXPECT_TRUE(Ask("select(a < 0, 0, a) === maximum_number(a, 0)").failure) << "at -0";
  EXPECT_FALSE(Ask("select(a < 0, 0, a) == maximum_number(a, 0)").failure);
}

TEST(OpenQuestions, DirectionsInOneStatementEncloseTheProduct) {
  EXPECT_FALSE(Ask("down(a*b) <= a*b and a*b <= up(a*b)").failure);
  EXPECT_FALSE(Ask("exact(a*b) <=> down(a*b) == up(a*b) when abs(a*b) > min_normal").failure);
}

TEST(OpenQuestions, AConditionThatNothingMeetsIsVacuous) {
  EXPECT_EQ(Refute("a == a+1 when a != a", kBinary16, In(kIeee)).search.Judged(), 0u);
  EXPECT_FALSE(Refute("a == a+1 when a != a", kBinary16, In(kIeee)).Holds());
}

TEST(OpenQuestions, OnlyUnderFlushingIsAQuestionOfItsOwn) {
  SearchOptions options = In(kFtz);
  options.question = Question::kFailsOnly;
  const Refutation refutation = Refute("(a*b)*c == a*(b*c)", kBinary32, options);
  ASSERT_TRUE(refutation.findings[0].failure);
  const std::vector<uint64_t>& operands = refutation.findings[0].failure->operands;
  const auto truth = [&](Mode mode) {
    return TraceClaim(refutation.expression, operands, statement::Target::kModel, mode).back().bits != 0;
  };
  EXPECT_FALSE(truth(kFtz));
  EXPECT_TRUE(truth(kIeee));
  EXPECT_FALSE(Refute("a+b == b+a", kBinary32, options).findings[0].failure);
}

TEST(OpenQuestions, ModesDifferWhereOneTruthIsNotTheOthers) {
  SearchOptions options = In(kFtzDaz);
  options.question = Question::kDiffers;
  EXPECT_TRUE(Refute("a*b == 0 or c != 0", kBinary32, options).findings[0].failure);
  EXPECT_FALSE(Refute("a*b == b*a", kBinary32, options).findings[0].failure);
}

}  // namespace
}  // namespace fplab::identity
