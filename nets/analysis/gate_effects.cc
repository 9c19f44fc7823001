// Effects of gates, a panel of samples a task.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/analysis/gate_effects.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include <fplab/fparith/mode/guest.h>
#include <fplab/kernels/layers/elementwise.h>
#include <fplab/kernels/matmul/matmul.h>
#include <fplab/nets/data/batch.h>
#include <fplab/nets/network/accuracy.h>

namespace fplab::nets {
namespace {

using Effects = std::vector<std::vector<double>>;

Effects ZeroEffects(const NetworkConfig& config) {
  Effects effects;
  for (int l = 1; l <= config.depth(); ++l) effects.emplace_back(config.layers[static_cast<size_t>(l)]);
  return effects;
}

class PanelEffects {
 public:
  // `open` is the same network with every unit linear.
  PanelEffects(const ForwardPass& forward, const ForwardPass& open) : forward_(forward), open_(open) {
    outputs_ = forward.MakeHidden();
    outputs_.emplace_back(forward.config().layers.back(), kernels::kPanelWidth);
    sums_ = changes_ = scratch_ = outputs_;
  }

  // Adds to `effects` those on `samples` samples.
  void Add(kernels::ConstPanelView input, int samples, Effects& effects) {
    for (int l = 0; l < forward_.depth(); ++l) {
      const auto at = static_cast<size_t>(l);
      forward_.PreActivation(l, input, sums_[at].view());
      forward_.ApplyElementwise(l, sums_[at].view(), outputs_[at].view());
      open_.ApplyElementwise(l, sums_[at].view(), changes_[at].view());
      Subtract(changes_[at].view(), outputs_[at].view(), changes_[at].view(), {forward_.isa(), kIeee});
      input = outputs_[at].view();
    }
    for (int l = 0; l < forward_.depth(); ++l) {
      std::vector<double>& layer = effects[static_cast<size_t>(l)];
      for (size_t j = 0; j < layer.size(); ++j) layer[j] += Effect(l, static_cast<int>(j), samples);
    }
  }

 private:
  double Effect(int l, int unit, int samples) {
    const kernels::ConstPanelView change = std::as_const(changes_[static_cast<size_t>(l)]).view().Rows(unit, 1);
    if (std::all_of(change.data, change.data + samples, [](float x) { return x == 0.0f; })) return 0;
    const int last = forward_.depth() - 1;
    if (l == last) return SquaredSum(change, nullptr, samples);
    kernels::PanelView above = scratch_[static_cast<size_t>(l) + 1].view();
    kernels::MatmulTransposedFrom(sums_[static_cast<size_t>(l) + 1].view(),
                                  forward_.layer(l + 1).weight.view().Rows(unit, 1), change, above, forward_.matmul());
    forward_.ApplyElementwise(l + 1, above, above);
    for (int m = l + 2; m <= last; ++m) {
      const kernels::PanelView next = scratch_[static_cast<size_t>(m)].view();
      forward_.PreActivation(m, above, next);
      forward_.ApplyElementwise(m, next, next);
      above = next;
    }
    return SquaredSum(above, outputs_.back().view().data, samples);
  }

  // Of the elements of a panel, or of their differences from another.
  static double SquaredSum(kernels::ConstPanelView x, const float* from, int samples) {
    double sum = 0;
    for (int r = 0; r < x.rows; ++r) {
      for (int c = 0; c < samples; ++c) {
        const int at = r * kernels::kPanelWidth + c;
        const double difference = static_cast<double>(x.data[at]) - (from == nullptr ? 0.0 : from[at]);
        sum += difference * difference;
      }
    }
    return sum;
  }

  const ForwardPass& forward_;
  const ForwardPass& open_;
  std::vector<kernels::PanelMatrix> sums_, outputs_, changes_, scratch_;
};

}  // namespace

LinearUnits AllLinear(const NetworkConfig& config) {
  LinearUnits linear;
  for (int l = 1; l <= config.depth(); ++l) linear.emplace_back(config.layers[static_cast<size_t>(l)], 1);
  return linear;
}

Dataset FirstSamples(const Dataset& data, int count) {
  Dataset first = data;
  const auto kept = static_cast<size_t>(std::min(count, data.count()));
  first.y.resize(kept);
  first.x.resize(kept * static_cast<size_t>(data.features));
  return first;
}

namespace {

std::vector<std::vector<double>> EffectsInIeee(const Network& network, const Dataset& data, kernels::Isa isa,
                                               kernels::Workers& workers) {
  RequireFit(network.config, data);
  Effects total = ZeroEffects(network.config);
  if (data.count() == 0) return total;
  const Network all_linear{network.config, network.parameters, AllLinear(network.config)};
  const ForwardPass forward(network, isa), open(all_linear, isa);
  Batch batch(data.features, data.count());
  std::vector<int> indices(static_cast<size_t>(data.count()));
  std::iota(indices.begin(), indices.end(), 0);
  Gather(data, indices, workers, batch);

  std::vector<Effects> panels(static_cast<size_t>(batch.panels()), total);
  std::vector<PanelEffects> scratch(static_cast<size_t>(workers.count()), PanelEffects(forward, open));
  workers.For(batch.panels(), kIeee, [&](int p, int worker) {
    scratch[static_cast<size_t>(worker)].Add(WholePanel(batch.columns, p), batch.SamplesIn(p),
                                             panels[static_cast<size_t>(p)]);
  });
  for (const Effects& panel : panels) {
    for (size_t l = 0; l < total.size(); ++l) {
      for (size_t j = 0; j < total[l].size(); ++j) total[l][j] += panel[l][j] / data.count();
    }
  }
  return total;
}

}  // namespace

std::vector<std::vector<double>> GateEffects(const Network& network, const Dataset& data, kernels::Isa isa,
                                             kernels::Workers& workers) {
  return AsGuest([&] { return EffectsInIeee(network, data, isa, workers); });
}

}  // namespace fplab::nets
