// The options of `fplab train`, and the configuration that they make.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_OPTIONS_TRAIN_OPTIONS_H_
#define FPLAB_TOOLS_OPTIONS_TRAIN_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <fplab/nets/data/dataset.h>
#include <fplab/nets/training/train_config.h>
#include "tools/options/network_options.h"

namespace fplab::tools {

// Options left out keep the preset's value, or on resuming the run's.
struct TrainOverrides {
  std::optional<std::string> preset, estimator, data, optimizer, schedule, noise, fitness;
  std::optional<int> epochs, batch, train_limit, output_pairs, evaluate_every, shift, clean_epochs, pairs,
      samples_per_pair, rank;
  std::optional<float> sigma, sigma_end, learning_rate, momentum, average, temperature, label_smoothing;
  std::optional<int64_t> warmup;
  std::optional<uint64_t> seed;
  std::vector<int> layers, block, layer_pairs;
  std::vector<float> weight_sigma;
  bool shared_batch = false;
  ModeOptions modes;

  void AddTo(CLI::App& command);

  // The preset with the options applied. Without --layers, the first and the last width are those of the data
  // (FitToData, once it is loaded).
  nets::TrainConfig MakeConfig() const;
  void FitToData(const nets::TrainTest& data, nets::TrainConfig& config) const;

  // Throws Error if an option given differs from what the run to be resumed was started with.
  void RequireAgreement(const nets::TrainConfig& run) const;

 private:
  void ApplyTo(nets::TrainConfig& config) const;
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_OPTIONS_TRAIN_OPTIONS_H_
