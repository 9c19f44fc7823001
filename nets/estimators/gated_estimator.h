// GatedEstimator: backpropagation through the gates. A reference for what the network can hold; not an ES.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_ESTIMATORS_GATED_ESTIMATOR_H_
#define FPLAB_NETS_ESTIMATORS_GATED_ESTIMATOR_H_

#include <memory>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/estimators/gradient_estimator.h>

namespace fplab::nets {

// A unit's derivative is 1 where its output was not flushed and 0 where it was. The forward pass is the real one, in
// the network's modes; the backward pass runs in IEEE mode at scale 1. For a network that never flushes this is
// ordinary backpropagation; for one whose matmul does not flush it is the exact gradient almost everywhere, with one
// exception: under DAZ a later layer's unit with a living bias (one that is not flushed on entering) counts as open
// also where the matmul's result is flushed on entering E.add.
class FPLAB_EXPORT GatedEstimator : public GradientEstimator {
 public:
  explicit GatedEstimator(kernels::Isa isa);
  ~GatedEstimator() override;

 private:
  StepStatistics EstimateInIeee(const Network& network, const Batch& batch, uint64_t seed, int64_t step,
                                kernels::Workers& workers, Parameters& gradient) override;

  struct State;
  kernels::Isa isa_;
  std::unique_ptr<State> state_;
};

}  // namespace fplab::nets

#endif  // FPLAB_NETS_ESTIMATORS_GATED_ESTIMATOR_H_
