// Transposed weights: what backpropagation multiplies by on the way back.
#ifndef FPLAB_NETS_TRANSPOSED_WEIGHTS_H_
#define FPLAB_NETS_TRANSPOSED_WEIGHTS_H_

#include <vector>

#include "kernels/parallel.h"
#include "nets/network.h"

namespace fplab {

// Element l is the transpose of layer l's weight, outputs x inputs, for the layers after the first, whose transpose
// nobody needs: element 0 is empty.
std::vector<PanelMatrix> TransposedWeights(const Parameters& parameters, Workers& workers);

}  // namespace fplab

#endif  // FPLAB_NETS_TRANSPOSED_WEIGHTS_H_
