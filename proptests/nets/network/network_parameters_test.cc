// The parameters of a network: what they are at the start, and which configurations are refused.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include <fplab/fparith/float/bits.h>
#include "proptests/support/network_data.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

NetworkConfig WithLayers(std::vector<int> layers) {
  NetworkConfig config;
  config.layers = std::move(layers);
  return config;
}

TEST(InitialWeights, HaveMeanZeroAndVarianceTwoOverTheInputsAndBiasesAreZero) {
  const NetworkConfig config = WithLayers({200, 150, 64, 10});
  const Network network = InitialNetwork(config, 3, kernels::BestIsa());
  for (const LayerParameters& layer : network.parameters) {
    const double variance = 2.0 / layer.weight.rows();
    double sum = 0, squares = 0;
    for (int i = 0; i < layer.weight.rows(); ++i) {
      for (int j = 0; j < layer.weight.cols(); ++j) {
        sum += layer.weight.At(i, j);
        squares += static_cast<double>(layer.weight.At(i, j)) * layer.weight.At(i, j);
      }
    }
    // Standard error of the mean of n deviates: sqrt(variance / n); of their mean square: variance * sqrt(2 / n).
    const double n = static_cast<double>(layer.weight.rows()) * layer.weight.cols();
    EXPECT_NEAR(sum / n, 0, 4.5 * std::sqrt(variance / n));
    EXPECT_NEAR(squares / n, variance, 4.5 * variance * std::sqrt(2 / n));
    for (float b : layer.bias) EXPECT_EQ(ToBits(b), 0u);
  }
}

TEST(InitialWeights, AreAFunctionOfLayersAndSeedOnly) {
  const NetworkConfig config = WithLayers({33, 31, 5});
  const std::vector<float> expected = Flat(InitialNetwork(config, 7, kernels::BestIsa()).parameters);
  for (kernels::Isa isa : kernels::SupportedIsas()) {
    EXPECT_EQ(FirstDifference(Flat(InitialNetwork(config, 7, isa).parameters), expected), -1) << Name(isa);
  }
  NetworkConfig other = config;
  other.scale_exponent = 3;
  other.matmul_mode = kFtzDaz;
  other.elementwise_mode = kIeee;
  EXPECT_EQ(FirstDifference(Flat(InitialNetwork(other, 7, kernels::BestIsa()).parameters), expected), -1);
  EXPECT_NE(FirstDifference(Flat(InitialNetwork(config, 8, kernels::BestIsa()).parameters), expected), -1);
}

TEST(InitialWeights, LayersOfOneShapeDiffer) {
  const Network network = InitialNetwork(WithLayers({16, 16, 16}), 1, kernels::BestIsa());
  EXPECT_NE(FirstDifference(network.parameters[0].weight.buffer(), network.parameters[1].weight.buffer()), -1);
}

TEST(InitialWeights, PaddingStaysZero) {
  const Network network = InitialNetwork(WithLayers({3, 33}), 1, kernels::BestIsa());
  const kernels::PanelMatrix& weight = network.parameters[0].weight;
  int64_t nonzero = 0;
  for (float w : weight.buffer()) nonzero += w != 0;
  EXPECT_LE(nonzero, 3 * 33);
}

TEST(NetworkConfig, ThatMakesNoSenseIsRefusedByItsField) {
  const auto refusal = [](const NetworkConfig& config) { return ErrorOf([&] { Validate(config); }); };
  EXPECT_EQ(refusal(WithLayers({})), "layers: found 0 widths, expected 2 (inputs and outputs) to 257");
  EXPECT_EQ(refusal(WithLayers({784})), "layers: found 1 widths, expected 2 (inputs and outputs) to 257");
  EXPECT_EQ(refusal(WithLayers({784, 0, 10})), "layers: found 0, expected 1 to 65536");
  EXPECT_EQ(refusal(WithLayers({784, -5, 10})), "layers: found -5, expected 1 to 65536");
  EXPECT_EQ(refusal(WithLayers({784, 65537, 10})), "layers: found 65537, expected 1 to 65536");
  for (int exponent : {127, -127, 1 << 30}) {
    NetworkConfig config;
    config.scale_exponent = exponent;
    EXPECT_TRUE(Contains(refusal(config), "scale exponent: found " + std::to_string(exponent)));
  }
  NetworkConfig away;
  away.elementwise_mode = {Rounding::kNearestAway, false, false};
  EXPECT_TRUE(Contains(refusal(away), "nearest-away"));
  EXPECT_EQ(refusal(NetworkConfig{}), "(no error)");
}

TEST(NetworkConfig, OfMoreMemoryOrLayersThanARunCanHoldIsRefused) {
  const auto refusal = [](const NetworkConfig& config) { return ErrorOf([&] { Validate(config); }); };
  EXPECT_EQ(refusal(WithLayers({65536, 65536, 10})), "layers: found 4295622656 weights, expected at most 268435456");
  EXPECT_EQ(refusal(WithLayers(std::vector<int>(5000, 1))),
            "layers: found 5000 widths, expected 2 (inputs and outputs) to 257");
  EXPECT_EQ(refusal(WithLayers({784, 8192, 8192, 10})), "(no error)");
}

}  // namespace
}  // namespace fplab::nets
