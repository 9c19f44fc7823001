// Ranges of blocks, and what they are in memory.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/network/parameter_share.h>

#include <algorithm>

namespace fplab::nets {
namespace {

constexpr int kWidth = kernels::kPanelWidth;

int CeilingOf(int a, int b) { return a <= 0 ? 0 : (a + b - 1) / b; }

}  // namespace

ParameterShare::ParameterShare(const NetworkConfig& config, int rank, int ranks,
                               const std::vector<double>& layer_costs) {
  std::vector<double> costs;
  double all = 0;
  for (int l = 0; l < config.depth(); ++l) {
    const int inputs = config.layers[static_cast<size_t>(l)], outputs = config.layers[static_cast<size_t>(l) + 1];
    layers_.push_back({inputs, outputs, 0, 0});
    // Of a panel of fewer outputs than 32 the products cost as much.
    costs.push_back(layer_costs.empty() ? static_cast<double>(inputs) * kernels::PanelCount(outputs)
                                        : layer_costs[static_cast<size_t>(l)]);
    all += costs.back();
  }
  double before = 0;
  for (size_t l = 0; l < layers_.size(); ++l) {
    Layer& layer = layers_[l];
    const int blocks = layer.input_panels() * kernels::PanelCount(layer.outputs);
    // The block up to which the ranks before `next` have the layer.
    const auto bound = [&](int next) {
      if (next == 0) return 0;
      if (next == ranks) return blocks;
      const double here = all * next / ranks - before;
      if (costs[l] <= 0) return here > 0 ? blocks : 0;
      return static_cast<int>(std::clamp(here / costs[l], 0.0, 1.0) * blocks + 0.5);
    };
    layer.first = bound(rank);
    layer.last = bound(rank + 1);
    before += costs[l];
  }
}

size_t ParameterShare::FloatsBefore(const Layer& layer, int block) const {
  const int panel = block / layer.input_panels(), inside = block % layer.input_panels();
  const size_t rows =
      static_cast<size_t>(panel) * static_cast<size_t>(layer.inputs) + static_cast<size_t>(inside * kWidth);
  return rows * kWidth;
}

ParameterShare::Floats ParameterShare::Weights(int l) const {
  return {FloatsBefore(Of(l), Of(l).first), FloatsBefore(Of(l), Of(l).last)};
}

ParameterShare::Floats ParameterShare::Biases(int l) const {
  const Layer& layer = Of(l);
  const auto bias_at = [&](int block) {
    return std::min(static_cast<size_t>(CeilingOf(block, layer.input_panels())) * kWidth,
                    static_cast<size_t>(layer.outputs));
  };
  return {bias_at(layer.first), bias_at(layer.last)};
}

ItemRange ParameterShare::OutputPanels(int l, int p) const {
  const Layer& layer = Of(l);
  return {CeilingOf(layer.first - p, layer.input_panels()), CeilingOf(layer.last - p, layer.input_panels())};
}

ItemRange ParameterShare::InputPanels(int l, int q) const {
  const Layer& layer = Of(l);
  const int before = q * layer.input_panels();
  return {std::clamp(layer.first - before, 0, layer.input_panels()),
          std::clamp(layer.last - before, 0, layer.input_panels())};
}

ItemRange ParameterShare::OutputPanels(int l) const {
  const Layer& layer = Of(l);
  if (!HasWeights(l)) return {};
  return {layer.first / layer.input_panels(), CeilingOf(layer.last, layer.input_panels())};
}

ItemRange ParameterShare::InputPanels(int l) const {
  const Layer& layer = Of(l);
  if (!HasWeights(l)) return {};
  const ItemRange outputs = OutputPanels(l);
  if (outputs.count() > 1) return {0, layer.input_panels()};
  return InputPanels(l, outputs.first);
}

Pieces ParameterShare::PiecesOf(Parameters& parameters) const {
  Pieces pieces;
  for (size_t l = 0; l < layers_.size(); ++l) {
    const Floats weights = Weights(static_cast<int>(l)), biases = Biases(static_cast<int>(l));
    pieces.push_back(PieceOf(parameters[l].weight.buffer().data() + weights.first, weights.count()));
    pieces.push_back(PieceOf(parameters[l].bias.data() + biases.first, biases.count()));
  }
  return pieces;
}

std::vector<ParameterShare> SharesOf(const NetworkConfig& config, int ranks, const std::vector<double>& layer_costs) {
  std::vector<ParameterShare> shares;
  for (int r = 0; r < ranks; ++r) shares.emplace_back(config, r, ranks, layer_costs);
  return shares;
}

std::vector<Pieces> PiecesOf(const std::vector<ParameterShare>& shares, Parameters& parameters) {
  std::vector<Pieces> pieces;
  for (const ParameterShare& share : shares) pieces.push_back(share.PiecesOf(parameters));
  return pieces;
}

}  // namespace fplab::nets
