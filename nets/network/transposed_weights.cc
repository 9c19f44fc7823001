// Transposing a network's weights, a panel a task.
#include "nets/transposed_weights.h"

namespace fplab {

std::vector<PanelMatrix> TransposedWeights(const Parameters& parameters, Workers& workers) {
  std::vector<PanelMatrix> transposed(1);
  for (size_t l = 1; l < parameters.size(); ++l) {
    const PanelMatrix& weight = parameters[l].weight;
    transposed.emplace_back(weight.cols(), weight.rows());
    workers.For(PanelCount(weight.cols()), kIeee, [&](int p, int) {
      const ConstPanelView from = weight.view().Panels(p, 1);
      Transpose(from, transposed.back().view().Rows(p * kPanelWidth, from.cols));
    });
  }
  return transposed;
}

}  // namespace fplab
