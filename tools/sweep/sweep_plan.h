// What `fplab sweep` runs: a grid of training configurations, and sweep.json, which keeps it.
//
// A sweep is a folder with sweep.json and a run directory (nets/files/run_directory.h) for each cell of the grid.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SWEEP_SWEEP_PLAN_H_
#define FPLAB_TOOLS_SWEEP_SWEEP_PLAN_H_

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fplab/nets/data/dataset.h>
#include <fplab/nets/files/folder_lock.h>
#include <fplab/nets/training/train_config.h>
#include "tools/options/train_options.h"

namespace fplab::tools {

// An option of `fplab train` without its dashes, or `width` (of every hidden layer) or `depth` (number of weight
// matrices), and the values that it takes. A list is one value with 'x' between its numbers: layers=784x512x10.
struct SweepAxis {
  std::string name;
  std::vector<std::string> values;

  friend bool operator==(const SweepAxis&, const SweepAxis&) = default;
};

struct SweepCell {
  std::vector<std::string> at;  // a value for each axis
  std::string name;             // of the cell's folder, for instance "scale-exponent=125_seed=1"
  nets::TrainConfig config;
};

struct SweepPlan {
  std::vector<SweepAxis> axes;
  std::vector<SweepCell> cells;  // the last axis varies fastest
};

// Data sets, each loaded once however many cells train on it.
class SweepData {
 public:
  // A set that is generated is made on that many threads.
  explicit SweepData(int threads) : threads_(threads) {}

  // Throws Error as LoadData. The reference stays valid.
  const nets::TrainTest& Get(const nets::TrainConfig& config);

 private:
  int threads_;
  std::map<std::pair<std::string, int>, nets::TrainTest> loaded_;
};

inline constexpr size_t kMaxSweepCells = 10000;

// NAME=VALUE,VALUE,... Throws Error for what is not of that form, and for a value named twice.
SweepAxis ParseAxis(std::string_view text);

// The grid over `axes`, everything else as `fixed` has it. Throws Error naming the axis or the cell: no axis, an
// unknown one or one named twice, a value that doesn't parse, a cell that can't be trained, more than kMaxSweepCells.
SweepPlan MakePlan(const std::vector<SweepAxis>& axes, const TrainOverrides& fixed, SweepData& data);

// Whether `folder` holds a sweep, and the sweep. Throws Error, naming file and field, for a damaged sweep.json.
std::filesystem::path SweepFile(const std::filesystem::path& folder);
bool IsSweep(const std::filesystem::path& folder);
SweepPlan ReadPlan(const std::filesystem::path& folder);

// Creates the folder with sweep.json; the lock is the folder's. Throws Error if it already holds a sweep or a run,
// can't be written, or another holds its lock.
nets::FolderLock CreateSweep(const std::filesystem::path& folder, const SweepPlan& plan);

// The lock of a folder that holds a sweep. Throws Error if it holds none, or if another holds its lock.
nets::FolderLock LockSweep(const std::filesystem::path& folder);

// Throws Error naming the first cell in which the sweep asked for differs from the one that was kept; both are over the
// same axes.
void RequireSameCells(const SweepPlan& kept, const SweepPlan& asked);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SWEEP_SWEEP_PLAN_H_
