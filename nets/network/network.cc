// The network's parameters and forward pass on the kernels.
#include "nets/network.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "fparith/bits.h"
#include "fparith/check.h"
#include "fparith/control_word.h"
#include "fparith/error.h"
#include "kernels/elementwise.h"
#include "kernels/matmul.h"
#include "kernels/random.h"
#include "nets/streams.h"

namespace fplab {

void Validate(const NetworkConfig& config) {
  constexpr int kMaxWidth = 65536;
  constexpr size_t kMaxWidths = 257;
  constexpr int64_t kMaxWeights = int64_t{1} << 28;
  const std::vector<int>& layers = config.layers;
  if (layers.size() < 2 || layers.size() > kMaxWidths) {
    throw Error("layers: found {} widths, expected 2 (inputs and outputs) to {}", layers.size(), kMaxWidths);
  }
  int64_t weights = 0;
  for (size_t l = 0; l < layers.size(); ++l) {
    if (layers[l] < 1 || layers[l] > kMaxWidth) {
      throw Error("layers: found width {}, expected 1 to {}", layers[l], kMaxWidth);
    }
    if (l > 0) weights += int64_t{layers[l - 1]} * layers[l];
  }
  if (weights > kMaxWeights) throw Error("layers: found {} weights, expected at most {}", weights, kMaxWeights);
  if (config.scale_exponent < -126 || config.scale_exponent > 126) {
    throw Error("scale exponent: found {}, expected -126 to 126", config.scale_exponent);
  }
  if (config.rescaled && config.matmul_mode != kIeee) {
    throw Error("rescaled: found matmul mode {}, expected none: nothing underflows in a matmul at scale 1",
                Name(config.matmul_mode));
  }
  RequireHardwareSupport(config.matmul_mode);
  RequireHardwareSupport(config.elementwise_mode);
}

LayerParameters::LayerParameters(int inputs, int outputs)
    : weight(inputs, outputs), bias(static_cast<size_t>(PanelCount(outputs)) * kPanelWidth) {}

Parameters ZeroParameters(const NetworkConfig& config) {
  Parameters parameters;
  for (size_t l = 0; l + 1 < config.layers.size(); ++l) {
    parameters.emplace_back(config.layers[l], config.layers[l + 1]);
  }
  return parameters;
}

Network InitialNetwork(const NetworkConfig& config, uint64_t seed, Isa isa) {
  Network network{config, ZeroParameters(config)};
  for (size_t l = 0; l < network.parameters.size(); ++l) {
    PanelMatrix& weight = network.parameters[l].weight;
    const auto deviation = static_cast<float>(std::sqrt(2.0 / weight.rows()));
    AlignedBuffer rows(static_cast<size_t>(weight.rows()) * static_cast<size_t>(weight.cols()));
    FillNormals(InitialWeights(seed, static_cast<int>(l)), deviation, rows.data(), rows.size(), isa);
    ToPanels(rows.data(), weight.cols(), weight.view());
  }
  return network;
}

ForwardPass::ForwardPass(const Network& network, Isa isa)
    : network_(network),
      isa_(isa),
      scale_down_(std::ldexp(1.0f, -network.config.scale_exponent)),
      scale_up_(std::ldexp(1.0f, network.config.scale_exponent)) {
  FPLAB_CHECK(network.linear.empty() || network.linear.size() == network.parameters.size(),
              "linear units: one list a layer is expected, or none");
  for (int l = 0; l < depth(); ++l) {
    FPLAB_CHECK(
        !HasLinearUnits(l) || std::cmp_equal(network.linear[static_cast<size_t>(l)].size(), layer(l).weight.cols()),
        "linear units: one flag a unit is expected");
    biases_.push_back(layer(l).bias);
    if (rescaled()) open_biases_.push_back(layer(l).bias);
    if (l == 0) continue;
    AlignedBuffer& bias = biases_.back();
    AlignedBuffer whole = bias;
    EnterBias(l, bias.data(), bias.size());
    for (size_t j = 0; rescaled() && j < bias.size(); ++j) {
      if (IsZero(bias[j]) && !IsLinear(l, static_cast<int>(j))) open_biases_.back()[j] = bias[j];
    }
    if (!HasLinearUnits(l)) continue;
    Scale(whole.data(), scale_down_, whole.data(), whole.size(), {isa, open_mode()});
    for (int j = 0; j < layer(l).weight.cols(); ++j) {
      if (IsLinear(l, j)) bias[static_cast<size_t>(j)] = whole[static_cast<size_t>(j)];
    }
  }
}

bool ForwardPass::HasLinearUnits(int l) const {
  return !network_.linear.empty() && !network_.linear[static_cast<size_t>(l)].empty();
}

bool ForwardPass::IsLinear(int l, int j) const {
  if (!HasLinearUnits(l)) return false;
  const std::vector<uint8_t>& linear = network_.linear[static_cast<size_t>(l)];
  return std::cmp_less(j, linear.size()) && linear[static_cast<size_t>(j)] != 0;
}

void ForwardPass::PreActivation(int l, ConstPanelView input, PanelView z) const {
  MatmulTransposed(layer(l).weight.view(), input, z, matmul());
}

template <typename Bias>
void ForwardPass::ActivateIn(Mode mode, int l, ConstPanelView z, Bias bias, PanelView out) const {
  const Execution execution{isa_, mode};
  const bool last = l == depth() - 1;
  if (l == 0) {
    AddBiasScale(z, bias, scale_down_, out, execution);
    if (last || rescaled()) Scale(out, scale_up_, out, execution);
  } else if (rescaled()) {
    Scale(z, scale_down_, out, execution);
    AddBiasScale(out, bias, scale_up_, out, execution);
  } else if (last) {
    AddBiasScale(z, bias, scale_up_, out, execution);
  } else {
    AddBias(z, bias, out, execution);
  }
}

void ForwardPass::ActivateOpen(int l, ConstPanelView z, PanelView out, int first_unit) const {
  if (rescaled()) {
    AddBias(z, open_biases_[static_cast<size_t>(l)].data() + first_unit, out, {isa_, open_mode()});
    return;
  }
  ActivateIn(open_mode(), l, z, entering_bias(l).data() + first_unit, out);
}

void ForwardPass::Activate(int l, ConstPanelView z, PanelView out, int first_unit) const {
  const float* bias = entering_bias(l).data() + first_unit;
  if (!HasLinearUnits(l)) return ActivateIn(network_.config.elementwise_mode, l, z, bias, out);
  // Piece by piece both ways, because out may be z; then the rows of the linear units are taken from the open one.
  constexpr int kPiece = 64;
  alignas(64) float open[kPiece * kPanelWidth];
  for (int p = 0; p < z.panels(); ++p) {
    for (int first = 0; first < z.rows; first += kPiece) {
      const int count = std::min(kPiece, z.rows - first);
      const ConstPanelView from = z.Panels(p, 1).Rows(first, count);
      const PanelView to = out.Panels(p, 1).Rows(first, count);
      ActivateOpen(l, from, {open, count, from.cols, ptrdiff_t{kPanelWidth} * count}, first_unit + first);
      ActivateIn(network_.config.elementwise_mode, l, from, bias + first, to);
      for (int r = 0; r < count; ++r) {
        if (!IsLinear(l, first_unit + first + r)) continue;
        std::copy_n(open + r * kPanelWidth, kPanelWidth, to.data + ptrdiff_t{kPanelWidth} * r);
      }
    }
  }
}

void ForwardPass::Activate(int l, ConstPanelView z, const float* bias, PanelView out) const {
  ActivateIn(network_.config.elementwise_mode, l, z, bias, out);
}

void ForwardPass::Activate(int l, ConstPanelView z, GroupedView bias, PanelView out) const {
  ActivateIn(network_.config.elementwise_mode, l, z, bias, out);
}

void ForwardPass::EnterBias(int l, float* bias, size_t count) const {
  if (l == 0) return;
  Scale(bias, scale_down_, bias, count, elementwise());
  if (!elementwise().mode.flush_inputs) return;
  for (size_t i = 0; i < count; ++i) {
    if (IsSubnormal(bias[i])) bias[i] = std::copysign(0.0f, bias[i]);
  }
}

void ForwardPass::Logits(ConstPanelView input, std::vector<PanelMatrix>& hidden, PanelView logits) const {
  for (int l = 0; l < depth(); ++l) {
    const PanelView out = l == depth() - 1 ? logits : hidden[static_cast<size_t>(l)].view();
    PreActivation(l, input, out);
    Activate(l, out, out);
    input = out;
  }
}

std::vector<PanelMatrix> ForwardPass::MakeHidden() const {
  std::vector<PanelMatrix> hidden;
  for (int l = 0; l + 1 < depth(); ++l) hidden.emplace_back(layer(l).weight.cols(), kPanelWidth);
  return hidden;
}

}  // namespace fplab
