// GradientEstimator: what every way of estimating the gradient of the mean loss of a batch has in common.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_ESTIMATORS_GRADIENT_ESTIMATOR_H_
#define FPLAB_NETS_ESTIMATORS_GRADIENT_ESTIMATOR_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include <fplab/kernels/core/workers.h>
#include <fplab/nets/data/batch.h>
#include <fplab/nets/estimators/fitness.h>
#include <fplab/nets/network/network.h>

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
// workers.
class GradientEstimator {
 public:
  virtual ~GradientEstimator() = default;

  // Tells which share of the run's steps is done, in [0, 1), for what changes over a run; 0 until it is called.
  virtual void SetProgress(double /*done*/) {}

  // Overwrites `gradient` (shapes of ZeroParameters) with an estimate of d(mean loss) / d(parameters).
  virtual StepStatistics Estimate(const Network& network, const Batch& batch, uint64_t seed, int64_t step,
                                  kernels::Workers& workers, Parameters& gradient) = 0;
};

// How the noise of a unit is distributed, at the same standard deviation.
enum class NoiseKind {
  kNormal,  // as that of normal noise in the weights
  kSigns,   // + or - sigma: the estimate of a lone unit is a central difference, which is free of the noise's variance
};

std::string_view Name(NoiseKind kind);        // "normal", "signs"
NoiseKind ParseNoise(std::string_view name);  // throws Error

// The `activation` estimator of evolution strategies (activation_estimator.h says what it computes).
struct ActivationConfig {
  float sigma = 0.15f;              // standard deviation of the noise, in units of the pre-activation times s
  std::vector<int> block = {4, 2};  // units a block for each hidden layer; the last entry serves the layers after it
  int output_pairs = 16;            // antithetic pairs of sign vectors drawn for the logits
  NoiseKind noise = NoiseKind::kNormal;
  float sigma_end = 0;  // sigma goes there in a straight line over the run; 0: it stays

  friend bool operator==(const ActivationConfig&, const ActivationConfig&) = default;
};

// The `gaussian` and `lowrank` estimators: evolution strategies in weight space (population.h, gaussian_estimator.h and
// lowrank_estimator.h say what they compute).
struct PopulationConfig {
  std::vector<float> sigma = {0.02f};  // standard deviation of the noise of each layer's weights and biases; the last
                                       // entry serves the layers after it
  int pairs = 1;                       // antithetic pairs that evaluate each sample
  std::vector<int> layer_pairs =
      {};  // lowrank: in the place of `pairs`, how many perturb each layer alone (0: it stays as it is); empty: none
  int samples_per_pair = 32;  // samples of its own that a pair evaluates; 0: all share the batch
  int rank = 1;               // lowrank: of a pair's perturbation of a layer's weights
  Fitness fitness = Fitness::kZScore;
  float temperature = 1;      // the logits are divided by it before the loss
  float label_smoothing = 0;  // weight that the labels give to all classes alike

  friend bool operator==(const PopulationConfig&, const PopulationConfig&) = default;
};

enum class EstimatorKind {
  kActivation,  // evolution strategies on the real forward pass, noise at the pre-activations
  kGaussian,    // OpenAI-ES: dense noise on the weights
  kLowRank,     // EGGROLL: noise of low rank on the weights
  kGated,       // backpropagation with derivative 1 where a unit was not flushed: a reference, not an ES
  kBackprop,    // the linear network, blind to flushing: trained with scale 1 and no flushing
};

std::string_view Name(EstimatorKind kind);
EstimatorKind ParseEstimator(std::string_view name);  // throws Error

// Throws Error for a configuration of `kind` that makes no sense (sigma <= 0, a block < 1, no pairs).
std::unique_ptr<GradientEstimator> MakeEstimator(EstimatorKind kind, const ActivationConfig& activation,
                                                 const PopulationConfig& population, kernels::Isa isa);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_ESTIMATORS_GRADIENT_ESTIMATOR_H_
