// EstimatorConfig: the settings of a gradient estimator, which also say which one it is.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_ESTIMATORS_ESTIMATOR_CONFIG_H_
#define FPLAB_NETS_ESTIMATORS_ESTIMATOR_CONFIG_H_

#include <string_view>
#include <variant>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/config/config_field.h>
#include <fplab/nets/estimators/fitness.h>

namespace fplab::nets {

enum class EstimatorKind {
  kActivation,  // evolution strategies on the real forward pass, noise at the pre-activations
  kGaussian,    // OpenAI-ES: dense noise on the weights
  kLowRank,     // EGGROLL: noise of low rank on the weights
  kGated,       // backpropagation with derivative 1 where a unit was not flushed: a reference, not an ES
  kBackprop,    // the linear network, blind to flushing: trained with scale 1 and no flushing
};
inline constexpr EstimatorKind kEstimatorKinds[] = {EstimatorKind::kActivation, EstimatorKind::kGaussian,
                                                    EstimatorKind::kLowRank, EstimatorKind::kGated,
                                                    EstimatorKind::kBackprop};

FPLAB_EXPORT std::string_view Name(EstimatorKind kind);
FPLAB_EXPORT EstimatorKind ParseEstimator(std::string_view name);  // throws Error

// How the noise of a unit is distributed, at the same standard deviation.
enum class NoiseKind {
  kNormal,  // as that of normal noise in the weights
  kSigns,   // + or - sigma: the estimate of a lone unit is a central difference, which is free of the noise's variance
};

FPLAB_EXPORT std::string_view Name(NoiseKind kind);        // "normal", "signs"
FPLAB_EXPORT NoiseKind ParseNoise(std::string_view name);  // throws Error

// The `activation` estimator of evolution strategies (activation_estimator.h says what it computes).
struct ActivationConfig {
  static constexpr EstimatorKind kKind = EstimatorKind::kActivation;

  float sigma = 0.15f;              // standard deviation of the noise, in units of the pre-activation times s
  std::vector<int> block = {4, 2};  // units a block for each hidden layer; the last entry serves the layers after it
  int output_pairs = 16;            // antithetic pairs of sign vectors drawn for the logits
  NoiseKind noise = NoiseKind::kNormal;
  float sigma_end = 0;  // sigma goes there in a straight line over the run; 0: it stays

  void ListFields(FieldList& list) {
    list.Add({"sigma", "sigma", "standard deviation of the pre-activation noise, times s", Above(0)}, sigma);
    list.Add({"block", "block", "units a sign-flip block, one number for each hidden layer", AtLeast(1, "unit")},
             block);
    // The signs of all pairs are drawn at once.
    list.Add({"output_pairs", "output-pairs", "antithetic pairs of perturbed logits", Between(1, 4096)}, output_pairs);
    list.Add({"noise", "noise", "signs (+-sigma) have less variance at the same sigma", Stated("normal or signs")},
             noise, ParseNoise);
    list.Add(
        {"sigma_end", "sigma-end", "sigma at the end of the run, reached in a straight line; 0: it stays", AtLeast(0)},
        sigma_end);
  }

  friend bool operator==(const ActivationConfig&, const ActivationConfig&) = default;
};

// What evolution strategies in weight space have in common (population.h).
struct PopulationConfig {
  static constexpr int kMaxPairs = 1 << 16;

  std::vector<float> sigma = {0.02f};  // standard deviation of the noise of each layer's weights and biases; the last
                                       // entry serves the layers after it
  int pairs = 1;                       // antithetic pairs that evaluate each sample
  int samples_per_pair = 32;           // samples of its own that a pair evaluates; 0: all share the batch
  Fitness fitness = Fitness::kZScore;
  float temperature = 1;      // the logits are divided by it before the loss
  float label_smoothing = 0;  // weight that the labels give to all classes alike

  void ListFields(FieldList& list) {
    list.Add({"weight_sigma", "weight-sigma", "standard deviation of the weights' noise, one number for each layer",
              Above(0)},
             sigma);
    list.Add({"pairs", "pairs", "antithetic pairs that evaluate each sample", Between(1, kMaxPairs)}, pairs);
    list.Add({"samples_per_pair", "samples-per-pair", "samples of its own that a pair evaluates; 0: the whole batch",
              Stated("0, a multiple of 32, or for lowrank 1, 2, 4, 8 or 16")},
             samples_per_pair);
    list.Add({"fitness", "fitness", "what is made of the losses of the population's pairs",
              Stated("z-score, ranks, sign or difference")},
             fitness, ParseFitness);
    list.Add({"temperature", "temperature", "divides the logits before the loss", Above(0)}, temperature);
    list.Add({"label_smoothing", "label-smoothing", "weight the labels give to all classes", FromToBelow(0, 1)},
             label_smoothing);
  }

  friend bool operator==(const PopulationConfig&, const PopulationConfig&) = default;
};

// The `gaussian` estimator (gaussian_estimator.h says what it computes).
struct GaussianConfig : PopulationConfig {
  static constexpr EstimatorKind kKind = EstimatorKind::kGaussian;

  friend bool operator==(const GaussianConfig&, const GaussianConfig&) = default;
};

// The `lowrank` estimator (lowrank_estimator.h says what it computes).
struct LowRankConfig : PopulationConfig {
  static constexpr EstimatorKind kKind = EstimatorKind::kLowRank;

  // In the place of `pairs`, how many perturb each layer alone (0: it stays as it is); the last entry serves the layers
  // after it; empty: none.
  std::vector<int> layer_pairs = {};
  int rank = 1;  // of a pair's perturbation of a layer's weights

  void ListFields(FieldList& list) {
    PopulationConfig::ListFields(list);
    list.Add(
        {"layer_pairs", "layer-pairs",
         "pairs that perturb one layer alone, one number a layer; 0: the layer is not trained", Between(0, kMaxPairs)},
        layer_pairs);
    list.Add({"rank", "rank", "rank of a pair's noise", Between(1, 4096)}, rank);
  }

  friend bool operator==(const LowRankConfig&, const LowRankConfig&) = default;
};

// The references have nothing to set.
struct GatedConfig {
  static constexpr EstimatorKind kKind = EstimatorKind::kGated;

  void ListFields(FieldList&) {}

  friend bool operator==(const GatedConfig&, const GatedConfig&) = default;
};
struct BackpropConfig {
  static constexpr EstimatorKind kKind = EstimatorKind::kBackprop;

  void ListFields(FieldList&) {}

  friend bool operator==(const BackpropConfig&, const BackpropConfig&) = default;
};

using EstimatorConfig = std::variant<ActivationConfig, GaussianConfig, LowRankConfig, GatedConfig, BackpropConfig>;

// Which estimator it is that `config` sets, and its name.
FPLAB_EXPORT EstimatorKind Kind(const EstimatorConfig& config);
FPLAB_EXPORT std::string_view Name(const EstimatorConfig& config);

// The settings of an estimator at their defaults.
FPLAB_EXPORT EstimatorConfig DefaultEstimator(EstimatorKind kind);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_ESTIMATORS_ESTIMATOR_CONFIG_H_
