// LowRankPanel: the low-rank estimator's work on one panel of 32 samples: the forward passes of a visit's pairs.
#ifndef FPLAB_NETS_LOWRANK_PANEL_H_
#define FPLAB_NETS_LOWRANK_PANEL_H_

#include <cstdint>
#include <vector>

#include "nets/network.h"
#include "nets/population.h"
#include "nets/streams.h"

namespace fplab {

// The tensors of a layer's noise: rank vectors over its inputs, rank vectors over its outputs, one over its biases.
enum class LowRankFactor { kInputs, kOutputs, kBias };

constexpr Stream LowRankNoise(uint64_t seed, int64_t step, int layer, LowRankFactor factor, int pair) {
  return MemberNoise(seed, step, 3 * layer + static_cast<int>(factor), pair);
}

// Layers first .. last, which a pair perturbs.
struct LayerBlock {
  int first, last;
};

// Scratch memory of one worker. For each panel Begin, then Visit as often as there are visits.
class LowRankPanel {
 public:
  LowRankPanel(const NetworkConfig& network, const PopulationConfig& config, int width);

  struct Key {
    uint64_t seed;
    int64_t step;
    int panel;
  };

  // The part that all pairs share: the products of layers 0 .. last with the weights, without noise.
  void Begin(const ForwardPass& forward, ConstPanelView input, const int32_t* labels, int last);
  // The members of visit `visit` on the panel, with noise in the layers of `block`. Preconditions: block.first is not
  // after the last layer of Begin; the population has groups of the width given above.
  void Visit(const ForwardPass& forward, const Population& population, LayerBlock block, int visit, const Key& key);

  // Of the last visit: 32 columns for the plus members, then 32 for the minus members.
  ConstPanelView logits() const { return layers_.back().out.view(); }
  const float* plus_losses() const { return losses_.data(); }
  const float* minus_losses() const { return losses_.data() + kPanelWidth; }

 private:
  struct Layer {
    Layer(int inputs, int outputs, int rank, int groups);

    AlignedBuffer b, a;         // [q][unit][group]
    AlignedBuffer noise;        // of the biases, [unit][group]
    AlignedBuffer plus, minus;  // biases as they enter
    PanelMatrix out;            // outputs x 64
  };

  void DrawFactors(const ForwardPass& forward, const Population& population, int l, int visit, const Key& key);
  // Adds the noise of layer l to the pre-activations of both members; alike: they have the same input.
  void Perturb(const ForwardPass& forward, int l, ConstPanelView input, bool alike);
  // `count` deviates of every group, interleaved: element i of group g at out[i * groups + g].
  void Draw(const Population& population, int visit, const Key& key, int layer, LowRankFactor factor, float deviation,
            size_t count, AlignedBuffer& out);
  GroupedView Vector(const AlignedBuffer& factor, int q, int units) const;

  PopulationConfig config_;
  int width_;
  Isa isa_ = Isa::kFallback;
  ConstPanelView input_;
  std::vector<PanelMatrix> shared_;         // each layer's product without noise
  std::vector<PanelMatrix> shared_output_;  // and its output
  std::vector<Layer> layers_;
  AlignedBuffer own_;  // one group's deviates
  AlignedBuffer t_;    // 64 a rank
  AlignedBuffer losses_;
  std::vector<int32_t> labels_;
};

}  // namespace fplab

#endif  // FPLAB_NETS_LOWRANK_PANEL_H_
