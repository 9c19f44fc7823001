// The activation estimator: panels in parallel, then the weight gradient.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/estimators/activation_estimator.h>

#include <algorithm>

#include <fplab/fparith/float/error.h>
#include <fplab/kernels/layers/elementwise.h>
#include <fplab/kernels/layers/reductions.h>
#include <fplab/nets/estimators/activation_panel.h>
#include <fplab/nets/estimators/gradient_record.h>

namespace fplab::nets {
namespace {

// In double, so that the last steps differ from each other.
float SigmaAt(const ActivationConfig& config, double done) {
  if (config.sigma_end == 0) return config.sigma;
  return static_cast<float>(config.sigma + (double{config.sigma_end} - config.sigma) * done);
}

}  // namespace

// Memory that lives from step to step.
struct ActivationEstimator::State {
  State(const NetworkConfig& network, const ActivationConfig& config, int batch_samples, int workers)
      : layers(network.layers), samples(batch_samples), tape(network, batch_samples) {
    for (int w = 0; w < workers; ++w) panels.emplace_back(network, config);
    for (size_t l = 1; l + 1 < layers.size(); ++l) widest = std::max(widest, layers[l]);
    scaled.assign(static_cast<size_t>(workers), kernels::PanelMatrix(widest, kernels::kPanelWidth));
  }

  bool Fits(const NetworkConfig& network, int batch_samples, int workers) const {
    return layers == network.layers && samples == batch_samples && static_cast<int>(panels.size()) == workers;
  }

  std::vector<int> layers;
  int samples;
  int widest = 0;
  GradientRecord tape;
  std::vector<ActivationPanel> panels;       // one a worker
  std::vector<kernels::PanelMatrix> scaled;  // a layer's outputs times s
};

void ActivationEstimator::Validate(const ActivationConfig& config) {
  RequireRanges(config);
  if (config.block.empty()) throw Error("block: found none, expected a number of units for each hidden layer");
}

int64_t ActivationEstimator::LossesOfSample(const ActivationConfig& config, const NetworkConfig& network) {
  int64_t losses = 1 + 2 * int64_t{config.output_pairs};
  for (int l = 0; l + 1 < network.depth(); ++l) {
    const int block = config.block[std::min(static_cast<size_t>(l), config.block.size() - 1)];
    losses += (int64_t{network.layers[static_cast<size_t>(l) + 1]} + block - 1) / block;
  }
  return losses;
}

ActivationEstimator::ActivationEstimator(const ActivationConfig& config, kernels::Isa isa)
    : config_(config), isa_(isa) {
  Validate(config);
}

ActivationEstimator::~ActivationEstimator() = default;

StepStatistics ActivationEstimator::EstimateInIeee(const Network& network, const Batch& batch, uint64_t seed,
                                                   int64_t step, kernels::Workers& workers, Parameters& gradient) {
  const ForwardPass forward(network, isa_);
  if (!state_ || !state_->Fits(network.config, batch.samples(), workers.count())) {
    state_ = std::make_unique<State>(network.config, config_, batch.samples(), workers.count());
  }
  const float sigma = SigmaAt(config_, done_);
  const float share = 1.0f / static_cast<float>(batch.samples());
  std::vector<StepStatistics> statistics(static_cast<size_t>(batch.panels()));

  const ItemRange own = ranks().Own(batch.panels());
  workers.For(own.count(), kIeee, [&](int task, int worker) {
    const int p = own.first + task;
    ActivationPanel& panel = state_->panels[static_cast<size_t>(worker)];
    const int count = batch.SamplesIn(p);
    const int32_t* labels = batch.labels.data() + p * kernels::kPanelWidth;
    const ActivationPanel::Key key{seed, step, p, sigma};
    const auto only_samples = [count](kernels::ConstPanelView view) {
      view.cols = count;
      return view;
    };
    panel.Forward(forward, WholePanel(batch.columns, p), labels, key);
    StepStatistics& seen = statistics[static_cast<size_t>(p)];
    for (int i = 0; i < count; ++i) seen.loss += panel.losses()[static_cast<size_t>(i)];
    seen.correct = kernels::CountCorrect(only_samples(panel.logits().view()), labels, isa_);

    for (int l = 0; l < forward.depth(); ++l) {
      if (l == forward.depth() - 1) {
        panel.PerturbLogits(forward, share, key);
      } else {
        panel.FlipBlocks(forward, l, share);
      }
      state_->tape.RecordDelta(l, p, only_samples(panel.delta(l).view()));
      if (l == 0) continue;
      const kernels::ConstPanelView output = panel.output(l - 1).view();
      const kernels::PanelView scaled = state_->scaled[static_cast<size_t>(worker)].view().Rows(0, output.rows);
      Scale(output, forward.scale_up(), scaled, {isa_, kIeee});
      state_->tape.RecordInput(l, p, only_samples(scaled));
    }
  });
  state_->tape.Exchange(Shares(network.config), ranks(), statistics);
  state_->tape.Gradient(forward, batch, ShareOf(network), workers, gradient);

  return SumOf(statistics);
}

}  // namespace fplab::nets
