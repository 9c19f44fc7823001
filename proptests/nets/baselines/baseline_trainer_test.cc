// The training loop of conventional networks: it learns, stops, refuses, and gives the same bits every time.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/baselines/baseline_trainer.h>

#include <gtest/gtest.h>

#include <algorithm>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/data/shuffle.h>
#include "proptests/support/network_data.h"

namespace fplab::nets {
namespace {

BaselineTrainConfig SmallConfig(kernels::Nonlinearity activation, bool normalise) {
  BaselineTrainConfig config;
  config.network = {{6, 24, 20, 3}, activation, normalise};
  config.optimizer.learning_rate = 1e-2f;
  config.optimizer.warmup_steps = 10;
  config.epochs = 20;
  config.batch = 64;
  return config;
}

TEST(EpochOrder, IsAPermutationThatDependsOnSeedAndEpoch) {
  for (int count : {0, 1, 2, 31, 1000}) {
    std::vector<int> order = ShuffledOrder(count, 5, 2, kernels::BestIsa());
    for (kernels::Isa isa : kernels::SupportedIsas()) EXPECT_EQ(ShuffledOrder(count, 5, 2, isa), order);
    if (count > 30) {
      EXPECT_NE(ShuffledOrder(count, 5, 3, kernels::BestIsa()), order);
      EXPECT_NE(ShuffledOrder(count, 6, 2, kernels::BestIsa()), order);
    }
    std::sort(order.begin(), order.end());
    for (int i = 0; i < count; ++i) EXPECT_EQ(order[static_cast<size_t>(i)], i);
  }
}

// Points of the square [-1, 1]^2, labelled by the sign of the product of their coordinates.
Dataset Quadrants(int count, uint64_t seed) {
  Dataset data = RandomData(count, 2, 2, seed);
  for (size_t i = 0; i < data.y.size(); ++i) data.y[i] = data.x[2 * i] * data.x[2 * i + 1] > 0;
  return data;
}

TEST(BaselineTrainer, LearnsWhatALinearNetworkCannot) {
  const TrainTest data = {Quadrants(1000, 21), Quadrants(500, 22), "generated", {}};
  for (kernels::Nonlinearity function :
       {kernels::Nonlinearity::kLinear, kernels::Nonlinearity::kElu, kernels::Nonlinearity::kTanh}) {
    for (bool normalise : {false, true}) {
      BaselineTrainConfig config = SmallConfig(function, normalise);
      config.network.layers = {2, 24, 20, 2};
      const BaselineTrainResult result = TrainBaseline(config, data, {});
      EXPECT_TRUE(result.finished);
      ASSERT_EQ(result.curve.size(), 21u);
      for (int e = 0; e <= 20; ++e) EXPECT_EQ(result.curve[static_cast<size_t>(e)].epoch, e);
      // No line leaves much more than half of the points on their side of it; a tenth is far beyond what seeds change.
      const double accuracy = result.curve.back().validation.accuracy;
      if (function != kernels::Nonlinearity::kLinear) {
        EXPECT_GT(accuracy, 0.9) << static_cast<int>(function) << normalise;
      } else if (!normalise) {
        EXPECT_LT(accuracy, 0.7);
      }
    }
  }
}

TEST(BaselineTrainer, GivesTheSameNetworkAndCurveOnEveryIsaAndThreadCount) {
  const TrainTest data = RandomTrainTest(150, 40, 6, 3, 22);
  BaselineTrainConfig config = SmallConfig(kernels::Nonlinearity::kElu, true);
  config.epochs = 2;
  const BaselineTrainResult expected = TrainBaseline(config, data, {});
  for (kernels::Isa isa : kernels::SupportedIsas()) {
    for (int threads : {1, 2}) {
      TrainOptions options;
      options.isa = isa;
      options.threads = threads;
      const BaselineTrainResult found = TrainBaseline(config, data, options);
      EXPECT_EQ(found.digest, expected.digest) << Name(isa);
      EXPECT_EQ(found.curve.back().validation.loss, expected.curve.back().validation.loss) << Name(isa);
    }
  }
  config.seed = 2;
  EXPECT_NE(TrainBaseline(config, data, {}).digest, expected.digest);
}

TEST(BaselineTrainer, StopsWhenAskedAndReportsEveryStep) {
  const TrainTest data = RandomTrainTest(150, 40, 6, 3, 23);
  int steps = 0;
  TrainOptions options;
  options.progress = [&](const TrainProgress& p) {
    EXPECT_EQ(p.step, ++steps);
    EXPECT_EQ(p.total_steps, 60);
    EXPECT_EQ(p.epoch, (steps - 1) / 3 + 1);
  };
  options.stop = [&] { return steps == 4; };
  const BaselineTrainResult result = TrainBaseline(SmallConfig(kernels::Nonlinearity::kTanh, false), data, options);
  EXPECT_FALSE(result.finished);
  EXPECT_EQ(steps, 4);
  EXPECT_EQ(result.curve.size(), 2u);
}

TEST(BaselineTrainer, RefusesWhatCannotBeTrained) {
  const TrainTest data = RandomTrainTest(10, 5, 6, 3, 24);
  const auto expect_refused = [&](const auto& change) {
    BaselineTrainConfig config = SmallConfig(kernels::Nonlinearity::kTanh, false);
    change(config);
    EXPECT_THROW(TrainBaseline(config, data, {}), Error);
  };
  expect_refused([](BaselineTrainConfig& c) { c.epochs = 0; });
  expect_refused([](BaselineTrainConfig& c) { c.batch = 0; });
  expect_refused([](BaselineTrainConfig& c) { c.gain = 0; });
  expect_refused([](BaselineTrainConfig& c) { c.optimizer.average_decay = 0.5f; });
  expect_refused([](BaselineTrainConfig& c) { c.network.layers = {7, 3}; });
  expect_refused([](BaselineTrainConfig& c) { c.network.layers = {6, 4}; });
  expect_refused([](BaselineTrainConfig& c) { c.network.layers = {6}; });
  TrainTest empty = data;
  empty.train.x.clear();
  empty.train.y.clear();
  EXPECT_THROW(TrainBaseline(SmallConfig(kernels::Nonlinearity::kTanh, false), empty, {}), Error);
}

}  // namespace
}  // namespace fplab::nets
