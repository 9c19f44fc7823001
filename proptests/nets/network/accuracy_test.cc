// Accuracy: counts, losses and zeros of real forward passes, and the linear network that the weights collapse to.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/network/accuracy.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include <fplab/fparith/float/bits.h>
#include "proptests/support/network_data.h"
#include "proptests/support/network_reference.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

Accuracy EvaluateOn(const Network& network, const Dataset& data, kernels::Isa isa = kernels::BestIsa(),
                    int threads = 1) {
  kernels::Workers workers(threads);
  return Evaluate(network, data, isa, workers);
}

TEST(Accuracy, CountsWhatAnIndependentForwardPassCounts) {
  // Sizes around a panel of 32 and a task of 256 samples.
  for (int count : {1, 32, 33, 256, 257}) {
    const Network network = RandomNetwork({{4, 6, 5, 3}, 125, kIeee, kFtzDaz}, 500);
    const Dataset data = RandomData(count, 4, 3, 501);
    int correct = 0;
    double loss = 0;
    std::vector<int> zeros(3);
    for (int i = 0; i < count; ++i) {
      const ScalarPass pass = RunScalarPass(network, data.Sample(i));
      const std::vector<double> logits(pass.logits().begin(), pass.logits().end());
      correct += std::max_element(logits.begin(), logits.end()) - logits.begin() == data.y[static_cast<size_t>(i)];
      loss += SoftmaxLoss(logits, data.y[static_cast<size_t>(i)]);
      for (size_t l = 0; l < 3; ++l)
        zeros[l] += static_cast<int>(std::count(pass.out[l].begin(), pass.out[l].end(), 0));
    }
    const Accuracy found = EvaluateOn(network, data);
    EXPECT_EQ(found.accuracy, static_cast<double>(correct) / count);
    // Each loss is some ten roundings of numbers below 10.
    EXPECT_NEAR(found.loss, loss / count, 100 * 0x1p-24);
    ASSERT_EQ(found.zeros.size(), 3u);
    for (size_t l = 0; l < 3; ++l) {
      EXPECT_EQ(found.zeros[l], static_cast<double>(zeros[l]) / (count * network.config.layers[l + 1]));
    }
  }
}

TEST(Accuracy, TheSharesOfZerosOfAnInitialNetworkAreThatOfGaussiansBelowTheGate) {
  // A unit of an initial layer is a Gaussian of variance 2 mean(h^2), h being the layer's inputs; it is zero below 0.5,
  // and what is left has a mean square that is known too. With inputs of MNIST's mean square of 0.1 that gives the 75
  // and 68 % of design section 4.
  const Network network = InitialNetwork({{784, 512, 512, 10}, 125, kIeee, kFtzDaz}, 1, kernels::BestIsa());
  Dataset data = RandomData(64, 784, 10, 2);
  double mean_square = 0;
  for (float& x : data.x) {
    x *= 0.55f;
    mean_square += static_cast<double>(x) * x / static_cast<double>(data.x.size());
  }
  const std::vector<double> zeros = EvaluateOn(network, data).zeros;
  for (size_t l : {0u, 1u}) {
    const double deviation = std::sqrt(2 * mean_square), gate = 0.5 / deviation;
    const double share = std::erf(gate / std::sqrt(2.0));
    // 512 units share their weights among the samples: 4.5 standard errors of a share of 512.
    EXPECT_NEAR(zeros[l], share, 4.5 * std::sqrt(share * (1 - share) / 512)) << "layer " << l;
    mean_square = 2 * mean_square * (1 - share + gate * std::sqrt(2 / M_PI) * std::exp(-gate * gate / 2));
  }
  EXPECT_NEAR(zeros[0], 0.75, 0.05);
}

TEST(Accuracy, HardlyAnythingIsLeftWhenTheMatmulFlushes) {
  const Network network = InitialNetwork({{40, 512, 512, 10}, 125, kFtzDaz, kFtzDaz}, 1, kernels::BestIsa());
  Dataset data = RandomData(40, 40, 10, 2);
  for (float& x : data.x) x *= 0.5f;  // about the mean square of MNIST's pixels
  const Accuracy found = EvaluateOn(network, data);
  EXPECT_LT(found.zeros[0], 1.0);
  // A product of two large deviates now and then reaches min normal.
  EXPECT_GT(found.zeros[1], 0.999);
  EXPECT_GT(found.zeros[2], 0.999);
  EXPECT_NEAR(found.loss, std::log(10.0), 1e-3);
}

TEST(Accuracy, EqualLogitsMakeTheFirstClassTheAnswer) {
  const NetworkConfig config{{2, 3}, 125, kIeee, kFtzDaz};
  const Network network{config, ZeroParameters(config)};
  Dataset data = RandomData(10, 2, 3, 3);
  data.y = {0, 1, 2, 0, 1, 2, 0, 1, 2, 2};
  EXPECT_EQ(EvaluateOn(network, data).accuracy, 0.3);
}

TEST(Accuracy, IsTheSameOnEveryIsaAndThreadCount) {
  const Network network = RandomNetwork({{4, 40, 33, 3}, 125, kIeee, kFtzDaz}, 510);
  const Dataset data = RandomData(600, 4, 3, 511);
  const Accuracy expected = EvaluateOn(network, data);
  for (kernels::Isa isa : kernels::SupportedIsas()) {
    for (int threads : {1, 2, 3}) {
      const Accuracy found = EvaluateOn(network, data, isa, threads);
      EXPECT_EQ(found.accuracy, expected.accuracy);
      EXPECT_EQ(ToBits(found.loss), ToBits(expected.loss));
      EXPECT_EQ(found.zeros, expected.zeros);
    }
  }
}

TEST(Accuracy, OfNoSamplesIsZero) {
  const Network network = RandomNetwork({{4, 3}, 125, kIeee, kFtzDaz}, 520);
  const Accuracy found = EvaluateOn(network, RandomData(0, 4, 3, 1));
  EXPECT_EQ(found.accuracy, 0);
  EXPECT_EQ(found.loss, 0);
}

TEST(Accuracy, DataOfOtherWidthsAreRefusedByName) {
  const Network network = RandomNetwork({{4, 3}, 125, kIeee, kFtzDaz}, 530);
  EXPECT_EQ(ErrorOf([&] { EvaluateOn(network, RandomData(5, 6, 3, 1)); }),
            "layers: the input width is 4, but random has 6 features");
  EXPECT_EQ(ErrorOf([&] { EvaluateOn(network, RandomData(5, 4, 2, 1)); }),
            "layers: the output width is 3, but random has 2 classes");
}

// Logits of a sample by the real kernels.
std::vector<double> Logits(const Network& network, std::span<const float> x) {
  const std::vector<float> logits = RunScalarPass(network, x).logits();
  return {logits.begin(), logits.end()};
}

TEST(Flatten, IsTheSameFunctionAsTheNetworkWhenNothingIsFlushed) {
  for (const std::vector<int>& layers : {std::vector<int>{5, 3}, {5, 1, 3}, {6, 9, 7, 4}, {3, 8, 5, 6, 2}}) {
    for (int scale : {0, 60, 125}) {
      const Network network = RandomNetwork({layers, scale, kIeee, kIeee}, 540);
      const Network flat = Flatten(network);
      EXPECT_EQ(flat.config, (NetworkConfig{{layers.front(), layers.back()}, 0, kIeee, kIeee}));
      // Both sides against exact arithmetic: every operation on the way rounds by at most 2^-24 of the sum of the
      // magnitudes, of which no unit's is less than 1 (at 2^-125 results are multiples of 2^-24 however small).
      Network magnitudes = network;
      for (LayerParameters& layer : magnitudes.parameters) {
        for (float& w : layer.weight.buffer()) w = std::fabs(w);
        for (float& b : layer.bias) b = std::fabs(b) + 1;
      }
      const BaselineNetwork exact(network), sums(magnitudes);
      double operations = layers.front() + 4;
      for (int width : layers) operations += width + 4;
      const Dataset data = RandomData(10, layers.front(), 2, 541);
      for (int i = 0; i < data.count(); ++i) {
        const auto sample = data.Sample(i);
        const std::vector<double> x(sample.begin(), sample.end());
        std::vector<double> ones = x;
        for (double& v : ones) v = std::fabs(v);
        const std::vector<double> expected = exact.Logits(x), magnitude = sums.Logits(ones);
        const std::vector<double> deep = Logits(network, sample), one = Logits(flat, sample);
        for (size_t r = 0; r < expected.size(); ++r) {
          EXPECT_NEAR(deep[r], expected[r], operations * 0x1p-24 * magnitude[r]);
          EXPECT_NEAR(one[r], expected[r], operations * 0x1p-24 * magnitude[r]);
        }
      }
    }
  }
}

TEST(Flatten, IsAnotherFunctionThanTheNetworkThatFlushes) {
  const Network network = RandomNetwork({{6, 9, 7, 4}, 125, kIeee, kFtzDaz}, 550);
  const Network flat = Flatten(network);
  const Dataset data = RandomData(20, 6, 4, 551);
  double most = 0;
  for (int i = 0; i < data.count(); ++i) {
    const std::vector<double> deep = Logits(network, data.Sample(i)), one = Logits(flat, data.Sample(i));
    for (size_t r = 0; r < deep.size(); ++r) most = std::max(most, std::fabs(deep[r] - one[r]));
  }
  EXPECT_GT(most, 0.25);
}

}  // namespace
}  // namespace fplab::nets
