// Transposing a network's weights, a panel a task.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/network/transposed_weights.h>

namespace fplab::nets {

std::vector<kernels::PanelMatrix> TransposedWeights(const Parameters& parameters, kernels::Workers& workers) {
  std::vector<kernels::PanelMatrix> transposed(1);
  for (size_t l = 1; l < parameters.size(); ++l) {
    const kernels::PanelMatrix& weight = parameters[l].weight;
    transposed.emplace_back(weight.cols(), weight.rows());
    workers.For(kernels::PanelCount(weight.cols()), kIeee, [&](int p, int) {
      const kernels::ConstPanelView from = weight.view().Panels(p, 1);
      kernels::Transpose(from, transposed.back().view().Rows(p * kernels::kPanelWidth, from.cols));
    });
  }
  return transposed;
}

}  // namespace fplab::nets
