// The class that a network gives each sample.
#ifndef FPLAB_NETS_PREDICT_H_
#define FPLAB_NETS_PREDICT_H_

#include <vector>

#include "kernels/parallel.h"
#include "nets/dataset.h"
#include "nets/network.h"

namespace fplab {

// For each sample the greatest logit's index, the first of equals; -1 if a logit is NaN. As Evaluate (accuracy.h)
// counts: a sample is right where this is its label. Neither ISA nor workers change it. Throws Error if the data's
// features or classes do not fit the network.
std::vector<int> Predict(const Network& network, const Dataset& data, Isa isa, Workers& workers);

}  // namespace fplab

#endif  // FPLAB_NETS_PREDICT_H_
