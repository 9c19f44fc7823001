// Fields, presets and validation of a training configuration.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/training/train_config.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/nets/training/config_json.h>

namespace fplab::nets {
namespace {

// Shifts keep training and test accuracy together, signs and lone units of the second layer halve the estimate's
// variance, and noise that ends small lets the wider network settle.
TrainConfig Best(EstimatorKind estimator) {
  if (estimator != EstimatorKind::kActivation) {
    throw Error("preset best: found estimator {}, expected activation", Name(estimator));
  }
  TrainConfig config;
  config.network.layers = {784, 1024, 512, 10};
  config.network.rescaled = true;
  config.estimator = ActivationConfig{0.15f, {4, 1}, 16, NoiseKind::kSigns, 0.03f};
  config.augment = {1, 9};
  config.optimizer.learning_rate = 1e-3f;
  config.optimizer.average_decay = 0.998f;
  config.epochs = 60;
  return config;
}

// The settings that served evolution strategies in weight space best on MNIST, of those tried: small subsets of its own
// for every pair, since a perturbation seen on more samples tells little more; and, where it is cheap, a population for
// each layer, the later ones larger because their members cost little.
void WeightSpace(TrainConfig& config) {
  config.network.rescaled = true;
  config.optimizer.learning_rate = 2e-3f;
  config.optimizer.warmup_steps = 100;
  config.optimizer.average_decay = 0.99f;
  config.evaluate_every = 10;
  if (auto* gaussian = std::get_if<GaussianConfig>(&config.estimator)) {
    gaussian->label_smoothing = 0.05f;
    gaussian->samples_per_pair = 64;
    config.batch = 8192;
    config.epochs = 600;
  }
  if (auto* lowrank = std::get_if<LowRankConfig>(&config.estimator)) {
    lowrank->label_smoothing = 0.05f;
    lowrank->samples_per_pair = 8;
    lowrank->layer_pairs = {1, 8, 16};
    config.batch = 4096;
    config.epochs = 400;
  }
}

// A small network and small steps of few samples: the two spirals are apart within seconds.
TrainConfig Spirals(EstimatorKind estimator) {
  TrainConfig config;
  config.data = "spirals";
  config.network.layers = {2, 64, 64, 2};
  config.estimator = DefaultEstimator(estimator);
  if (auto* activation = std::get_if<ActivationConfig>(&config.estimator)) {
    activation->sigma = 0.1f;
    activation->block = {2, 2};
  }
  config.optimizer.learning_rate = 1e-2f;
  config.optimizer.warmup_steps = 40;
  config.epochs = 40;
  config.batch = 50;
  config.evaluate_every = 4;
  return config;
}

// What an estimator has alone stands right behind the name of the estimator; the last ones first, so that those of the
// first stand first.
std::vector<KnownField> FindKnownFields() {
  std::vector<KnownField> known;
  for (size_t i = std::size(kEstimatorKinds); i-- > 0;) {
    TrainConfig config;
    config.estimator = DefaultEstimator(kEstimatorKinds[i]);
    auto at = known.begin();
    for (const ConfigField& field : FieldsOf(config)) {
      const auto found = std::find_if(known.begin(), known.end(),
                                      [&](const KnownField& other) { return other.row.name == field.row().name; });
      at = found == known.end() ? known.insert(at, {field.row(), field.Get(), {}}) : found;
      at->estimators.insert(at->estimators.begin(), kEstimatorKinds[i]);
      ++at;
    }
  }
  return known;
}

}  // namespace

FieldList FieldsOf(TrainConfig& config) {
  FieldList fields;
  config.ListFields(fields);
  return fields;
}

const std::vector<KnownField>& KnownFields() {
  static const std::vector<KnownField> known = FindKnownFields();
  return known;
}

std::string WhoUses(const KnownField& field, EstimatorKind estimator) {
  std::string users;
  for (EstimatorKind kind : field.estimators) users += (users.empty() ? "" : " and ") + std::string(Name(kind));
  return fmt::format("estimator {} does not use it; {} {}", Name(estimator), users,
                     field.estimators.size() > 1 ? "do" : "does");
}

TrainConfig Preset(std::string_view name, EstimatorKind estimator) {
  if (name == "best") return Best(estimator);
  if (name == "spirals") return Spirals(estimator);
  TrainConfig config;
  config.estimator = DefaultEstimator(estimator);
  if (name != "post" && name != "quick") {
    throw Error("unknown preset '{}': expected post, best, quick or spirals", name);
  }
  if (estimator != EstimatorKind::kActivation) {
    config.epochs = 12;
    config.batch = 256;
    config.evaluate_every = 2;
  }
  if (estimator == EstimatorKind::kGated) {
    // On exact gradients SGD with momentum generalises better than Adam (test 97.5 against 97.0 %).
    config.optimizer.kind = OptimizerKind::kSgd;
    config.optimizer.learning_rate = 0.1f;
  }
  if (estimator == EstimatorKind::kBackprop) {
    config.optimizer.learning_rate = 1e-3f;
  }
  if (estimator == EstimatorKind::kGaussian || estimator == EstimatorKind::kLowRank) WeightSpace(config);
  if (name == "quick") {
    const bool reference = estimator == EstimatorKind::kGated || estimator == EstimatorKind::kBackprop;
    config.epochs = reference ? 3 : 10;
    config.evaluate_every = reference ? 1 : 2;
  }
  return config;
}

int64_t LossesOfSample(const TrainConfig& config) { return LossesOfSample(config.estimator, config.network); }

NetworkConfig TrainedNetwork(const TrainConfig& config) {
  NetworkConfig network = config.network;
  if (std::holds_alternative<BackpropConfig>(config.estimator)) {
    network.scale_exponent = 0;
    network.matmul_mode = kIeee;
    network.elementwise_mode = kIeee;
    network.rescaled = false;
  }
  return network;
}

void Validate(const TrainConfig& config) {
  AsGuest([&] {
    Validate(config.network);
    Validate(config.optimizer);
    Validate(config.augment);
    Validate(config.estimator);
    RequireRanges(config);
    try {
      ToJson(config).dump();
    } catch (const OrderedJson::exception&) {
      throw Error("data: the name is not valid UTF-8, and a checkpoint's configuration holds nothing else");
    }
  });
}

}  // namespace fplab::nets
