// Forward passes of members with noise of low rank.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/estimators/lowrank_panel.h>

#include <algorithm>
#include <cmath>

#include <fplab/fparith/float/check.h>
#include <fplab/kernels/layers/elementwise.h>
#include <fplab/kernels/layers/member_columns.h>
#include <fplab/kernels/matmul/matmul.h>

namespace fplab::nets {

LowRankPanel::Layer::Layer(int inputs, int outputs, int rank, int groups) : out(outputs, 2 * kernels::kPanelWidth) {
  const auto size = [groups](int count) { return static_cast<size_t>(count) * static_cast<size_t>(groups); };
  b.resize(size(inputs) * static_cast<size_t>(rank) + kernels::kMemberSlack);
  a.resize(size(outputs) * static_cast<size_t>(rank) + kernels::kMemberSlack);
  for (kernels::AlignedBuffer* bias : {&noise, &plus, &minus}) bias->resize(size(outputs) + kernels::kMemberSlack);
}

LowRankPanel::LowRankPanel(const NetworkConfig& network, const LowRankConfig& config, int width)
    : config_(config),
      width_(width),
      t_(static_cast<size_t>(config.rank) * 2 * kernels::kPanelWidth),
      losses_(2 * kernels::kPanelWidth),
      labels_(2 * kernels::kPanelWidth) {
  for (int l = 0; l < network.depth(); ++l) {
    const auto i = static_cast<size_t>(l);
    layers_.emplace_back(network.layers[i], network.layers[i + 1], config.rank, kernels::kPanelWidth / width);
    shared_.emplace_back(network.layers[i + 1], kernels::kPanelWidth);
    shared_output_.emplace_back(network.layers[i + 1], kernels::kPanelWidth);
  }
}

void LowRankPanel::Begin(const ForwardPass& forward, kernels::ConstPanelView input, const int32_t* labels, int last) {
  isa_ = forward.isa();
  input_ = input;
  std::copy_n(labels, kernels::kPanelWidth, labels_.begin());
  std::copy_n(labels, kernels::kPanelWidth, labels_.begin() + kernels::kPanelWidth);
  for (int l = 0; l <= last; ++l) {
    kernels::PanelMatrix& z = shared_[static_cast<size_t>(l)];
    forward.PreActivation(l, input, z.view());
    if (l == last) return;
    kernels::PanelMatrix& output = shared_output_[static_cast<size_t>(l)];
    forward.ApplyElementwise(l, z.view(), output.view());
    input = output.view();
  }
}

void LowRankPanel::Draw(const AntitheticPopulation& population, int visit, const Key& key, int layer,
                        LowRankFactor factor, float deviation, size_t count, kernels::AlignedBuffer& out) {
  const auto stream = [&](int group) {
    return LowRankNoise(key.seed, key.step, layer, factor, population.PairOf(visit, key.panel, group));
  };
  const auto groups = static_cast<size_t>(population.groups());
  if (groups == 1) return kernels::FillNormals(stream(0), deviation, out.data(), count, isa_);
  own_.resize(std::max(own_.size(), count));
  for (size_t g = 0; g < groups; ++g) {
    kernels::FillNormals(stream(static_cast<int>(g)), deviation, own_.data(), count, isa_);
    for (size_t i = 0; i < count; ++i) out[i * groups + g] = own_[i];
  }
}

void LowRankPanel::DrawFactors(const ForwardPass& forward, const AntitheticPopulation& population, int l, int visit,
                               const Key& key) {
  const auto groups = static_cast<size_t>(population.groups());
  Layer& layer = layers_[static_cast<size_t>(l)];
  const auto inputs = static_cast<size_t>(forward.layer(l).weight.rows());
  const auto outputs = static_cast<size_t>(forward.layer(l).weight.cols());
  const auto rank = static_cast<size_t>(config_.rank);
  const float sigma = SigmaOf(config_, l);
  Draw(population, visit, key, l, LowRankFactor::kInputs, 1.0f, inputs * rank, layer.b);
  Draw(population, visit, key, l, LowRankFactor::kOutputs, sigma / std::sqrt(static_cast<float>(rank)), outputs * rank,
       layer.a);
  Draw(population, visit, key, l, LowRankFactor::kBias, sigma, outputs, layer.noise);
  const kernels::AlignedBuffer& center = forward.layer(l).bias;
  for (size_t i = 0; i < outputs * groups; ++i) {
    layer.plus[i] = center[i / groups] + layer.noise[i];
    layer.minus[i] = center[i / groups] - layer.noise[i];
  }
  for (kernels::AlignedBuffer* bias : {&layer.plus, &layer.minus}) forward.EnterBias(l, bias->data(), outputs * groups);
}

kernels::MemberView LowRankPanel::Vector(const kernels::AlignedBuffer& factor, int q, int units) const {
  const int groups = kernels::kPanelWidth / width_;
  return {factor.data() + static_cast<size_t>(q) * static_cast<size_t>(units * groups), units, width_, groups};
}

void LowRankPanel::Perturb(const ForwardPass& forward, int l, kernels::ConstPanelView input, bool alike) {
  Layer& layer = layers_[static_cast<size_t>(l)];
  const kernels::PanelView out = layer.out.view();
  for (int q = 0; q < config_.rank; ++q) {
    float* t = t_.data() + static_cast<size_t>(q) * 2 * kernels::kPanelWidth;
    kernels::MemberDots(input, Vector(layer.b, q, input.rows), t, forward.matmul());
    if (alike) std::copy_n(t, kernels::kPanelWidth, t + kernels::kPanelWidth);
    for (int c = kernels::kPanelWidth; c < 2 * kernels::kPanelWidth; ++c) t[c] = -t[c];
    kernels::MemberUpdate(out, Vector(layer.a, q, out.rows), t, out, forward.matmul());
  }
}

void LowRankPanel::Visit(const ForwardPass& forward, const AntitheticPopulation& population, LayerBlock block,
                         int visit, const Key& key) {
  FPLAB_CHECK(population.width() == width_, "low-rank panel: made for another width of groups");
  kernels::ConstPanelView input =
      block.first == 0 ? input_ : shared_output_[static_cast<size_t>(block.first) - 1].view();
  for (int l = block.first; l < forward.depth(); ++l) {
    Layer& layer = layers_[static_cast<size_t>(l)];
    const kernels::PanelView out = layer.out.view(), plus = out.Panels(0, 1), minus = out.Panels(1, 1);
    const bool alike = l == block.first;
    if (alike) {
      const kernels::AlignedBuffer& shared = shared_[static_cast<size_t>(l)].buffer();
      for (const kernels::PanelView& member : {plus, minus}) std::copy(shared.begin(), shared.end(), member.data);
    } else {
      forward.PreActivation(l, input, out);
    }
    if (l <= block.last) {
      DrawFactors(forward, population, l, visit, key);
      Perturb(forward, l, input, alike);
      forward.ApplyElementwise(l, plus, Vector(layer.plus, 0, out.rows), plus);
      forward.ApplyElementwise(l, minus, Vector(layer.minus, 0, out.rows), minus);
    } else {
      forward.ApplyElementwise(l, out, out);
    }
    input = out;
  }
  MemberLosses(config_, layers_.back().out.view(), labels_.data(), losses_.data(), isa_);
}

}  // namespace fplab::nets
