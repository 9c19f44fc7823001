// Recording a batch and forming its weight gradient.
#include "nets/tape.h"

#include "fparith/bits.h"
#include "kernels/matmul.h"
#include "kernels/reduce.h"

namespace fplab {
namespace {

bool Flushes(Mode mode) { return mode.flush_outputs || mode.flush_inputs; }

PanelView RowsOfPanel(PanelMatrix& matrix, int p, int count) { return matrix.view().Rows(p * kPanelWidth, count); }

}  // namespace

Tape::Tape(const NetworkConfig& config, int samples) {
  for (int l = 0; l < config.depth(); ++l) {
    inputs_.emplace_back(l == 0 ? 0 : samples, config.layers[static_cast<size_t>(l)]);
    deltas_.emplace_back(samples, config.layers[static_cast<size_t>(l) + 1]);
  }
}

bool Tape::Fits(const NetworkConfig& config, int samples) const {
  if (static_cast<int>(deltas_.size()) != config.depth()) return false;
  for (size_t l = 0; l < deltas_.size(); ++l) {
    if (inputs_[l].cols() != config.layers[l] || deltas_[l].cols() != config.layers[l + 1]) return false;
  }
  return deltas_.front().rows() == samples;
}

void Tape::RecordInput(int l, int p, ConstPanelView input) {
  Transpose(input, RowsOfPanel(inputs_[static_cast<size_t>(l)], p, input.cols));
}

void Tape::RecordDelta(int l, int p, ConstPanelView delta) {
  Transpose(delta, RowsOfPanel(deltas_[static_cast<size_t>(l)], p, delta.cols));
}

void Tape::Gradient(const ForwardPass& forward, const Batch& batch, Workers& workers, Parameters& gradient) const {
  // One task a panel of 32 inputs of a layer, all layers in one loop; and one a layer for its bias.
  struct Task {
    int layer;
    int panel;  // -1: the bias
  };
  std::vector<Task> tasks;
  for (int l = 0; l < forward.depth(); ++l) {
    const int inputs = forward.layer(l).weight.rows();
    for (int p = 0; p < PanelCount(inputs); ++p) tasks.push_back({l, p});
    tasks.push_back({l, -1});
  }
  const Execution execution{forward.isa(), kIeee};
  workers.For(static_cast<int>(tasks.size()), kIeee, [&](int i, int) {
    const auto [l, p] = tasks[static_cast<size_t>(i)];
    const ConstPanelView delta = deltas_[static_cast<size_t>(l)].view();
    LayerParameters& out = gradient[static_cast<size_t>(l)];
    if (p >= 0) {
      const ConstPanelView input = (l == 0 ? batch.rows : inputs_[static_cast<size_t>(l)]).view().Panels(p, 1);
      MatmulTransposed(input, delta, out.weight.view().Rows(p * kPanelWidth, input.cols), execution);
      return;
    }
    ColumnSums(delta, out.bias.data(), execution.isa);
    if (l == 0 || !Flushes(forward.config().elementwise_mode)) return;
    const AlignedBuffer& entering = forward.entering_bias(l);
    for (size_t j = 0; j < out.bias.size(); ++j) {
      if (IsZero(entering[j]) && !forward.IsLinear(l, static_cast<int>(j))) out.bias[j] = 0.0f;
    }
  });
}

}  // namespace fplab
