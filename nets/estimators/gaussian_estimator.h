// GaussianEstimator: OpenAI-ES. Evolution strategies with dense normal noise on every weight and bias, made where it is
// used and never stored.
//
// Salimans et al., "Evolution Strategies as a Scalable Alternative to Reinforcement Learning", 2017.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_ESTIMATORS_GAUSSIAN_ESTIMATOR_H_
#define FPLAB_NETS_ESTIMATORS_GAUSSIAN_ESTIMATOR_H_

#include <memory>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/estimators/gradient_estimator.h>

namespace fplab::nets {

// The members of pair p are the network with parameters theta +- sigma e, rounded, e standard normal: the forward pass
// of each is the network's own on those. With losses L+ and L- (population.h says of which samples) and w = share of
// the samples times the shaped fitness of the pair / 2, the estimate is the sum over the pairs, in order, of w e /
// sigma.
//
// Noise is a function of (seed, step, pair, tensor, index), a tensor being a panel of 32 units of a layer's weights or
// the biases of a layer. A worker holds one perturbed panel of weights at a time; for the estimate the noise is made
// again in registers.
class FPLAB_EXPORT GaussianEstimator : public GradientEstimator {
 public:
  // Throws Error: what AntitheticPopulation::Validate refuses; samples_per_pair that is neither 0 nor a multiple of 32.
  static void Validate(const GaussianConfig& config);
  // One for each member of the population.
  static int64_t LossesOfSample(const GaussianConfig& config);

  // Throws Error as Validate.
  GaussianEstimator(const GaussianConfig& config, kernels::Isa isa);
  ~GaussianEstimator() override;

 private:
  StepStatistics EstimateInIeee(const Network& network, const Batch& batch, uint64_t seed, int64_t step,
                                kernels::Workers& workers, Parameters& gradient) override;

  struct State;
  GaussianConfig config_;
  kernels::Isa isa_;
  std::unique_ptr<State> state_;
};

}  // namespace fplab::nets

#endif  // FPLAB_NETS_ESTIMATORS_GAUSSIAN_ESTIMATOR_H_
