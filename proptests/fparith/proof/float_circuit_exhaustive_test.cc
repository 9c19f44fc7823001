// Circuits of two operands give what the model gives on every pair of eight-bit formats and of binary16.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "proptests/support/circuit_cases.h"

namespace fplab {
namespace {

std::string DifferenceOnAll(CircuitGroup group, const Format& format, const model::Environment& environment) {
  CircuitComparison comparison(group, format, environment);
  const int width = format.Width(), operands = group == CircuitGroup::kFma ? 3 : 2;
  return DifferenceAmong(comparison, uint64_t{1} << (operands * width),
                         [&](uint64_t i) { return SplitIndex(i, width); });
}

TEST(FloatCircuitExhaustive, GivesBitsAndFlagsOfTheModelOnEveryPairOfEightBitFormatsInEveryEnvironment) {
  for (const Format& format : {kE5M2, Format{3, 5}, Format{2, 6}}) {
    for (const model::Environment& environment : EnvironmentsBesideFlushing()) {
      EXPECT_EQ(DifferenceOnAll(CircuitGroup::kBinary, format, environment), "");
    }
  }
}

TEST(FloatCircuitExhaustive, FusesAsTheModelOnEveryTripleOfSixAndSevenBitFormatsInEveryEnvironment) {
  for (const Format& format : {Format{3, 3}, Format{2, 4}, Format{3, 4}}) {
    for (const model::Environment& environment : EnvironmentsBesideFlushing()) {
      EXPECT_EQ(DifferenceOnAll(CircuitGroup::kFma, format, environment), "");
    }
  }
}

TEST(FloatCircuitExhaustive, AddsMultipliesAndDividesAsTheModelOnEveryPairOfBinary16WithTheFlushOfX86) {
  EXPECT_EQ(DifferenceOnAll(CircuitGroup::kArithmetic, kBinary16, model::Environment{}), "");
}

}  // namespace
}  // namespace fplab
