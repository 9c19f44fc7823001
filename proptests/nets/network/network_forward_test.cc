// The forward pass: the same bits as its definition on the exact model, and the nonlinearity that these bits hold.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/text/bits_text.h>
#include "proptests/support/kernel_data.h"
#include "proptests/support/network_data.h"
#include "proptests/support/network_reference.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

NetworkConfig Config(std::vector<int> layers, int scale_exponent, Mode matmul, Mode elementwise) {
  return {std::move(layers), scale_exponent, matmul, elementwise};
}

// Outputs of every layer for every sample of `data` (at most 32), the logits last.
std::vector<std::vector<std::vector<float>>> KernelOutputs(const Network& network, const Dataset& data,
                                                           kernels::Isa isa) {
  const ForwardPass forward(network, isa);
  const Batch batch = BatchOf(data);
  std::vector<kernels::PanelMatrix> layers = forward.MakeHidden();
  kernels::PanelMatrix logits(network.config.layers.back(), kernels::kPanelWidth);
  forward.Logits(WholePanel(batch.columns, 0), layers, logits.view());
  layers.push_back(logits);
  std::vector<std::vector<std::vector<float>>> outputs;
  for (int i = 0; i < data.count(); ++i) {
    outputs.emplace_back();
    for (const kernels::PanelMatrix& layer : layers) {
      outputs.back().emplace_back();
      for (int r = 0; r < layer.rows(); ++r) outputs.back().back().push_back(layer.At(r, i));
    }
  }
  return outputs;
}

// Compares all layers on all instruction sets with the definition.
void ExpectForwardIsTheDefinition(const Network& network, const Dataset& data) {
  std::vector<ScalarPass> expected;
  for (int i = 0; i < data.count(); ++i) expected.push_back(RunScalarPass(network, data.Sample(i)));
  for (kernels::Isa isa : kernels::SupportedIsas()) {
    const auto found = KernelOutputs(network, data, isa);
    for (size_t i = 0; i < found.size(); ++i) {
      for (size_t l = 0; l < found[i].size(); ++l) {
        ASSERT_EQ(FirstDifference(found[i][l], expected[i].out[l]), -1)
            << Name(isa) << ", matmul " << Name(network.config.matmul_mode) << ", element-wise "
            << Name(network.config.elementwise_mode) << ", scale 2^-" << network.config.scale_exponent << ", sample "
            << i << ", layer " << l;
      }
    }
  }
}

const std::vector<int> kShapes[] = {{5, 3}, {1, 1}, {33, 31, 3}, {7, 1, 33, 2}, {3, 33, 1, 31, 4}};

TEST(NetworkForward, EqualsTheDefinitionForEveryDepthWidthScaleAndFlushingOnEveryIsa) {
  uint64_t seed = 1;
  for (const std::vector<int>& layers : kShapes) {
    const Dataset data = RandomData(3, layers.front(), 2, ++seed);
    for (int scale : {125, 0, 126, -126, 60}) {
      for (Mode matmul : HardwareFlushModes()) {
        for (Mode elementwise : HardwareFlushModes()) {
          ExpectForwardIsTheDefinition(RandomNetwork(Config(layers, scale, matmul, elementwise), ++seed), data);
        }
      }
    }
  }
}

TEST(NetworkForward, ARescaledNetworkEqualsItsDefinitionForEveryDepthWidthScaleAndFlushingOnEveryIsa) {
  uint64_t seed = 50;
  for (const std::vector<int>& layers : kShapes) {
    const Dataset data = RandomData(3, layers.front(), 2, ++seed);
    for (int scale : {125, 0, 126, -126, 60}) {
      for (Mode elementwise : HardwareFlushModes()) {
        NetworkConfig config = Config(layers, scale, kIeee, elementwise);
        config.rescaled = true;
        ExpectForwardIsTheDefinition(RandomNetwork(config, ++seed), data);
      }
    }
  }
}

// Multiples of 1/4 below 2, so that no sum of any layer is rounded, at scale 1 or at 2^-125.
TEST(NetworkForward, ARescaledNetworkIsTheSameFunctionToTheBitWhereNoSumIsRounded) {
  const auto round = [](float& x) { x = std::round(4 * x) / 4; };
  int zeros = 0, others = 0;
  for (uint64_t seed : {70u, 71u, 72u}) {
    Network network = RandomNetwork(Config({6, 9, 33, 7, 3}, 125, kIeee, kFtzDaz), seed);
    for (LayerParameters& layer : network.parameters) {
      for (float& x : layer.weight.buffer()) round(x);
      for (float& x : layer.bias) round(x);
    }
    Dataset data = RandomData(32, 6, 3, seed);
    for (float& x : data.x) round(x);
    const auto expected = KernelOutputs(network, data, kernels::BestIsa());
    network.config.rescaled = true;
    const auto found = KernelOutputs(network, data, kernels::BestIsa());
    for (size_t i = 0; i < found.size(); ++i) {
      for (size_t l = 0; l < found[i].size(); ++l) {
        std::vector<float> native = expected[i][l];
        for (float& x : native) {
          if (l + 1 < found[i].size()) x *= 0x1p125f;
          ++(x == 0 ? zeros : others);
        }
        ASSERT_EQ(FirstDifference(found[i][l], native), -1) << "sample " << i << ", layer " << l;
      }
    }
  }
  EXPECT_GT(zeros, 500);
  EXPECT_GT(others, 500);
}

TEST(NetworkForward, ARescaledNetworkWhoseMatmulShouldFlushIsRefused) {
  for (Mode matmul : HardwareFlushModes()) {
    NetworkConfig config = Config({3, 4, 2}, 125, matmul, kFtzDaz);
    config.rescaled = true;
    const std::string refusal = ErrorOf([&] { Validate(config); });
    EXPECT_EQ(refusal == "(no error)", matmul == kIeee) << refusal;
    EXPECT_EQ(refusal.starts_with("rescaled: found matmul mode "), matmul != kIeee) << refusal;
  }
}

TEST(NetworkForward, EqualsTheDefinitionInEveryRoundingDirection) {
  const std::vector<int> layers = {9, 33, 5, 3};
  const Dataset data = RandomData(3, 9, 2, 5);
  for (Mode mode : HardwareModes()) {
    if (mode.rounding == Rounding::kNearestEven) continue;
    const Mode other{mode.rounding, !mode.flush_outputs, !mode.flush_inputs};
    const Mode elementwise = HardwareSupports(other) ? other : mode;
    ExpectForwardIsTheDefinition(RandomNetwork(Config(layers, 125, mode, elementwise), 6), data);
  }
}

TEST(NetworkForward, EqualsTheDefinitionOnAFullPanelOfSamplesWithSubnormalZeroAndHugeFeatures) {
  Dataset data = RandomData(32, 17, 4, 7);
  const float odd[] = {0x1p-149f, -0x1.8p-127f, 0.0f, -0.0f, 0x1p-126f, 0x1.fffffep127f, -0x1p100f, 1.0f};
  for (size_t i = 0; i < data.x.size(); i += 3) data.x[i] = odd[i / 3 % std::size(odd)];
  for (Mode matmul : HardwareFlushModes()) {
    for (Mode elementwise : HardwareFlushModes()) {
      ExpectForwardIsTheDefinition(RandomNetwork(Config({17, 6, 33, 4}, 125, matmul, elementwise), 8), data);
    }
  }
}

TEST(NetworkForward, ThePostsScaleShrinksEachLayerToZeroBelowExactlyOneHalf) {
  // 0.5, what is just above, and what is just below: at scale 2^-125 a layer's numbers are multiples of 2^-24.
  const float half = 0.5f, below = 0.5f - 0x1p-24f;
  Dataset data = RandomData(6, 1, 2, 1);
  data.x = {half, below, -half, -below, NextUp(half), 0.25f};
  for (int depth : {1, 2, 3, 4}) {
    for (int layer = 0; layer < depth; ++layer) {
      // Layers before the one under test carry the input at four times its size, past their own gates.
      std::vector<int> layers(static_cast<size_t>(depth) + 1, 1);
      Network network{Config(layers, 125, kIeee, kFtzDaz), {}};
      network.parameters = ZeroParameters(network.config);
      for (LayerParameters& p : network.parameters) p.weight.At(0, 0) = 1.0f;
      if (layer > 0) {
        network.parameters[0].weight.At(0, 0) = 4.0f;
        network.parameters[static_cast<size_t>(layer)].weight.At(0, 0) = 0.25f;
      }
      for (kernels::Isa isa : kernels::SupportedIsas()) {
        const auto found = KernelOutputs(network, data, isa);
        for (size_t i = 0; i < found.size(); ++i) {
          const float x = data.x[i];
          // A later layer adds +0 to -0 and gets +0.
          const float zero = depth == 1 ? std::copysign(0.0f, x) : 0.0f;
          const float expected = std::fabs(x) < half ? zero : x;
          EXPECT_TRUE(SameBits(found[i].back()[0], expected))
              << "depth " << depth << ", layer " << layer << ", input " << HexFloat(x) << ": found "
              << HexFloat(found[i].back()[0]);
        }
      }
    }
  }
}

TEST(NetworkForward, ThePostsScaleIsTheLinearNetworkWithAHardShrinkAtOneHalfWrittenInCode) {
  // At scale 1 without flushing the same operations on weights that are multiples of 2^-4 and inputs that are small
  // integers are exact, and so are they at 2^-125: the shrink is all that can differ.
  const std::vector<int> layers = {6, 9, 7, 4};
  Network network = RandomNetwork(Config(layers, 125, kIeee, kFtzDaz), 9, 1.5f);
  for (size_t i = 0; i < Flat(network.parameters).size(); ++i) {
    float& p = ParameterAt(network.parameters, i);
    p = std::nearbyint(p * 16.0f) / 16.0f;
  }
  Dataset data = RandomData(32, 6, 4, 10);
  for (float& x : data.x) x = std::nearbyint(2 * x) / 2.0f;
  const auto found = KernelOutputs(network, data, kernels::BestIsa());
  const auto shrink = [](float v) { return std::fabs(v) < 0.5f ? std::copysign(0.0f, v) : v; };
  int64_t zeros = 0, others = 0;
  for (int i = 0; i < data.count(); ++i) {
    std::vector<float> h(data.Sample(i).begin(), data.Sample(i).end());
    for (size_t l = 0; l < network.parameters.size(); ++l) {
      const LayerParameters& layer = network.parameters[l];
      std::vector<float> out;
      for (int j = 0; j < layer.weight.cols(); ++j) {
        float sum = 0;
        for (int k = 0; k < layer.weight.rows(); ++k) sum += h[static_cast<size_t>(k)] * layer.weight.At(k, j);
        const float b = layer.bias[static_cast<size_t>(j)];
        // A later layer's E.add reads the matmul's result and its bias, both flushed.
        out.push_back(shrink(l == 0 ? sum + b : shrink(sum) + shrink(b)));
        (out.back() == 0 ? zeros : others)++;
        const float unscaled = found[static_cast<size_t>(i)][l][static_cast<size_t>(j)] *
                               (l + 1 == network.parameters.size() ? 1.0f : 0x1p125f);
        ASSERT_EQ(unscaled, out.back()) << "sample " << i << ", layer " << l << ", unit " << j;
      }
      h = out;
    }
  }
  EXPECT_GT(zeros, 100);
  EXPECT_GT(others, 100);
}

TEST(NetworkForward, TheFirstLayersGateSeesFractionsOfBinary32AndLaterOnesMultiplesOfTwoToTheMinus24) {
  // The largest number below 0.5 has one bit more than a subnormal number: a later layer's matmul rounds it up to the
  // least normal number, while the first layer's scaling flushes it by its value before rounding to the subnormals.
  Dataset data = RandomData(1, 1, 2, 1);
  data.x = {NextDown(0.5f)};
  Network network{Config({1, 1}, 125, kIeee, kFtzDaz), {}};
  network.parameters = ZeroParameters(network.config);
  network.parameters[0].weight.At(0, 0) = 1.0f;
  EXPECT_EQ(KernelOutputs(network, data, kernels::BestIsa())[0].back()[0], 0.0f);

  network.config.layers = {1, 1, 1};
  network.parameters = ZeroParameters(network.config);
  network.parameters[0].weight.At(0, 0) = 4.0f;
  network.parameters[1].weight.At(0, 0) = 0.25f;
  EXPECT_EQ(KernelOutputs(network, data, kernels::BestIsa())[0].back()[0], 0.5f);
}

TEST(NetworkForward, ALaterBiasBelowOneHalfDoesNothingAndTheFirstLayersWorks) {
  const NetworkConfig config = Config({5, 8, 6, 3}, 125, kIeee, kFtzDaz);
  const Dataset data = RandomData(20, 5, 3, 11);
  const Network network = RandomNetwork(config, 12, 0.0f);
  const auto before = KernelOutputs(network, data, kernels::BestIsa());
  Network dead = network;
  for (size_t l : {1u, 2u}) {
    for (int j = 0; j < config.layers[l + 1]; ++j) {
      dead.parameters[l].bias[static_cast<size_t>(j)] = j % 2 == 0 ? NextDown(0.5f) : -0x1.fffffep-2f;
    }
  }
  const auto after = KernelOutputs(dead, data, kernels::BestIsa());
  EXPECT_EQ(before, after);

  Network alive = network;
  alive.parameters[2].bias[0] = 0.5f;
  EXPECT_NE(KernelOutputs(alive, data, kernels::BestIsa()), before);
  Network first = network;
  first.parameters[0].bias[0] = 0.125f;
  EXPECT_NE(KernelOutputs(first, data, kernels::BestIsa()), before);
}

TEST(NetworkForward, FlushingInTheMatmulKillsEveryLayerAfterTheFirstAtInitialisation) {
  // The widths of the post and inputs of about the mean square of MNIST's pixels, 0.1: a single product reaches 0.5
  // once in some 10^9, and the chain that begins with another never leaves zero: of 98,000 units one lives in a hundred
  // runs. (Small layers have greater weights.)
  NetworkConfig config = Config({40, 512, 512, 10}, 125, kFtzDaz, kFtzDaz);
  Dataset data = RandomData(32, 40, 10, 13);
  for (float& x : data.x) x *= 0.5f;
  for (uint64_t seed : {1u, 2u, 3u}) {
    Network network = InitialNetwork(config, seed, kernels::BestIsa());
    bool first_layer_lives = false;
    int64_t later_alive = 0;
    for (const auto& outputs : KernelOutputs(network, data, kernels::BestIsa())) {
      for (float h : outputs[0]) first_layer_lives |= h != 0;
      for (size_t l : {1u, 2u}) {
        for (float h : outputs[l]) later_alive += !IsZero(h);
      }
    }
    EXPECT_LE(later_alive, 3);
    EXPECT_TRUE(first_layer_lives);

    // The same weights with gradual underflow in the matmul: the network of the post is alive to its logits.
    network.config.matmul_mode = kIeee;
    int64_t alive = 0;
    for (const auto& outputs : KernelOutputs(network, data, kernels::BestIsa())) {
      for (float o : outputs.back()) alive += o != 0;
    }
    EXPECT_GT(alive, 0);
  }
}

TEST(NetworkForward, ActivatingALayerInSlicesGivesTheSameBitsAsAtOnce) {
  const Network network = RandomNetwork(Config({4, 70, 65, 3}, 125, kIeee, kFtzDaz), 14);
  for (kernels::Isa isa : kernels::SupportedIsas()) {
    const ForwardPass forward(network, isa);
    for (int l : {0, 1}) {
      const int units = network.config.layers[static_cast<size_t>(l) + 1];
      kernels::PanelMatrix z(units, kernels::kPanelWidth), whole(units, kernels::kPanelWidth),
          sliced(units, kernels::kPanelWidth);
      WordSource source(15);
      for (float& v : z.buffer()) v = DrawFloat(source, Palette::kSubnormal);
      forward.ApplyElementwise(l, z.view(), whole.view());
      for (int first = 0; first < units; first += 32) {
        const int count = std::min(32, units - first);
        forward.ApplyElementwise(l, std::as_const(z).view().Rows(first, count), sliced.view().Rows(first, count),
                                 first);
      }
      EXPECT_EQ(FirstDifference(whole.buffer(), sliced.buffer()), -1) << Name(isa) << ", layer " << l;
    }
  }
}

}  // namespace
}  // namespace fplab::nets
