// LowRankPanel: the low-rank estimator's work on one panel of 32 samples: the forward passes of a visit's pairs.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_ESTIMATORS_LOWRANK_PANEL_H_
#define FPLAB_NETS_ESTIMATORS_LOWRANK_PANEL_H_

#include <cstdint>
#include <vector>

#include <fplab/nets/estimators/antithetic_population.h>
#include <fplab/nets/network/network.h>
#include <fplab/nets/random/stream_names.h>

namespace fplab::nets {

// The tensors of a layer's noise: rank vectors over its inputs, rank vectors over its outputs, one over its biases.
enum class LowRankFactor { kInputs, kOutputs, kBias };

constexpr kernels::Stream LowRankNoise(uint64_t seed, int64_t step, int layer, LowRankFactor factor, int pair) {
  return MemberNoise(seed, step, 3 * layer + static_cast<int>(factor), pair);
}

// Layers first .. last, which a pair perturbs.
struct LayerBlock {
  int first, last;
};

// Scratch memory of one worker. For each panel Begin, then Visit as often as there are visits.
class LowRankPanel {
 public:
  LowRankPanel(const NetworkConfig& network, const LowRankConfig& config, int width);

  struct Key {
    uint64_t seed;
    int64_t step;
    int panel;
  };

  // The part that all pairs share: the products of layers 0 .. last with the weights, without noise.
  void Begin(const ForwardPass& forward, kernels::ConstPanelView input, const int32_t* labels, int last);
  // The members of visit `visit` on the panel, with noise in the layers of `block`. Preconditions: block.first is not
  // after the last layer of Begin; the population has groups of the width given above.
  void Visit(const ForwardPass& forward, const AntitheticPopulation& population, LayerBlock block, int visit,
             const Key& key);

  // Of the last visit: 32 columns for the plus members, then 32 for the minus members.
  kernels::ConstPanelView logits() const { return layers_.back().out.view(); }
  const float* plus_losses() const { return losses_.data(); }
  const float* minus_losses() const { return losses_.data() + kernels::kPanelWidth; }

 private:
  struct Layer {
    Layer(int inputs, int outputs, int rank, int groups);

    kernels::AlignedBuffer b, a;         // [q][unit][group]
    kernels::AlignedBuffer noise;        // of the biases, [unit][group]
    kernels::AlignedBuffer plus, minus;  // biases as they enter
    kernels::PanelMatrix out;            // outputs x 64
  };

  void DrawFactors(const ForwardPass& forward, const AntitheticPopulation& population, int l, int visit,
                   const Key& key);
  // Adds the noise of layer l to the pre-activations of both members; alike: they have the same input.
  void Perturb(const ForwardPass& forward, int l, kernels::ConstPanelView input, bool alike);
  // `count` deviates of every group, interleaved: element i of group g at out[i * groups + g].
  void Draw(const AntitheticPopulation& population, int visit, const Key& key, int layer, LowRankFactor factor,
            float deviation, size_t count, kernels::AlignedBuffer& out);
  kernels::MemberView Vector(const kernels::AlignedBuffer& factor, int q, int units) const;

  LowRankConfig config_;
  int width_;
  kernels::Isa isa_ = kernels::Isa::kFallback;
  kernels::ConstPanelView input_;
  std::vector<kernels::PanelMatrix> shared_;         // each layer's product without noise
  std::vector<kernels::PanelMatrix> shared_output_;  // and its output
  std::vector<Layer> layers_;
  kernels::AlignedBuffer own_;  // one group's deviates
  kernels::AlignedBuffer t_;    // 64 a rank
  kernels::AlignedBuffer losses_;
  std::vector<int32_t> labels_;
};

}  // namespace fplab::nets

#endif  // FPLAB_NETS_ESTIMATORS_LOWRANK_PANEL_H_
