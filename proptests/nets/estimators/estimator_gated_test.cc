// The gated estimator and backpropagation: their gradients are the derivatives of the network's function.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include <fplab/fparith/float/bits.h>
#include <fplab/nets/estimators/gated_estimator.h>
#include "proptests/support/kernel_data.h"
#include "proptests/support/network_data.h"
#include "proptests/support/network_reference.h"

namespace fplab::nets {
namespace {

Parameters GatedGradient(const Network& network, const Batch& batch, StepStatistics* seen = nullptr,
                         kernels::Isa isa = kernels::BestIsa(), int threads = 1) {
  GatedEstimator estimator(isa);
  kernels::Workers workers(threads);
  Parameters gradient = ZeroParameters(network.config);
  const StepStatistics statistics = estimator.Estimate(network, batch, 1, 0, workers, gradient);
  if (seen != nullptr) *seen = statistics;
  return gradient;
}

std::vector<double> Doubles(std::span<const float> x) { return {x.begin(), x.end()}; }

// What a central difference found, and whether no gate of any sample moved between its two ends.
struct Difference {
  double derivative;
  bool smooth;
};

Difference CentralDifference(BaselineNetwork& function, const Dataset& data, size_t parameter) {
  // The loss is computed to about 1e-15, so the quotient to 1e-9; the third derivative times h^2 / 6 is below that.
  constexpr double kStep = 1e-6;
  const double before = function.at(parameter);
  double ends[2] = {0, 0};
  std::vector<bool> gates[2];
  for (int side : {0, 1}) {
    function.at(parameter) = before + (side == 0 ? -kStep : kStep);
    for (int i = 0; i < data.count(); ++i) {
      const std::vector<double> x = Doubles(data.Sample(i));
      ends[side] += function.Loss(x, data.y[static_cast<size_t>(i)], {}, &gates[side]) / data.count();
    }
  }
  function.at(parameter) = before;
  return {(ends[1] - ends[0]) / (2 * kStep), gates[0] == gates[1]};
}

// The forward and backward pass with every number replaced by its magnitude and every gate open: the sum of the
// magnitudes of all that the gradient of a parameter is a sum of. The errors of the logits enter as one times their
// magnitudes (the derivative of softmax is below 1). Every unit's magnitude is 1 more than that: at scale 2^-125 a
// number is rounded to a multiple of 2^-24 (of 2^-149 before scaling) however small it is.
std::vector<double> MagnitudeGradient(const Network& network, const Dataset& data) {
  const std::vector<int>& widths = network.config.layers;
  const size_t depth = network.parameters.size();
  Network magnitudes = network;
  for (LayerParameters& layer : magnitudes.parameters) {
    for (float& w : layer.weight.buffer()) w = std::fabs(w);
    for (float& b : layer.bias) b = std::fabs(b) + 1;
  }
  magnitudes.config.elementwise_mode = kIeee;
  const BaselineNetwork function(magnitudes);
  std::vector<double> result(function.size());
  for (int i = 0; i < data.count(); ++i) {
    std::vector<double> x;
    for (float v : data.Sample(i)) x.push_back(std::fabs(v));
    std::vector<double> delta = function.Logits(x);
    for (double& d : delta) d = (1 + d) / data.count();
    size_t end = result.size();
    for (size_t l = depth; l-- > 0;) {
      const auto inputs = static_cast<size_t>(widths[l]), outputs = static_cast<size_t>(widths[l + 1]);
      const size_t bias = end - outputs, weight = bias - inputs * outputs;
      std::vector<double> below(inputs);
      for (size_t j = 0; j < outputs; ++j) {
        result[bias + j] += delta[j];
        for (size_t k = 0; k < inputs; ++k) {
          result[weight + k * outputs + j] += function.input(static_cast<int>(l))[k] * delta[j];
          below[k] += magnitudes.parameters[l].weight.At(static_cast<int>(k), static_cast<int>(j)) * delta[j];
        }
      }
      end = weight;
      delta = below;
    }
  }
  return result;
}

// Every component of `gradient` against the central difference of the function in binary64.
//
// Tolerance: a component is a sum over samples and paths of products; each of the n operations on the longest way
// through the forward and backward pass rounds by at most 2^-24 of the sum of magnitudes so far. Softmax, exp and log
// add less than 2 classes + 20 such steps. 1e-8 is the error of the difference quotient.
void ExpectDerivative(const Network& network, const Dataset& data, int min_smooth) {
  const std::vector<float> found = Flat(GatedGradient(network, BatchOf(data)));
  const std::vector<double> magnitudes = MagnitudeGradient(network, data);
  double operations = data.count() + 2 * network.config.layers.back() + 20;
  for (int width : network.config.layers) operations += 2 * (width + 3);
  BaselineNetwork function(network);
  int smooth = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    const Difference expected = CentralDifference(function, data, i);
    if (!expected.smooth) continue;
    ++smooth;
    ASSERT_NEAR(found[i], expected.derivative, operations * 0x1p-24 * magnitudes[i] + 1e-8) << "parameter " << i;
  }
  EXPECT_GE(smooth, min_smooth) << "of " << found.size();
}

const std::vector<int> kShapes[] = {{4, 3}, {6, 5, 3}, {5, 7, 6, 4}, {3, 6, 5, 7, 2}, {2, 33, 34, 3}};

int ParameterCount(const std::vector<int>& layers) {
  int count = 0;
  for (size_t l = 0; l + 1 < layers.size(); ++l) count += (layers[l] + 1) * layers[l + 1];
  return count;
}

TEST(GatedEstimator, IsTheDerivativeOfTheFlushingNetworkAwayFromItsGates) {
  uint64_t seed = 20;
  for (const std::vector<int>& layers : kShapes) {
    for (int scale : {125, 124}) {
      for (Mode elementwise : HardwareFlushModes()) {
        if (elementwise == kIeee) continue;
        // Biases on both sides of the threshold; all below where the matmul's result is flushed on entering, as the
        // estimator's contract demands.
        const float bias = elementwise.flush_inputs ? 0x1p-3f : 1.5f;
        const Network network = RandomNetwork({layers, scale, kIeee, elementwise}, ++seed, bias);
        const Dataset data = RandomData(5, layers.front(), layers.back(), ++seed);
        // A step of 1e-6 seldom moves one of some hundred gates.
        ExpectDerivative(network, data, ParameterCount(layers) * 9 / 10);
      }
    }
  }
}

TEST(GatedEstimator, IsTheDerivativeEverywhereForANetworkThatNeverFlushes) {
  uint64_t seed = 40;
  for (const std::vector<int>& layers : kShapes) {
    for (int scale : {0, 60}) {
      const Network network = RandomNetwork({layers, scale, kIeee, kIeee}, ++seed, 1.5f);
      const Dataset data = RandomData(5, layers.front(), layers.back(), ++seed);
      ExpectDerivative(network, data, ParameterCount(layers));
    }
  }
}

TEST(GatedEstimator, IsTheDerivativeWhenTheLastPanelOfTheBatchIsPartial) {
  const Network network = RandomNetwork({{4, 6, 5, 3}, 125, kIeee, kFtzDaz}, 60, 0.4f);
  for (int samples : {1, 31, 32, 33, 65}) {
    ExpectDerivative(network, RandomData(samples, 4, 3, 61), ParameterCount({4, 6, 5, 3}) * 8 / 10);
  }
}

TEST(GatedEstimator, GivesABiasThatIsFlushedOnEnteringNoGradientAndAUnitThatIsFlushedNone) {
  const NetworkConfig config{{5, 12, 18, 4}, 125, kIeee, kFtzDaz};
  const Network network = RandomNetwork(config, 70, 1.0f);
  const Dataset data = RandomData(40, 5, 4, 71);
  const Parameters gradient = GatedGradient(network, BatchOf(data));
  int dead = 0, alive = 0;
  for (size_t l : {1u, 2u}) {
    for (int j = 0; j < config.layers[l + 1]; ++j) {
      const float b = network.parameters[l].bias[static_cast<size_t>(j)];
      const float g = gradient[l].bias[static_cast<size_t>(j)];
      if (std::fabs(b) < 0.5f) {
        EXPECT_EQ(ToBits(g), 0u);
        ++dead;
      } else {
        EXPECT_NE(g, 0.0f);
        ++alive;
      }
    }
  }
  EXPECT_GT(dead, 0);
  EXPECT_GT(alive, 0);

  // A hidden unit whose weights are too small to pass its gate gets nothing.
  Network shut = network;
  for (int i = 0; i < 12; ++i) shut.parameters[1].weight.At(i, 3) = 0x1p-20f;
  shut.parameters[1].bias[3] = 0;
  const Parameters none = GatedGradient(shut, BatchOf(data));
  for (int i = 0; i < 12; ++i) EXPECT_EQ(none[1].weight.At(i, 3), 0.0f);
  for (int j = 0; j < 4; ++j) EXPECT_EQ(none[2].weight.At(3, j), 0.0f);
}

TEST(GatedEstimator, ReportsTheSumOfTheLossesAndTheNumberClassifiedRight) {
  const Network network = RandomNetwork({{4, 6, 3}, 125, kIeee, kFtzDaz}, 80);
  const Dataset data = RandomData(37, 4, 3, 81);
  StepStatistics seen;
  GatedGradient(network, BatchOf(data), &seen);
  double loss = 0;
  int64_t correct = 0;
  for (int i = 0; i < data.count(); ++i) {
    const std::vector<float> logits = RunScalarPass(network, data.Sample(i)).logits();
    const std::vector<double> wide(logits.begin(), logits.end());
    loss += SoftmaxLoss(wide, data.y[static_cast<size_t>(i)]);
    correct += std::max_element(logits.begin(), logits.end()) - logits.begin() == data.y[static_cast<size_t>(i)];
  }
  // A loss is a few roundings of values below 10.
  EXPECT_NEAR(seen.loss, loss, 37 * 10 * 10 * 0x1p-24);
  EXPECT_EQ(seen.correct, correct);
}

TEST(GatedEstimator, GivesTheSameBitsOnEveryIsaAndThreadCount) {
  for (Mode matmul : {kIeee, kFtzDaz}) {
    const Network network = RandomNetwork({{7, 40, 35, 5}, matmul == kIeee ? 125 : 122, matmul, kFtzDaz}, 90);
    const Batch batch = BatchOf(RandomData(135, 7, 5, 91));
    const std::vector<float> expected = Flat(GatedGradient(network, batch));
    for (kernels::Isa isa : kernels::SupportedIsas()) {
      for (int threads : {1, 2, 3}) {
        const std::vector<float> found = Flat(GatedGradient(network, batch, nullptr, isa, threads));
        EXPECT_EQ(FirstDifference(found, expected), -1) << Name(isa) << ", " << threads << " threads";
      }
    }
  }
}

TEST(GatedEstimator, MemoryKeptFromAnotherBatchSizeOrNetworkChangesNothing) {
  GatedEstimator estimator(kernels::BestIsa());
  kernels::Workers workers(2);
  for (const std::vector<int>& layers : kShapes) {
    const Network network = RandomNetwork({layers, 125, kIeee, kFtzDaz}, 95);
    for (int samples : {33, 5, 64}) {
      const Batch batch = BatchOf(RandomData(samples, layers.front(), layers.back(), 96));
      Parameters gradient = RandomNetwork(network.config, 97).parameters;
      estimator.Estimate(network, batch, 1, 0, workers, gradient);
      EXPECT_EQ(FirstDifference(Flat(gradient), Flat(GatedGradient(network, batch))), -1);
    }
  }
}

}  // namespace
}  // namespace fplab::nets
