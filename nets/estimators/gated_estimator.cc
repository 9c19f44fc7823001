// Backpropagation through the gates, a panel of 32 samples a task.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/estimators/gated_estimator.h>

#include <fplab/kernels/layers/elementwise.h>
#include <fplab/kernels/layers/loss.h>
#include <fplab/kernels/layers/reductions.h>
#include <fplab/kernels/layers/select.h>
#include <fplab/kernels/matmul/matmul.h>
#include <fplab/nets/estimators/gradient_record.h>
#include <fplab/nets/network/transposed_weights.h>

namespace fplab::nets {
namespace {

struct Scratch {
  explicit Scratch(const ForwardPass& forward) : hidden(forward.MakeHidden()), delta(forward.MakeHidden()) {
    const int classes = forward.config().layers.back();
    logits = kernels::PanelMatrix(classes, kernels::kPanelWidth);
    logits_delta = kernels::PanelMatrix(classes, kernels::kPanelWidth);
    for (const kernels::PanelMatrix& h : hidden) scaled.emplace_back(h.rows(), kernels::kPanelWidth);
  }

  std::vector<kernels::PanelMatrix> hidden, scaled, delta;
  kernels::PanelMatrix logits, logits_delta;
  kernels::AlignedBuffer loss = kernels::AlignedBuffer(kernels::kPanelWidth);
};

}  // namespace

// Memory that lives from step to step.
struct GatedEstimator::State {
  State(const ForwardPass& forward, int samples, int workers)
      : tape(forward.config(), samples), scratch(static_cast<size_t>(workers), Scratch(forward)) {}

  bool Fits(const NetworkConfig& config, int samples, int workers) const {
    return tape.Fits(config, samples) && static_cast<int>(scratch.size()) == workers;
  }

  GradientRecord tape;
  std::vector<kernels::PanelMatrix> transposed;  // weights
  std::vector<Scratch> scratch;                  // one a worker
};

GatedEstimator::GatedEstimator(kernels::Isa isa) : isa_(isa) {}

GatedEstimator::~GatedEstimator() = default;

StepStatistics GatedEstimator::EstimateInIeee(const Network& network, const Batch& batch, uint64_t, int64_t,
                                              kernels::Workers& workers, Parameters& gradient) {
  const ForwardPass forward(network, isa_);
  const kernels::Execution ieee{isa_, kIeee};
  const Mode mode = network.config.elementwise_mode;
  const bool flushes = mode.flush_outputs || mode.flush_inputs;
  if (!state_ || !state_->Fits(network.config, batch.samples(), workers.count())) {
    state_ = std::make_unique<State>(forward, batch.samples(), workers.count());
  }
  GradientRecord& tape = state_->tape;
  const std::vector<kernels::PanelMatrix>& transposed = state_->transposed;
  TransposeWeights(network.parameters, workers, state_->transposed);
  std::vector<StepStatistics> statistics(static_cast<size_t>(batch.panels()));

  const ItemRange own = ranks().Own(batch.panels());
  workers.For(own.count(), kIeee, [&](int task, int worker) {
    const int p = own.first + task;
    Scratch& s = state_->scratch[static_cast<size_t>(worker)];
    const int count = batch.SamplesIn(p);
    const int32_t* labels = batch.labels.data() + p * kernels::kPanelWidth;
    const auto only_samples = [count](kernels::PanelMatrix& m) {
      kernels::ConstPanelView view = m.view();
      view.cols = count;
      return view;
    };
    forward.Logits(WholePanel(batch.columns, p), s.hidden, s.logits.view());
    kernels::SoftmaxCrossEntropyGradient(s.logits.view(), labels, s.loss.data(), s.logits_delta.view(), isa_);
    StepStatistics& seen = statistics[static_cast<size_t>(p)];
    for (int i = 0; i < count; ++i) seen.loss += s.loss[static_cast<size_t>(i)];
    seen.correct = kernels::CountCorrect(only_samples(s.logits), labels, isa_);

    Scale(s.logits_delta.view(), 1.0f / static_cast<float>(batch.samples()), s.logits_delta.view(), ieee);
    kernels::PanelMatrix* delta = &s.logits_delta;
    for (int l = forward.depth() - 1; l >= 0; --l) {
      kernels::PanelMatrix& output = l == forward.depth() - 1 ? s.logits : s.hidden[static_cast<size_t>(l)];
      if (flushes) kernels::ZeroWhereZero(output.view(), delta->view(), isa_);
      tape.RecordDelta(l, p, only_samples(*delta));
      if (l == 0) break;
      const auto below = static_cast<size_t>(l) - 1;
      Scale(s.hidden[below].view(), forward.scale_up(), s.scaled[below].view(), ieee);
      tape.RecordInput(l, p, only_samples(s.scaled[below]));
      kernels::MatmulTransposed(transposed[static_cast<size_t>(l)].view(), delta->view(), s.delta[below].view(), ieee);
      delta = &s.delta[below];
    }
  });
  tape.Exchange(Shares(network.config), ranks(), statistics);
  tape.Gradient(forward, batch, ShareOf(network), workers, gradient);

  return SumOf(statistics);
}

}  // namespace fplab::nets
