// What subnormal numbers cost: a figure on every instruction set. How large it is, is the machine's affair.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/matmul/subnormal_cost.h>

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/model/fma_chain.h>

namespace fplab::kernels {
namespace {

TEST(SubnormalCost, IsAFiniteRatioAboveZeroOnEveryIsa) {
  for (Isa isa : SupportedIsas()) {
    const double slowdown = SubnormalSlowdown(isa);
    EXPECT_TRUE(std::isfinite(slowdown) && slowdown > 0) << Name(isa) << ": " << slowdown;
  }
}

TEST(SubnormalCost, IsMeasuredOnChainsWhoseEveryProductAndSumIsSubnormal) {
  // The operands that its header's promise rests on: 64 times 2^-128 by 2^-5.
  std::vector<float> sums;
  for (size_t steps = 1; steps <= 64; ++steps) {
    const std::vector<float> left(steps, 0x1p-128f), right(steps, 0x1p-5f);
    sums.push_back(model::ChainDot(left, right.data(), 1, kIeee));
    EXPECT_TRUE(IsSubnormal(sums.back())) << steps;
    EXPECT_TRUE(IsZero(model::ChainDot(left, right.data(), 1, kFtz))) << steps;
  }
  EXPECT_EQ(sums.back(), 0x1p-127f);
}

TEST(SubnormalCost, LeavesTheModeAsItIs) {
  const uint64_t before = ReadControlWord();
  SubnormalSlowdown(BestIsa());
  EXPECT_EQ(ReadControlWord(), before);
}

TEST(SubnormalCost, TrainingIsRescaledFromAFewfoldOn) { EXPECT_EQ(kSlowSubnormals, 4.0); }

}  // namespace
}  // namespace fplab::kernels
