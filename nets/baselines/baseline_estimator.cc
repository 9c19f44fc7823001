// Backpropagation and evaluation, a panel of 32 samples a task.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/baselines/baseline_estimator.h>

#include <algorithm>
#include <numeric>

#include <fplab/kernels/layers/elementwise.h>
#include <fplab/kernels/layers/loss.h>
#include <fplab/kernels/layers/reductions.h>
#include <fplab/nets/network/transposed_weights.h>

namespace fplab::nets {
namespace {

// What one worker needs.
struct Scratch {
  explicit Scratch(const BaselineConfig& config)
      : pass(config), logits_delta(config.layers.back(), kernels::kPanelWidth), loss(kernels::kPanelWidth) {}

  BaselinePass pass;
  kernels::PanelMatrix logits_delta;
  kernels::AlignedBuffer loss;
};

// Forward pass, loss and the loss's derivative of every panel of the batch; then after(p, scratch).
StepStatistics ForEachPanel(const BaselineConfig& config, const ForwardPass& forward, const Batch& batch,
                            kernels::Workers& workers, const std::function<void(int p, Scratch&)>& after) {
  std::vector<Scratch> scratch(static_cast<size_t>(workers.count()), Scratch(config));
  std::vector<StepStatistics> statistics(static_cast<size_t>(batch.panels()));
  workers.For(batch.panels(), kIeee, [&](int p, int worker) {
    Scratch& s = scratch[static_cast<size_t>(worker)];
    const int32_t* labels = batch.labels.data() + p * kernels::kPanelWidth;
    kernels::ConstPanelView logits = s.pass.Forward(forward, WholePanel(batch.columns, p));
    kernels::SoftmaxCrossEntropyGradient(logits, labels, s.loss.data(), s.logits_delta.view(), forward.isa());
    StepStatistics& seen = statistics[static_cast<size_t>(p)];
    logits.cols = batch.SamplesIn(p);
    for (int i = 0; i < logits.cols; ++i) seen.loss += s.loss[static_cast<size_t>(i)];
    seen.correct = kernels::CountCorrect(logits, labels, forward.isa());
    after(p, s);
  });
  StepStatistics total;
  for (const StepStatistics& seen : statistics) total += seen;
  return total;
}

}  // namespace

StepStatistics BaselineEstimator::Estimate(const Network& network, const Batch& batch, uint64_t, int64_t,
                                           kernels::Workers& workers, Parameters& gradient) {
  const ForwardPass forward(network, isa_);
  const std::vector<kernels::PanelMatrix> transposed = TransposedWeights(network.parameters, workers);
  if (!tape_ || !tape_->Fits(network.config, batch.samples())) {
    tape_ = std::make_unique<GradientRecord>(network.config, batch.samples());
  }
  const float share = 1.0f / static_cast<float>(batch.samples());
  const StepStatistics seen = ForEachPanel(config_, forward, batch, workers, [&](int p, Scratch& s) {
    Scale(s.logits_delta.view(), share, s.logits_delta.view(), {isa_, kIeee});
    s.pass.Backward(transposed, s.logits_delta.view(), p, batch.SamplesIn(p), isa_, *tape_);
  });
  tape_->Gradient(forward, batch, workers, gradient);
  return seen;
}

Accuracy EvaluateBaseline(const BaselineConfig& config, const Network& network, const Dataset& data, kernels::Isa isa,
                          kernels::Workers& workers) {
  RequireFit(network.config, data);
  constexpr int kPiece = 64 * kernels::kPanelWidth;  // samples in memory at a time
  const ForwardPass forward(network, isa);
  StepStatistics total;
  for (int first = 0; first < data.count(); first += kPiece) {
    std::vector<int> indices(static_cast<size_t>(std::min(kPiece, data.count() - first)));
    std::iota(indices.begin(), indices.end(), first);
    Batch batch(data.features, static_cast<int>(indices.size()));
    Gather(data, indices, workers, batch);
    total += ForEachPanel(config, forward, batch, workers, [](int, Scratch&) {});
  }
  const double count = std::max(1, data.count());
  return {static_cast<double>(total.correct) / count, total.loss / count, {}};
}

}  // namespace fplab::nets
