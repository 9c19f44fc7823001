// Conventional networks on the kernels.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/baselines/baseline_network.h>

#include <cmath>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/kernels/layers/elementwise.h>
#include <fplab/kernels/matmul/matmul.h>

namespace fplab::nets {

float PreservingGain(kernels::Nonlinearity activation) {
  // E[elu(z)^2] = 1/2 + E[(e^z - 1)^2; z < 0] = 1/2 + e^2 Phi(-2) - 2 e^(1/2) Phi(-1) + 1/2 = 0.64494.
  return activation == kernels::Nonlinearity::kElu ? 1.5505f : 1.0f;
}

NetworkConfig LayersOf(const BaselineConfig& config) { return {config.layers, 0, kIeee, kIeee}; }

Network InitialBaselineNetwork(const BaselineConfig& config, float gain, uint64_t seed, kernels::Isa isa) {
  return AsGuest([&] {
    if (!std::isfinite(gain) || !(gain > 0)) throw Error("gain: found {}, expected > 0", gain);
    Validate(LayersOf(config));
    Network network = InitialNetwork(LayersOf(config), seed, isa);
    // InitialNetwork draws with the variance 2 / inputs.
    const float factor = std::sqrt(gain / 2);
    for (LayerParameters& layer : network.parameters) {
      Scale(layer.weight.view(), factor, layer.weight.view(), {isa, kIeee});
    }
    return network;
  });
}

Dataset Normalised(Dataset data, kernels::Isa isa) {
  Validate(data);
  kernels::PanelMatrix column(data.features, 1);
  kernels::AlignedBuffer factor(kernels::kPanelWidth);
  const auto features = static_cast<size_t>(data.features);
  for (size_t i = 0; i < data.y.size(); ++i) {
    float* sample = data.x.data() + i * features;
    kernels::ToPanels(sample, 1, column.view());
    kernels::NormaliseColumns(column.view(), column.view(), factor.data(), isa);
    kernels::FromPanels(column.view(), sample, 1);
  }
  return data;
}

BaselinePass::Hidden::Hidden(int units)
    : output(units, kernels::kPanelWidth),
      passed_on(units, kernels::kPanelWidth),
      delta(units, kernels::kPanelWidth),
      factors(kernels::kPanelWidth) {}

BaselinePass::BaselinePass(const BaselineConfig& config)
    : config_(config), logits_(config.layers.back(), kernels::kPanelWidth) {
  for (size_t l = 1; l + 1 < config.layers.size(); ++l) hidden_.emplace_back(config.layers[l]);
}

kernels::ConstPanelView BaselinePass::Forward(const ForwardPass& forward, kernels::ConstPanelView input) {
  for (size_t l = 0; l < hidden_.size(); ++l) {
    Hidden& h = hidden_[l];
    forward.PreActivation(static_cast<int>(l), input, h.output.view());
    forward.ApplyElementwise(static_cast<int>(l), h.output.view(), h.output.view());
    kernels::ApplyNonlinearity(config_.activation, h.output.view(), h.output.view(), forward.isa());
    if (config_.normalise) {
      kernels::NormaliseColumns(h.output.view(), h.passed_on.view(), h.factors.data(), forward.isa());
    }
    input = InputOf(l + 1).view();
  }
  const int last = forward.depth() - 1;
  forward.PreActivation(last, input, logits_.view());
  forward.ApplyElementwise(last, logits_.view(), logits_.view());
  return logits_.view();
}

void BaselinePass::Backward(const std::vector<kernels::PanelMatrix>& transposed, kernels::ConstPanelView delta, int p,
                            int count, kernels::Isa isa, GradientRecord& tape) {
  const auto only_samples = [count](kernels::ConstPanelView view) {
    view.cols = count;
    return view;
  };
  for (size_t l = hidden_.size(); l > 0; --l) {
    Hidden& below = hidden_[l - 1];
    tape.RecordDelta(static_cast<int>(l), p, only_samples(delta));
    tape.RecordInput(static_cast<int>(l), p, only_samples(InputOf(l).view()));
    kernels::MatmulTransposed(transposed[l].view(), delta, below.delta.view(), {isa, kIeee});
    if (config_.normalise) {
      kernels::NormaliseColumnsBackward(below.passed_on.view(), below.factors.data(), below.delta.view(), isa);
    }
    kernels::MultiplyByDerivative(config_.activation, below.output.view(), below.delta.view(), isa);
    delta = below.delta.view();
  }
  tape.RecordDelta(0, p, only_samples(delta));
}

}  // namespace fplab::nets
