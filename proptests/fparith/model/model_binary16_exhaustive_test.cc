// Every pair of binary16 operands against the oracle: all 2^32 of them, for addition, multiplication and division.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "proptests/support/model_cases.h"
#include "proptests/support/oracle.h"

namespace fplab::model {
namespace {

constexpr Format kHalf = kBinary16;
constexpr uint64_t kPatterns = 1 << 16;

// The exact result is located once, with and without flushed inputs, and settled in each environment.
class PairSweep {
 public:
  PairSweep(Operation operation, std::vector<Environment> environments)
      : function_(Function::On(operation, kHalf)), environments_(std::move(environments)) {}

  // All b for one a; the place of one b is the guess for the next.
  void Row(uint64_t a) {
    oracle::Place plain, flushed;
    for (uint64_t b = 0; b < kPatterns; ++b) {
      plain = oracle::Locate(function_, false, a, b, 0, plain.lower);
      const bool subnormal = kHalf.IsSubnormal(a) || kHalf.IsSubnormal(b);
      if (subnormal) flushed = oracle::Locate(function_, true, a, b, 0, flushed.lower);
      for (const Environment& environment : environments_) {
        const oracle::Place& place = subnormal && environment.mode.flush_inputs ? flushed : plain;
        const Outcome expected = oracle::Settle(function_, environment, place);
        const Outcome got = Evaluate(function_, environment, a, b, 0);
        ++compared_;
        if (SameOutcome(function_, got, expected)) [[likely]]
          continue;
        ADD_FAILURE() << ShowCase(function_, environment, {a, b, 0}) << "\n  model  " << ShowOutcome(function_, got)
                      << "\n  oracle " << ShowOutcome(function_, expected);
        return;
      }
    }
  }

  // Every row; stops at the first that fails.
  void Rows() {
    for (uint64_t a = 0; a < kPatterns && !testing::Test::HasFailure(); ++a) Row(a);
  }

  uint64_t compared() const { return compared_; }

 private:
  Function function_;
  std::vector<Environment> environments_;
  uint64_t compared_ = 0;
};

// Nearest-even in all four flushing modes, as x86 flushes: every pair.
std::vector<Environment> FlushingModes() {
  std::vector<Environment> environments;
  for (Mode mode : kFlushModes) environments.push_back({mode});
  return environments;
}

// The directions other than nearest-even, without flushing and with all of it, and semantics B, C and D with tininess
// before rounding.
std::vector<Environment> DirectionsAndSemantics() {
  std::vector<Environment> environments;
  for (Rounding rounding : {Rounding::kNearestAway, Rounding::kTowardZero, Rounding::kUp, Rounding::kDown}) {
    for (bool flush : {false, true}) environments.push_back({{rounding, flush, flush}});
  }
  for (FlushSemantics flush :
       {FlushSemantics::kBeforeRounding, FlushSemantics::kIeeeThenZero, FlushSemantics::kNoSubnormals}) {
    environments.push_back({kFtz, Tininess::kBeforeRounding, flush});
  }
  return environments;
}

// The directions other than nearest-even, flushing either operands or results.
std::vector<Environment> DirectionsWithOneSidedFlushing() {
  std::vector<Environment> environments;
  for (Rounding rounding : {Rounding::kNearestAway, Rounding::kTowardZero, Rounding::kUp, Rounding::kDown}) {
    for (bool inputs : {false, true}) environments.push_back({{rounding, !inputs, inputs}});
  }
  return environments;
}

void ExpectAgreementOnEveryPair(Operation operation, const std::vector<Environment>& environments) {
  PairSweep sweep(operation, environments);
  sweep.Rows();
  if (!testing::Test::HasFailure()) {
    EXPECT_EQ(sweep.compared(), (uint64_t{1} << 32) * environments.size());
  }
}

TEST(ModelBinary16Exhaustive, AdditionIsTheOraclesOnEveryPairInEveryFlushingMode) {
  ExpectAgreementOnEveryPair(Operation::kAdd, FlushingModes());
}
TEST(ModelBinary16Exhaustive, MultiplicationIsTheOraclesOnEveryPairInEveryFlushingMode) {
  ExpectAgreementOnEveryPair(Operation::kMul, FlushingModes());
}
TEST(ModelBinary16Exhaustive, DivisionIsTheOraclesOnEveryPairInEveryFlushingMode) {
  ExpectAgreementOnEveryPair(Operation::kDiv, FlushingModes());
}
TEST(ModelBinary16Exhaustive, AdditionIsTheOraclesOnEveryPairInOtherDirectionsAndSemantics) {
  ExpectAgreementOnEveryPair(Operation::kAdd, DirectionsAndSemantics());
}
TEST(ModelBinary16Exhaustive, MultiplicationIsTheOraclesOnEveryPairInOtherDirectionsAndSemantics) {
  ExpectAgreementOnEveryPair(Operation::kMul, DirectionsAndSemantics());
}
TEST(ModelBinary16Exhaustive, DivisionIsTheOraclesOnEveryPairInOtherDirectionsAndSemantics) {
  ExpectAgreementOnEveryPair(Operation::kDiv, DirectionsAndSemantics());
}
TEST(ModelBinary16Exhaustive, AdditionIsTheOraclesOnEveryPairInEveryDirectionThatFlushesOneSide) {
  ExpectAgreementOnEveryPair(Operation::kAdd, DirectionsWithOneSidedFlushing());
}
TEST(ModelBinary16Exhaustive, MultiplicationIsTheOraclesOnEveryPairInEveryDirectionThatFlushesOneSide) {
  ExpectAgreementOnEveryPair(Operation::kMul, DirectionsWithOneSidedFlushing());
}
TEST(ModelBinary16Exhaustive, DivisionIsTheOraclesOnEveryPairInEveryDirectionThatFlushesOneSide) {
  ExpectAgreementOnEveryPair(Operation::kDiv, DirectionsWithOneSidedFlushing());
}

}  // namespace
}  // namespace fplab::model
