// Running the cells of a sweep side by side.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SWEEP_SWEEP_RUN_H_
#define FPLAB_TOOLS_SWEEP_SWEEP_RUN_H_

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <fplab/nets/training/trainer.h>
#include "tools/sweep/sweep_plan.h"

namespace fplab::tools {

enum class CellState { kWaiting, kRunning, kDone, kStopped, kFailed };

struct CellOutcome {
  CellState state = CellState::kWaiting;
  std::string error;   // of a failed cell
  std::string digest;  // of a cell that is done or stopped
};

// Where a sweep stands.
struct SweepProgress {
  size_t done = 0, failed = 0, cells = 0;
  std::vector<std::string> running;  // one text for each running cell
  double seconds_left = -1;          // -1: not known yet
};

struct SweepOptions {
  kernels::Isa isa = kernels::BestIsa();
  int jobs = 1;     // cells at a time
  int threads = 1;  // of each cell
  // Of several processes that share a sweep out, each takes every count-th cell; the others' stay kWaiting.
  int rank = 0, ranks = 1;
  // Both are called on the calling thread only, some ten times a second.
  std::function<void(const SweepProgress&)> progress;
  std::function<bool()> stop;  // true: every running cell ends with a checkpoint, and no other begins
};

// Trains every cell in its folder below `folder`; a cell that has been begun goes on from its checkpoint. An Error of a
// cell is its outcome and does not stop the others. What options.progress or options.stop throws stops every running
// cell with a checkpoint, and is thrown again when they have ended. The bits of a cell are those of the same run by
// itself. Signals that arrive meanwhile are handled by the calling thread. `data` has loaded what the cells need.
std::vector<CellOutcome> RunCells(const SweepPlan& plan, const std::filesystem::path& folder, SweepData& data,
                                  const SweepOptions& options);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SWEEP_SWEEP_RUN_H_
