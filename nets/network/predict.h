// The class that a network gives each sample.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_NETWORK_PREDICT_H_
#define FPLAB_NETS_NETWORK_PREDICT_H_

#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/workers.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/network/network.h>

namespace fplab::nets {

// For each sample the greatest logit's index, the first of equals; -1 if a logit is NaN. As Evaluate (accuracy.h)
// counts: a sample is right where this is its label. Neither ISA nor workers change it. Throws Error if the data's
// features or classes do not fit the network.
FPLAB_EXPORT std::vector<int> Predict(const Network& network, const Dataset& data, kernels::Isa isa,
                                      kernels::Workers& workers);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_NETWORK_PREDICT_H_
