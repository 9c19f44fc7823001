// Transposed weights: what backpropagation multiplies by on the way back.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_NETWORK_TRANSPOSED_WEIGHTS_H_
#define FPLAB_NETS_NETWORK_TRANSPOSED_WEIGHTS_H_

#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/workers.h>
#include <fplab/nets/network/network.h>

namespace fplab::nets {

// Makes element l the transpose of layer l's weight, outputs x inputs, for the layers after the first, whose transpose
// nobody needs: element 0 is empty. Memory of the right shapes is used again.
FPLAB_EXPORT void TransposeWeights(const Parameters& parameters, kernels::Workers& workers,
                                   std::vector<kernels::PanelMatrix>& transposed);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_NETWORK_TRANSPOSED_WEIGHTS_H_
