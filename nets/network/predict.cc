// Predictions in fixed pieces of the data.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/network/predict.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fplab/nets/data/batch.h>
#include <fplab/nets/network/accuracy.h>

namespace fplab::nets {
namespace {

int Greatest(const kernels::PanelMatrix& logits, int column) {
  int best = 0;
  for (int r = 0; r < logits.rows(); ++r) {
    const float value = logits.At(r, column);
    if (std::isnan(value)) return -1;
    if (value > logits.At(best, column)) best = r;
  }
  return best;
}

void PredictPiece(const ForwardPass& forward, const Dataset& data, int first, int count, int* classes) {
  std::vector<int> indices(static_cast<size_t>(count));
  std::iota(indices.begin(), indices.end(), first);
  kernels::Workers serial(1);
  Batch batch(data.features, count);
  Gather(data, indices, serial, batch);
  std::vector<kernels::PanelMatrix> hidden = forward.MakeHidden();
  kernels::PanelMatrix logits(data.classes, kernels::kPanelWidth);
  for (int p = 0; p < batch.panels(); ++p) {
    forward.Logits(WholePanel(batch.columns, p), hidden, logits.view());
    for (int i = 0; i < batch.SamplesIn(p); ++i) classes[p * kernels::kPanelWidth + i] = Greatest(logits, i);
  }
}

}  // namespace

std::vector<int> Predict(const Network& network, const Dataset& data, kernels::Isa isa, kernels::Workers& workers) {
  RequireFit(network.config, data);
  const ForwardPass forward(network, isa);
  std::vector<int> classes(static_cast<size_t>(data.count()));
  const int pieces = data.count() / kSamplesOfATask + (data.count() % kSamplesOfATask != 0 ? 1 : 0);
  workers.For(pieces, kIeee, [&](int i, int) {
    const int first = i * kSamplesOfATask;
    PredictPiece(forward, data, first, std::min(kSamplesOfATask, data.count() - first), classes.data() + first);
  });
  return classes;
}

}  // namespace fplab::nets
