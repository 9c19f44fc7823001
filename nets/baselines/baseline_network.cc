// Conventional networks on the kernels.
#include "nets/smooth_network.h"

#include <cmath>

#include "fparith/error.h"
#include "kernels/elementwise.h"
#include "kernels/matmul.h"

namespace fplab {

float PreservingGain(Activation activation) {
  // E[elu(z)^2] = 1/2 + E[(e^z - 1)^2; z < 0] = 1/2 + e^2 Phi(-2) - 2 e^(1/2) Phi(-1) + 1/2 = 0.64494.
  return activation == Activation::kElu ? 1.5505f : 1.0f;
}

NetworkConfig LayersOf(const SmoothConfig& config) { return {config.layers, 0, kIeee, kIeee}; }

Network InitialSmoothNetwork(const SmoothConfig& config, float gain, uint64_t seed, Isa isa) {
  if (!std::isfinite(gain) || !(gain > 0)) throw Error("gain: found {}, expected > 0", gain);
  Validate(LayersOf(config));
  Network network = InitialNetwork(LayersOf(config), seed, isa);
  // InitialNetwork draws with the variance 2 / inputs.
  const float factor = std::sqrt(gain / 2);
  for (LayerParameters& layer : network.parameters) {
    Scale(layer.weight.view(), factor, layer.weight.view(), {isa, kIeee});
  }
  return network;
}

Dataset Normalised(Dataset data, Isa isa) {
  PanelMatrix column(data.features, 1);
  AlignedBuffer factor(kPanelWidth);
  const auto features = static_cast<size_t>(data.features);
  for (size_t i = 0; i < data.y.size(); ++i) {
    float* sample = data.x.data() + i * features;
    ToPanels(sample, 1, column.view());
    NormaliseColumns(column.view(), column.view(), factor.data(), isa);
    FromPanels(column.view(), sample, 1);
  }
  return data;
}

SmoothPass::Hidden::Hidden(int units)
    : output(units, kPanelWidth), passed_on(units, kPanelWidth), delta(units, kPanelWidth), factors(kPanelWidth) {}

SmoothPass::SmoothPass(const SmoothConfig& config) : config_(config), logits_(config.layers.back(), kPanelWidth) {
  for (size_t l = 1; l + 1 < config.layers.size(); ++l) hidden_.emplace_back(config.layers[l]);
}

ConstPanelView SmoothPass::Forward(const ForwardPass& forward, ConstPanelView input) {
  for (size_t l = 0; l < hidden_.size(); ++l) {
    Hidden& h = hidden_[l];
    forward.PreActivation(static_cast<int>(l), input, h.output.view());
    forward.Activate(static_cast<int>(l), h.output.view(), h.output.view());
    Activate(config_.activation, h.output.view(), h.output.view(), forward.isa());
    if (config_.normalise) {
      NormaliseColumns(h.output.view(), h.passed_on.view(), h.factors.data(), forward.isa());
    }
    input = InputOf(l + 1).view();
  }
  const int last = forward.depth() - 1;
  forward.PreActivation(last, input, logits_.view());
  forward.Activate(last, logits_.view(), logits_.view());
  return logits_.view();
}

void SmoothPass::Backward(const std::vector<PanelMatrix>& transposed, ConstPanelView delta, int p, int count, Isa isa,
                          Tape& tape) {
  const auto only_samples = [count](ConstPanelView view) {
    view.cols = count;
    return view;
  };
  for (size_t l = hidden_.size(); l > 0; --l) {
    Hidden& below = hidden_[l - 1];
    tape.RecordDelta(static_cast<int>(l), p, only_samples(delta));
    tape.RecordInput(static_cast<int>(l), p, only_samples(InputOf(l).view()));
    MatmulTransposed(transposed[l].view(), delta, below.delta.view(), {isa, kIeee});
    if (config_.normalise) {
      NormaliseColumnsBackward(below.passed_on.view(), below.factors.data(), below.delta.view(), isa);
    }
    MultiplyByDerivative(config_.activation, below.output.view(), below.delta.view(), isa);
    delta = below.delta.view();
  }
  tape.RecordDelta(0, p, only_samples(delta));
}

}  // namespace fplab
