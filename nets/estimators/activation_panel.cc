// The activation estimator on one panel of samples.
#include "nets/noisy_panel.h"

#include <algorithm>

#include "kernels/elementwise.h"
#include "kernels/gate.h"
#include "kernels/loss.h"
#include "kernels/matmul.h"
#include "kernels/random.h"
#include "nets/streams.h"

namespace fplab {
namespace {

// Losses of so many flipped blocks are computed at once: enough to amortise the calls, few enough to stay in cache.
constexpr int kGroup = 16;

// Units of a layer that are computed and passed on at a time: 16 KiB of 32 samples each, which stay in the first-level
// cache between the rank update, the element-wise operations and the next matmul. A multiple of kPanelWidth.
constexpr int kSlice = 4 * kPanelWidth;

int BlockOf(const ActivationConfig& config, int layer) {
  return config.block[std::min(static_cast<size_t>(layer), config.block.size() - 1)];
}

}  // namespace

NoisyPanel::Hidden::Hidden(int units, int block_size)
    : block(block_size),
      deviate(units, kPanelWidth),
      noise(units, kPanelWidth),
      noisy(units, kPanelWidth),
      output(units, kPanelWidth),
      flipped(units, kPanelWidth),
      change(units, kPanelWidth),
      delta(units, kPanelWidth) {}

NoisyPanel::NoisyPanel(const NetworkConfig& network, const ActivationConfig& config)
    : config_(config),
      slice_(kSlice, kPanelWidth),
      logits_before_(network.layers.back(), kPanelWidth),
      logits_(network.layers.back(), kPanelWidth),
      logits_delta_(network.layers.back(), kPanelWidth),
      loss_(kPanelWidth),
      group_logits_(network.layers.back(), kGroup * kPanelWidth),
      group_loss_(kGroup * kPanelWidth),
      group_labels_(kGroup * kPanelWidth),
      signs_(network.layers.back(), kPanelWidth),
      perturbation_(network.layers.back(), kPanelWidth) {
  for (int l = 0; l + 1 < network.depth(); ++l) {
    const int units = network.layers[static_cast<size_t>(l) + 1];
    hidden_.emplace_back(units, BlockOf(config, l));
    scratch_.emplace_back(units, kPanelWidth);
  }
}

const PanelMatrix& NoisyPanel::delta(int l) const {
  return static_cast<size_t>(l) < hidden_.size() ? hidden_[static_cast<size_t>(l)].delta : logits_delta_;
}

void NoisyPanel::Forward(const ForwardPass& forward, ConstPanelView input, const int32_t* labels, const Key& key) {
  const Execution ieee{forward.isa(), kIeee};
  sigma_ = key.sigma;
  for (size_t l = 0; l < hidden_.size(); ++l) {
    const int layer = static_cast<int>(l);
    Hidden& h = hidden_[l];
    const Stream stream = HiddenNoise(key.seed, key.step, layer, key.panel);
    AlignedBuffer& deviate = h.deviate.buffer();
    if (config_.noise == NoiseKind::kSigns) {
      FillSigns(stream, 1.0f, deviate.data(), deviate.size(), ieee.isa);
    } else {
      FillNormals(stream, 1.0f, deviate.data(), deviate.size(), ieee.isa);
    }
    Scale(h.deviate.view(), sigma_, h.noise.view(), ieee);
    if (layer > 0) Scale(h.noise.view(), forward.scale_down(), h.noise.view(), ieee);

    // `flipped` and `output` hold the pre-activations first.
    forward.PreActivation(layer, input, h.output.view());
    Add(h.output.view(), h.noise.view(), h.noisy.view(), forward.matmul());
    Subtract(h.output.view(), h.noise.view(), h.flipped.view(), forward.matmul());
    forward.Activate(layer, h.flipped.view(), h.flipped.view());
    forward.Activate(layer, h.noisy.view(), h.output.view());
    Subtract(h.flipped.view(), h.output.view(), h.change.view(), ieee);
    input = h.output.view();
  }
  const int last = forward.depth() - 1;
  forward.PreActivation(last, input, logits_before_.view());
  forward.Activate(last, logits_before_.view(), logits_.view());
  SoftmaxCrossEntropy(logits_.view(), labels, loss_.data(), forward.isa());
  for (int g = 0; g < kGroup; ++g) std::copy_n(labels, kPanelWidth, group_labels_.begin() + g * kPanelWidth);
}

bool NoisyPanel::Changes(int l, int first, int count) const {
  const float* change = hidden_[static_cast<size_t>(l)].change.view().Panel(0) + first * kPanelWidth;
  return std::any_of(change, change + count * kPanelWidth, [](float x) { return x != 0.0f; });
}

void NoisyPanel::FlippedPreActivation(const ForwardPass& forward, int l, int first, int count, int slice_first,
                                      PanelView z) {
  const Hidden& h = hidden_[static_cast<size_t>(l)];
  const bool into_logits = l + 2 == forward.depth();
  const ConstPanelView weight =
      forward.layer(l + 1).weight.view().Panels(slice_first / kPanelWidth, PanelCount(z.rows));
  if (forward.matmul().mode == kIeee) {
    const PanelMatrix& before = into_logits ? logits_before_ : hidden_[static_cast<size_t>(l) + 1].noisy;
    MatmulTransposedFrom(before.view().Rows(slice_first, z.rows), weight.Rows(first, count),
                         h.change.view().Rows(first, count), z, forward.matmul());
    return;
  }
  MatmulTransposed(weight, mixed_.view(), z, forward.matmul());
  if (into_logits) return;
  Add(z, hidden_[static_cast<size_t>(l) + 1].noise.view().Rows(slice_first, z.rows), z, forward.matmul());
}

void NoisyPanel::PropagateBlock(const ForwardPass& forward, int l, int first, int count, PanelView logits) {
  const int last = forward.depth() - 1;
  if (forward.matmul().mode != kIeee) {
    const Hidden& h = hidden_[static_cast<size_t>(l)];
    mixed_ = h.output;
    std::copy_n(h.flipped.view().Panel(0) + first * kPanelWidth, count * kPanelWidth,
                mixed_.view().Panel(0) + first * kPanelWidth);
  }
  if (l + 1 == last) return FlippedPreActivation(forward, l, first, count, 0, logits);

  // Layer l + 1 slice by slice, each continuing the chains of layer l + 2.
  const auto scratch = [&](int m) { return m == last ? logits : scratch_[static_cast<size_t>(m)].view(); };
  const PanelView above = scratch(l + 2);
  const int units = forward.layer(l + 1).weight.cols();
  for (int unit = 0; unit < units; unit += kSlice) {
    const PanelView slice = slice_.view().Rows(0, std::min(kSlice, units - unit));
    FlippedPreActivation(forward, l, first, count, unit, slice);
    forward.Activate(l + 1, slice, slice, unit);
    const ConstPanelView weight = forward.layer(l + 2).weight.view().Rows(unit, slice.rows);
    if (unit == 0) {
      MatmulTransposed(weight, slice, above, forward.matmul());
    } else {
      MatmulTransposedFrom(above, weight, slice, above, forward.matmul());
    }
  }
  for (int m = l + 2; m < last; ++m) {
    const PanelView z = scratch(m);
    Add(z, hidden_[static_cast<size_t>(m)].noise.view(), z, forward.matmul());
    forward.Activate(m, z, z);
    forward.PreActivation(m + 1, z, scratch(m + 1));
  }
}

void NoisyPanel::FlipBlocks(const ForwardPass& forward, int l, float share) {
  Hidden& h = hidden_[static_cast<size_t>(l)];
  const int units = h.output.rows();
  const float factor = share / (2 * sigma_);
  std::fill(h.delta.buffer().begin(), h.delta.buffer().end(), 0.0f);

  int firsts[kGroup];
  int grouped = 0;
  const auto finish_group = [&] {
    if (grouped == 0) return;
    PanelView logits = group_logits_.view().Panels(0, grouped);
    forward.Activate(forward.depth() - 1, logits, logits);
    SoftmaxCrossEntropy(logits, group_labels_.data(), group_loss_.data(), forward.isa());
    for (int g = 0; g < grouped; ++g) {
      const float* flipped_loss = group_loss_.data() + g * kPanelWidth;
      const int count = std::min(h.block, units - firsts[g]);
      AntitheticDelta(loss_.data(), flipped_loss, h.deviate.view().Rows(firsts[g], count),
                      h.change.view().Rows(firsts[g], count), factor, h.delta.view().Rows(firsts[g], count),
                      forward.isa());
    }
    grouped = 0;
  };

  for (int first = 0; first < units; first += h.block) {
    const int count = std::min(h.block, units - first);
    if (!Changes(l, first, count)) continue;
    PropagateBlock(forward, l, first, count, group_logits_.view().Panels(grouped, 1));
    firsts[grouped++] = first;
    if (grouped == kGroup) finish_group();
  }
  finish_group();
}

void NoisyPanel::PerturbLogits(const ForwardPass& forward, float share, const Key& key) {
  const Execution ieee{forward.isa(), kIeee};
  const int last = forward.depth() - 1;
  const int classes = logits_.rows();
  const size_t count = logits_.buffer().size();
  const float factor = share / (2 * sigma_ * static_cast<float>(config_.output_pairs));
  AlignedBuffer& delta = logits_delta_.buffer();
  std::fill(delta.begin(), delta.end(), 0.0f);

  AlignedBuffer all_signs(count * static_cast<size_t>(config_.output_pairs));
  FillSigns(OutputSigns(key.seed, key.step, key.panel), 1.0f, all_signs.data(), all_signs.size(), ieee.isa);
  for (int pair = 0; pair < config_.output_pairs; ++pair) {
    const float* signs = all_signs.data() + static_cast<size_t>(pair) * count;
    const ConstPanelView sign_view{signs, classes, kPanelWidth, classes * kPanelWidth};
    Scale(sign_view, sigma_, perturbation_.view(), ieee);
    if (last > 0) Scale(perturbation_.view(), forward.scale_down(), perturbation_.view(), ieee);
    const PanelView plus = group_logits_.view().Panels(0, 1), minus = group_logits_.view().Panels(1, 1);
    Add(logits_before_.view(), perturbation_.view(), plus, forward.matmul());
    Subtract(logits_before_.view(), perturbation_.view(), minus, forward.matmul());
    const PanelView both = group_logits_.view().Panels(0, 2);
    forward.Activate(last, both, both);
    SoftmaxCrossEntropy(both, group_labels_.data(), group_loss_.data(), forward.isa());
    for (int r = 0; r < classes; ++r) {
      for (int c = 0; c < kPanelWidth; ++c) {
        const float difference =
            group_loss_[static_cast<size_t>(c)] - group_loss_[static_cast<size_t>(kPanelWidth + c)];
        const size_t at = static_cast<size_t>(r) * kPanelWidth + static_cast<size_t>(c);
        delta[at] += difference * (signs[at] * factor);
      }
    }
  }
}

}  // namespace fplab
