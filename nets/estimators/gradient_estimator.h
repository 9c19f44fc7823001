// GradientEstimator: what every way of estimating the gradient of the mean loss of a batch has in common.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_ESTIMATORS_GRADIENT_ESTIMATOR_H_
#define FPLAB_NETS_ESTIMATORS_GRADIENT_ESTIMATOR_H_

#include <cstdint>
#include <memory>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/workers.h>
#include <fplab/nets/data/batch.h>
#include <fplab/nets/estimators/estimator_config.h>
#include <fplab/nets/network/network.h>
#include <fplab/nets/network/parameter_share.h>

namespace fplab::nets {

// What a step saw: the sum of the samples' losses in the estimator's own forward pass (for `activation` the noisy one)
// and the number of samples classified right there.
struct StepStatistics {
  double loss = 0;
  int64_t correct = 0;

  StepStatistics& operator+=(const StepStatistics& other) {
    loss += other.loss;
    correct += other.correct;
    return *this;
  }
};

// Estimates are a function of (network, batch, seed, step, progress) alone: not of the ISA, nor of the number of
// workers or ranks.
class FPLAB_EXPORT GradientEstimator {
 public:
  virtual ~GradientEstimator() = default;

  // Tells which share of the run's steps is done, in [0, 1), for what changes over a run; 0 until it is called.
  virtual void SetProgress(double /*done*/) {}

  // With `ranks`, which outlive the estimator, all ranks call Estimate together and with the same arguments, and each
  // gets the gradient in its own ParameterShare: elsewhere `gradient` is not specified. Until it is called, one rank.
  void WorkWith(Ranks& ranks) { ranks_ = &ranks; }

  // The shares of all ranks.
  std::vector<ParameterShare> Shares(const NetworkConfig& network) const {
    return SharesOf(network, ranks_->count(), LayerCosts(network));
  }

  // Overwrites `gradient` (shapes of ZeroParameters) with an estimate of d(mean loss) / d(parameters).
  StepStatistics Estimate(const Network& network, const Batch& batch, uint64_t seed, int64_t step,
                          kernels::Workers& workers, Parameters& gradient);

 protected:
  GradientEstimator() : ranks_(&alone_) {}
  Ranks& ranks() const { return *ranks_; }
  ParameterShare ShareOf(const Network& network) const {
    return ParameterShare(network.config, ranks_->rank(), ranks_->count(), LayerCosts(network.config));
  }

 private:
  // What each layer's gradient costs beside the others'; empty: as much as it has weights.
  virtual std::vector<double> LayerCosts(const NetworkConfig& /*network*/) const { return {}; }

  // Estimate, as a guest of the caller's floating-point state (fparith/mode/guest.h).
  virtual StepStatistics EstimateInIeee(const Network& network, const Batch& batch, uint64_t seed, int64_t step,
                                        kernels::Workers& workers, Parameters& gradient) = 0;

  OneRank alone_;
  Ranks* ranks_;
};

// In the order of the panels.
FPLAB_EXPORT StepStatistics SumOf(const std::vector<StepStatistics>& of_panels);

// Whether `config` makes sense, without an estimator being made. Throws Error naming the first field that makes none.
FPLAB_EXPORT void Validate(const EstimatorConfig& config);

// Losses that the estimator evaluates for each sample of a batch: the members of its population, or, for `activation`,
// the noisy pass, one for each block of units and two for each of the logits' pairs; 1 for the references.
FPLAB_EXPORT int64_t LossesOfSample(const EstimatorConfig& config, const NetworkConfig& network);

// Throws Error as Validate.
FPLAB_EXPORT std::unique_ptr<GradientEstimator> MakeEstimator(const EstimatorConfig& config, kernels::Isa isa);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_ESTIMATORS_GRADIENT_ESTIMATOR_H_
