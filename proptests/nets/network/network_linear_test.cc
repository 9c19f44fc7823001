// Linear units: networks some of whose units run their element-wise operations without flushing.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <utility>

#include <fplab/nets/analysis/gate_effects.h>
#include <fplab/nets/estimators/gradient_estimator.h>
#include <fplab/nets/network/accuracy.h>
#include <fplab/nets/network/network.h>
#include "proptests/support/hardware_modes.h"
#include "proptests/support/network_data.h"

namespace fplab::nets {
namespace {

// Hidden outputs and logits of all samples, in one list.
std::vector<float> Outputs(const Network& network, const Dataset& data, kernels::Isa isa = kernels::BestIsa()) {
  const ForwardPass forward(network, isa);
  const Batch batch = BatchOf(data);
  std::vector<kernels::PanelMatrix> hidden = forward.MakeHidden();
  kernels::PanelMatrix logits(network.config.layers.back(), kernels::kPanelWidth);
  std::vector<float> outputs;
  const auto append = [&](const kernels::PanelMatrix& matrix, int samples) {
    for (int r = 0; r < matrix.rows(); ++r) {
      for (int c = 0; c < samples; ++c) outputs.push_back(matrix.At(r, c));
    }
  };
  for (int p = 0; p < batch.panels(); ++p) {
    forward.Logits(WholePanel(batch.columns, p), hidden, logits.view());
    for (const kernels::PanelMatrix& h : hidden) append(h, batch.SamplesIn(p));
    append(logits, batch.SamplesIn(p));
  }
  return outputs;
}

TEST(LinearUnits, ANetworkOfNothingElseHasTheBitsOfOneThatDoesNotFlush) {
  const Dataset data = RandomData(40, 5, 3, 1);
  for (const std::vector<int>& layers : {std::vector<int>{5, 3}, {5, 1, 3}, {5, 64, 65, 3}, {5, 31, 130, 33, 3}}) {
    for (Mode mode : OfThisMachine({kFtz, kDaz, kFtzDaz})) {
      Network network = RandomNetwork({layers, 125, kIeee, mode}, 1000);
      Network open = network;
      open.config.elementwise_mode = kIeee;
      EXPECT_NE(FirstDifference(Outputs(network, data), Outputs(open, data)), -1);
      network.linear = AllLinear(network.config);
      for (kernels::Isa isa : kernels::SupportedIsas()) {
        EXPECT_EQ(FirstDifference(Outputs(network, data, isa), Outputs(open, data)), -1) << Name(mode);
      }
    }
  }
}

TEST(LinearUnits, ARescaledNetworkOfNothingElseIsTheOneThatDoesNotFlushButForRounding) {
  const Dataset data = RandomData(40, 5, 3, 1);
  for (const std::vector<int>& layers : {std::vector<int>{5, 3}, {5, 1, 3}, {5, 31, 70, 3}}) {
    Network network = RandomNetwork({layers, 125, kIeee, kFtzDaz, true}, 1000);
    Network open = network;
    open.config.elementwise_mode = kIeee;
    network.linear = AllLinear(network.config);
    const std::vector<float> found = Outputs(network, data), expected = Outputs(open, data);
    // Up to 70 values a sum, each within 2^-24 of the other network's, times weights below 2, layer upon layer.
    for (size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-3);
  }
}

TEST(LinearUnits, FlagsThatAreAllOffChangeNothing) {
  const Dataset data = RandomData(40, 5, 3, 2);
  Network network = RandomNetwork({{5, 65, 40, 3}, 125, kIeee, kFtzDaz}, 1010);
  const std::vector<float> expected = Outputs(network, data);
  network.linear = {std::vector<uint8_t>(65), {}, std::vector<uint8_t>(3)};
  EXPECT_EQ(FirstDifference(Outputs(network, data), expected), -1);
}

TEST(LinearUnits, EachUnitIsWhatTheOneNetworkOrTheOtherMakesOfItsSum) {
  for (int units : {1, 2, 63, 64, 65, 129}) {
    Network network = RandomNetwork({{5, units, units, units}, 125, kIeee, kFtzDaz}, 1020);
    Network open = network;
    open.config.elementwise_mode = kIeee;
    network.linear = AllLinear(network.config);
    for (size_t l = 0; l < network.linear.size(); ++l) {
      for (size_t j = 0; j < network.linear[l].size(); ++j) network.linear[l][j] = (j * j + l) % 3 == 0;
    }
    Network gated = network;
    gated.linear.clear();
    const ForwardPass mixed_pass(network, kernels::BestIsa()), gated_pass(gated, kernels::BestIsa()),
        open_pass(open, kernels::BestIsa());
    for (int l = 0; l < 3; ++l) {
      // Sums around the gate, in two panels and a slice of the units.
      kernels::PanelMatrix z(units, 40), mixed(units, 40), closing(units, 40), opened(units, 40);
      for (int r = 0; r < units; ++r) {
        for (int c = 0; c < 40; ++c) z.At(r, c) = static_cast<float>(r - 2 * c) * 0x1p-6f * (l == 0 ? 1.0f : 0x1p-125f);
      }
      const int first = units / 2, count = units - first;
      const auto slice = [&](kernels::PanelMatrix& m) { return m.view().Rows(first, count); };
      mixed_pass.ApplyElementwise(l, slice(z), slice(mixed), first);
      gated_pass.ApplyElementwise(l, slice(z), slice(closing), first);
      open_pass.ApplyElementwise(l, slice(z), slice(opened), first);
      mixed_pass.ApplyElementwise(l, slice(z), slice(z), first);  // in place
      for (int r = first; r < units; ++r) {
        EXPECT_EQ(mixed_pass.IsLinear(l, r), (r * r + l) % 3 == 0);
        kernels::PanelMatrix& expected = mixed_pass.IsLinear(l, r) ? opened : closing;
        for (int c = 0; c < 40; ++c) {
          EXPECT_EQ(FirstDifference(std::vector{mixed.At(r, c)}, std::vector{expected.At(r, c)}), -1);
          EXPECT_EQ(FirstDifference(std::vector{z.At(r, c)}, std::vector{expected.At(r, c)}), -1);
        }
      }
    }
  }
}

// Samples for which no gate of the network fires.
Dataset Unflushed(const Network& network, const Dataset& data) {
  Dataset kept = data;
  kept.x.clear();
  kept.y.clear();
  for (int i = 0; i < data.count(); ++i) {
    Dataset one = data;
    const auto sample = data.Sample(i);
    one.x.assign(sample.begin(), sample.end());
    one.y = {data.y[static_cast<size_t>(i)]};
    const std::vector<float> gated = Outputs(network, one);
    Network open = network;
    open.linear = AllLinear(network.config);
    if (FirstDifference(gated, Outputs(open, one)) != -1) continue;
    kept.x.insert(kept.x.end(), one.x.begin(), one.x.end());
    kept.y.push_back(one.y[0]);
  }
  return kept;
}

TEST(LinearUnits, AUnitWhoseGateNeverFiresAndWhoseBiasEntersWholeCanBeMadeLinearWithoutChangingABit) {
  for (bool rescaled : {false, true}) {
    Network network = RandomNetwork({{3, 4, 5, 3}, 125, kIeee, kFtzDaz, rescaled}, 1030, 0.0f);
    for (float& w : network.parameters[0].weight.buffer()) w *= 8;
    network.parameters[1].bias[2] = -3.0f;
    const Dataset data = Unflushed(network, RandomData(300, 3, 3, 3));
    ASSERT_GT(data.count(), 30);
    const std::vector<float> expected = Outputs(network, data);
    for (int l = 0; l < 3; ++l) {
      for (int j = 0; j < network.config.layers[static_cast<size_t>(l) + 1]; ++j) {
        Network folded = network;
        folded.linear.resize(3);
        folded.linear[static_cast<size_t>(l)].resize(
            static_cast<size_t>(network.config.layers[static_cast<size_t>(l) + 1]));
        folded.linear[static_cast<size_t>(l)][static_cast<size_t>(j)] = 1;
        EXPECT_EQ(FirstDifference(Outputs(folded, data), expected), -1) << "layer " << l << " unit " << j;
      }
    }
    network.linear = AllLinear(network.config);
    EXPECT_EQ(FirstDifference(Outputs(network, data), expected), -1);
  }
}

TEST(LinearUnits, TheBiasThatAGateFlushesComesBackWithTheUnitMadeLinear) {
  const NetworkConfig config{{1, 1, 1}, 125, kIeee, kFtzDaz};
  Network network{config, ZeroParameters(config)};
  network.parameters[0].weight.At(0, 0) = 1;
  network.parameters[1].weight.At(0, 0) = 1;
  network.parameters[1].bias[0] = 0.25f;
  Dataset data{"one", 1, 1, 0, 0, {1.0f}, {0}};
  EXPECT_EQ(Outputs(network, data), (std::vector<float>{0x1p-125f, 1.0f}));
  network.linear = {{}, {1}};
  EXPECT_EQ(Outputs(network, data), (std::vector<float>{0x1p-125f, 1.25f}));
}

TEST(LinearUnits, EveryEstimatorSeesThemAsItSeesANetworkThatDoesNotFlush) {
  const Dataset data = RandomData(70, 5, 3, 4);
  const Batch batch = BatchOf(data);
  kernels::Workers workers(2);
  for (const EstimatorConfig& config :
       {EstimatorConfig(ActivationConfig{0.15f, {4, 2}, 3}), EstimatorConfig(GatedConfig{})}) {
    Network network = RandomNetwork({{5, 12, 9, 3}, 125, kIeee, kFtzDaz}, 1040);
    network.linear = AllLinear(network.config);
    Network open = network;
    open.linear.clear();
    open.config.elementwise_mode = kIeee;
    const std::unique_ptr<GradientEstimator> estimator = MakeEstimator(config, kernels::BestIsa());
    Parameters found = ZeroParameters(network.config), expected = found;
    estimator->Estimate(network, batch, 7, 3, workers, found);
    estimator->Estimate(open, batch, 7, 3, workers, expected);
    EXPECT_EQ(FirstDifference(Flat(found), Flat(expected)), -1) << Name(config);
  }
}

TEST(LinearUnitsDeath, FlagsThatDoNotFitTheLayersAbort) {
  Network network = RandomNetwork({{2, 3, 2}, 125, kIeee, kFtzDaz}, 1050);
  network.linear = {{1, 0, 0}};
  EXPECT_DEATH(ForwardPass(network, kernels::BestIsa()), "one list a layer");
  network.linear = {{1, 0}, {}};
  EXPECT_DEATH(ForwardPass(network, kernels::BestIsa()), "one flag a unit");
}

}  // namespace
}  // namespace fplab::nets
