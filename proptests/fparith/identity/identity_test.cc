// Searching, shrinking and judging statements.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/identity.h>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/identity/shrink.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/statement/exact_real.h>

namespace fplab::identity {
namespace {

SearchOptions In(std::vector<Mode> modes, uint64_t cases = 50000) {
  SearchOptions options;
  options.modes = std::move(modes);
  options.cases = cases;
  return options;
}

constexpr statement::Type kFloat = statement::Type::Number(kBinary32);

std::vector<Mode> AllFlushModes() { return {kFlushModes.begin(), kFlushModes.end()}; }

TEST(Identity, AdditionCommutesForEveryPairOfE4M3) {
  const Refutation refutation = Refute("a+b == b+a", kE4M3, In({kIeee}));
  EXPECT_TRUE(refutation.Holds());
  EXPECT_TRUE(refutation.search.exhaustive);
  EXPECT_EQ(refutation.search.tried, 254u * 254u) << "finite values of either sign, both zeros";
  EXPECT_EQ(refutation.search.Judged(), refutation.search.tried);
}

TEST(Identity, AllValuesAddsTheRest) {
  SearchOptions options = In({kIeee});
  options.all_values = true;
  const Refutation refutation = Refute("a+b == b+a", kE4M3, options);
  EXPECT_TRUE(refutation.Holds());
  EXPECT_EQ(refutation.search.tried, 65536u);
  EXPECT_FALSE(Refute("a-a == 0", kE5M2, options).Holds()) << "infinity minus infinity";
  EXPECT_TRUE(Refute("a-a == 0", kE5M2, In({kIeee})).Holds());
}

TEST(Identity, NoOperandThatIsDrawnIsNanWhereMinusZeroIs) {
  const Refutation refutation =
      Refute("isfinite(a) and isfinite(b) and -a <= 0", ParseFormat("e5p11fnuz"), In({kIeee}, 100'000));
  EXPECT_FALSE(refutation.search.exhaustive);
  EXPECT_FALSE(refutation.Holds()) << "of negative numbers";
  const char* text = "isfinite(a) and isfinite(b) and -(-a) === a and (abs(a) > 0 or a === 0)";
  EXPECT_TRUE(Refute(text, ParseFormat("e5p11fnuz"), In({kIeee}, 100'000)).Holds());
  EXPECT_TRUE(Refute("-(-a) === a", kE4M3Fnuz, In({kIeee})).Holds());
}

TEST(Identity, WhatSaturatesAndWhatIsInvalidWithoutNanRefute) {
  const Refutation saturated = Refute("a*2/2 == a", kE2M3, In({kIeee}));
  ASSERT_TRUE(saturated.findings[0].failure.has_value());
  const Refutation invalid = Refute("a/b < 6 when a == 0", kE2M1, In({kIeee}));
  EXPECT_TRUE(invalid.findings[0].failure.has_value()) << "0/0 is 6";
}

TEST(Identity, DistributivityIsRefutedInEveryModeOfEveryNamedFormat) {
  for (const Format& format : kNamedFormats) {
    const Refutation refutation = Refute("(a+b)*c == a*c+b*c", format, In(AllFlushModes()));
    for (const ModeFinding& finding : refutation.findings) {
      EXPECT_TRUE(finding.failure.has_value()) << Name(format) << " " << Name(finding.mode);
    }
  }
}

TEST(Identity, ConditionsExcludeAndAreCounted) {
  const Refutation refutation = Refute("a/a == 1 when a != 0", kBinary16, In({kIeee}));
  EXPECT_TRUE(refutation.Holds());
  EXPECT_TRUE(refutation.search.exhaustive);
  EXPECT_EQ(refutation.search.excluded, 2u) << "the two zeros";
  EXPECT_EQ(refutation.search.outside, 0u);
  statement::ExpressionOptions parsing;
  parsing.when = "a > 0";
  const Refutation both = Refute("a/a == 1 when a != 0", kBinary16, In({kIeee}), parsing);
  EXPECT_EQ(both.search.outside, refutation.search.tried / 2 + 1) << "not even tried";
  EXPECT_EQ(both.search.excluded, 0u);
}

TEST(Identity, FindsWhatOnlyFlushingBreaks) {
  const Refutation refutation = Refute("a-b == 0 <=> a == b", kBinary32, In(AllFlushModes()));
  EXPECT_FALSE(refutation.findings[0].failure) << "gradual underflow is what makes it true";
  EXPECT_TRUE(refutation.findings[1].failure);
  EXPECT_TRUE(refutation.findings[2].failure);
  EXPECT_TRUE(refutation.findings[3].failure);
}

TEST(Identity, HardwareAndModelRefuteAlike) {
  for (const char* statement : {"(a+b)*2 == a*2+b*2", "1/(1/a) == a when power_of_two(a)", "sqrt(4*a) == 2*sqrt(a)"}) {
    for (const Format& format : {kBinary32, kBinary64}) {
      SearchOptions options = In({}, 20000);
      for (Mode mode : kFlushModes) {
        if (HardwareSupports(mode)) options.modes.push_back(mode);
      }
      const Refutation model = Refute(statement, format, options);
      options.targets = {statement::Target::kModel, statement::Target::kHardware};
      const Refutation both = Refute(statement, format, options);
      for (size_t m = 0; m < options.modes.size(); ++m) {
        ASSERT_EQ(model.findings[m].failure.has_value(), both.findings[m].failure.has_value()) << statement;
        if (!model.findings[m].failure) continue;
        EXPECT_EQ(model.findings[m].failure->operands, both.findings[m].failure->operands) << statement;
        EXPECT_FALSE(both.findings[m].failure->targets_disagree);
      }
    }
  }
}

TEST(Identity, TheSameSeedFindsTheSameCounterexample) {
  const auto found = [](uint64_t seed) {
    SearchOptions options = In({kFtz});
    options.seed = seed;
    return Refute("(a*b)*c == a*(b*c)", kBinary32, options).findings[0].failure->operands;
  };
  EXPECT_EQ(found(7), found(7));
}

TEST(Identity, CounterexamplesAreSimple) {
  const Refutation half = Refute("(a/2)*2 == a", kBinary32, In({kIeee}));
  EXPECT_EQ(half.findings[0].failure->operands, std::vector<uint64_t>{1}) << "min subnormal";
  const Refutation reciprocal = Refute("1/(1/a) == a when power_of_two(a)", kBinary32, In({kFtz}));
  const Complexity cost = ComplexityOf({kFloat}, reciprocal.findings[0].failure->operands);
  EXPECT_EQ(cost, (Complexity{1, 127, 0})) << "2^127 or 2^-127: nothing nearer to 1 has a flushed reciprocal";
  const Refutation absorbed = Refute("a+b != a when b != 0", kBinary32, In({kIeee}));
  EXPECT_EQ(ComplexityOf({kFloat, kFloat}, absorbed.findings[0].failure->operands).significand_bits, 2);
}

TEST(Identity, WhatATargetLacksIsNamed) {
  SearchOptions options = In({kIeee});
  options.targets = {statement::Target::kHardware};
  EXPECT_THROW(Refute("a+b == b+a", kE4M3, options), Error);
  EXPECT_THROW(Refute("libm_log(a) == a", kBinary32, In({kIeee})), Error);
  options.modes = {{Rounding::kNearestAway, false, false}};
  EXPECT_THROW(Refute("a+b == b+a", kBinary32, options), Error);
}

TEST(Identity, RoundingDirectionsAreModesToo) {
  EXPECT_TRUE(Refute("-(a+b) == (-a)+(-b)", kE4M3, In({kIeee})).Holds());
  EXPECT_FALSE(Refute("-(a+b) == (-a)+(-b)", kE4M3, In({{Rounding::kUp, false, false}})).Holds());
}

TEST(Identity, TraceListsEveryIntermediateValue) {
  const statement::Expression expression = statement::ParseExpression("(a+b)*a == a*a", kBinary32);
  const auto steps = TraceClaim(expression, {0x00800000, 0x80400000}, statement::Target::kModel, kFtz);
  ASSERT_EQ(steps.size(), 6u);
  EXPECT_EQ(steps[2].text, "a+b");
  EXPECT_EQ(steps[2].bits, 0u);
  EXPECT_EQ(steps[2].flags & model::kUnderflow, model::kUnderflow);
  EXPECT_EQ(steps.back().type.kind, statement::Kind::kTruth);
}

TEST(Shrink, KeepsFailingAndNeverGetsMoreComplex) {
  const auto has_two_bits = [](const std::vector<uint64_t>& operands) {
    return kBinary32.IsNormal(operands[0]) && (operands[0] & 0x00000401) == 0x401;
  };
  const auto shrunk = Shrink({kFloat}, {0xdeadbeef | 0x401}, has_two_bits);
  EXPECT_TRUE(has_two_bits(shrunk));
  EXPECT_EQ(shrunk, std::vector<uint64_t>{0x3f800401}) << "one, and the two bits that matter";
}

std::string ErrorOf(const std::string& statement, const Format& format, const SearchOptions& options) {
  try {
    Refute(statement, format, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Identity, WhatIsAskedOfNoTargetInNoModeOrOfNoFormatIsRefused) {
  SearchOptions options = In({kIeee});
  options.targets = {};
  EXPECT_EQ(ErrorOf("a == a+1", kBinary32, options), "targets: found none, expected the model, the hardware or both");
  EXPECT_EQ(ErrorOf("a == a+1", kBinary32, In({})), "modes: found none, expected at least one");
  EXPECT_THROW(FindVerdicts("a == a+1", kBinary32, options), Error);
  EXPECT_THROW(FindVerdicts("a == a+1", kBinary32, In({})), Error);
  for (const Format& format : {Format{0, 0}, Format{1, 24}, Format{8, 1}, Format{12, 24}, Format{8, 54},
                               Format{-3, 4, SpecialValues::kOneNan}}) {
    const std::string error = ErrorOf("a == a+1", format, In({kIeee}));
    EXPECT_TRUE(error.starts_with("format: found ")) << error;
    EXPECT_THROW(FindVerdicts("a == a+1", format, In({kIeee})), Error);
  }
}

TEST(Identity, NothingJudgedIsNeitherAYesNorANo) {
  for (const char* statement : {"a == a+1 when a != a", "a == a+1 when a < 1 and a > 2"}) {
    const Refutation refutation = Refute(statement, kBinary16, In(AllFlushModes()));
    EXPECT_EQ(refutation.search.Judged(), 0u) << statement;
    EXPECT_FALSE(refutation.Holds()) << statement;
    for (const ModeFinding& finding : refutation.findings) EXPECT_FALSE(finding.failure) << statement;
    for (const ModeVerdict& verdict : FindVerdicts(statement, kBinary16, In(AllFlushModes())).verdicts) {
      EXPECT_EQ(verdict.verdict, Verdict::kNothingJudged) << statement;
      EXPECT_EQ(Letter(verdict.verdict), '?');
    }
  }
  SearchOptions no_cases = In({kIeee}, 0);
  no_cases.exhaustive_limit = 0;
  EXPECT_FALSE(Refute("a == a", kBinary64, no_cases).Holds());
  EXPECT_FALSE(Refutation().Holds());
}

RC_GTEST_PROP(Shrink, EndsAtOperandsThatStillFail, (uint32_t a, uint32_t b, uint32_t threshold)) {
  const auto fails = [threshold](const std::vector<uint64_t>& operands) {
    return (operands[0] ^ operands[1]) % 97 >= threshold % 97;
  };
  RC_PRE(kBinary32.IsFinite(a) && kBinary32.IsFinite(b) && fails({a, b}));
  const auto shrunk = Shrink({kFloat, kFloat}, {a, b}, fails);
  RC_ASSERT(fails(shrunk));
  RC_ASSERT(ComplexityOf({kFloat, kFloat}, shrunk) <= ComplexityOf({kFloat, kFloat}, {a, b}));
}

RC_GTEST_PROP(ExactReal, RoundingTheExactFmaIsTheModelsFma, (uint32_t a, uint32_t b, uint32_t c)) {
  RC_PRE(kBinary32.IsFinite(a) && kBinary32.IsFinite(b) && kBinary32.IsFinite(c));
  const statement::ExactReal exact =
      statement::ExactReal(kBinary32, a) * statement::ExactReal(kBinary32, b) + statement::ExactReal(kBinary32, c);
  const uint64_t expected = model::Fma(kBinary32, {}, a, b, c).bits;
  RC_ASSERT(exact.RoundTo(kBinary32) == expected || kBinary32.IsZero(expected));
}

TEST(ExactReal, EveryBinary16ValueRoundsToItselfAndSumsRoundAsTheModelAdds) {
  for (uint64_t bits = 0; bits < 0x10000; ++bits) {
    if (!kBinary16.IsFinite(bits) || kBinary16.IsZero(bits)) continue;
    ASSERT_EQ(statement::ExactReal(kBinary16, bits).RoundTo(kBinary16), bits);
    for (uint64_t other : {0x0001, 0x03ff, 0x0400, 0x3c01, 0x7bff, 0x8001, 0xbc00}) {
      const uint64_t sum =
          (statement::ExactReal(kBinary16, bits) + statement::ExactReal(kBinary16, other)).RoundTo(kBinary16);
      const uint64_t expected = model::Add(kBinary16, {}, bits, other).bits;
      ASSERT_TRUE(sum == expected || kBinary16.IsZero(expected)) << bits << " + " << other;
    }
  }
}

}  // namespace
}  // namespace fplab::identity
