// Ranges of blocks, and what they are in memory.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/network/parameter_share.h>

#include <algorithm>
#include <cstdint>

namespace fplab::nets {
namespace {

constexpr int kWidth = kernels::kPanelWidth;

int CeilingOf(int a, int b) { return a <= 0 ? 0 : (a + b - 1) / b; }

}  // namespace

ParameterShare::ParameterShare(const NetworkConfig& config, int rank, int ranks) {
  // In rows of blocks' 32 outputs: of a panel of fewer outputs they cost as much.
  int64_t all = 0;
  for (int l = 0; l < config.depth(); ++l) {
    const int inputs = config.layers[static_cast<size_t>(l)], outputs = config.layers[static_cast<size_t>(l) + 1];
    layers_.push_back({inputs, outputs, 0, 0});
    all += int64_t{inputs} * kernels::PanelCount(outputs);
  }
  const int64_t begin = all * rank / ranks, end = all * (rank + 1) / ranks;
  // A block belongs to the rank within whose bounds its first row lies.
  int64_t before = 0;
  for (Layer& layer : layers_) {
    const int panels = kernels::PanelCount(layer.outputs), of_panel = layer.input_panels();
    const auto block_at = [&](int64_t row) {  // the first block that begins at `row` of the network or later
      const int64_t here = std::clamp<int64_t>(row - before, 0, int64_t{layer.inputs} * panels);
      const int64_t panel = here / layer.inputs, inside = here % layer.inputs;
      return static_cast<int>(panel * of_panel + (inside + kWidth - 1) / kWidth);
    };
    layer.first = block_at(begin);
    layer.last = block_at(end);
    before += int64_t{layer.inputs} * panels;
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

Pieces ParameterShare::PiecesOf(Parameters& parameters) const {
  Pieces pieces;
  for (size_t l = 0; l < layers_.size(); ++l) {
    const Floats weights = Weights(static_cast<int>(l)), biases = Biases(static_cast<int>(l));
    pieces.push_back(PieceOf(parameters[l].weight.buffer().data() + weights.first, weights.count()));
    pieces.push_back(PieceOf(parameters[l].bias.data() + biases.first, biases.count()));
  }
  return pieces;
}

std::vector<Pieces> PiecesOfRanks(const NetworkConfig& config, int ranks, Parameters& parameters) {
  std::vector<Pieces> pieces;
  for (int r = 0; r < ranks; ++r) pieces.push_back(ParameterShare(config, r, ranks).PiecesOf(parameters));
  return pieces;
}

}  // namespace fplab::nets
