// TrainConfig: everything that a training run is a function of, besides the data: what config.json holds.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_TRAINING_TRAIN_CONFIG_H_
#define FPLAB_NETS_TRAINING_TRAIN_CONFIG_H_

#include <cstdint>
#include <string>
#include <string_view>

#include <fplab/nets/data/augment.h>
#include <fplab/nets/estimators/gradient_estimator.h>
#include <fplab/nets/files/run_directory.h>
#include <fplab/nets/network/network.h>
#include <fplab/nets/training/optimizer.h>

namespace fplab::nets {

struct TrainConfig {
  std::string data = "mnist";  // a name or folder for LoadData
  int train_limit = 0;         // 0: all training samples
  NetworkConfig network;
  EstimatorKind estimator = EstimatorKind::kActivation;
  ActivationConfig activation;
  AugmentConfig augment;
  PopulationConfig population;
  OptimizerConfig optimizer;
  int epochs = 50;
  int batch = 500;
  uint64_t seed = 1;
  int evaluate_every = 5;  // epochs between evaluations on all data; the last epoch is always evaluated

  friend bool operator==(const TrainConfig&, const TrainConfig&) = default;
};

// "post": the defaults, which reproduce the post; "best": further than the post, on images, by `activation`; "quick": a
// run of a minute or less for a first look; "spirals": the two spirals in seconds, data included. Presets of the
// baselines follow from `estimator`. Throws Error: an unknown name, "best" of another estimator.
TrainConfig Preset(std::string_view name, EstimatorKind estimator);

// The network that is trained: for `backprop` the configured layers with scale 1 and no flushing, otherwise
// config.network.
NetworkConfig TrainedNetwork(const TrainConfig& config);

// Losses that the estimator evaluates for each sample of a batch: the members of its population, or, for `activation`,
// the noisy pass, one for each block of units and two for each of the logits' pairs; 1 for the references. Samples
// times this are member-samples, the cost of evolution strategies.
int64_t LossesOfSample(const TrainConfig& config);

// Throws Error naming the first field that makes no sense.
void Validate(const TrainConfig& config);

// Inverse of each other. FromJson throws Error that begins with `source` (where the JSON came from) and names the field
// that is missing, unknown, of the wrong type or makes no sense.
OrderedJson ToJson(const TrainConfig& config);
TrainConfig TrainConfigFromJson(const OrderedJson& json, std::string_view source);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_TRAINING_TRAIN_CONFIG_H_
