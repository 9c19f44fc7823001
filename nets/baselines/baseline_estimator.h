// BaselineEstimator: the exact gradient of a conventional network by backpropagation, and its loss on data.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_BASELINES_BASELINE_ESTIMATOR_H_
#define FPLAB_NETS_BASELINES_BASELINE_ESTIMATOR_H_

#include <memory>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/baselines/baseline_network.h>
#include <fplab/nets/estimators/gradient_estimator.h>
#include <fplab/nets/network/accuracy.h>

namespace fplab::nets {

class FPLAB_EXPORT BaselineEstimator : public GradientEstimator {
 public:
  BaselineEstimator(const BaselineConfig& config, kernels::Isa isa);
  ~BaselineEstimator() override;

  // The gradient of the mean softmax cross-entropy; `network` has the config LayersOf(config). Seed and step are not
  // used: nothing is drawn.

 private:
  StepStatistics EstimateInIeee(const Network& network, const Batch& batch, uint64_t seed, int64_t step,
                                kernels::Workers& workers, Parameters& gradient) override;

  struct State;
  BaselineConfig config_;
  kernels::Isa isa_;
  std::unique_ptr<State> state_;
};

// Accuracy and mean loss on all of `data` (its `zeros` are left empty). A function of (config, network, data) alone.
// Throws Error if the data do not fit the network.
FPLAB_EXPORT Accuracy EvaluateBaseline(const BaselineConfig& config, const Network& network, const Dataset& data,
                                       kernels::Isa isa, kernels::Workers& workers);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_BASELINES_BASELINE_ESTIMATOR_H_
