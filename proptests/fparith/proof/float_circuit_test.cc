// Circuits of floating-point operations give what the model gives: every pair of small formats, strata of the others.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fplab/fparith/proof/float_circuit.h>
#include "proptests/support/circuit_cases.h"
#include "proptests/support/float_generators.h"

namespace fplab {
namespace {

constexpr Format kOneNanSmall{3, 3, SpecialValues::kOneNan};

std::string DifferenceInEveryEnvironment(CircuitGroup group, const Format& format, int operands) {
  for (const model::Environment& environment : EnvironmentsBesideFlushing()) {
    CircuitComparison comparison(group, format, environment);
    const int width = format.Width();
    const std::string difference = DifferenceAmong(comparison, uint64_t{1} << (width * operands),
                                                   [&](uint64_t i) { return SplitIndex(i, width); });
    if (!difference.empty()) return difference;
  }
  return "";
}

// Strata in every environment.
std::string DifferenceOnSamples(CircuitGroup group, const Format& format, uint64_t count) {
  for (const model::Environment& environment : EnvironmentsBesideFlushing()) {
    CircuitComparison comparison(group, format, environment);
    FloatGenerator generator(format, Specials::kAll, 1 + static_cast<uint64_t>(environment.mode.rounding));
    const std::string difference = DifferenceAmong(comparison, count, [&](uint64_t) {
      const uint64_t a = generator.One(), b = generator.Partner(a);
      return CircuitOperands{a, b, generator.Addend(a, b)};
    });
    if (!difference.empty()) return difference;
  }
  return "";
}

TEST(FloatCircuit, GivesBitsAndFlagsOfTheModelOnEveryPairOfSmallFormatsInEveryEnvironment) {
  for (const Format& format : {Format{2, 2}, Format{3, 3}, Format{2, 4}, Format{4, 2}, kOneNanSmall, Format{4, 3}}) {
    EXPECT_EQ(DifferenceInEveryEnvironment(CircuitGroup::kBinary, format, 2), "");
  }
}

// Of the kinds that have no infinity, no NaN or no -0, another bias, or saturate.
TEST(FloatCircuit, GivesBitsAndFlagsOfTheModelOnEveryPairOfOtherKindsOfFormatsInEveryEnvironment) {
  for (const char* name : {"e2m1", "e2m3", "e3m2", "e2p3fnuz", "e3p3fnuz", "e3p3b1fnuz", "e3p3b6f", "e3p2sat",
                           "e3p3fnsat", "e2p3fnuzsat", "e2p4fn"}) {
    EXPECT_EQ(DifferenceInEveryEnvironment(CircuitGroup::kBinary, ParseFormat(name), 2), "");
  }
}

TEST(FloatCircuit, FusesAsTheModelOnEveryTripleOfOtherKindsOfFormatsInEveryEnvironment) {
  for (const char* name : {"e2m1", "e2p2fnuz", "e2p2sat", "e3p2b5fnuzsat"}) {
    EXPECT_EQ(DifferenceInEveryEnvironment(CircuitGroup::kFma, ParseFormat(name), 3), "");
  }
}

TEST(FloatCircuit, GivesTheModelsResultsOnStrataOfEightBitFormats) {
  for (const Format& format : kSmallFormats) {
    EXPECT_EQ(DifferenceOnSamples(CircuitGroup::kBinary, format, 5'000), "");
    EXPECT_EQ(DifferenceOnSamples(CircuitGroup::kFma, format, 5'000), "");
  }
}

TEST(FloatCircuit, GivesBitsAndFlagsOfTheModelOnEveryPairOfE4M3InEveryEnvironment) {
  EXPECT_EQ(DifferenceInEveryEnvironment(CircuitGroup::kBinary, kE4M3, 2), "");
}

TEST(FloatCircuit, FusesAsTheModelOnEveryTripleOfTheSmallestFormatsInEveryEnvironment) {
  for (const Format& format : {Format{2, 2}, Format{2, 3}, Format{3, 2}, Format{2, 2, SpecialValues::kOneNan}}) {
    EXPECT_EQ(DifferenceInEveryEnvironment(CircuitGroup::kFma, format, 3), "");
  }
}

TEST(FloatCircuit, GivesTheModelsValueOfEveryOperandOfSmallAndSixteenBitFormats) {
  for (const Format& format : {Format{2, 2}, Format{2, 6}, Format{3, 3}, kOneNanSmall, kE4M3, kE5M2}) {
    EXPECT_EQ(DifferenceInEveryEnvironment(CircuitGroup::kUnary, format, 1), "");
  }
  for (const Format& format : kSmallFormats) {
    EXPECT_EQ(DifferenceInEveryEnvironment(CircuitGroup::kUnary, format, 1), "");
  }
  for (const char* name : {"e2p5fn", "e3p5b6f", "e2p4fnuz", "e6p2b5fnuzsat"}) {
    EXPECT_EQ(DifferenceInEveryEnvironment(CircuitGroup::kUnary, ParseFormat(name), 1), "");
  }
  for (const Format& format : {kBinary16, kBfloat16}) {
    for (const model::Environment& environment : EnvironmentsBesideFlushing()) {
      // All kinds of flushing in one direction and all directions of one kind; every environment was tried above.
      const bool usual = environment.mode.rounding == Rounding::kNearestEven ||
                         environment.flush == model::FlushSemantics::kAfterRounding;
      if (environment.tininess == model::Tininess::kBeforeRounding || !usual) continue;
      CircuitComparison comparison(CircuitGroup::kUnary, format, environment);
      EXPECT_EQ(DifferenceAmong(comparison, 1 << 16, [](uint64_t i) { return CircuitOperands{i, 0, 0}; }), "");
    }
  }
}

TEST(FloatCircuit, GivesTheModelsResultsOnStrataOfTheCommonFormats) {
  EXPECT_EQ(DifferenceOnSamples(CircuitGroup::kBinary, kBinary16, 20'000), "");
  EXPECT_EQ(DifferenceOnSamples(CircuitGroup::kBinary, kBfloat16, 10'000), "");
  EXPECT_EQ(DifferenceOnSamples(CircuitGroup::kBinary, kBinary32, 3'000), "");
  EXPECT_EQ(DifferenceOnSamples(CircuitGroup::kBinary, kBinary64, 1'000), "");
  EXPECT_EQ(DifferenceOnSamples(CircuitGroup::kUnary, kBinary32, 3'000), "");
  EXPECT_EQ(DifferenceOnSamples(CircuitGroup::kUnary, kBinary64, 1'000), "");
}

TEST(FloatCircuit, FusesAsTheModelOnStrataOfTheCommonFormats) {
  EXPECT_EQ(DifferenceOnSamples(CircuitGroup::kFma, kBinary16, 20'000), "");
  EXPECT_EQ(DifferenceOnSamples(CircuitGroup::kFma, kBfloat16, 20'000), "");
  EXPECT_EQ(DifferenceOnSamples(CircuitGroup::kFma, kBinary32, 10'000), "");
  EXPECT_EQ(DifferenceOnSamples(CircuitGroup::kFma, kBinary64, 3'000), "");
}

TEST(FloatCircuit, WithAWrongTininessRuleOrADroppedStickyBitDiffersOnSmallFormats) {
  for (const proof::CircuitFault fault :
       {proof::CircuitFault::kTininessBeforeRounding, proof::CircuitFault::kDroppedSticky}) {
    CircuitComparison comparison(CircuitGroup::kBinary, Format{3, 4}, model::Environment{}, fault);
    EXPECT_NE(DifferenceAmong(comparison, 1 << 14, [](uint64_t i) { return SplitIndex(i, 7); }), "");
  }
}

TEST(FloatCircuit, MakesSumsAndProductsOfSwappedOperandsTheSameNodes) {
  proof::Aig aig;
  const proof::FloatCircuit circuit(aig, kBinary32, {});
  const proof::Word a = circuit.Input(), b = circuit.Input(), c = circuit.Input();
  EXPECT_EQ(circuit.Add(a, b).bits, circuit.Add(b, a).bits);
  EXPECT_EQ(circuit.Mul(a, b).bits, circuit.Mul(b, a).bits);
  EXPECT_EQ(circuit.Fma(a, b, c).bits, circuit.Fma(b, a, c).bits);
}

TEST(FloatCircuit, FlushesToPositiveZeroAsTheModelOnEveryPairInEveryKindOfFlushing) {
  for (const Format& format : {Format{2, 2}, Format{2, 3}}) {
    for (model::Environment environment : EnvironmentsBesideFlushing()) {
      environment.positive_zero = true;
      for (const CircuitGroup group : {CircuitGroup::kUnary, CircuitGroup::kBinary}) {
        CircuitComparison comparison(group, format, environment);
        const int width = format.Width();
        EXPECT_EQ(
            DifferenceAmong(comparison, uint64_t{1} << (2 * width), [&](uint64_t i) { return SplitIndex(i, width); }),
            "");
      }
    }
  }
}

}  // namespace
}  // namespace fplab
