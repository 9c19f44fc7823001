// The activation estimator on one panel of samples.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/estimators/activation_panel.h>

#include <algorithm>

#include <fplab/kernels/layers/elementwise.h>
#include <fplab/kernels/layers/loss.h>
#include <fplab/kernels/layers/select.h>
#include <fplab/kernels/matmul/matmul.h>
#include <fplab/kernels/random/random.h>
#include <fplab/nets/random/stream_names.h>

namespace fplab::nets {
namespace {

// Losses of so many flipped blocks are computed at once: enough to amortise the calls, few enough to stay in cache.
constexpr int kGroup = 16;

// Units of a layer that are computed and passed on at a time: 16 KiB of 32 samples each, which stay in the first-level
// cache between the rank update, the element-wise operations and the next matmul. A multiple of kPanelWidth.
constexpr int kSlice = 4 * kernels::kPanelWidth;

int BlockOf(const ActivationConfig& config, int layer) {
  return config.block[std::min(static_cast<size_t>(layer), config.block.size() - 1)];
}

}  // namespace

ActivationPanel::Hidden::Hidden(int units, int block_size)
    : block(block_size),
      deviate(units, kernels::kPanelWidth),
      noise(units, kernels::kPanelWidth),
      noisy(units, kernels::kPanelWidth),
      output(units, kernels::kPanelWidth),
      flipped(units, kernels::kPanelWidth),
      change(units, kernels::kPanelWidth),
      delta(units, kernels::kPanelWidth) {}

ActivationPanel::ActivationPanel(const NetworkConfig& network, const ActivationConfig& config)
    : config_(config),
      slice_(kSlice, kernels::kPanelWidth),
      logits_before_(network.layers.back(), kernels::kPanelWidth),
      logits_(network.layers.back(), kernels::kPanelWidth),
      logits_delta_(network.layers.back(), kernels::kPanelWidth),
      loss_(kernels::kPanelWidth),
      group_logits_(network.layers.back(), kGroup * kernels::kPanelWidth),
      group_loss_(kGroup * kernels::kPanelWidth),
      group_labels_(kGroup * kernels::kPanelWidth),
      signs_(network.layers.back(), kernels::kPanelWidth),
      perturbation_(network.layers.back(), kernels::kPanelWidth) {
  for (int l = 0; l + 1 < network.depth(); ++l) {
    const int units = network.layers[static_cast<size_t>(l) + 1];
    hidden_.emplace_back(units, BlockOf(config, l));
    scratch_.emplace_back(units, kernels::kPanelWidth);
  }
}

const kernels::PanelMatrix& ActivationPanel::delta(int l) const {
  return static_cast<size_t>(l) < hidden_.size() ? hidden_[static_cast<size_t>(l)].delta : logits_delta_;
}

void ActivationPanel::Forward(const ForwardPass& forward, kernels::ConstPanelView input, const int32_t* labels,
                              const Key& key) {
  const kernels::Execution ieee{forward.isa(), kIeee};
  sigma_ = key.sigma;
  for (size_t l = 0; l < hidden_.size(); ++l) {
    const int layer = static_cast<int>(l);
    Hidden& h = hidden_[l];
    const kernels::Stream stream = HiddenNoise(key.seed, key.step, layer, key.panel);
    kernels::AlignedBuffer& deviate = h.deviate.buffer();
    if (config_.noise == NoiseKind::kSigns) {
      kernels::FillSigns(stream, 1.0f, deviate.data(), deviate.size(), ieee.isa);
    } else {
      kernels::FillNormals(stream, 1.0f, deviate.data(), deviate.size(), ieee.isa);
    }
    Scale(h.deviate.view(), sigma_, h.noise.view(), ieee);
    if (layer > 0) Scale(h.noise.view(), forward.scale_down(), h.noise.view(), ieee);

    // `flipped` and `output` hold the pre-activations first.
    forward.PreActivation(layer, input, h.output.view());
    Add(h.output.view(), h.noise.view(), h.noisy.view(), forward.matmul());
    Subtract(h.output.view(), h.noise.view(), h.flipped.view(), forward.matmul());
    forward.ApplyElementwise(layer, h.flipped.view(), h.flipped.view());
    forward.ApplyElementwise(layer, h.noisy.view(), h.output.view());
    Subtract(h.flipped.view(), h.output.view(), h.change.view(), ieee);
    input = h.output.view();
  }
  const int last = forward.depth() - 1;
  forward.PreActivation(last, input, logits_before_.view());
  forward.ApplyElementwise(last, logits_before_.view(), logits_.view());
  kernels::SoftmaxCrossEntropy(logits_.view(), labels, loss_.data(), forward.isa());
  for (int g = 0; g < kGroup; ++g)
    std::copy_n(labels, kernels::kPanelWidth, group_labels_.begin() + g * kernels::kPanelWidth);
}

bool ActivationPanel::Changes(int l, int first, int count) const {
  const float* change = hidden_[static_cast<size_t>(l)].change.view().Panel(0) + first * kernels::kPanelWidth;
  return std::any_of(change, change + count * kernels::kPanelWidth, [](float x) { return x != 0.0f; });
}

void ActivationPanel::FlippedPreActivation(const ForwardPass& forward, int l, int first, int count, int slice_first,
                                           kernels::PanelView z) {
  const Hidden& h = hidden_[static_cast<size_t>(l)];
  const bool into_logits = l + 2 == forward.depth();
  const kernels::ConstPanelView weight =
      forward.layer(l + 1).weight.view().Panels(slice_first / kernels::kPanelWidth, kernels::PanelCount(z.rows));
  if (forward.matmul().mode == kIeee) {
    const kernels::PanelMatrix& before = into_logits ? logits_before_ : hidden_[static_cast<size_t>(l) + 1].noisy;
    kernels::MatmulTransposedFrom(before.view().Rows(slice_first, z.rows), weight.Rows(first, count),
                                  h.change.view().Rows(first, count), z, forward.matmul());
    return;
  }
  kernels::MatmulTransposed(weight, mixed_.view(), z, forward.matmul());
  if (into_logits) return;
  Add(z, hidden_[static_cast<size_t>(l) + 1].noise.view().Rows(slice_first, z.rows), z, forward.matmul());
}

void ActivationPanel::PropagateBlock(const ForwardPass& forward, int l, int first, int count,
                                     kernels::PanelView logits) {
  const int last = forward.depth() - 1;
  if (forward.matmul().mode != kIeee) {
    const Hidden& h = hidden_[static_cast<size_t>(l)];
    mixed_ = h.output;
    std::copy_n(h.flipped.view().Panel(0) + first * kernels::kPanelWidth, count * kernels::kPanelWidth,
                mixed_.view().Panel(0) + first * kernels::kPanelWidth);
  }
  if (l + 1 == last) return FlippedPreActivation(forward, l, first, count, 0, logits);

  // Layer l + 1 slice by slice, each continuing the chains of layer l + 2.
  const auto scratch = [&](int m) { return m == last ? logits : scratch_[static_cast<size_t>(m)].view(); };
  const kernels::PanelView above = scratch(l + 2);
  const int units = forward.layer(l + 1).weight.cols();
  for (int unit = 0; unit < units; unit += kSlice) {
    const kernels::PanelView slice = slice_.view().Rows(0, std::min(kSlice, units - unit));
    FlippedPreActivation(forward, l, first, count, unit, slice);
    forward.ApplyElementwise(l + 1, slice, slice, unit);
    const kernels::ConstPanelView weight = forward.layer(l + 2).weight.view().Rows(unit, slice.rows);
    if (unit == 0) {
      kernels::MatmulTransposed(weight, slice, above, forward.matmul());
    } else {
      kernels::MatmulTransposedFrom(above, weight, slice, above, forward.matmul());
    }
  }
  for (int m = l + 2; m < last; ++m) {
    const kernels::PanelView z = scratch(m);
    Add(z, hidden_[static_cast<size_t>(m)].noise.view(), z, forward.matmul());
    forward.ApplyElementwise(m, z, z);
    forward.PreActivation(m + 1, z, scratch(m + 1));
  }
}

void ActivationPanel::PropagateBlocks(const ForwardPass& forward, int l, std::span<const kernels::InputBlock> blocks,
                                      kernels::PanelView logits) {
  const Hidden& h = hidden_[static_cast<size_t>(l)];
  if (l + 2 == forward.depth() && forward.matmul().mode == kIeee) {
    return kernels::RankUpdates(logits_before_.view(), forward.layer(l + 1).weight.view(), blocks, h.change.view(),
                                logits, forward.matmul());
  }
  if (l + 3 == forward.depth() && forward.matmul().mode == kIeee && logits.rows <= kernels::kPanelWidth &&
      !forward.HasLinearUnits(l + 1)) {
    const kernels::UpdatedLayer above{hidden_[static_cast<size_t>(l) + 1].noisy.view(),
                                      forward.layer(l + 1).weight.view(), forward.HiddenStep(l + 1),
                                      forward.layer(l + 2).weight.view()};
    return kernels::UpdatedProducts(above, blocks, h.change.view(), logits, forward.matmul());
  }
  for (size_t b = 0; b < blocks.size(); ++b) {
    PropagateBlock(forward, l, blocks[b].first, blocks[b].count, logits.Panels(static_cast<int>(b), 1));
  }
}

void ActivationPanel::FlipBlocks(const ForwardPass& forward, int l, float share) {
  Hidden& h = hidden_[static_cast<size_t>(l)];
  const int units = h.output.rows();
  const float factor = share / (2 * sigma_);
  std::fill(h.delta.buffer().begin(), h.delta.buffer().end(), 0.0f);

  const auto finish_group = [&] {
    if (group_.empty()) return;
    kernels::PanelView logits = group_logits_.view().Panels(0, static_cast<int>(group_.size()));
    PropagateBlocks(forward, l, group_, logits);
    forward.ApplyElementwise(forward.depth() - 1, logits, logits);
    kernels::SoftmaxCrossEntropy(logits, group_labels_.data(), group_loss_.data(), forward.isa());
    for (size_t g = 0; g < group_.size(); ++g) {
      const float* flipped_loss = group_loss_.data() + g * kernels::kPanelWidth;
      const auto [first, count] = group_[g];
      kernels::AntitheticDelta(loss_.data(), flipped_loss, h.deviate.view().Rows(first, count),
                               h.change.view().Rows(first, count), factor, h.delta.view().Rows(first, count),
                               forward.isa());
    }
    group_.clear();
  };

  group_.clear();
  for (int first = 0; first < units; first += h.block) {
    const int count = std::min(h.block, units - first);
    if (!Changes(l, first, count)) continue;
    group_.push_back({first, count});
    if (std::ssize(group_) == kGroup) finish_group();
  }
  finish_group();
}

void ActivationPanel::PerturbLogits(const ForwardPass& forward, float share, const Key& key) {
  const kernels::Execution ieee{forward.isa(), kIeee};
  const int last = forward.depth() - 1;
  const int classes = logits_.rows();
  const size_t count = logits_.buffer().size();
  const float factor = share / (2 * sigma_ * static_cast<float>(config_.output_pairs));
  kernels::AlignedBuffer& delta = logits_delta_.buffer();
  std::fill(delta.begin(), delta.end(), 0.0f);

  kernels::AlignedBuffer all_signs(count * static_cast<size_t>(config_.output_pairs));
  kernels::FillSigns(OutputSigns(key.seed, key.step, key.panel), 1.0f, all_signs.data(), all_signs.size(), ieee.isa);
  for (int pair = 0; pair < config_.output_pairs; ++pair) {
    const float* signs = all_signs.data() + static_cast<size_t>(pair) * count;
    const kernels::ConstPanelView sign_view{signs, classes, kernels::kPanelWidth, classes * kernels::kPanelWidth};
    Scale(sign_view, sigma_, perturbation_.view(), ieee);
    if (last > 0) Scale(perturbation_.view(), forward.scale_down(), perturbation_.view(), ieee);
    const kernels::PanelView plus = group_logits_.view().Panels(0, 1), minus = group_logits_.view().Panels(1, 1);
    Add(logits_before_.view(), perturbation_.view(), plus, forward.matmul());
    Subtract(logits_before_.view(), perturbation_.view(), minus, forward.matmul());
    const kernels::PanelView both = group_logits_.view().Panels(0, 2);
    forward.ApplyElementwise(last, both, both);
    kernels::SoftmaxCrossEntropy(both, group_labels_.data(), group_loss_.data(), forward.isa());
    for (int r = 0; r < classes; ++r) {
      for (int c = 0; c < kernels::kPanelWidth; ++c) {
        const float difference =
            group_loss_[static_cast<size_t>(c)] - group_loss_[static_cast<size_t>(kernels::kPanelWidth + c)];
        const size_t at = static_cast<size_t>(r) * kernels::kPanelWidth + static_cast<size_t>(c);
        delta[at] += difference * (signs[at] * factor);
      }
    }
  }
}

}  // namespace fplab::nets
