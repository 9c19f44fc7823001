// Backpropagation and evaluation, a panel of 32 samples a task.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/baselines/baseline_estimator.h>

#include <algorithm>
#include <numeric>

#include <fplab/fparith/mode/guest.h>
#include <fplab/kernels/layers/elementwise.h>
#include <fplab/kernels/layers/loss.h>
#include <fplab/kernels/layers/reductions.h>
#include <fplab/nets/estimators/gradient_record.h>
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

std::vector<Scratch> ScratchOfEach(const kernels::Workers& workers, const BaselineConfig& config) {
  return std::vector<Scratch>(static_cast<size_t>(workers.count()), Scratch(config));
}

// Forward pass, loss and the loss's derivative of every panel of the batch; then after(p, scratch).
StepStatistics ForEachPanel(const ForwardPass& forward, const Batch& batch, kernels::Workers& workers,
                            std::vector<Scratch>& scratch, const std::function<void(int p, Scratch&)>& after) {
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
  return SumOf(statistics);
}

}  // namespace

// Memory that lives from step to step.
struct BaselineEstimator::State {
  State(const BaselineConfig& config, const NetworkConfig& network, int samples, const kernels::Workers& workers)
      : tape(network, samples), scratch(ScratchOfEach(workers, config)) {}

  bool Fits(const NetworkConfig& network, int samples, const kernels::Workers& workers) const {
    return tape.Fits(network, samples) && static_cast<int>(scratch.size()) == workers.count();
  }

  GradientRecord tape;
  std::vector<kernels::PanelMatrix> transposed;  // weights
  std::vector<Scratch> scratch;                  // one a worker
};

BaselineEstimator::BaselineEstimator(const BaselineConfig& config, kernels::Isa isa) : config_(config), isa_(isa) {}

BaselineEstimator::~BaselineEstimator() = default;

StepStatistics BaselineEstimator::EstimateInIeee(const Network& network, const Batch& batch, uint64_t, int64_t,
                                                 kernels::Workers& workers, Parameters& gradient) {
  const ForwardPass forward(network, isa_);
  if (!state_ || !state_->Fits(network.config, batch.samples(), workers)) {
    state_ = std::make_unique<State>(config_, network.config, batch.samples(), workers);
  }
  TransposeWeights(network.parameters, workers, state_->transposed);
  const float share = 1.0f / static_cast<float>(batch.samples());
  const StepStatistics seen = ForEachPanel(forward, batch, workers, state_->scratch, [&](int p, Scratch& s) {
    Scale(s.logits_delta.view(), share, s.logits_delta.view(), {isa_, kIeee});
    s.pass.Backward(state_->transposed, s.logits_delta.view(), p, batch.SamplesIn(p), isa_, state_->tape);
  });
  state_->tape.Gradient(forward, batch, ShareOf(network), workers, gradient);
  return seen;
}

namespace {

Accuracy EvaluateInIeee(const BaselineConfig& config, const Network& network, const Dataset& data, kernels::Isa isa,
                        kernels::Workers& workers) {
  RequireFit(network.config, data);
  constexpr int kPiece = 64 * kernels::kPanelWidth;  // samples in memory at a time
  const ForwardPass forward(network, isa);
  std::vector<Scratch> scratch = ScratchOfEach(workers, config);
  std::vector<int> indices;
  std::unique_ptr<Batch> batch;
  StepStatistics total;
  for (int first = 0; first < data.count(); first += kPiece) {
    const int count = std::min(kPiece, data.count() - first);
    indices.resize(static_cast<size_t>(count));
    std::iota(indices.begin(), indices.end(), first);
    if (!batch || batch->samples() != count) batch = std::make_unique<Batch>(data.features, count);
    Gather(data, indices, workers, *batch);
    total += ForEachPanel(forward, *batch, workers, scratch, [](int, Scratch&) {});
  }
  const double count = std::max(1, data.count());
  return {static_cast<double>(total.correct) / count, total.loss / count, {}};
}

}  // namespace

Accuracy EvaluateBaseline(const BaselineConfig& config, const Network& network, const Dataset& data, kernels::Isa isa,
                          kernels::Workers& workers) {
  return AsGuest([&] { return EvaluateInIeee(config, network, data, isa, workers); });
}

}  // namespace fplab::nets
