// Small training runs for the tests of the trainer: every estimator and optimiser, in seconds.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_TRAINER_CASES_H_
#define FPLAB_PROPTESTS_SUPPORT_TRAINER_CASES_H_

#include <string>
#include <vector>

#include <fplab/nets/files/run_directory.h>
#include <fplab/nets/training/config_json.h>
#include <fplab/nets/training/trainer.h>

namespace fplab {

struct TrainerCase {
  const char* name;
  nets::TrainConfig config;
};

// Two epochs of 6 steps each (5 batches of 32 and one of 13) on TrainerData(): each estimator with Adam; SGD; a kept
// average; images that move; noise that falls; a rescaled network; a matmul that flushes. Evaluated every epoch.
std::vector<TrainerCase> TrainerCases();
nets::TrainTest TrainerData();

// One whole run in a scratch folder: what it returned, and the bytes it left.
struct RunFiles {
  nets::TrainResult result;
  std::string checkpoint;
  std::vector<nets::OrderedJson> metrics;  // without the measured times
};

RunFiles TrainInScratch(const nets::TrainConfig& config, const nets::TrainTest& data,
                        kernels::Isa isa = kernels::BestIsa(), int threads = 1);

// What is left in a run directory.
RunFiles FilesOf(const nets::RunDirectory& run, const nets::TrainResult& result);
nets::OrderedJson WithoutTimes(nets::OrderedJson line);

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_TRAINER_CASES_H_
