// ActivationPanel: the activation estimator's work on one panel of 32 samples: the noisy forward pass, the flipped
// blocks and the deltas that follow.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_ESTIMATORS_ACTIVATION_PANEL_H_
#define FPLAB_NETS_ESTIMATORS_ACTIVATION_PANEL_H_

#include <cstdint>
#include <span>
#include <vector>

#include <fplab/nets/estimators/gradient_estimator.h>
#include <fplab/nets/network/network.h>

namespace fplab::nets {

// Scratch memory of one worker and the operations on it, in this order for each panel: Forward, FlipBlocks for every
// hidden layer, PerturbLogits. All matrices are units x 32 samples.
class ActivationPanel {
 public:
  ActivationPanel(const NetworkConfig& network, const ActivationConfig& config);

  // Which noise to draw: that of panel `panel` of the batch of step `step`, of standard deviation `sigma`.
  struct Key {
    uint64_t seed;
    int64_t step;
    int panel;
    float sigma;
  };

  // Draws the noise and runs the noisy forward pass; the logits are noise-free. `labels` are the panel's 32.
  void Forward(const ForwardPass& forward, kernels::ConstPanelView input, const int32_t* labels, const Key& key);

  // After Forward: deltas of hidden layer l, the derivative of `share` times each sample's smoothed loss with respect
  // to its pre-activations times s.
  void FlipBlocks(const ForwardPass& forward, int l, float share);
  // The same for the logits.
  void PerturbLogits(const ForwardPass& forward, float share, const Key& key);

  const kernels::PanelMatrix& logits() const { return logits_; }
  const kernels::AlignedBuffer& losses() const { return loss_; }  // 32, of the noisy forward pass
  // Output of hidden layer l, and the deltas of layer l.
  const kernels::PanelMatrix& output(int l) const { return hidden_[static_cast<size_t>(l)].output; }
  const kernels::PanelMatrix& delta(int l) const;

 private:
  struct Hidden {
    Hidden(int units, int block_size);

    int block;                     // units a block
    kernels::PanelMatrix deviate;  // noise of mean 0 and standard deviation 1
    kernels::PanelMatrix noise;    // the same as they are added to the pre-activations
    kernels::PanelMatrix noisy;    // pre-activations with noise
    kernels::PanelMatrix output;   // h
    kernels::PanelMatrix flipped;  // h with the noise of every unit flipped
    kernels::PanelMatrix change;   // flipped - output
    kernels::PanelMatrix delta;
  };

  // Whether any sample's output of units first .. first+count-1 of layer l changes when their noise is flipped.
  bool Changes(int l, int first, int count) const;
  // Pre-activations of the logits with the noise of each of these blocks flipped, a panel a block.
  void PropagateBlocks(const ForwardPass& forward, int l, std::span<const kernels::InputBlock> blocks,
                       kernels::PanelView logits);
  // The same of one block, in whatever network and mode.
  void PropagateBlock(const ForwardPass& forward, int l, int first, int count, kernels::PanelView logits);
  // Pre-activations of units slice_first .. slice_first + z.rows - 1 of layer l + 1 with that block of layer l flipped.
  // slice_first is a multiple of 32.
  void FlippedPreActivation(const ForwardPass& forward, int l, int first, int count, int slice_first,
                            kernels::PanelView z);

  ActivationConfig config_;
  float sigma_ = 0;  // of the last Forward
  std::vector<Hidden> hidden_;
  std::vector<kernels::PanelMatrix>
      scratch_;                         // one a hidden layer: pre-activations, then outputs, of a flipped block's pass
  kernels::PanelMatrix slice_;          // of a layer's units
  kernels::PanelMatrix mixed_;          // a layer's outputs with one block exchanged
  kernels::PanelMatrix logits_before_;  // pre-activations of the logits
  kernels::PanelMatrix logits_, logits_delta_;
  kernels::AlignedBuffer loss_;
  std::vector<kernels::InputBlock> group_;  // blocks whose losses are computed together
  kernels::PanelMatrix group_logits_;       // one panel a flipped block
  kernels::AlignedBuffer group_loss_;
  std::vector<int32_t> group_labels_;
  kernels::PanelMatrix signs_, perturbation_;
};

}  // namespace fplab::nets

#endif  // FPLAB_NETS_ESTIMATORS_ACTIVATION_PANEL_H_
