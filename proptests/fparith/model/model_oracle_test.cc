// The model against the oracle: two methods that share no code must agree on every bit and flag.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fplab/fparith/model/function.h>
#include "proptests/support/model_cases.h"
#include "proptests/support/oracle.h"

namespace fplab::model {
namespace {

constexpr Format kCustomFormats[] = {{2, 4, SpecialValues::kFiniteOnly},
                                     {7, 9, SpecialValues::kNegativeZeroIsNan},
                                     {5, 5, SpecialValues::kNegativeZeroIsNan, true, -9},
                                     {6, 4, SpecialValues::kFiniteOnly, false, 20},
                                     {8, 11, SpecialValues::kInfinityAndNans, true},
                                     {2, 2},
                                     {3, 2},
                                     {2, 5},
                                     {6, 10},
                                     {11, 3},
                                     {5, 40},
                                     {3, 4, SpecialValues::kOneNan},
                                     {8, 2, SpecialValues::kOneNan}};

bool Agree(const Function& function, const Environment& environment, const std::array<uint64_t, 3>& operands) {
  const auto [a, b, c] = operands;
  return SameOutcome(function, Evaluate(function, environment, a, b, c),
                     oracle::Evaluate(function, environment, a, b, c));
}

// The counterexample, shrunk, with both opinions.
std::string Disagreement(const Function& function, const Environment& environment, std::array<uint64_t, 3> operands) {
  if (function.OperandKind() == ValueKind::kFloat) {
    operands = Shrink(function.format, operands,
                      [&](const std::array<uint64_t, 3>& simpler) { return !Agree(function, environment, simpler); });
  }
  const auto [a, b, c] = operands;
  return ShowCase(function, environment, operands) + "\n  model  " +
         ShowOutcome(function, Evaluate(function, environment, a, b, c)) + "\n  oracle " +
         ShowOutcome(function, oracle::Evaluate(function, environment, a, b, c));
}

void ExpectAgreement(const Format& format, int cases_per_function) {
  const std::vector<Environment> environments = AllEnvironments();
  FloatGenerator generator(format, Specials::kAll, 17);
  for (const Function& function : FunctionsOn(format)) {
    for (int i = 0; i < cases_per_function; ++i) {
      const Environment& environment = environments[generator.random().Below(environments.size())];
      const std::array<uint64_t, 3> operands = generator.Operands(function);
      ASSERT_TRUE(Agree(function, environment, operands)) << Disagreement(function, environment, operands);
    }
  }
}

TEST(ModelOracle, AgreeOnStratifiedCasesOfTheNarrowFormats) {
  for (const Format& format : {kE4M3, kE5M2, kBinary16}) ExpectAgreement(format, 5'000);
}
TEST(ModelOracle, AgreeOnStratifiedCasesOfBfloat16) { ExpectAgreement(kBfloat16, 10'000); }
TEST(ModelOracle, AgreeOnStratifiedCasesOfBinary32) { ExpectAgreement(kBinary32, 20'000); }
TEST(ModelOracle, AgreeOnStratifiedCasesOfBinary64) { ExpectAgreement(kBinary64, 500); }
TEST(ModelOracle, AgreeOnStratifiedCasesOfCustomFormats) {
  for (const Format& format : kCustomFormats) ExpectAgreement(format, 1000);
}
TEST(ModelOracle, AgreeOnStratifiedCasesOfSmallFormats) {
  for (const Format& format : kSmallFormats) ExpectAgreement(format, 2000);
}

RC_GTEST_PROP(ModelOracle, AgreeOnAnyFunctionOfBinary32InAnyEnvironment, ()) {
  static const std::vector<Function> functions = FunctionsOn(kBinary32);
  static const std::vector<Environment> environments = AllEnvironments();
  const Function function = *rc::gen::noShrink(rc::gen::elementOf(functions));
  const Environment environment = *rc::gen::noShrink(rc::gen::elementOf(environments));
  const std::array<uint64_t, 3> operands = *GenOperands(function);
  RC_LOG() << ShowCase(function, environment, operands) << "\n";
  RC_ASSERT(Agree(function, environment, operands));
}

// The test of the test: an oracle or generator too weak to see a wrong model would pass everything above.
// Results just under min normal, the rarest that tell two flush semantics apart, are one in some ten thousand.
constexpr int kManyCases = 1'000'000;

TEST(ModelOracle, SeeTheDifferenceBetweenTheFlushSemantics) {
  FloatGenerator generator(kBinary32, Specials::kFiniteOnly, 5);
  const auto found = [&](Operation operation, FlushSemantics wrong, int cases = kManyCases) {
    const Function function = Function::On(operation, kBinary32);
    for (int i = 0; i < cases; ++i) {
      const auto [a, b, c] = generator.Operands(function);
      const Outcome x86 = oracle::Evaluate(function, {kFtz}, a, b, c);
      const Outcome other = Evaluate(function, {kFtz, Tininess::kAfterRounding, wrong}, a, b, c);
      if (!kBinary32.SameBits(x86.bits, other.bits)) return true;
    }
    return false;
  };
  for (Operation operation : {Operation::kMul, Operation::kFma}) {
    EXPECT_TRUE(found(operation, FlushSemantics::kBeforeRounding));
    EXPECT_TRUE(found(operation, FlushSemantics::kIeeeThenZero));
    EXPECT_TRUE(found(operation, FlushSemantics::kNoSubnormals));
  }
  EXPECT_TRUE(found(Operation::kDiv, FlushSemantics::kIeeeThenZero));
  constexpr int kCases = 20'000;
  EXPECT_FALSE(found(Operation::kAdd, FlushSemantics::kBeforeRounding, kCases));
  EXPECT_FALSE(found(Operation::kAdd, FlushSemantics::kIeeeThenZero, kCases));
  EXPECT_FALSE(found(Operation::kSqrt, FlushSemantics::kNoSubnormals, kCases));
}

TEST(ModelOracle, ShrinkingKeepsTheFailureAndLeavesFewBits) {
  // "a has a fraction bit set and is larger than 8": the simplest such value is 12 or so.
  const auto fails = [](const std::array<uint64_t, 3>& operands) {
    return kBinary32.Fraction(operands[0]) != 0 && kBinary32.Rank(operands[0]) > kBinary32.Rank(0x41000000);
  };
  const std::array<uint64_t, 3> shrunk = Shrink(kBinary32, {0x7f7fffff, 0xc2abcdef, 0x00012345}, fails);
  EXPECT_TRUE(fails(shrunk));
  EXPECT_EQ(std::popcount(kBinary32.Fraction(shrunk[0])), 1);
  EXPECT_EQ(kBinary32.ExponentField(shrunk[0]), 130);
  EXPECT_EQ(shrunk[1], 0u);
  EXPECT_EQ(shrunk[2], 0u);
}

}  // namespace
}  // namespace fplab::model
