// Conventional fully-connected networks, linear, ELU or tanh, which the underflow network is compared with: their
// configuration, and the forward and backward pass of a panel of samples. No flushing, scale 1, IEEE mode throughout.
//
//   h_0 = x;   h_l = N( f( h_{l-1} W_l + b_l ) ) for hidden layers;   logits = h W + b
//
// f is the activation function; N, if wanted, gives every sample's vector the root mean square 1 (a length of
// sqrt(units)), so that each layer after the first sees inputs of one length. For the first layer see Normalised.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_BASELINES_BASELINE_NETWORK_H_
#define FPLAB_NETS_BASELINES_BASELINE_NETWORK_H_

#include <cstdint>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/layers/nonlinearity.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/estimators/gradient_record.h>
#include <fplab/nets/network/network.h>

namespace fplab::nets {

struct BaselineConfig {
  std::vector<int> layers = {784, 784, 10};  // widths, input and output included
  kernels::Nonlinearity activation = kernels::Nonlinearity::kTanh;
  bool normalise = false;

  friend bool operator==(const BaselineConfig&, const BaselineConfig&) = default;
};

// The factor g of the initial variance g / inputs that keeps the mean square of a unit's output over one layer: 1 for
// linear, 1 / E[elu(z)^2] = 1.55 for standard normal z, 1 for tanh, which is linear at 0 (more saturates it).
FPLAB_EXPORT float PreservingGain(kernels::Nonlinearity activation);

// What the shared parts of nets/ (GradientRecord, optimiser, digest) know of such a network: its layers at scale 1, no
// flushing.
FPLAB_EXPORT NetworkConfig LayersOf(const BaselineConfig& config);

// Weights drawn from N(0, gain / inputs), biases 0; a function of the layers, the gain and the seed. Throws Error for
// layers that Validate refuses or a gain that is not positive and finite.
FPLAB_EXPORT Network InitialBaselineNetwork(const BaselineConfig& config, float gain, uint64_t seed, kernels::Isa isa);

// The data with every sample scaled as N does.
FPLAB_EXPORT Dataset Normalised(Dataset data, kernels::Isa isa);

// Forward and backward pass of a panel of up to 32 samples; holds the panel's memory.
class FPLAB_EXPORT BaselinePass {
 public:
  explicit BaselinePass(const BaselineConfig& config);

  // The logits of a panel of inputs (units x samples), valid until the next call. `forward` is of the network, whose
  // config is LayersOf(config).
  kernels::ConstPanelView Forward(const ForwardPass& forward, kernels::ConstPanelView input);

  // After Forward of panel p of a batch, of which `count` columns are samples: records on `tape` what the gradient of a
  // loss needs, whose derivative with respect to the logits is `delta`. `transposed`: TransposeWeights.
  void Backward(const std::vector<kernels::PanelMatrix>& transposed, kernels::ConstPanelView delta, int p, int count,
                kernels::Isa isa, GradientRecord& tape);

 private:
  struct Hidden {
    explicit Hidden(int units);

    kernels::PanelMatrix output;     // f(z)
    kernels::PanelMatrix passed_on;  // N(f(z)), if normalised
    kernels::PanelMatrix delta;
    kernels::AlignedBuffer factors;
  };

  const kernels::PanelMatrix& InputOf(size_t layer) const {
    const Hidden& below = hidden_[layer - 1];
    return config_.normalise ? below.passed_on : below.output;
  }

  BaselineConfig config_;
  std::vector<Hidden> hidden_;
  kernels::PanelMatrix logits_;
};

}  // namespace fplab::nets

#endif  // FPLAB_NETS_BASELINES_BASELINE_NETWORK_H_
