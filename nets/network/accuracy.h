// Accuracy and loss of a network on a data set, in real arithmetic and without noise.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_NETWORK_ACCURACY_H_
#define FPLAB_NETS_NETWORK_ACCURACY_H_

#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/workers.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/network/gate_statistics.h>
#include <fplab/nets/network/network.h>
#include <fplab/nets/ranks/ranks.h>

namespace fplab::nets {

struct Accuracy {
  double accuracy = 0;        // share of samples whose greatest logit, the first of equals, is the label's
  double loss = 0;            // mean softmax cross-entropy
  std::vector<double> zeros;  // for each layer, the share of outputs that are exactly zero
  GateStatistics gates = {};  // of the whole data
};

// A function of (network, data) alone: not of the ISA, nor of the number of workers. Throws Error if the data's
// features or classes do not fit the network.
FPLAB_EXPORT Accuracy Evaluate(const Network& network, const Dataset& data, kernels::Isa isa,
                               kernels::Workers& workers);

// The same by all ranks together, each a share of the samples; all get the same answer, that of one.
FPLAB_EXPORT Accuracy Evaluate(const Network& network, const Dataset& data, kernels::Isa isa, kernels::Workers& workers,
                               Ranks& ranks);

// Throws Error, naming the widths, unless the network's input and output widths fit the data; and for data that are no
// data set at all (Validate in dataset.h). Whoever takes a data set calls it.
FPLAB_EXPORT void RequireFit(const NetworkConfig& config, const Dataset& data);

// The same function with all rounding and flushing taken away: one linear layer, W1 W2 ... and the biases carried
// through, multiplied out in binary64 and rounded once to binary32. No flushing, scale 1.
FPLAB_EXPORT Network Flatten(const Network& network);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_NETWORK_ACCURACY_H_
