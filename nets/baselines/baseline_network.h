// Conventional fully-connected networks, linear, ELU or tanh, which the underflow network is compared with: their
// configuration, and the forward and backward pass of a panel of samples. No flushing, scale 1, IEEE mode throughout.
//
//   h_0 = x;   h_l = N( f( h_{l-1} W_l + b_l ) ) for hidden layers;   logits = h W + b
//
// f is the activation function; N, if wanted, gives every sample's vector the root mean square 1 (a length of
// sqrt(units)), so that each layer after the first sees inputs of one length. For the first layer see Normalised.
#ifndef FPLAB_NETS_SMOOTH_NETWORK_H_
#define FPLAB_NETS_SMOOTH_NETWORK_H_

#include <cstdint>
#include <vector>

#include "kernels/activation.h"
#include "nets/dataset.h"
#include "nets/network.h"
#include "nets/tape.h"

namespace fplab {

struct SmoothConfig {
  std::vector<int> layers = {784, 784, 10};  // widths, input and output included
  Activation activation = Activation::kTanh;
  bool normalise = false;

  friend bool operator==(const SmoothConfig&, const SmoothConfig&) = default;
};

// The factor g of the initial variance g / inputs that keeps the mean square of a unit's output over one layer: 1 for
// linear, 1 / E[elu(z)^2] = 1.55 for standard normal z, 1 for tanh, which is linear at 0 (more saturates it).
float PreservingGain(Activation activation);

// What the shared parts of nets/ (Tape, optimiser, digest) know of such a network: its layers at scale 1, no flushing.
NetworkConfig LayersOf(const SmoothConfig& config);

// Weights drawn from N(0, gain / inputs), biases 0; a function of the layers, the gain and the seed. Throws Error for
// layers that Validate refuses or a gain that is not positive and finite.
Network InitialSmoothNetwork(const SmoothConfig& config, float gain, uint64_t seed, Isa isa);

// The data with every sample scaled as N does.
Dataset Normalised(Dataset data, Isa isa);

// Forward and backward pass of a panel of up to 32 samples; holds the panel's memory.
class SmoothPass {
 public:
  explicit SmoothPass(const SmoothConfig& config);

  // The logits of a panel of inputs (units x samples), valid until the next call. `forward` is of the network, whose
  // config is LayersOf(config).
  ConstPanelView Forward(const ForwardPass& forward, ConstPanelView input);

  // After Forward of panel p of a batch, of which `count` columns are samples: records on `tape` what the gradient of a
  // loss needs, whose derivative with respect to the logits is `delta`. `transposed`: TransposedWeights.
  void Backward(const std::vector<PanelMatrix>& transposed, ConstPanelView delta, int p, int count, Isa isa,
                Tape& tape);

 private:
  struct Hidden {
    explicit Hidden(int units);

    PanelMatrix output;     // f(z)
    PanelMatrix passed_on;  // N(f(z)), if normalised
    PanelMatrix delta;
    AlignedBuffer factors;
  };

  const PanelMatrix& InputOf(size_t layer) const {
    const Hidden& below = hidden_[layer - 1];
    return config_.normalise ? below.passed_on : below.output;
  }

  SmoothConfig config_;
  std::vector<Hidden> hidden_;
  PanelMatrix logits_;
};

}  // namespace fplab

#endif  // FPLAB_NETS_SMOOTH_NETWORK_H_
