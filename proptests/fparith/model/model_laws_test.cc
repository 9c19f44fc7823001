// Laws that hold across modes, whatever the operation returns; and the chain as a fold of single operations.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/model/fma_chain.h>
#include "proptests/support/model_cases.h"

namespace fplab::model {
namespace {

constexpr std::array kArithmetic = {Operation::kAdd, Operation::kSub, Operation::kMul,
                                    Operation::kDiv, Operation::kFma, Operation::kSqrt};
constexpr int kCases = 50'000;

uint64_t FlushSubnormal(const Format& format, uint64_t bits) {
  return format.IsSubnormal(bits) ? bits & format.SignMask() : bits;
}

// Calls law(function, operands) on stratified cases of each arithmetic operation on several formats.
template <typename Law>
void ForAllArithmetic(const Law& law) {
  for (const Format& format : kNamedFormats) {
    FloatGenerator generator(format, Specials::kAll, 41);
    for (Operation operation : kArithmetic) {
      const Function function = Function::On(operation, format);
      for (int i = 0; i < kCases; ++i) {
        const std::array<uint64_t, 3> operands = generator.Operands(function);
        ASSERT_TRUE(law(function, operands)) << ShowCase(function, {}, operands);
      }
    }
  }
}

Outcome Under(const Function& function, const Environment& environment, const std::array<uint64_t, 3>& x) {
  return Evaluate(function, environment, x[0], x[1], x[2]);
}

TEST(ModelLaws, FlushingInputsIsTheIeeeOperationOnFlushedOperands) {
  ForAllArithmetic([](const Function& function, const std::array<uint64_t, 3>& x) {
    std::array<uint64_t, 3> flushed = x;
    for (uint64_t& bits : flushed) bits = FlushSubnormal(function.format, bits);
    return SameOutcome(function, Under(function, {kDaz}, x), Under(function, {kIeee}, flushed)) &&
           SameOutcome(function, Under(function, {kFtzDaz}, x), Under(function, {kFtz}, flushed));
  });
}

TEST(ModelLaws, FlushingOutputsGivesZeroWhereIeeeUnderflowsOrIsSubnormalAndNothingElse) {
  ForAllArithmetic([](const Function& function, const std::array<uint64_t, 3>& x) {
    const Outcome ieee = Under(function, {kIeee}, x), ftz = Under(function, {kFtz}, x);
    const bool flushed = (ieee.flags & kUnderflow) != 0 || function.format.IsSubnormal(ieee.bits);
    if (!flushed) return SameOutcome(function, ieee, ftz);
    return ftz.bits == (ieee.bits & function.format.SignMask()) && ftz.flags == (ieee.flags | kUnderflow | kInexact);
  });
}

TEST(ModelLaws, FlushingToPositiveZeroIsFlushingAndThenLosesTheSignOfWhatWasFlushed) {
  ForAllArithmetic([](const Function& function, const std::array<uint64_t, 3>& x) {
    for (const FlushSemantics flush : {FlushSemantics::kAfterRounding, FlushSemantics::kBeforeRounding,
                                       FlushSemantics::kIeeeThenZero, FlushSemantics::kNoSubnormals}) {
      Environment to_signed{kFtz, Tininess::kAfterRounding, flush}, to_positive = to_signed;
      to_positive.positive_zero = true;
      const Outcome plain = Under(function, to_signed, x), positive = Under(function, to_positive, x);
      // What underflows and comes out as a zero was flushed, but for a zero that IEEE rounding gives C.
      const bool by_rounding =
          flush == FlushSemantics::kIeeeThenZero && function.format.IsZero(Under(function, {kIeee}, x).bits);
      const bool flushed = (plain.flags & kUnderflow) != 0 && function.format.IsZero(plain.bits) && !by_rounding;
      if (positive.flags != plain.flags) return false;
      if (!function.SameResult(positive.bits, flushed ? 0 : plain.bits)) return false;

      std::array<uint64_t, 3> operands = x;
      for (uint64_t& bits : operands) bits = function.format.IsSubnormal(bits) ? 0 : bits;
      to_positive.mode = kDaz;
      if (!function.SameResult(Under(function, to_positive, x).bits, Under(function, {kIeee}, operands).bits)) {
        return false;
      }
    }
    return true;
  });
}

TEST(ModelLaws, AdditionAndSquareRootDoNotTellTheFlushSemanticsAtoCApart) {
  ForAllArithmetic([](const Function& function, const std::array<uint64_t, 3>& x) {
    const bool exact_when_tiny = function.operation == Operation::kAdd || function.operation == Operation::kSub ||
                                 function.operation == Operation::kSqrt;
    if (!exact_when_tiny) return true;
    const uint64_t a = Under(function, {kFtz}, x).bits;
    for (FlushSemantics flush : {FlushSemantics::kBeforeRounding, FlushSemantics::kIeeeThenZero}) {
      if (!function.SameResult(a, Under(function, {kFtz, Tininess::kAfterRounding, flush}, x).bits)) return false;
    }
    return true;
  });
}

TEST(ModelLaws, FlushingOutputsMovesAResultByMinNormalAtMost) {
  ForAllArithmetic([](const Function& function, const std::array<uint64_t, 3>& x) {
    const Format& format = function.format;
    for (FlushSemantics flush : kAllFlushSemantics) {
      const uint64_t ieee = Under(function, {kIeee}, x).bits;
      const uint64_t ftz = Under(function, {kFtz, Tininess::kAfterRounding, flush}, x).bits;
      if (format.SameBits(ieee, ftz)) continue;
      // Near zero ranks are multiples of min subnormal, so that their difference is that of the values.
      const int64_t distance = format.Rank(ieee) - format.Rank(ftz);
      if (std::abs(distance) > static_cast<int64_t>(format.MinNormal())) return false;
      if (format.Magnitude(ieee) > format.MinNormal() || format.Magnitude(ftz) > format.MinNormal()) return false;
    }
    return true;
  });
}

TEST(ModelLaws, AllModesAgreeWhenNothingSubnormalIsInSight) {
  ForAllArithmetic([](const Function& function, const std::array<uint64_t, 3>& x) {
    const Outcome ieee = Under(function, {kIeee}, x);
    const bool in_sight = (ieee.flags & (kDenormal | kUnderflow)) != 0 || function.format.IsSubnormal(ieee.bits);
    bool operand = false;
    for (int i = 0; i < function.Arity(); ++i) operand |= function.format.IsSubnormal(x[static_cast<size_t>(i)]);
    if (in_sight || operand) return true;
    for (Mode mode : kFlushModes) {
      if (!SameOutcome(function, ieee, Under(function, {mode}, x))) return false;
    }
    return true;
  });
}

// The next two need no mode; nextUp is also the judge of rounding.
RC_GTEST_PROP(ModelLaws, DirectedRoundingsBracketTheNearestOne, ()) {
  const Function function =
      Function::On(*rc::gen::elementOf(std::vector<Operation>(kArithmetic.begin(), kArithmetic.end())), kBinary32);
  const std::array<uint64_t, 3> x = *GenOperands(function, Specials::kFiniteOnly);
  const uint64_t down = Under(function, {{Rounding::kDown, false, false}}, x).bits;
  const uint64_t up = Under(function, {{Rounding::kUp, false, false}}, x).bits;
  const Outcome nearest = Under(function, {kIeee}, x);
  RC_PRE(!kBinary32.IsNan(nearest.bits));
  RC_ASSERT(kBinary32.Rank(down) <= kBinary32.Rank(nearest.bits));
  RC_ASSERT(kBinary32.Rank(nearest.bits) <= kBinary32.Rank(up));
  const bool inexact = (nearest.flags & kInexact) != 0;
  RC_ASSERT(kBinary32.Rank(up) - kBinary32.Rank(down) == (inexact ? 1 : 0));
}

TEST(ModelLaws, ChainDotIsTheFoldOfFmaFromPlusZero) {
  FloatGenerator generator(kBinary32, Specials::kFiniteOnly, 43);
  const Function fma = Function::On(Operation::kFma, kBinary32);
  constexpr size_t kLength = 37, kStride = 3;
  for (Mode mode : kFlushModes) {
    std::vector<float> a(kLength), b(kLength * kStride);
    for (float& x : a) x = FloatFromBits(static_cast<uint32_t>(generator.WithExponentNear(64, 4)));
    for (float& x : b) x = FloatFromBits(static_cast<uint32_t>(generator.WithExponentNear(64, 4)));
    uint64_t expected = 0;
    for (size_t k = 0; k < kLength; ++k) {
      expected = Evaluate(fma, HardwareEnvironment(mode), ToBits(a[k]), ToBits(b[k * kStride]), expected).bits;
    }
    EXPECT_EQ(ToBits(ChainDot(a, b.data(), kStride, mode)), expected) << Name(mode);
  }
  EXPECT_EQ(ToBits(ChainDot({}, nullptr, 1, kFtz)), 0u);
  const float minus_zero = -0.0f, one = 1.0f;
  EXPECT_EQ(ToBits(ChainDot({&minus_zero, 1}, &one, 1, kIeee)), 0u) << "-0 + +0 is +0";
}

}  // namespace
}  // namespace fplab::model
