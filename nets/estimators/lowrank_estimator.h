// LowRankEstimator: EGGROLL. Evolution strategies whose weight noise has low rank, so that the product with the
// weights themselves is shared by the population and the estimate is one matmul a layer.
//
// Sarkar et al., "Evolution Strategies at the Hyperscale", 2025.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_ESTIMATORS_LOWRANK_ESTIMATOR_H_
#define FPLAB_NETS_ESTIMATORS_LOWRANK_ESTIMATOR_H_

#include <memory>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/estimators/gradient_estimator.h>

namespace fplab::nets {

// A pair p has, for every layer, r standard normal vectors b_q over the inputs and a_q over the outputs: its members
// are the network with weights W +- sigma E, E = sum_q b_q a_q' / sqrt(r), and biases b +- sigma e, e standard normal.
// With losses L+ and L- (population.h says of which samples) and w = share of the samples times the shaped fitness of
// the pair / 2, the estimate is the sum over the pairs of w E / sigma and w e / sigma.
//
// With layer_pairs a pair perturbs one layer only, and each layer has a population of its own, with its own fitness:
// the estimate of a layer is free of what the others' noise does to the loss, it smooths the loss in that layer's
// parameters alone, and members that differ in a late layer cost little, since the layers below are computed once. A
// layer with 0 pairs is not perturbed, and the estimate is 0 there.
//
// Where the noise enters: it stands for noise in W, so it belongs to the matmul. x (W + sigma E) is the chain of x W,
// continued by r steps fma(a_q(j) sigma / sqrt(r), t_q, acc) with t_q = the chain of x b_q, all in the matmul's mode
// and before the flushing operations; the other member has -t_q. The bias enters as a bias does: b +- sigma e is
// rounded, scaled and added by E. The first layer's x W is the same for all members and computed once for a sample.
//
// The factors are functions of (seed, step, pair, layer, index) and made again for the estimate, where the sum over
// pairs and q is a chain of K = pairs * r, in ascending order, in IEEE mode.
class FPLAB_EXPORT LowRankEstimator : public GradientEstimator {
 public:
  // Throws Error: what AntitheticPopulation::Validate refuses; rank or layer_pairs out of range; layer_pairs of 0
  // alone.
  static void Validate(const LowRankConfig& config);
  // One for each member of the population, or of each layer's.
  static int64_t LossesOfSample(const LowRankConfig& config, const NetworkConfig& network);

  // Throws Error as Validate.
  LowRankEstimator(const LowRankConfig& config, kernels::Isa isa);
  ~LowRankEstimator() override;

 private:
  StepStatistics EstimateInIeee(const Network& network, const Batch& batch, uint64_t seed, int64_t step,
                                kernels::Workers& workers, Parameters& gradient) override;

  std::vector<double> LayerCosts(const NetworkConfig& network) const override;

  void SumProducts(int l, const std::vector<double>& weights, uint64_t seed, int64_t step, const ParameterShare& share,
                   kernels::Workers& workers, kernels::PanelView gradient);

  struct State;
  LowRankConfig config_;
  kernels::Isa isa_;
  std::unique_ptr<State> state_;
};

}  // namespace fplab::nets

#endif  // FPLAB_NETS_ESTIMATORS_LOWRANK_ESTIMATOR_H_
