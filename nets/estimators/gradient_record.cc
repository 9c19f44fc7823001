// Recording a batch and forming its weight gradient.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/estimators/gradient_record.h>

#include <fplab/fparith/float/bits.h>
#include <fplab/kernels/layers/reductions.h>
#include <fplab/kernels/matmul/matmul.h>

namespace fplab::nets {
namespace {

bool Flushes(Mode mode) { return mode.flush_outputs || mode.flush_inputs; }

kernels::PanelView RowsOfPanel(kernels::PanelMatrix& matrix, int p, int count) {
  return matrix.view().Rows(p * kernels::kPanelWidth, count);
}

}  // namespace

GradientRecord::GradientRecord(const NetworkConfig& config, int samples) {
  for (int l = 0; l < config.depth(); ++l) {
    inputs_.emplace_back(l == 0 ? 0 : samples, config.layers[static_cast<size_t>(l)]);
    deltas_.emplace_back(samples, config.layers[static_cast<size_t>(l) + 1]);
  }
}

bool GradientRecord::Fits(const NetworkConfig& config, int samples) const {
  if (static_cast<int>(deltas_.size()) != config.depth()) return false;
  for (size_t l = 0; l < deltas_.size(); ++l) {
    if (inputs_[l].cols() != config.layers[l] || deltas_[l].cols() != config.layers[l + 1]) return false;
  }
  return deltas_.front().rows() == samples;
}

void GradientRecord::RecordInput(int l, int p, kernels::ConstPanelView input) {
  kernels::Transpose(input, RowsOfPanel(inputs_[static_cast<size_t>(l)], p, input.cols));
}

void GradientRecord::RecordDelta(int l, int p, kernels::ConstPanelView delta) {
  kernels::Transpose(delta, RowsOfPanel(deltas_[static_cast<size_t>(l)], p, delta.cols));
}

void GradientRecord::Gradient(const ForwardPass& forward, const Batch& batch, kernels::Workers& workers,
                              Parameters& gradient) const {
  // One task a panel of 32 inputs of a layer, all layers in one loop; and one a layer for its bias.
  struct Task {
    int layer;
    int panel;  // -1: the bias
  };
  std::vector<Task> tasks;
  for (int l = 0; l < forward.depth(); ++l) {
    const int inputs = forward.layer(l).weight.rows();
    for (int p = 0; p < kernels::PanelCount(inputs); ++p) tasks.push_back({l, p});
    tasks.push_back({l, -1});
  }
  const kernels::Execution execution{forward.isa(), kIeee};
  workers.For(static_cast<int>(tasks.size()), kIeee, [&](int i, int) {
    const auto [l, p] = tasks[static_cast<size_t>(i)];
    const kernels::ConstPanelView delta = deltas_[static_cast<size_t>(l)].view();
    LayerParameters& out = gradient[static_cast<size_t>(l)];
    if (p >= 0) {
      const kernels::ConstPanelView input = (l == 0 ? batch.rows : inputs_[static_cast<size_t>(l)]).view().Panels(p, 1);
      kernels::MatmulTransposed(input, delta, out.weight.view().Rows(p * kernels::kPanelWidth, input.cols), execution);
      return;
    }
    kernels::ColumnSums(delta, out.bias.data(), execution.isa);
    if (l == 0 || !Flushes(forward.config().elementwise_mode)) return;
    const kernels::AlignedBuffer& entering = forward.entering_bias(l);
    for (size_t j = 0; j < out.bias.size(); ++j) {
      if (IsZero(entering[j]) && !forward.IsLinear(l, static_cast<int>(j))) out.bias[j] = 0.0f;
    }
  });
}

}  // namespace fplab::nets
