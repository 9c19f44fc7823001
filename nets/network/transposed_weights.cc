// Transposing a network's weights, a panel a task.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/network/transposed_weights.h>

namespace fplab::nets {

void TransposeWeights(const Parameters& parameters, kernels::Workers& workers,
                      std::vector<kernels::PanelMatrix>& transposed) {
  transposed.resize(parameters.size());
  for (size_t l = 1; l < parameters.size(); ++l) {
    const kernels::PanelMatrix& weight = parameters[l].weight;
    kernels::PanelMatrix& to = transposed[l];
    if (to.rows() != weight.cols() || to.cols() != weight.rows())
      to = kernels::PanelMatrix(weight.cols(), weight.rows());
    workers.For(kernels::PanelCount(weight.cols()), kIeee, [&](int p, int) {
      const kernels::ConstPanelView from = weight.view().Panels(p, 1);
      kernels::Transpose(from, to.view().Rows(p * kernels::kPanelWidth, from.cols));
    });
  }
}

}  // namespace fplab::nets
