// Circuits of two operands give what the model gives on every pair of eight-bit formats and of binary16.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "proptests/support/circuit_cases.h"

namespace fplab {
namespace {

std::string DifferenceOnEveryPair(const Format& format, const model::Environment& environment) {
  CircuitComparison comparison(CircuitGroup::kBinary, format, environment);
  const int width = format.Width();
  return DifferenceAmong(comparison, uint64_t{1} << (2 * width), [&](uint64_t i) { return SplitIndex(i, width); });
}

TEST(FloatCircuitExhaustive, GivesBitsAndFlagsOfTheModelOnEveryPairOfEightBitFormatsInEveryEnvironment) {
  for (const Format& format : {kE5M2, Format{3, 5}, Format{2, 6}}) {
    for (const model::Environment& environment : EnvironmentsBesideFlushing()) {
      EXPECT_EQ(DifferenceOnEveryPair(format, environment), "");
    }
  }
}

TEST(FloatCircuitExhaustive, GivesBitsAndFlagsOfTheModelOnEveryPairOfBinary16InNearestEvenOfX86) {
  EXPECT_EQ(DifferenceOnEveryPair(kBinary16, model::Environment{}), "");
}

}  // namespace
}  // namespace fplab
