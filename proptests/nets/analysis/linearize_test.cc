// Effects of gates against their definition, and linearising from the whole network to one without gates.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/analysis/linearize.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include <fplab/nets/analysis/gate_effects.h>
#include <fplab/nets/network/accuracy.h>
#include "proptests/support/hardware_modes.h"
#include "proptests/support/network_data.h"
#include "proptests/support/network_reference.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

using Effects = std::vector<std::vector<double>>;

Effects EffectsOf(const Network& network, const Dataset& data, kernels::Isa isa = kernels::BestIsa(), int threads = 1) {
  kernels::Workers workers(threads);
  return GateEffects(network, data, isa, workers);
}

std::vector<float> LogitsOf(const Network& network, const Dataset& data) {
  const ForwardPass forward(network, kernels::BestIsa());
  const Batch batch = BatchOf(data);
  std::vector<kernels::PanelMatrix> hidden = forward.MakeHidden();
  kernels::PanelMatrix logits(network.config.layers.back(), kernels::kPanelWidth);
  std::vector<float> all;
  for (int p = 0; p < batch.panels(); ++p) {
    forward.Logits(WholePanel(batch.columns, p), hidden, logits.view());
    for (int c = 0; c < batch.SamplesIn(p); ++c) {
      for (int r = 0; r < logits.rows(); ++r) all.push_back(logits.At(r, c));
    }
  }
  return all;
}

LinearUnits NoneLinear(const NetworkConfig& config) {
  LinearUnits linear = AllLinear(config);
  for (std::vector<uint8_t>& layer : linear) std::fill(layer.begin(), layer.end(), uint8_t{0});
  return linear;
}

TEST(GateEffects, AreTheMeanSquaredChangesOfTheLogitsOfWholeForwardPasses) {
  const Dataset data = RandomData(45, 4, 3, 1200);
  for (const std::vector<int>& layers : {std::vector<int>{4, 3}, {4, 9, 3}, {4, 9, 37, 3}, {4, 7, 6, 5, 3}}) {
    for (Mode mode : OfThisMachine({kFtzDaz, kDaz})) {
      Network network = RandomNetwork({layers, 125, kIeee, mode}, 1201);
      network.linear = NoneLinear(network.config);
      network.linear[0][1] = 1;
      const std::vector<float> before = LogitsOf(network, data);
      const Effects effects = EffectsOf(network, data);
      for (size_t l = 0; l < effects.size(); ++l) {
        ASSERT_EQ(effects[l].size(), static_cast<size_t>(layers[l + 1]));
        for (size_t j = 0; j < effects[l].size(); ++j) {
          Network changed = network;
          changed.linear[l][j] = 1;
          const std::vector<float> after = LogitsOf(changed, data);
          double expected = 0;
          for (size_t i = 0; i < after.size(); ++i) {
            const double change = static_cast<double>(after[i]) - before[i];
            expected += change * change / data.count();
          }
          // Sums differ by some roundings of numbers below 8; a gate above would have to sit on its edge to notice.
          EXPECT_NEAR(effects[l][j], expected, 1e-5 * (1 + expected)) << "layer " << l << " unit " << j;
        }
      }
      EXPECT_EQ(effects[0][1], 0);
    }
  }
}

TEST(GateEffects, AGateThatNeverFiresHasNoneAndAFlushedBiasIsOne) {
  const NetworkConfig config{{1, 3, 2}, 125, kIeee, kFtzDaz};
  Network network{config, ZeroParameters(config)};
  for (int j = 0; j < 3; ++j) network.parameters[0].weight.At(0, j) = j == 2 ? 0.25f : 4.0f;
  network.parameters[1].weight.At(0, 0) = 1;
  network.parameters[1].weight.At(1, 1) = 2;
  network.parameters[1].weight.At(2, 0) = 2;
  network.parameters[1].bias[1] = 0.25f;
  const Dataset data{"ones", 1, 2, 0, 0, {1.0f, 1.0f}, {0, 1}};
  const Effects effects = EffectsOf(network, data);
  EXPECT_EQ(effects[0], (std::vector<double>{0, 0, 0.25}));  // 2 * 0.25 reaches the first logit, squared
  EXPECT_EQ(effects[1], (std::vector<double>{0, 0.0625}));
}

TEST(GateEffects, AreTheSameOnEveryIsaAndThreadCountAndZeroOfNoSamples) {
  const Network network = RandomNetwork({{4, 40, 33, 3}, 125, kIeee, kFtzDaz}, 1210);
  const Dataset data = RandomData(100, 4, 3, 1211);
  const Effects expected = EffectsOf(network, data);
  for (kernels::Isa isa : kernels::SupportedIsas()) {
    for (int threads : {1, 3}) EXPECT_EQ(EffectsOf(network, data, isa, threads), expected) << Name(isa);
  }
  for (const std::vector<double>& layer : EffectsOf(network, FirstSamples(data, 0))) {
    EXPECT_EQ(std::set<double>(layer.begin(), layer.end()), std::set<double>{0});
  }
  EXPECT_EQ(FirstSamples(data, 101).count(), 100);
  EXPECT_EQ(FirstSamples(data, 7).x.size(), 28u);
}

Checkpoint SmallRun(const Network& network) {
  Checkpoint checkpoint;
  checkpoint.config.network = network.config;
  checkpoint.config.batch = 50;
  checkpoint.config.estimator = ActivationConfig{0.15f, {2}, 4};
  checkpoint.network = network;
  checkpoint.step = 40;
  return checkpoint;
}

std::vector<LinearizePoint> PointsOf(const Checkpoint& checkpoint, const TrainTest& data, const LinearizeConfig& config,
                                     kernels::Isa isa = kernels::BestIsa(), int threads = 1) {
  kernels::Workers workers(threads);
  return Linearize(checkpoint, data, config, isa, workers);
}

TEST(Linearize, GoesFromTheNetworkAsItIsToOneWithoutGatesInEqualPortions) {
  const Network network = RandomNetwork({{6, 12, 9, 3}, 125, kIeee, kFtzDaz}, 1220);
  const TrainTest data = RandomTrainTest(200, 90, 6, 3, 1221);
  const std::vector<LinearizePoint> points = PointsOf(SmallRun(network), data, {5, 100, 0, 1e-3f});
  ASSERT_EQ(points.size(), 6u);
  const int left[] = {24, 19, 14, 9, 4, 0};
  kernels::Workers workers(1);
  for (size_t i = 0; i < points.size(); ++i) {
    EXPECT_EQ(points[i].gates, left[i]);
    int sum = 0;
    for (int gates : points[i].gates_by_layer) sum += gates;
    EXPECT_EQ(sum, left[i]);
  }
  Network open = network;
  open.config.elementwise_mode = kIeee;
  const Accuracy whole = Evaluate(network, data.train, kernels::BestIsa(), workers);
  EXPECT_EQ(points.front().train_accuracy, whole.accuracy);
  EXPECT_EQ(points.front().path_length, whole.gates.PathLength());
  EXPECT_EQ(points.front().test_accuracy, Evaluate(network, data.test, kernels::BestIsa(), workers).accuracy);
  EXPECT_EQ(points.back().train_accuracy, Evaluate(open, data.train, kernels::BestIsa(), workers).accuracy);
  EXPECT_EQ(points.back().test_accuracy, Evaluate(open, data.test, kernels::BestIsa(), workers).accuracy);
  EXPECT_EQ(points.back().path_length, 0);
}

TEST(Linearize, GatesThatNeverFireGoFirstAndCostNothing) {
  // The first hidden unit reads |x| > 1/2 off its gate; nine others pass always.
  const NetworkConfig config{{1, 10, 2}, 125, kIeee, kFtzDaz};
  Network network{config, ZeroParameters(config)};
  for (int j = 0; j < 10; ++j) network.parameters[0].weight.At(0, j) = j == 0 ? 1.0f : 8.0f;
  network.parameters[1].weight.At(0, 1) = 2;
  Dataset samples{"steps", 1, 2, 0, 0, {}, {}};
  for (int i = 0; i < 100; ++i) {
    samples.x.push_back(i % 2 == 0 ? 0.25f : 0.75f);
    samples.y.push_back(static_cast<uint8_t>(i % 2));
  }
  const std::vector<LinearizePoint> points = PointsOf(SmallRun(network), {samples, samples, ""}, {12, 100, 0, 1e-3f});
  ASSERT_EQ(points.size(), 13u);
  for (size_t i = 0; i < 12; ++i) EXPECT_EQ(points[i].test_accuracy, 1.0) << i;
  EXPECT_EQ(points[11].gates_by_layer, (std::vector<int>{1, 0}));
  EXPECT_EQ(points[12].test_accuracy, 0.5);
}

TEST(Linearize, FineTuningLearnsWithWhatIsLeftAndIsTheSameOnEveryIsaAndThreadCount) {
  const Network network = RandomNetwork({{6, 16, 3}, 125, kIeee, kFtzDaz}, 1230);
  TrainTest data = RandomTrainTest(200, 90, 6, 3, 1231);
  // Labels that even a linear network can learn, whatever the seed.
  for (size_t i = 0; i < data.train.y.size(); ++i) {
    const float* x = data.train.x.data() + i * 6;
    data.train.y[i] = static_cast<uint8_t>(std::max_element(x, x + 3) - x);
  }
  const LinearizeConfig plain{3, 100, 0, 1e-2f}, tuned{3, 100, 30, 1e-2f};
  const std::vector<LinearizePoint> without = PointsOf(SmallRun(network), data, plain);
  const std::vector<LinearizePoint> with = PointsOf(SmallRun(network), data, tuned);
  EXPECT_EQ(with[0].train_accuracy, without[0].train_accuracy);
  for (size_t i = 1; i < with.size(); ++i) {
    EXPECT_EQ(with[i].gates, without[i].gates);
    EXPECT_GT(with[i].train_accuracy, without[i].train_accuracy + 0.05) << i;
  }
  for (kernels::Isa isa : kernels::SupportedIsas()) {
    const std::vector<LinearizePoint> again = PointsOf(SmallRun(network), data, tuned, isa, 3);
    for (size_t i = 0; i < with.size(); ++i) EXPECT_EQ(again[i].train_accuracy, with[i].train_accuracy) << Name(isa);
  }
}

TEST(Linearize, AStopLeavesThePointsThatWereFinished) {
  const Network network = RandomNetwork({{6, 12, 3}, 125, kIeee, kFtzDaz}, 1240);
  const TrainTest data = RandomTrainTest(100, 50, 6, 3, 1241);
  kernels::Workers workers(1);
  for (int asked_before : {0, 1, 3, 8}) {
    int asked = 0;
    const auto points = Linearize(SmallRun(network), data, {4, 100, 1, 1e-3f}, kernels::BestIsa(), workers, {},
                                  [&] { return asked++ >= asked_before; });
    // Asked before each level, and before each of the two steps of tuning after the first.
    EXPECT_EQ(points.size(), asked_before == 0 ? 0u : asked_before == 1 ? 1u : asked_before == 3 ? 1u : 3u);
  }
}

TEST(Linearize, TellsWhereItStands) {
  const Network network = RandomNetwork({{6, 12, 3}, 125, kIeee, kFtzDaz}, 1250);
  const TrainTest data = RandomTrainTest(100, 50, 6, 3, 1251);
  kernels::Workers workers(1);
  int levels = 0, tunings = 0;
  Linearize(SmallRun(network), data, {3, 100, 1, 1e-3f}, kernels::BestIsa(), workers, [&](const LinearizeProgress& p) {
    EXPECT_EQ(p.all_gates, 15);
    EXPECT_EQ(p.last == nullptr, levels == 0);
    (p.tune_step ? tunings : levels) += 1;
    EXPECT_LT(p.tune_step.value_or(-1), p.tune_steps);
  });
  EXPECT_EQ(levels, 4);
  EXPECT_EQ(tunings, 6);
}

TEST(Linearize, WhatMakesNoSenseIsRefused) {
  const TrainTest data = RandomTrainTest(10, 10, 6, 3, 1261);
  const auto message = [&](Mode mode, const LinearizeConfig& config) {
    const Network network = RandomNetwork({{6, 5, 3}, 125, kIeee, mode}, 1260);
    return ErrorOf([&] { PointsOf(SmallRun(network), data, config); });
  };
  EXPECT_EQ(message(kIeee, {}), "linearize: the element-wise mode is none: there is no gate to take away");
  EXPECT_EQ(message(kFtzDaz, {0}), "levels: found 0, expected at least 1");
  EXPECT_EQ(message(kFtzDaz, {1, 0}), "effect samples: found 0, expected at least 1");
  EXPECT_EQ(message(kFtzDaz, {1, 1, -1}), "tune epochs: found -1, expected at least 0");
  EXPECT_EQ(message(kFtzDaz, {1, 1, 1, 0.0f}), "tune rate: found 0, expected > 0");
}

}  // namespace
}  // namespace fplab::nets
