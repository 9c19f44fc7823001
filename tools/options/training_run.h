// A training as its options ask for it, begun or gone on with: all that comes before its first step.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_OPTIONS_TRAINING_RUN_H_
#define FPLAB_TOOLS_OPTIONS_TRAINING_RUN_H_

#include <filesystem>
#include <optional>
#include <string>

#include <fplab/nets/data/dataset.h>
#include <fplab/nets/files/run_directory.h>
#include <fplab/nets/network/network.h>
#include <fplab/nets/training/trainer.h>
#include "tools/options/train_options.h"

namespace fplab::tools {

struct TrainingPlace {
  std::filesystem::path out;  // the run's folder; empty: that of DefaultRunFolder
  bool resume = false;
  std::string from, layout;  // weights to begin from (LoadWeights); empty: drawn ones
  int threads = 1;           // that load the data
};

struct TrainingRun {
  nets::TrainConfig config;
  std::optional<nets::Network> initial;
  nets::TrainTest data;
  std::optional<nets::RunDirectory> folder;  // on the first rank
  bool resume = false;
  nets::Ranks* ranks = nullptr;  // who train together; nullptr: one
};

// Opens the run that is gone on with, or makes its folder once nothing refuses it; loads the data, from another place
// where `options` name one. Throws Error as the functions of train_options.h, load_run.h and trainer.h.
TrainingRun OpenTraining(const TrainOverrides& options, const TrainingPlace& place);

// The same by several ranks, all of which call it. The run's folder, and the weights to begin from, are the first
// rank's; each reads its data itself, and has them from the first if it finds none. Throws Error too, naming rank and
// field, for ranks that would not train the same (agreement.h).
TrainingRun OpenTraining(const TrainOverrides& options, const TrainingPlace& place, nets::Ranks& ranks);

// nets::Train, with a line in the history of the run that has a folder here (run_history.h).
nets::TrainResult Train(TrainingRun& run, nets::TrainOptions train);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_OPTIONS_TRAINING_RUN_H_
