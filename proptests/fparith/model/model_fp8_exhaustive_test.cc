// Formats of eight bits and fewer against the oracle without exception: every function, on every pair (for fma of E5M2
// and E4M3 every triple), in every one of the 160 environments.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "proptests/support/model_cases.h"
#include "proptests/support/oracle.h"

namespace fplab::model {
namespace {

bool HasPlace(const Function& function) {
  return function.ResultKind() == ValueKind::kFloat && function.operation != Operation::kRoundToIntegral &&
         function.operation != Operation::kMinimumNumber && function.operation != Operation::kMaximumNumber &&
         function.operation != Operation::kX86Min && function.operation != Operation::kX86Max;
}

// Compares one operand tuple in all environments. Places are found once per kind of input flushing.
class TupleSweep {
 public:
  explicit TupleSweep(const Function& function) : function_(function), has_place_(HasPlace(function)) {}

  bool Agrees(uint64_t a, uint64_t b, uint64_t c) {
    if (has_place_) {
      plain_ = oracle::Locate(function_, false, a, b, c, plain_.lower);
      flushed_ = oracle::Locate(function_, true, a, b, c, flushed_.lower);
    }
    for (const Environment& environment : environments_) {
      const Outcome got = Evaluate(function_, environment, a, b, c);
      const Outcome expected =
          has_place_ ? oracle::Settle(function_, environment, environment.mode.flush_inputs ? flushed_ : plain_)
                     : oracle::Evaluate(function_, environment, a, b, c);
      ++compared_;
      if (SameOutcome(function_, got, expected)) [[likely]]
        continue;
      ADD_FAILURE() << ShowCase(function_, environment, {a, b, c}) << "\n  model  " << ShowOutcome(function_, got)
                    << "\n  oracle " << ShowOutcome(function_, expected);
      return false;
    }
    return true;
  }

  // Every operand tuple of the function.
  void Run() {
    const int arity = function_.Arity();
    const uint64_t patterns = function_.format.Mask() + 1;
    const uint64_t b_count = arity > 1 ? patterns : 1, c_count = arity > 2 ? patterns : 1;
    for (uint64_t a = 0; a < patterns; ++a) {
      for (uint64_t b = 0; b < b_count; ++b) {
        for (uint64_t c = 0; c < c_count; ++c) {
          if (!Agrees(a, b, c)) return;
        }
      }
    }
    EXPECT_EQ(compared_, patterns * b_count * c_count * environments_.size());
  }

 private:
  Function function_;
  bool has_place_;
  std::vector<Environment> environments_ = AllEnvironments();
  oracle::Place plain_, flushed_;
  uint64_t compared_ = 0;
};

void ExpectAgreementOnEverything(const Format& format) {
  for (const Function& function : FunctionsOn(format)) {
    const bool integer = function.OperandKind() == ValueKind::kInteger;
    if (integer || function.operation == Operation::kFma) continue;
    TupleSweep(function).Run();
    if (testing::Test::HasFailure()) return;
  }
}

TEST(ModelFp8Exhaustive, E5M2IsTheOraclesOnEveryOperandAndPairInEveryEnvironment) {
  ExpectAgreementOnEverything(kE5M2);
}
TEST(ModelFp8Exhaustive, E4M3IsTheOraclesOnEveryOperandAndPairInEveryEnvironment) {
  ExpectAgreementOnEverything(kE4M3);
}
TEST(ModelFp8Exhaustive, OtherSmallFormatsAreTheOraclesOnEveryOperandAndPairInEveryEnvironment) {
  for (const Format& format : kSmallFormats) ExpectAgreementOnEverything(format);
}
TEST(ModelFp8Exhaustive, FmaOfE5M2IsTheOraclesOnEveryTripleInEveryEnvironment) {
  TupleSweep(Function::On(Operation::kFma, kE5M2)).Run();
}
TEST(ModelFp8Exhaustive, FmaOfE4M3IsTheOraclesOnEveryTripleInEveryEnvironment) {
  TupleSweep(Function::On(Operation::kFma, kE4M3)).Run();
}

}  // namespace
}  // namespace fplab::model
