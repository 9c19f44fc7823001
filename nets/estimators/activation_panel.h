// NoisyPanel: the activation estimator's work on one panel of 32 samples: the noisy forward pass, the flipped blocks
// and the deltas that follow.
#ifndef FPLAB_NETS_NOISY_PANEL_H_
#define FPLAB_NETS_NOISY_PANEL_H_

#include <cstdint>
#include <vector>

#include "nets/estimator.h"
#include "nets/network.h"

namespace fplab {

// Scratch memory of one worker and the operations on it, in this order for each panel: Forward, FlipBlocks for every
// hidden layer, PerturbLogits. All matrices are units x 32 samples.
class NoisyPanel {
 public:
  NoisyPanel(const NetworkConfig& network, const ActivationConfig& config);

  // Which noise to draw: that of panel `panel` of the batch of step `step`, of standard deviation `sigma`.
  struct Key {
    uint64_t seed;
    int64_t step;
    int panel;
    float sigma;
  };

  // Draws the noise and runs the noisy forward pass; the logits are noise-free. `labels` are the panel's 32.
  void Forward(const ForwardPass& forward, ConstPanelView input, const int32_t* labels, const Key& key);

  // After Forward: deltas of hidden layer l, the derivative of `share` times each sample's smoothed loss with respect
  // to its pre-activations times s.
  void FlipBlocks(const ForwardPass& forward, int l, float share);
  // The same for the logits.
  void PerturbLogits(const ForwardPass& forward, float share, const Key& key);

  const PanelMatrix& logits() const { return logits_; }
  const AlignedBuffer& losses() const { return loss_; }  // 32, of the noisy forward pass
  // Output of hidden layer l, and the deltas of layer l.
  const PanelMatrix& output(int l) const { return hidden_[static_cast<size_t>(l)].output; }
  const PanelMatrix& delta(int l) const;

 private:
  struct Hidden {
    Hidden(int units, int block_size);

    int block;            // units a block
    PanelMatrix deviate;  // noise of mean 0 and standard deviation 1
    PanelMatrix noise;    // the same as they are added to the pre-activations
    PanelMatrix noisy;    // pre-activations with noise
    PanelMatrix output;   // h
    PanelMatrix flipped;  // h with the noise of every unit flipped
    PanelMatrix change;   // flipped - output
    PanelMatrix delta;
  };

  // Whether any sample's output of units first .. first+count-1 of layer l changes when their noise is flipped.
  bool Changes(int l, int first, int count) const;
  // Pre-activations of the logits with the noise of that block flipped.
  void PropagateBlock(const ForwardPass& forward, int l, int first, int count, PanelView logits);
  // Pre-activations of units slice_first .. slice_first + z.rows - 1 of layer l + 1 with that block of layer l flipped.
  // slice_first is a multiple of 32.
  void FlippedPreActivation(const ForwardPass& forward, int l, int first, int count, int slice_first, PanelView z);

  ActivationConfig config_;
  float sigma_ = 0;  // of the last Forward
  std::vector<Hidden> hidden_;
  std::vector<PanelMatrix> scratch_;  // one a hidden layer: pre-activations, then outputs, of a flipped block's pass
  PanelMatrix slice_;                 // of a layer's units
  PanelMatrix mixed_;                 // a layer's outputs with one block exchanged
  PanelMatrix logits_before_;         // pre-activations of the logits
  PanelMatrix logits_, logits_delta_;
  AlignedBuffer loss_;
  PanelMatrix group_logits_;  // one panel a flipped block
  AlignedBuffer group_loss_;
  std::vector<int32_t> group_labels_;
  PanelMatrix signs_, perturbation_;
};

}  // namespace fplab

#endif  // FPLAB_NETS_NOISY_PANEL_H_
