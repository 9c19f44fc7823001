// Recording a batch and forming its weight gradient.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/estimators/gradient_record.h>

#include <algorithm>

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

void GradientRecord::AddPieces(const ParameterShare& share, int first, int last, Pieces& pieces) {
  const auto add = [&](kernels::PanelMatrix& matrix, int panel) {
    float* rows = matrix.view().Panel(panel) + static_cast<ptrdiff_t>(first) * kernels::kPanelWidth;
    pieces.push_back(PieceOf(rows, static_cast<size_t>(last - first) * kernels::kPanelWidth));
  };
  for (int l = 0; l < static_cast<int>(deltas_.size()); ++l) {
    const ItemRange outputs = share.OutputPanels(l);
    for (int q = outputs.first; q < outputs.last; ++q) add(deltas_[static_cast<size_t>(l)], q);
    kernels::PanelMatrix& inputs = inputs_[static_cast<size_t>(l)];
    for (int p = 0; l > 0 && p < kernels::PanelCount(inputs.cols()); ++p) {
      if (share.OutputPanels(l, p).count() > 0) add(inputs, p);
    }
  }
}

void GradientRecord::Exchange(const std::vector<ParameterShare>& shares, Ranks& ranks,
                              std::vector<StepStatistics>& statistics) {
  if (ranks.count() == 1) return;
  const int samples = deltas_.front().rows();
  // What rank `from` has and rank `to` needs.
  const auto pieces = [&](int from, int to) {
    const ItemRange panels = ItemsOf(from, ranks.count(), static_cast<int>(statistics.size()));
    Pieces found = {PieceOf(statistics.data() + panels.first, static_cast<size_t>(panels.count()))};
    AddPieces(shares[static_cast<size_t>(to)], std::min(panels.first * kernels::kPanelWidth, samples),
              std::min(panels.last * kernels::kPanelWidth, samples), found);
    return found;
  };
  std::vector<Pieces> send, receive;
  for (int r = 0; r < ranks.count(); ++r) {
    send.push_back(pieces(ranks.rank(), r));
    receive.push_back(pieces(r, ranks.rank()));
  }
  ranks.Exchange(send, receive);
}

void GradientRecord::Gradient(const ForwardPass& forward, const Batch& batch, const ParameterShare& share,
                              kernels::Workers& workers, Parameters& gradient) const {
  // One task a panel of 32 inputs of a layer, all layers in one loop; and one a layer for its bias.
  struct Task {
    int layer;
    int panel;  // -1: the bias
  };
  std::vector<Task> tasks;
  for (int l = 0; l < forward.depth(); ++l) {
    const int inputs = forward.layer(l).weight.rows();
    for (int p = 0; p < kernels::PanelCount(inputs); ++p) {
      if (share.OutputPanels(l, p).count() > 0) tasks.push_back({l, p});
    }
    if (share.Biases(l).count() > 0) tasks.push_back({l, -1});
  }
  const kernels::Execution execution{forward.isa(), kIeee};
  workers.For(static_cast<int>(tasks.size()), kIeee, [&](int i, int) {
    const auto [l, p] = tasks[static_cast<size_t>(i)];
    const kernels::ConstPanelView delta = deltas_[static_cast<size_t>(l)].view();
    LayerParameters& out = gradient[static_cast<size_t>(l)];
    if (p >= 0) {
      const kernels::ConstPanelView input = (l == 0 ? batch.rows : inputs_[static_cast<size_t>(l)]).view().Panels(p, 1);
      const ItemRange outputs = share.OutputPanels(l, p);
      kernels::MatmulTransposed(
          input, delta.Panels(outputs.first, outputs.count()),
          out.weight.view().Panels(outputs.first, outputs.count()).Rows(p * kernels::kPanelWidth, input.cols),
          execution);
      return;
    }
    const ParameterShare::Floats biases = share.Biases(l);
    const ItemRange panels{static_cast<int>(biases.first) / kernels::kPanelWidth,
                           kernels::PanelCount(static_cast<int>(biases.last))};
    kernels::ColumnSums(delta.Panels(panels.first, panels.count()), out.bias.data() + biases.first, execution.isa);
    if (l == 0 || !Flushes(forward.config().elementwise_mode)) return;
    const kernels::AlignedBuffer& entering = forward.entering_bias(l);
    for (size_t j = biases.first; j < biases.last; ++j) {
      if (IsZero(entering[j]) && !forward.IsLinear(l, static_cast<int>(j))) out.bias[j] = 0.0f;
    }
  });
}

}  // namespace fplab::nets
