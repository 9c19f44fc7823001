// The learning-rate schedule, and the step of the optimiser on a whole network.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include <fplab/fparith/float/bits.h>
#include <fplab/nets/training/optimizer.h>
#include "proptests/support/network_data.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

OptimizerConfig Config(float rate, int64_t warmup, Schedule schedule) {
  OptimizerConfig config;
  config.learning_rate = rate;
  config.warmup_steps = warmup;
  config.schedule = schedule;
  return config;
}

TEST(LearningRate, RisesLinearlyOverTheWarmUpFromItsFirstShareToThePeak) {
  for (Schedule schedule : {Schedule::kConstant, Schedule::kCosine}) {
    const OptimizerConfig config = Config(0.5f, 4, schedule);
    EXPECT_EQ(LearningRate(config, 0, 100), 0.125f);
    EXPECT_EQ(LearningRate(config, 1, 100), 0.25f);
    EXPECT_EQ(LearningRate(config, 2, 100), 0.375f);
    EXPECT_EQ(LearningRate(config, 3, 100), 0.5f);
    EXPECT_EQ(LearningRate(config, 4, 100), 0.5f);
  }
}

TEST(LearningRate, WithoutWarmUpBeginsAtThePeak) {
  EXPECT_EQ(LearningRate(Config(0.5f, 0, Schedule::kCosine), 0, 10), 0.5f);
  EXPECT_EQ(LearningRate(Config(0.5f, 0, Schedule::kConstant), 0, 10), 0.5f);
}

TEST(LearningRate, StaysConstantWhenTheScheduleIs) {
  const OptimizerConfig config = Config(0.3f, 5, Schedule::kConstant);
  for (int64_t step : {5, 6, 99, 1000}) EXPECT_EQ(LearningRate(config, step, 100), 0.3f);
}

TEST(LearningRate, FallsAlongHalfACosineToNearZero) {
  const OptimizerConfig config = Config(1.0f, 10, Schedule::kCosine);
  constexpr int64_t kTotal = 1010;
  // The middle of the fall is half the peak, to the error of the series.
  EXPECT_EQ(LearningRate(config, 510, kTotal), 0.5f);
  EXPECT_EQ(LearningRate(config, kTotal, kTotal), 0.0f);
  EXPECT_GT(LearningRate(config, kTotal - 1, kTotal), 0.0f);
  float before = 2;
  for (int64_t step = 10; step < kTotal; ++step) {
    const float rate = LearningRate(config, step, kTotal);
    const double exact = 0.5 * (1 + std::cos(M_PI * static_cast<double>(step - 10) / 1000));
    // The series is good to 1e-12; rounding to binary32 is half an ulp of a number below 1.
    EXPECT_NEAR(rate, exact, 1e-12 + 0x1p-25) << step;
    EXPECT_LT(rate, before) << step;
    before = rate;
  }
}

TEST(LearningRate, StaysAtThePeakWhenTheWarmUpIsAsLongAsTheRunOrLonger) {
  const OptimizerConfig config = Config(0.5f, 8, Schedule::kCosine);
  EXPECT_EQ(LearningRate(config, 7, 8), 0.5f);
  EXPECT_EQ(LearningRate(config, 8, 8), 0.5f);
  EXPECT_EQ(LearningRate(config, 3, 4), 0.25f);
  EXPECT_EQ(LearningRate(config, 0, 1), 0.0625f);
  EXPECT_EQ(LearningRate(Config(0.5f, 0, Schedule::kCosine), 0, 1), 0.5f);
}

TEST(OptimizerConfig, ThatMakesNoSenseIsRefusedByItsField) {
  const auto refusal = [](auto change) {
    OptimizerConfig config;
    change(config);
    return ErrorOf([&] { Validate(config); });
  };
  for (float rate : {0.0f, -1.0f, std::nanf(""), INFINITY}) {
    EXPECT_TRUE(Contains(refusal([=](auto& c) { c.learning_rate = rate; }), "learning rate: found"));
  }
  for (float share : {1.0f, -0.5f, std::nanf("")}) {
    EXPECT_TRUE(Contains(refusal([=](auto& c) { c.momentum = share; }), "momentum: found"));
    EXPECT_TRUE(Contains(refusal([=](auto& c) { c.average_decay = share; }), "average decay: found"));
  }
  EXPECT_TRUE(Contains(refusal([](auto& c) { c.warmup_steps = -1; }), "warmup steps: found -1"));
  EXPECT_EQ(refusal([](auto&) {}), "(no error)");
  EXPECT_TRUE(Contains(ErrorOf([] { ParseOptimizer("lion"); }), "unknown optimizer 'lion': expected adam or sgd"));
  EXPECT_TRUE(Contains(ErrorOf([] { ParseSchedule("step"); }), "unknown schedule 'step'"));
  for (OptimizerKind kind : {OptimizerKind::kAdam, OptimizerKind::kSgd}) EXPECT_EQ(ParseOptimizer(Name(kind)), kind);
  for (Schedule s : {Schedule::kConstant, Schedule::kCosine}) EXPECT_EQ(ParseSchedule(Name(s)), s);
}

// Some network and gradients for it, of more parameters than one task updates at once.
const NetworkConfig kNetwork{{150, 130, 3}, 125, kIeee, kFtzDaz};

// Five steps with a gradient that changes; parameters and state, all in one list.
std::vector<float> FiveSteps(const OptimizerConfig& config, kernels::Isa isa, int threads) {
  Network network = RandomNetwork(kNetwork, 1);
  OptimizerState state = InitialOptimizerState(config, network);
  kernels::Workers workers(threads);
  for (int64_t step = 0; step < 5; ++step) {
    const Network gradient = RandomNetwork(kNetwork, 2 + static_cast<uint64_t>(step));
    Step(config, step, 5, gradient.parameters, isa, workers, network, state);
  }
  std::vector<float> all = Flat(network.parameters);
  for (const Parameters* part : {&state.first, &state.second, &state.average}) {
    const std::vector<float> more = Flat(*part);
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

TEST(OptimizerStep, GivesTheSameBitsOnEveryIsaAndThreadCount) {
  for (OptimizerKind kind : {OptimizerKind::kAdam, OptimizerKind::kSgd}) {
    OptimizerConfig config = Config(0.01f, 2, Schedule::kCosine);
    config.kind = kind;
    config.average_decay = 0.9f;
    const std::vector<float> expected = FiveSteps(config, kernels::BestIsa(), 1);
    for (kernels::Isa isa : kernels::SupportedIsas()) {
      for (int threads : {1, 3}) EXPECT_EQ(FirstDifference(FiveSteps(config, isa, threads), expected), -1);
    }
  }
}

TEST(OptimizerStep, AdamsFirstStepMovesEveryParameterByTheLearningRateAgainstItsGradient) {
  // With both moments corrected for their start the first move is rate * g / (|g| + 1e-8).
  const OptimizerConfig config = Config(0.25f, 0, Schedule::kConstant);
  Network network = RandomNetwork(kNetwork, 1);
  const std::vector<float> before = Flat(network.parameters);
  OptimizerState state = InitialOptimizerState(config, network);
  kernels::Workers workers(1);
  const Network gradient = RandomNetwork(kNetwork, 2);
  Step(config, 0, 10, gradient.parameters, kernels::BestIsa(), workers, network, state);
  const std::vector<float> after = Flat(network.parameters), g = Flat(gradient.parameters);
  for (size_t i = 0; i < g.size(); ++i) {
    // In units of u = 2^-24 of what is rounded; 1 - beta is exact, and so is the product with 0.25. The dividend: the
    // moment, the correction and their product, 3 u. The divisor: a square, its product with 1 - beta, the correction
    // and the product with it, halved by the root, the root, epsilon as a binary32 and its sum, 5 u. The quotient 1 u,
    // and one for what errors are of each other. The difference: 1 u.
    const double move = 0.25 * g[i] / (std::fabs(g[i]) + 1e-8);
    const double tolerance = 10 * 0x1p-24 * std::fabs(move) + 0x1p-24 * std::fabs(after[i]);
    ASSERT_NEAR(after[i], before[i] - move, tolerance) << i;
  }
}

TEST(OptimizerStep, SgdKeepsAVelocity) {
  OptimizerConfig config = Config(0.5f, 0, Schedule::kConstant);
  config.kind = OptimizerKind::kSgd;
  config.momentum = 0.5f;
  const NetworkConfig one{{1, 1}, 0, kIeee, kIeee};
  Network network{one, ZeroParameters(one)};
  OptimizerState state = InitialOptimizerState(config, network);
  EXPECT_TRUE(state.second.empty() && state.average.empty());
  Parameters gradient = ZeroParameters(one);
  gradient[0].weight.At(0, 0) = 1.0f;
  kernels::Workers workers(1);
  for (float expected : {-0.5f, -1.25f, -2.125f}) {  // velocities 1, 1.5, 1.75
    Step(config, 0, 10, gradient, kernels::BestIsa(), workers, network, state);
    EXPECT_EQ(network.parameters[0].weight.At(0, 0), expected);
  }
}

TEST(OptimizerStep, TheAverageForgetsTheStartAndThenMovesSlowly) {
  OptimizerConfig config = Config(1.0f, 0, Schedule::kConstant);
  config.kind = OptimizerKind::kSgd;
  config.momentum = 0;
  config.average_decay = 0.99f;
  const NetworkConfig one{{1, 1}, 0, kIeee, kIeee};
  Network network{one, ZeroParameters(one)};
  network.parameters[0].bias[0] = 100;
  OptimizerState state = InitialOptimizerState(config, network);
  EXPECT_EQ(state.average[0].bias[0], 100);
  kernels::Workers workers(1);
  Parameters gradient = ZeroParameters(one);
  gradient[0].bias[0] = 100;
  Step(config, 0, 10, gradient, kernels::BestIsa(), workers, network, state);  // to 0, where it stays
  gradient[0].bias[0] = 0;
  // average = fma(1 - decay, parameter - average, average), rounded once at the end; the first step's decay is
  // (0 + 1) / (0 + 10).
  float expected = std::fma(1.0f - 0.1f, 0.0f - 100.0f, 100.0f);
  EXPECT_EQ(state.average[0].bias[0], expected);
  for (int64_t step = 1; step < 2000; ++step) {
    Step(config, step, 10, gradient, kernels::BestIsa(), workers, network, state);
    const float decay = std::min(0.99f, static_cast<float>(step + 1) / static_cast<float>(step + 10));
    expected = std::fma(1.0f - decay, 0.0f - expected, expected);
    ASSERT_EQ(state.average[0].bias[0], expected) << step;
  }
}

}  // namespace
}  // namespace fplab::nets
