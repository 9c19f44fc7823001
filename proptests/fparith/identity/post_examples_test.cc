// The two examples of "Nonlinear Computation in Deep Linear Networks" (OpenAI, 2017): binary32 is neither distributive
// nor associative at the edge of underflow. On the model and on the machine.
//
// The post writes 0.4 min and 0.5 min, which are subnormal themselves: with FTZ alone they are operands as good as any,
// and it is the results that are flushed; with DAZ they are zeros before anything is computed.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/mode/control_word.h>

namespace fplab::identity {
namespace {

constexpr float kMin = 0x1p-126f;

uint64_t Bits(float x) { return ToBits(x); }

// Sides of `left == right` for the operands, under `mode`.
struct Sides {
  uint64_t left, right;
};

Sides Evaluate(const char* left, const char* right, const std::vector<uint64_t>& operands, statement::Target target,
               Mode mode) {
  const std::string statement = std::string(left) + " == " + right;
  const statement::Expression expression = statement::ParseExpression(statement, kBinary32);
  Sides sides{};
  for (const Step& step : TraceClaim(expression, operands, target, mode)) {
    if (step.text == left) sides.left = step.bits;
    if (step.text == right) sides.right = step.bits;
  }
  return sides;
}

class PostExamples : public testing::TestWithParam<statement::Target> {
 protected:
  void SetUp() override {
    if (GetParam() == statement::Target::kHardware && !HardwareSupports(kFtz))
      GTEST_SKIP() << "no FTZ without DAZ here";
  }
};

INSTANTIATE_TEST_SUITE_P(, PostExamples, testing::Values(statement::Target::kModel, statement::Target::kHardware),
                         [](const auto& test) { return std::string(Name(test.param)); });

// 0.4 min and 0.5 min times 1/min: in binary32, 0.4 min is the subnormal 3355443 * 2^-149.
const std::vector<uint64_t> kDistributive = {Bits(0x0.666666p-126f), Bits(0x0.8p-126f), Bits(0x1p126f)};

TEST_P(PostExamples, FtzBreaksDistributivityAsTheSumUnderflows) {
  const Sides ftz = Evaluate("(a+b)*c", "a*c+b*c", kDistributive, GetParam(), kFtz);
  EXPECT_EQ(ftz.left, Bits(0.0f)) << "a+b = 0.9 min is flushed";
  EXPECT_EQ(ftz.right, Bits(0x1.ccccccp-1f)) << "0.9, as no product underflows";
}

TEST_P(PostExamples, DenormalsKeepDistributivityThere) {
  const Sides ieee = Evaluate("(a+b)*c", "a*c+b*c", kDistributive, GetParam(), kIeee);
  EXPECT_EQ(ieee.left, Bits(0x1.ccccccp-1f));
  EXPECT_EQ(ieee.right, ieee.left);
}

TEST_P(PostExamples, DazReadsTheSubnormalOperandsAsZeros) {
  for (Mode mode : {kDaz, kFtzDaz}) {
    const Sides sides = Evaluate("(a+b)*c", "a*c+b*c", kDistributive, GetParam(), mode);
    EXPECT_EQ(sides.left, Bits(0.0f)) << Name(mode);
    EXPECT_EQ(sides.right, Bits(0.0f)) << Name(mode) << ": both sides are 0, so the example needs DAZ off";
  }
}

const std::vector<uint64_t> kAssociative = {Bits(2.5f * kMin), Bits(-1.6f * kMin), Bits(kMin)};

TEST_P(PostExamples, FtzBreaksAssociativityAsAPartialSumUnderflows) {
  for (Mode mode : {kFtz, kFtzDaz}) {
    const Sides sides = Evaluate("(a+b)+c", "(b+c)+a", kAssociative, GetParam(), mode);
    EXPECT_EQ(sides.left, Bits(kMin)) << Name(mode) << ": a+b = 0.9 min is flushed";
    EXPECT_EQ(sides.right, Bits(2.5f * kMin)) << Name(mode) << ": b+c = -0.6 min is flushed";
  }
}

TEST_P(PostExamples, DenormalsKeepAssociativityThere) {
  const Sides ieee = Evaluate("(a+b)+c", "(b+c)+a", kAssociative, GetParam(), kIeee);
  EXPECT_EQ(ieee.left, ieee.right) << "1.9 min, every partial sum exact";
  EXPECT_EQ(ieee.left, Bits(0x1.e66666p-126f));
}

TEST_P(PostExamples, DazAloneBreaksAssociativityAsItReadsThePartialSumAsZero) {
  const Sides daz = Evaluate("(a+b)+c", "(b+c)+a", kAssociative, GetParam(), kDaz);
  EXPECT_EQ(daz.left, Bits(kMin)) << "a+b is the right subnormal, and 0 as the next operand";
  EXPECT_EQ(daz.right, Bits(2.5f * kMin));
}

TEST_P(PostExamples, SearchFindsCounterexamplesThatHoldInIeeeMode) {
  SearchOptions options;
  options.targets = {GetParam()};
  options.modes = {kFtz};
  for (const char* statement :
       {"(a+b)*c == a*c+b*c when ieee((a+b)*c == a*c+b*c)", "(a+b)+c == (b+c)+a when ieee((a+b)+c == (b+c)+a)"}) {
    const Refutation refutation = Refute(statement, kBinary32, options);
    EXPECT_FALSE(refutation.Holds()) << statement;
  }
}

}  // namespace
}  // namespace fplab::identity
