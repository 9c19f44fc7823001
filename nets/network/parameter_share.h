// ParameterShare: which parameters of a network are which rank's to estimate and to step.
//
// The weights are cut into blocks of 32 inputs and 32 outputs, ordered by layers, in a layer by panels of outputs and
// in a panel by inputs: as they lie in memory. A rank has consecutive blocks, of about the same cost as every other's,
// so that its part of a layer is one range of the layer's buffer. The biases of a panel go with its first block.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_NETWORK_PARAMETER_SHARE_H_
#define FPLAB_NETS_NETWORK_PARAMETER_SHARE_H_

#include <cstddef>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/network/network.h>
#include <fplab/nets/ranks/ranks.h>

namespace fplab::nets {

class FPLAB_EXPORT ParameterShare {
 public:
  // Floats first .. last-1 of a layer's weight buffer, or biases.
  struct Floats {
    size_t first = 0, last = 0;

    size_t count() const { return last - first; }
  };

  // The share of rank `rank` of `ranks`. `layer_costs` says what each layer's gradient costs, in any unit; empty: as
  // much as it has weights.
  ParameterShare(const NetworkConfig& config, int rank, int ranks, const std::vector<double>& layer_costs = {});
  // All of it.
  explicit ParameterShare(const NetworkConfig& config) : ParameterShare(config, 0, 1) {}

  // Whether any weight of layer l is of the share.
  bool HasWeights(int l) const { return Of(l).last > Of(l).first; }
  Floats Weights(int l) const;  // of the buffer of layer l's weight
  Floats Biases(int l) const;
  // Panels of 32 outputs of layer l whose block of inputs 32 p .. 32 p + 31 is of the share.
  ItemRange OutputPanels(int l, int p) const;
  // Panels of inputs of layer l with a block in the panel q of outputs.
  ItemRange InputPanels(int l, int q) const;
  // Panels of outputs with any block of the share, and of inputs.
  ItemRange OutputPanels(int l) const;
  ItemRange InputPanels(int l) const;

  // The places of the share in `parameters`, which have the network's shapes.
  Pieces PiecesOf(Parameters& parameters) const;

 private:
  struct Layer {
    int inputs, outputs;  // in units
    int first, last;      // blocks
    int input_panels() const { return kernels::PanelCount(inputs); }
  };
  const Layer& Of(int l) const { return layers_[static_cast<size_t>(l)]; }
  size_t FloatsBefore(const Layer& layer, int block) const;

  std::vector<Layer> layers_;
};

// The shares of all ranks.
FPLAB_EXPORT std::vector<ParameterShare> SharesOf(const NetworkConfig& config, int ranks,
                                                  const std::vector<double>& layer_costs = {});

// For each share its places in `parameters`: what Ranks::Share takes.
FPLAB_EXPORT std::vector<Pieces> PiecesOf(const std::vector<ParameterShare>& shares, Parameters& parameters);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_NETWORK_PARAMETER_SHARE_H_
