// SmoothEstimator: the exact gradient of a conventional network by backpropagation, and its loss on data.
#ifndef FPLAB_NETS_SMOOTH_ESTIMATOR_H_
#define FPLAB_NETS_SMOOTH_ESTIMATOR_H_

#include <memory>

#include "nets/accuracy.h"
#include "nets/estimator.h"
#include "nets/smooth_network.h"

namespace fplab {

class SmoothEstimator : public GradientEstimator {
 public:
  SmoothEstimator(const SmoothConfig& config, Isa isa) : config_(config), isa_(isa) {}

  // The gradient of the mean softmax cross-entropy; `network` has the config LayersOf(config). Seed and step are not
  // used: nothing is drawn.
  StepStatistics Estimate(const Network& network, const Batch& batch, uint64_t seed, int64_t step, Workers& workers,
                          Parameters& gradient) override;

 private:
  SmoothConfig config_;
  Isa isa_;
  std::unique_ptr<Tape> tape_;  // memory that lives from step to step
};

// Accuracy and mean loss on all of `data` (its `zeros` are left empty). A function of (config, network, data) alone.
// Throws Error if the data do not fit the network.
Accuracy EvaluateSmooth(const SmoothConfig& config, const Network& network, const Dataset& data, Isa isa,
                        Workers& workers);

}  // namespace fplab

#endif  // FPLAB_NETS_SMOOTH_ESTIMATOR_H_
