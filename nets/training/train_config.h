// TrainConfig: everything that a training run is a function of, besides the data: what config.json holds.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_TRAINING_TRAIN_CONFIG_H_
#define FPLAB_NETS_TRAINING_TRAIN_CONFIG_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/config/config_field.h>
#include <fplab/nets/data/augment.h>
#include <fplab/nets/estimators/gradient_estimator.h>
#include <fplab/nets/network/network.h>
#include <fplab/nets/training/optimizer.h>

namespace fplab::nets {

// A new option is a member of one of the structs and its row in ListFields beside it: JSON, the command line, sweeps
// and help follow. Where runs are to be gone on with that were begun without it, the row says since which format
// config.json has it.
struct TrainConfig {
  std::string data = "mnist";  // a name or place for LoadData
  int train_limit = 0;         // 0: all training samples
  int validation = 0;          // training samples held out (hold_out.h)
  NetworkConfig network;
  EstimatorConfig estimator;
  AugmentConfig augment;
  OptimizerConfig optimizer;
  int epochs = 50;
  int batch = 500;
  uint64_t seed = 1;
  int evaluate_every = 5;  // epochs between evaluations on all data; the last epoch is always evaluated

  void ListFields(FieldList& list) {
    list.Add({"data", "data", "mnist, glyphs, spirals, a folder of IDX files, or an .npz file"}, data);
    list.Add({"train_limit", "train-limit", "Use only the first N training samples; 0: all", AtLeast(0)}, train_limit);
    list.Add({"validation", "validation",
              "Hold out N of these, drawn by the seed, and report them beside train and test", AtLeast(0), /*since=*/3},
             validation);
    network.ListFields(list);
    list.Add({{"estimator", "estimator",
               "Evolution strategies: activation, gaussian (dense noise on the weights), lowrank (noise of low rank); "
               "references: gated, backprop"},
              [this] { return FieldValue(std::string(Name(estimator))); },
              [this](const FieldValue& value) {
                const EstimatorKind kind = ParseEstimator(std::get<std::string>(value));
                if (kind != Kind(estimator)) estimator = DefaultEstimator(kind);
              }});
    std::visit([&list](auto& settings) { settings.ListFields(list); }, estimator);
    augment.ListFields(list);
    optimizer.ListFields(list);
    list.Add({"epochs", "epochs", "Passes over the training data", AtLeast(1)}, epochs);
    list.Add({"batch", "batch", "Samples a step", AtLeast(1)}, batch);
    list.Add({"seed", "seed", "Seed of weights, order and noise", AtLeast(0)}, seed);
    list.Add({"evaluate_every", "evaluate-every", "Epochs between evaluations on all data", AtLeast(1)},
             evaluate_every);
  }

  friend bool operator==(const TrainConfig&, const TrainConfig&) = default;
};

// All fields of `config`, those of its estimator included. They refer to it: set the estimator first, since another
// estimator has other fields.
FPLAB_EXPORT FieldList FieldsOf(TrainConfig& config);

// A field that some configuration has.
struct KnownField {
  FieldRow row;
  FieldValue value;                       // a default, for its type
  std::vector<EstimatorKind> estimators;  // whose configurations have it
};

// All there are, for every estimator.
FPLAB_EXPORT const std::vector<KnownField>& KnownFields();

// "estimator activation does not use it; lowrank does"
FPLAB_EXPORT std::string WhoUses(const KnownField& field, EstimatorKind estimator);

// "post": the defaults, which reproduce the post; "best": further than the post, on images, by `activation`; "quick": a
// run of a minute or less for a first look; "spirals": the two spirals in seconds, data included. Presets of the
// baselines follow from `estimator`. Throws Error: an unknown name, "best" of another estimator.
FPLAB_EXPORT TrainConfig Preset(std::string_view name, EstimatorKind estimator);

// The network that is trained: for `backprop` the configured layers with scale 1 and no flushing, otherwise
// config.network.
FPLAB_EXPORT NetworkConfig TrainedNetwork(const TrainConfig& config);

// Losses that the estimator evaluates for each sample of a batch (estimator.h). Samples times this are member-samples,
// the cost of evolution strategies.
FPLAB_EXPORT int64_t LossesOfSample(const TrainConfig& config);

// Throws Error naming the first field that makes no sense.
FPLAB_EXPORT void Validate(const TrainConfig& config);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_TRAINING_TRAIN_CONFIG_H_
