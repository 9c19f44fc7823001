// ActivationEstimator: evolution strategies with the noise drawn where it is seen, at each sample's pre-activations.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_ESTIMATORS_ACTIVATION_ESTIMATOR_H_
#define FPLAB_NETS_ESTIMATORS_ACTIVATION_ESTIMATOR_H_

#include <memory>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/estimators/gradient_estimator.h>

namespace fplab::nets {

// Weight noise E ~ N(0, v I) moves the pre-activations of a sample with input x by u = E'x ~ N(0, v |x|^2 I), and
// E[E | u] = x u' / |x|^2; so the gradient of the smoothed loss is estimated from u alone (Rao-Blackwell), with noise
// of its own for every sample. Here u has the same standard deviation sigma in every unit of the hidden layers.
//
// One noisy forward pass gives the loss L0 of each sample. Then for every block of units of a hidden layer the sign of
// the block's noise is flipped (an antithetic pair in the block's coordinates) and the network above it evaluated
// again, giving L: the derivative for unit j of the block is (L0 - L) u_j / (2 sigma^2). Units whose output does not
// change are left out: their noise can't have caused the difference. The logits get independent sign vectors +-sigma
// instead.
//
// Noise of random signs, +-sigma, smooths each unit's loss over the same width with two points instead of a bell. Where
// the loss is linear in a block of b units, a delta estimated with signs has a variance of (b - 1) mean squared
// derivatives, one with normal noise b + 1: of a lone unit, signs give the central difference itself.
//
// Everything runs on the network's real kernels in its real modes; the noise stands for noise in the weights, so it is
// added in the matmul's mode, before the flushing operations. With a matmul mode of gradual underflow a flipped block
// reaches the next layer as a rank-(block) update of its pre-activations, one rounding a unit from a matmul of the
// flipped outputs; otherwise by that matmul itself.
class FPLAB_EXPORT ActivationEstimator : public GradientEstimator {
 public:
  // Throws Error: sigma not positive and finite, sigma_end neither that nor 0, a block below 1, no block at all, pairs
  // outside [1, 4096].
  static void Validate(const ActivationConfig& config);
  // One in the noisy pass, one for each block, two for each of the logits' pairs.
  static int64_t LossesOfSample(const ActivationConfig& config, const NetworkConfig& network);

  // Throws Error as Validate.
  ActivationEstimator(const ActivationConfig& config, kernels::Isa isa);
  ~ActivationEstimator() override;

  void SetProgress(double done) override { done_ = done; }

 private:
  StepStatistics EstimateInIeee(const Network& network, const Batch& batch, uint64_t seed, int64_t step,
                                kernels::Workers& workers, Parameters& gradient) override;

  struct State;
  ActivationConfig config_;
  kernels::Isa isa_;
  double done_ = 0;
  std::unique_ptr<State> state_;
};

}  // namespace fplab::nets

#endif  // FPLAB_NETS_ESTIMATORS_ACTIVATION_ESTIMATOR_H_
