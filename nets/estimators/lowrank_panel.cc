// Forward passes of members with noise of low rank.
#include "nets/lowrank_panel.h"

#include <algorithm>
#include <cmath>

#include "fparith/check.h"
#include "kernels/elementwise.h"
#include "kernels/grouped.h"
#include "kernels/matmul.h"

namespace fplab {

LowRankPanel::Layer::Layer(int inputs, int outputs, int rank, int groups) : out(outputs, 2 * kPanelWidth) {
  const auto size = [groups](int count) { return static_cast<size_t>(count) * static_cast<size_t>(groups); };
  b.resize(size(inputs) * static_cast<size_t>(rank) + kGroupedSlack);
  a.resize(size(outputs) * static_cast<size_t>(rank) + kGroupedSlack);
  for (AlignedBuffer* bias : {&noise, &plus, &minus}) bias->resize(size(outputs) + kGroupedSlack);
}

LowRankPanel::LowRankPanel(const NetworkConfig& network, const PopulationConfig& config, int width)
    : config_(config),
      width_(width),
      t_(static_cast<size_t>(config.rank) * 2 * kPanelWidth),
      losses_(2 * kPanelWidth),
      labels_(2 * kPanelWidth) {
  for (int l = 0; l < network.depth(); ++l) {
    const auto i = static_cast<size_t>(l);
    layers_.emplace_back(network.layers[i], network.layers[i + 1], config.rank, kPanelWidth / width);
    shared_.emplace_back(network.layers[i + 1], kPanelWidth);
    shared_output_.emplace_back(network.layers[i + 1], kPanelWidth);
  }
}

void LowRankPanel::Begin(const ForwardPass& forward, ConstPanelView input, const int32_t* labels, int last) {
  isa_ = forward.isa();
  input_ = input;
  std::copy_n(labels, kPanelWidth, labels_.begin());
  std::copy_n(labels, kPanelWidth, labels_.begin() + kPanelWidth);
  for (int l = 0; l <= last; ++l) {
    PanelMatrix& z = shared_[static_cast<size_t>(l)];
    forward.PreActivation(l, input, z.view());
    if (l == last) return;
    PanelMatrix& output = shared_output_[static_cast<size_t>(l)];
    forward.Activate(l, z.view(), output.view());
    input = output.view();
  }
}

void LowRankPanel::Draw(const Population& population, int visit, const Key& key, int layer, LowRankFactor factor,
                        float deviation, size_t count, AlignedBuffer& out) {
  const auto stream = [&](int group) {
    return LowRankNoise(key.seed, key.step, layer, factor, population.PairOf(visit, key.panel, group));
  };
  const auto groups = static_cast<size_t>(population.groups());
  if (groups == 1) return FillNormals(stream(0), deviation, out.data(), count, isa_);
  own_.resize(std::max(own_.size(), count));
  for (size_t g = 0; g < groups; ++g) {
    FillNormals(stream(static_cast<int>(g)), deviation, own_.data(), count, isa_);
    for (size_t i = 0; i < count; ++i) out[i * groups + g] = own_[i];
  }
}

void LowRankPanel::DrawFactors(const ForwardPass& forward, const Population& population, int l, int visit,
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
  const AlignedBuffer& center = forward.layer(l).bias;
  for (size_t i = 0; i < outputs * groups; ++i) {
    layer.plus[i] = center[i / groups] + layer.noise[i];
    layer.minus[i] = center[i / groups] - layer.noise[i];
  }
  for (AlignedBuffer* bias : {&layer.plus, &layer.minus}) forward.EnterBias(l, bias->data(), outputs * groups);
}

GroupedView LowRankPanel::Vector(const AlignedBuffer& factor, int q, int units) const {
  const int groups = kPanelWidth / width_;
  return {factor.data() + static_cast<size_t>(q) * static_cast<size_t>(units * groups), units, width_, groups};
}

void LowRankPanel::Perturb(const ForwardPass& forward, int l, ConstPanelView input, bool alike) {
  Layer& layer = layers_[static_cast<size_t>(l)];
  const PanelView out = layer.out.view();
  for (int q = 0; q < config_.rank; ++q) {
    float* t = t_.data() + static_cast<size_t>(q) * 2 * kPanelWidth;
    GroupedDots(input, Vector(layer.b, q, input.rows), t, forward.matmul());
    if (alike) std::copy_n(t, kPanelWidth, t + kPanelWidth);
    for (int c = kPanelWidth; c < 2 * kPanelWidth; ++c) t[c] = -t[c];
    GroupedUpdate(out, Vector(layer.a, q, out.rows), t, out, forward.matmul());
  }
}

void LowRankPanel::Visit(const ForwardPass& forward, const Population& population, LayerBlock block, int visit,
                         const Key& key) {
  FPLAB_CHECK(population.width() == width_, "low-rank panel: made for another width of groups");
  ConstPanelView input = block.first == 0 ? input_ : shared_output_[static_cast<size_t>(block.first) - 1].view();
  for (int l = block.first; l < forward.depth(); ++l) {
    Layer& layer = layers_[static_cast<size_t>(l)];
    const PanelView out = layer.out.view(), plus = out.Panels(0, 1), minus = out.Panels(1, 1);
    const bool alike = l == block.first;
    if (alike) {
      const AlignedBuffer& shared = shared_[static_cast<size_t>(l)].buffer();
      for (const PanelView& member : {plus, minus}) std::copy(shared.begin(), shared.end(), member.data);
    } else {
      forward.PreActivation(l, input, out);
    }
    if (l <= block.last) {
      DrawFactors(forward, population, l, visit, key);
      Perturb(forward, l, input, alike);
      forward.Activate(l, plus, Vector(layer.plus, 0, out.rows), plus);
      forward.Activate(l, minus, Vector(layer.minus, 0, out.rows), minus);
    } else {
      forward.Activate(l, out, out);
    }
    input = out;
  }
  MemberLosses(config_, layers_.back().out.view(), labels_.data(), losses_.data(), isa_);
}

}  // namespace fplab
