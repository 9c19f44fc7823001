// The network's forward pass by its definition, one sample and one operation at a time: on the exact model for bits, in
// binary64 for derivatives. Shares no code with nets/ or kernels/ but the matrix that holds the weights.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_NETWORK_REFERENCE_H_
#define FPLAB_PROPTESTS_SUPPORT_NETWORK_REFERENCE_H_

#include <span>
#include <vector>

#include <fplab/nets/network/network.h>

namespace fplab {

// What is added to the pre-activations, layer by layer, in the matmul's mode; a layer that is missing or empty gets
// none.
using Noise = std::vector<std::vector<float>>;

// Every layer's pre-activations (before noise) and outputs; the last output is the logits.
struct ScalarPass {
  std::vector<std::vector<float>> z, out;
  const std::vector<float>& logits() const { return out.back(); }
};

// The pass of one sample by fparith/model/fma_chain.h in the network's modes: nothing in it runs on the machine's own
// arithmetic.
ScalarPass RunScalarPass(const nets::Network& network, std::span<const float> x, const Noise& noise = {});

// The function of the network in exact arithmetic, seen through binary64, when the matmul doesn't flush and nothing
// overflows. The scalings cancel; what is left of the element-wise mode is that numbers below the magnitude 2^-126 * s
// become zero: under FTZ what E computes, under DAZ what it reads (which a later layer's matmul result is, before the
// bias is added), under either a later layer's bias.
class BaselineNetwork {
 public:
  explicit BaselineNetwork(const nets::Network& network);

  // One parameter by its place in Flat(network.parameters).
  double& at(size_t index) { return parameters_[index]; }
  size_t size() const { return parameters_.size(); }

  // Logits of a sample, with `noise` (in units of the pre-activation times s) added to the pre-activations. Whether
  // each gate is open goes to *gates.
  std::vector<double> Logits(std::span<const double> x, const std::vector<std::vector<double>>& noise = {},
                             std::vector<bool>* gates = nullptr) const;
  // Softmax cross-entropy of these logits.
  double Loss(std::span<const double> x, int label, const std::vector<std::vector<double>>& noise = {},
              std::vector<bool>* gates = nullptr) const;

  // Input of layer l of the last call of Logits, in units of the pre-activation times s.
  const std::vector<double>& input(int l) const { return inputs_[static_cast<size_t>(l)]; }
  const std::vector<int>& layers() const { return layers_; }

 private:
  std::vector<int> layers_;
  Mode mode_;
  double threshold_;
  std::vector<double> parameters_;
  mutable std::vector<std::vector<double>> inputs_;
};

double SoftmaxLoss(std::span<const double> logits, int label);

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_NETWORK_REFERENCE_H_
