// Small training runs for the tests of the trainer: every estimator and optimiser, in seconds.
#ifndef FPLAB_PROPTESTS_TRAINER_CASES_H_
#define FPLAB_PROPTESTS_TRAINER_CASES_H_

#include <string>
#include <vector>

#include "nets/trainer.h"

namespace fplab {

struct TrainerCase {
  const char* name;
  TrainConfig config;
};

// Two epochs of 6 steps each (5 batches of 32 and one of 13) on TrainerData(): each estimator with Adam; SGD; a kept
// average; images that move; noise that falls; a rescaled network; a matmul that flushes. Evaluated every epoch.
std::vector<TrainerCase> TrainerCases();
TrainTest TrainerData();

// One whole run in a scratch folder: what it returned, and the bytes it left.
struct RunFiles {
  TrainResult result;
  std::string checkpoint;
  std::vector<OrderedJson> metrics;  // without the measured times
};

RunFiles TrainInScratch(const TrainConfig& config, const TrainTest& data, Isa isa = BestIsa(), int threads = 1);

// What is left in a run directory.
RunFiles FilesOf(const RunDirectory& run, const TrainResult& result);
OrderedJson WithoutTimes(OrderedJson line);

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_TRAINER_CASES_H_
