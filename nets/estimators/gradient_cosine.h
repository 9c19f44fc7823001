// The cosine between two gradients: how much of an estimate points where another one does.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_ESTIMATORS_GRADIENT_COSINE_H_
#define FPLAB_NETS_ESTIMATORS_GRADIENT_COSINE_H_

#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/network/network.h>

namespace fplab::nets {

struct GradientCosine {
  double all = 0;              // over all parameters
  std::vector<double> layers;  // weights and biases of each layer
};

// Padding does not count. 0 where either gradient is zero. Precondition: the same shapes.
FPLAB_EXPORT GradientCosine CosineBetween(const Parameters& a, const Parameters& b);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_ESTIMATORS_GRADIENT_COSINE_H_
