// The tape: the weight gradient is the sequential chain over the samples, whatever the shapes, threads and ISA.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/estimators/gradient_record.h>

#include <gtest/gtest.h>

#include <cmath>

#include <fplab/fparith/model/fma_chain.h>
#include "proptests/support/kernel_data.h"
#include "proptests/support/network_data.h"

namespace fplab::nets {
namespace {

// What was recorded: for each layer a sample's inputs and deltas.
struct Record {
  std::vector<std::vector<std::vector<float>>> inputs, deltas;  // [layer][sample][unit]
};

kernels::PanelMatrix DrawnPanel(WordSource& source, int units) {
  return DrawPanels(source, Palette::kOrdinary, units, 32);
}

// Fills a tape with drawn values, panel by panel; the padding samples of the last panel hold NaN.
Record Fill(const NetworkConfig& config, const Dataset& data, GradientRecord& tape) {
  WordSource source(5);
  const int samples = data.count();
  Record record;
  for (int l = 0; l < config.depth(); ++l) {
    const int inputs = config.layers[static_cast<size_t>(l)], outputs = config.layers[static_cast<size_t>(l) + 1];
    record.inputs.emplace_back();
    record.deltas.emplace_back();
    for (int p = 0; p < kernels::PanelCount(samples); ++p) {
      const int count = std::min(kernels::kPanelWidth, samples - p * kernels::kPanelWidth);
      kernels::PanelMatrix input = DrawnPanel(source, inputs), delta = DrawnPanel(source, outputs);
      for (int i = 0; i < kernels::kPanelWidth; ++i) {
        for (int k = 0; l == 0 && i < count && k < inputs; ++k) {
          input.At(k, i) = data.Sample(p * kernels::kPanelWidth + i)[static_cast<size_t>(k)];
        }
        for (int k = 0; i >= count && k < inputs; ++k) input.At(k, i) = std::nanf("");
        for (int j = 0; i >= count && j < outputs; ++j) delta.At(j, i) = std::nanf("");
        if (i >= count) continue;
        record.inputs.back().emplace_back();
        record.deltas.back().emplace_back();
        for (int k = 0; k < inputs; ++k) record.inputs.back().back().push_back(input.At(k, i));
        for (int j = 0; j < outputs; ++j) record.deltas.back().back().push_back(delta.At(j, i));
      }
      const auto narrow = [count](kernels::ConstPanelView view) {
        view.cols = count;
        return view;
      };
      if (l > 0) tape.RecordInput(l, p, narrow(std::as_const(input).view()));
      tape.RecordDelta(l, p, narrow(std::as_const(delta).view()));
    }
  }
  return record;
}

std::vector<float> Unit(const std::vector<std::vector<float>>& samples, int unit) {
  std::vector<float> values;
  for (const auto& sample : samples) values.push_back(sample[static_cast<size_t>(unit)]);
  return values;
}

TEST(GradientRecord, WeightsAreTheChainOverTheSamplesAndBiasesTheSumOfTheDeltasInOrder) {
  for (int samples : {1, 33, 70}) {
    const NetworkConfig config{{5, 34, 3, 4}, 125, kFtzDaz, kFtzDaz};
    const Network network = RandomNetwork(config, 1, 1.0f);
    const Dataset data = RandomData(samples, 5, 4, 2);
    GradientRecord tape(config, samples);
    const Record record = Fill(config, data, tape);
    const std::vector<float> ones(static_cast<size_t>(samples), 1.0f);
    for (kernels::Isa isa : kernels::SupportedIsas()) {
      const ForwardPass forward(network, isa);
      kernels::Workers workers(2);
      Parameters gradient = ZeroParameters(config);
      tape.Gradient(forward, BatchOf(data), ParameterShare(forward.config()), workers, gradient);
      for (size_t l = 0; l < gradient.size(); ++l) {
        for (int j = 0; j < config.layers[l + 1]; ++j) {
          const std::vector<float> delta = Unit(record.deltas[l], j);
          for (int k = 0; k < config.layers[l]; ++k) {
            ASSERT_EQ(gradient[l].weight.At(k, j), model::ChainDot(Unit(record.inputs[l], k), delta.data(), 1, kIeee))
                << Name(isa) << ", layer " << l << ", weight " << k << ", " << j;
          }
          const bool dead = l > 0 && std::fabs(network.parameters[l].bias[static_cast<size_t>(j)]) < 0.5f;
          ASSERT_EQ(gradient[l].bias[static_cast<size_t>(j)], dead ? 0 : model::ChainDot(ones, delta.data(), 1, kIeee));
        }
      }
    }
  }
}

TEST(GradientRecord, FitsOnlyItsOwnShapes) {
  const NetworkConfig config{{5, 4, 3}, 125, kIeee, kFtzDaz};
  const GradientRecord tape(config, 40);
  EXPECT_TRUE(tape.Fits(config, 40));
  EXPECT_FALSE(tape.Fits(config, 39));
  for (const std::vector<int>& layers : {std::vector<int>{5, 4, 2}, {5, 6, 3}, {5, 4, 3, 3}, {5, 3}, {6, 4, 3}}) {
    NetworkConfig other = config;
    other.layers = layers;
    EXPECT_FALSE(tape.Fits(other, 40));
  }
}

}  // namespace
}  // namespace fplab::nets
