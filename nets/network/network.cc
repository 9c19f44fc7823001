// The network's parameters and forward pass on the kernels.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/network/network.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/kernels/layers/elementwise.h>
#include <fplab/kernels/matmul/matmul.h>
#include <fplab/kernels/random/random.h>
#include <fplab/nets/random/stream_names.h>

namespace fplab::nets {
namespace {

// By its bits, which no mode of the caller's changes. Precondition: a normal number.
float PowerOfTwo(int exponent) { return FloatFromBits(static_cast<uint32_t>(exponent + 127) << 23); }

}  // namespace

std::string ScaleText(const NetworkConfig& config) { return fmt::format("2^{}", -config.scale_exponent); }

void Validate(const NetworkConfig& config) {
  constexpr size_t kMaxWidths = 257;
  constexpr int64_t kMaxWeights = int64_t{1} << 28;
  const std::vector<int>& layers = config.layers;
  if (layers.size() < 2 || layers.size() > kMaxWidths) {
    throw Error("layers: found {} widths, expected 2 (inputs and outputs) to {}", layers.size(), kMaxWidths);
  }
  RequireRanges(config);
  int64_t weights = 0;
  for (size_t l = 0; l < layers.size(); ++l) {
    if (l > 0) weights += int64_t{layers[l - 1]} * layers[l];
  }
  if (weights > kMaxWeights) throw Error("layers: found {} weights, expected at most {}", weights, kMaxWeights);
  if (config.rescaled && config.matmul_mode != kIeee) {
    throw Error("rescaled: found matmul mode {}, expected none: nothing underflows in a matmul at scale 1",
                Name(config.matmul_mode));
  }
  RequireHardwareSupport(config.matmul_mode);
  RequireHardwareSupport(config.elementwise_mode);
}

LayerParameters::LayerParameters(int inputs, int outputs)
    : weight(inputs, outputs), bias(static_cast<size_t>(kernels::PanelCount(outputs)) * kernels::kPanelWidth) {}

Parameters ZeroParameters(const NetworkConfig& config) {
  Parameters parameters;
  for (size_t l = 0; l + 1 < config.layers.size(); ++l) {
    parameters.emplace_back(config.layers[l], config.layers[l + 1]);
  }
  return parameters;
}

Network InitialNetwork(const NetworkConfig& config, uint64_t seed, kernels::Isa isa) {
  return AsGuest([&] {
    Network network{config, ZeroParameters(config)};
    for (size_t l = 0; l < network.parameters.size(); ++l) {
      kernels::PanelMatrix& weight = network.parameters[l].weight;
      const auto deviation = static_cast<float>(std::sqrt(2.0 / weight.rows()));
      kernels::AlignedBuffer rows(static_cast<size_t>(weight.rows()) * static_cast<size_t>(weight.cols()));
      kernels::FillNormals(InitialWeights(seed, static_cast<int>(l)), deviation, rows.data(), rows.size(), isa);
      kernels::ToPanels(rows.data(), weight.cols(), weight.view());
    }
    return network;
  });
}

ForwardPass::ForwardPass(const Network& network, kernels::Isa isa)
    : network_(network),
      isa_(isa),
      scale_down_(PowerOfTwo(-network.config.scale_exponent)),
      scale_up_(PowerOfTwo(network.config.scale_exponent)) {
  FPLAB_CHECK(network.linear.empty() || network.linear.size() == network.parameters.size(),
              "linear units: one list a layer is expected, or none");
  for (int l = 0; l < depth(); ++l) {
    FPLAB_CHECK(
        !HasLinearUnits(l) || std::cmp_equal(network.linear[static_cast<size_t>(l)].size(), layer(l).weight.cols()),
        "linear units: one flag a unit is expected");
    biases_.push_back(layer(l).bias);
    if (rescaled()) open_biases_.push_back(layer(l).bias);
    if (l == 0) continue;
    kernels::AlignedBuffer& bias = biases_.back();
    kernels::AlignedBuffer whole = bias;
    EnterBias(l, bias.data(), bias.size());
    for (size_t j = 0; rescaled() && j < bias.size(); ++j) {
      if (IsZero(bias[j]) && !IsLinear(l, static_cast<int>(j))) open_biases_.back()[j] = bias[j];
    }
    if (!HasLinearUnits(l)) continue;
    kernels::Scale(whole.data(), scale_down_, whole.data(), whole.size(), {isa, open_mode()});
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

void ForwardPass::PreActivation(int l, kernels::ConstPanelView input, kernels::PanelView z) const {
  kernels::MatmulTransposed(layer(l).weight.view(), input, z, matmul());
}

template <typename Bias>
void ForwardPass::ApplyElementwiseIn(Mode mode, int l, kernels::ConstPanelView z, Bias bias,
                                     kernels::PanelView out) const {
  const kernels::Execution execution{isa_, mode};
  const bool last = l == depth() - 1;
  if (l == 0) {
    kernels::AddBiasScale(z, bias, scale_down_, out, execution);
    if (last || rescaled()) Scale(out, scale_up_, out, execution);
  } else if (rescaled()) {
    kernels::Scale(z, scale_down_, out, execution);
    kernels::AddBiasScale(out, bias, scale_up_, out, execution);
  } else if (last) {
    kernels::AddBiasScale(z, bias, scale_up_, out, execution);
  } else {
    kernels::AddBias(z, bias, out, execution);
  }
}

kernels::ElementwiseStep ForwardPass::HiddenStep(int l) const {
  FPLAB_CHECK(l > 0 && l < depth() - 1 && !HasLinearUnits(l), "hidden step: not a hidden layer after the first");
  return {entering_bias(l).data(), rescaled(), scale_down_, scale_up_, elementwise().mode};
}

void ForwardPass::ApplyUnflushed(int l, kernels::ConstPanelView z, kernels::PanelView out, int first_unit) const {
  if (rescaled()) {
    kernels::AddBias(z, open_biases_[static_cast<size_t>(l)].data() + first_unit, out, {isa_, open_mode()});
    return;
  }
  ApplyElementwiseIn(open_mode(), l, z, entering_bias(l).data() + first_unit, out);
}

void ForwardPass::ApplyElementwise(int l, kernels::ConstPanelView z, kernels::PanelView out, int first_unit) const {
  const float* bias = entering_bias(l).data() + first_unit;
  if (!HasLinearUnits(l)) return ApplyElementwiseIn(network_.config.elementwise_mode, l, z, bias, out);
  // Piece by piece both ways, because out may be z; then the rows of the linear units are taken from the open one.
  constexpr int kPiece = 64;
  alignas(64) float open[kPiece * kernels::kPanelWidth];
  for (int p = 0; p < z.panels(); ++p) {
    for (int first = 0; first < z.rows; first += kPiece) {
      const int count = std::min(kPiece, z.rows - first);
      const kernels::ConstPanelView from = z.Panels(p, 1).Rows(first, count);
      const kernels::PanelView to = out.Panels(p, 1).Rows(first, count);
      ApplyUnflushed(l, from, {open, count, from.cols, ptrdiff_t{kernels::kPanelWidth} * count}, first_unit + first);
      ApplyElementwiseIn(network_.config.elementwise_mode, l, from, bias + first, to);
      for (int r = 0; r < count; ++r) {
        if (!IsLinear(l, first_unit + first + r)) continue;
        std::copy_n(open + r * kernels::kPanelWidth, kernels::kPanelWidth,
                    to.data + ptrdiff_t{kernels::kPanelWidth} * r);
      }
    }
  }
}

void ForwardPass::ApplyElementwise(int l, kernels::ConstPanelView z, const float* bias, kernels::PanelView out) const {
  ApplyElementwiseIn(network_.config.elementwise_mode, l, z, bias, out);
}

void ForwardPass::ApplyElementwise(int l, kernels::ConstPanelView z, kernels::MemberView bias,
                                   kernels::PanelView out) const {
  ApplyElementwiseIn(network_.config.elementwise_mode, l, z, bias, out);
}

void ForwardPass::EnterBias(int l, float* bias, size_t count) const {
  if (l == 0) return;
  kernels::Scale(bias, scale_down_, bias, count, elementwise());
  if (!elementwise().mode.flush_inputs) return;
  for (size_t i = 0; i < count; ++i) {
    if (IsSubnormal(bias[i])) bias[i] = FloatFromBits(ToBits(bias[i]) & 0x80000000u);
  }
}

void ForwardPass::Logits(kernels::ConstPanelView input, std::vector<kernels::PanelMatrix>& hidden,
                         kernels::PanelView logits) const {
  for (int l = 0; l < depth(); ++l) {
    const kernels::PanelView out = l == depth() - 1 ? logits : hidden[static_cast<size_t>(l)].view();
    PreActivation(l, input, out);
    ApplyElementwise(l, out, out);
    input = out;
  }
}

std::vector<kernels::PanelMatrix> ForwardPass::MakeHidden() const {
  std::vector<kernels::PanelMatrix> hidden;
  for (int l = 0; l + 1 < depth(); ++l) hidden.emplace_back(layer(l).weight.cols(), kernels::kPanelWidth);
  return hidden;
}

}  // namespace fplab::nets
