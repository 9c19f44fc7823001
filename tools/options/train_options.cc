// From options to a training configuration.
// SPDX-License-Identifier: Apache-2.0
#include "tools/options/train_options.h"

#include <fplab/fparith/float/error.h>

namespace fplab::tools {

void TrainOverrides::AddTo(CLI::App& command) {
  command.add_option("--data", data, "mnist, glyphs, spirals, or a folder with MNIST's four files [mnist]");
  command.add_option(
      "--preset", preset,
      "post (the post's network and result), best (wider, longer, for images), quick, or spirals (small, "
      "for that data set) [post]");
  command.add_option("--estimator", estimator,
                     "Evolution strategies: activation, gaussian (dense noise on the weights), lowrank (noise of low "
                     "rank); references: gated, backprop [activation]");
  command.add_option("--epochs", epochs, "Passes over the training data");
  command.add_option("--batch", batch, "Samples a step");
  command.add_option("--sigma", sigma, "activation: standard deviation of the pre-activation noise, times s");
  command.add_option("--sigma-end", sigma_end,
                     "activation: sigma at the end of the run, reached in a straight line; 0: it stays");
  command.add_option("--noise", noise, "activation: normal, or signs (+-sigma: less variance at the same sigma)");
  command.add_option("--block", block, "activation: units a sign-flip block, one number for each hidden layer")
      ->delimiter(',');
  command.add_option("--output-pairs", output_pairs, "activation: antithetic pairs of perturbed logits");
  command.add_option("--shift", shift, "Move every training image by up to so many pixels, anew each epoch; 0: not");
  command.add_option("--clean-epochs", clean_epochs, "Move no image in the last so many epochs");
  command
      .add_option("--weight-sigma", weight_sigma,
                  "gaussian, lowrank: standard deviation of the weights' noise, one number for each layer")
      ->delimiter(',');
  command.add_option("--pairs", pairs, "gaussian, lowrank: antithetic pairs that evaluate each sample");
  command
      .add_option("--layer-pairs", layer_pairs,
                  "lowrank: pairs that perturb one layer alone, one number a layer; 0: the layer is not trained")
      ->delimiter(',');
  CLI::Option* own = command.add_option("--samples-per-pair", samples_per_pair,
                                        "gaussian, lowrank: samples of its own that a pair evaluates");
  command.add_flag("--shared-batch", shared_batch, "gaussian, lowrank: every pair evaluates the whole batch")
      ->excludes(own);
  command.add_option("--rank", rank, "lowrank: rank of a pair's noise");
  command.add_option("--fitness", fitness, "gaussian, lowrank: z-score, ranks, sign or difference");
  command.add_option("--temperature", temperature, "gaussian, lowrank: divides the logits before the loss");
  command.add_option("--label-smoothing", label_smoothing, "gaussian, lowrank: weight the labels give to all classes");
  command.add_option("--lr", learning_rate, "Peak learning rate");
  command.add_option("--optimizer", optimizer, "adam or sgd");
  command.add_option("--momentum", momentum, "sgd: momentum");
  command.add_option("--warmup", warmup, "Steps over which the learning rate rises");
  command.add_option("--schedule", schedule, "cosine or constant, after the warm-up");
  command.add_option("--average", average, "Decay of the moving average of weights that is evaluated; 0: none");
  // CLI11 takes -1 for 2^64 - 1.
  command.add_option("--seed", seed, "Seed of weights, order and noise [1]")->check(CLI::NonNegativeNumber);
  command.add_option("--layers", layers, "Widths, input and output included [784,512,512,10]")->delimiter(',');
  command.add_option("--train-limit", train_limit, "Use only the first N training samples; 0: all");
  command.add_option("--evaluate-every", evaluate_every, "Epochs between evaluations on all data");
  modes.AddTo(command);
}

void TrainOverrides::ApplyTo(nets::TrainConfig& config) const {
  Set(data, config.data);
  Set(train_limit, config.train_limit);
  Set(epochs, config.epochs);
  Set(batch, config.batch);
  Set(seed, config.seed);
  Set(evaluate_every, config.evaluate_every);
  Set(sigma, config.activation.sigma);
  Set(sigma_end, config.activation.sigma_end);
  if (noise) config.activation.noise = nets::ParseNoise(*noise);
  Set(shift, config.augment.shift);
  Set(clean_epochs, config.augment.clean_epochs);
  Set(output_pairs, config.activation.output_pairs);
  if (!block.empty()) config.activation.block = block;
  if (!weight_sigma.empty()) config.population.sigma = weight_sigma;
  Set(pairs, config.population.pairs);
  if (!layer_pairs.empty()) config.population.layer_pairs = layer_pairs;
  Set(samples_per_pair, config.population.samples_per_pair);
  if (shared_batch) config.population.samples_per_pair = 0;
  Set(rank, config.population.rank);
  Set(temperature, config.population.temperature);
  Set(label_smoothing, config.population.label_smoothing);
  if (fitness) config.population.fitness = nets::ParseFitness(*fitness);
  Set(learning_rate, config.optimizer.learning_rate);
  Set(momentum, config.optimizer.momentum);
  Set(average, config.optimizer.average_decay);
  Set(warmup, config.optimizer.warmup_steps);
  if (optimizer) config.optimizer.kind = nets::ParseOptimizer(*optimizer);
  if (schedule) config.optimizer.schedule = nets::ParseSchedule(*schedule);
  if (!layers.empty()) config.network.layers = layers;
  modes.ApplyTo(config.network);
}

nets::TrainConfig TrainOverrides::MakeConfig() const {
  const nets::EstimatorKind kind = estimator ? nets::ParseEstimator(*estimator) : nets::EstimatorKind::kActivation;
  nets::TrainConfig config = nets::Preset(preset.value_or("post"), kind);
  ApplyTo(config);
  Validate(config);
  return config;
}

void TrainOverrides::FitToData(const nets::TrainTest& loaded, nets::TrainConfig& config) const {
  if (!layers.empty()) return;
  config.network.layers.front() = loaded.train.features;
  config.network.layers.back() = loaded.train.classes;
}

void TrainOverrides::RequireAgreement(const nets::TrainConfig& run) const {
  nets::TrainConfig asked = run;
  if (estimator) asked.estimator = nets::ParseEstimator(*estimator);
  if (preset) {
    // A preset speaks of everything but what is trained on and the seed; widths at both ends came from the data.
    asked = nets::Preset(*preset, asked.estimator);
    asked.data = run.data;
    asked.train_limit = run.train_limit;
    asked.seed = run.seed;
    asked.network.layers = run.network.layers;
  }
  ApplyTo(asked);
  const nets::OrderedJson before = ToJson(run), after = ToJson(asked);
  for (const auto& [field, value] : after.items()) {
    if (value != before[field]) {
      throw Error("--resume: the run was started with {} = {}, the options ask for {}", field, before[field].dump(),
                  value.dump());
    }
  }
}

}  // namespace fplab::tools
