// The grid of `fplab depth`: its configuration, its cells, and the training of one.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_DEPTH_DEPTH_GRID_H_
#define FPLAB_TOOLS_DEPTH_DEPTH_GRID_H_

#include <string>
#include <vector>

#include <fplab/nets/baselines/baseline_trainer.h>
#include <fplab/nets/files/run_directory.h>
#include <fplab/nets/training/train_config.h>

namespace fplab::tools {

// What the columns `linear`, `elu` and `tanh` (backpropagation) and `underflow` (evolution strategies) are trained
// with. Every field but the extents (depths, columns, seeds) is the same for all cells of a folder.
struct DepthGrid {
  std::vector<int> depths = {2, 4, 6, 8};  // matrices of weights
  std::vector<std::string> columns = {"linear", "elu", "tanh", "underflow"};
  uint64_t seed = 1;
  int seeds = 1;  // seed, seed + 1, ...

  std::string data = "mnist";
  int train_limit = 10000;
  int width = 784;
  int epochs = 6;
  int batch = 125;
  float learning_rate = 5e-4f;
  float gain = 0;  // of the initial weights; 0: PreservingGain, and 2 (the post's) for underflow
  bool normalise = false;
};

// Throws Error naming the first field that makes no sense.
void Validate(const DepthGrid& grid);

// One network to be trained.
struct DepthCell {
  std::string column;
  int depth = 0;
  uint64_t seed = 0;

  std::string Name() const;  // "tanh-4-1"
};

// Seed by seed, depth by depth, column by column: what is cheap comes first.
std::vector<DepthCell> Cells(const DepthGrid& grid);

// What the cells of a folder have in common, as config.json holds it.
nets::OrderedJson SharedSettings(const DepthGrid& grid, const nets::DataDigests& data);

// The post's network, estimator and optimiser at the depth and width of the grid.
nets::TrainConfig UnderflowConfig(const DepthGrid& grid, const DepthCell& cell, const nets::TrainTest& data);
nets::BaselineTrainConfig BaselineCellConfig(const DepthGrid& grid, const DepthCell& cell, const nets::TrainTest& data);

// Multiply-adds that a cell's training and evaluation take, an element-wise operation counted as kElementwiseCost: for
// saying how long a grid will take.
double Work(const DepthGrid& grid, const DepthCell& cell, const nets::TrainTest& data);

// Throws Error, which begins with `source`, unless `line` is what TrainCell returns for some cell.
void RequireCellLine(const nets::OrderedJson& line, const std::string& source);

// Trains a cell; `normalised` are the data as BaselineTrainConfig wants them. An underflow cell keeps a run directory
// `folder`/NAME and goes on with what is there. Returns the line of the cell (cell, column, depth, seed, seconds,
// digest, curve), or nothing if options.stop ended it.
nets::OrderedJson TrainCell(const DepthGrid& grid, const DepthCell& cell, const nets::TrainTest& data,
                            const nets::TrainTest& normalised, const nets::TrainOptions& options,
                            const std::filesystem::path& folder);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_DEPTH_DEPTH_GRID_H_
