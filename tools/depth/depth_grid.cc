// Cells of the depth experiment.
// SPDX-License-Identifier: Apache-2.0
#include "tools/depth/depth_grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include <fplab/fparith/float/error.h>
#include <fplab/kernels/layers/elementwise.h>
#include "tools/runs/load_run.h"
#include "tools/runs/run_history.h"
#include "tools/runs/run_metrics.h"

namespace fplab::tools {
namespace {

constexpr const char* kUnderflow = "underflow";

// Multiply-adds that take the time of one element's passage through the flushing operations.
constexpr double kElementwiseCost = 24;

kernels::Nonlinearity ActivationOf(const std::string& column) {
  if (column == "linear") return kernels::Nonlinearity::kLinear;
  if (column == "elu") return kernels::Nonlinearity::kElu;
  if (column == "tanh") return kernels::Nonlinearity::kTanh;
  throw Error("--columns: found '{}', expected linear, elu, tanh or underflow", column);
}

template <typename T>
void RequireDistinct(const char* option, const std::vector<T>& values) {
  if (values.empty()) throw Error("{}: found none, expected at least one", option);
  const std::set<T> distinct(values.begin(), values.end());
  if (distinct.size() != values.size()) throw Error("{}: one is there twice", option);
}

std::vector<int> Layers(const DepthGrid& grid, int depth, const nets::TrainTest& data) {
  std::vector<int> layers(static_cast<size_t>(depth) + 1, grid.width);
  layers.front() = data.train.features;
  layers.back() = data.train.classes;
  return layers;
}

nets::OptimizerConfig Optimizer(const DepthGrid& grid) {
  nets::OptimizerConfig optimizer;
  optimizer.learning_rate = grid.learning_rate;
  optimizer.warmup_steps = 100;
  return optimizer;
}

// Units a block of the activation estimator, by hidden layer. A flipped block costs a matmul for every layer from the
// second above it on; the layers for which there are such get 16 blocks, the last two the blocks of the post's preset.
std::vector<int> Blocks(int depth, int width) {
  std::vector<int> blocks;
  for (int l = 0; l + 1 < depth; ++l) {
    const int above = depth - 2 - l;  // hidden layers above
    blocks.push_back(above == 0 ? 2 : above == 1 ? 4 : (width + 15) / 16);
  }
  if (blocks.empty()) blocks.push_back(1);  // no hidden layer: not used
  return blocks;
}

nets::OrderedJson Point(int epoch, double train_accuracy, double train_loss, double test_accuracy, double test_loss) {
  return {{"epoch", epoch},
          {"train_error", 1 - train_accuracy},
          {"train_loss", train_loss},
          {"validation_error", 1 - test_accuracy},
          {"validation_loss", test_loss}};
}

nets::OrderedJson Line(const DepthCell& cell, double seconds, const std::string& digest) {
  return {{"cell", cell.Name()}, {"column", cell.column}, {"depth", cell.depth},
          {"seed", cell.seed},   {"seconds", seconds},    {"digest", digest}};
}

nets::OrderedJson TrainBaselineCell(const nets::BaselineTrainConfig& config, const DepthCell& cell,
                                    const nets::TrainTest& data, const nets::TrainOptions& options) {
  const nets::BaselineTrainResult result = nets::TrainBaseline(config, data, options);
  if (!result.finished) return {};
  nets::OrderedJson line = Line(cell, result.seconds, result.digest);
  for (const nets::CurvePoint& p : result.curve) {
    line["curve"].push_back(Point(p.epoch, p.train.accuracy, p.train.loss, p.validation.accuracy, p.validation.loss));
  }
  return line;
}

nets::OrderedJson TrainUnderflowCell(const nets::TrainConfig& config, const DepthCell& cell,
                                     const nets::TrainTest& data, const nets::TrainOptions& options,
                                     const std::filesystem::path& folder) {
  bool begun = false;
  nets::RunDirectory run = OpenOrCreateRun(folder / cell.Name(), config, begun);
  AppendHistory(run, Name(options.isa), options.threads);
  kernels::Workers workers(options.threads);
  const nets::Network initial = nets::InitialNetwork(config.network, config.seed, options.isa);
  const nets::Accuracy train = Evaluate(initial, data.train, options.isa, workers);
  const nets::Accuracy test = Evaluate(initial, data.test, options.isa, workers);
  const nets::TrainResult result = nets::Train(config, data, options, &run, begun);
  if (!result.finished) return {};

  const std::vector<nets::OrderedJson> metrics = run.ReadMetrics();
  if (metrics.empty()) throw Error("{}: holds no line of a run that is finished", run.metrics_path().string());
  nets::OrderedJson line = Line(cell, RunSeconds(metrics).back(), result.digest);
  line["initial_zeros"] = train.zeros;
  line["initial_path_length"] = train.gates.PathLength();
  try {
    line["zeros"] = metrics.back().at("train_zeros");
    line["nonlinear"] = metrics.back().at("train_nonlinear");
    line["path_length"] = metrics.back().at("path_length");
    line["curve"].push_back(Point(0, train.accuracy, train.loss, test.accuracy, test.loss));
    for (const nets::OrderedJson& m : metrics) {
      line["curve"].push_back(
          Point(m.at("epoch"), m.at("train_accuracy"), m.at("train_loss"), m.at("test_accuracy"), m.at("test_loss")));
    }
  } catch (const nets::OrderedJson::exception&) {
    throw Error("{}: a line lacks a field that training writes", run.metrics_path().string());
  }
  return line;
}

}  // namespace

void Validate(const DepthGrid& grid) {
  RequireDistinct("--depths", grid.depths);
  RequireDistinct("--columns", grid.columns);
  for (int depth : grid.depths) {
    if (depth < 1 || depth > 64) throw Error("--depths: found {}, expected 1 to 64 layers", depth);
  }
  for (const std::string& column : grid.columns) {
    if (column != kUnderflow) ActivationOf(column);
  }
  if (grid.seeds < 1 || grid.seeds > 1000) throw Error("--seeds: found {}, expected 1 to 1000", grid.seeds);
  if (grid.width < 1 || grid.width > 65536) throw Error("--width: found {}, expected 1 to 65536", grid.width);
  if (grid.epochs < 1) throw Error("--epochs: found {}, expected at least 1", grid.epochs);
  if (grid.batch < 1) throw Error("--batch: found {}, expected at least 1", grid.batch);
  if (grid.train_limit < 0) throw Error("--train-limit: found {}, expected at least 0", grid.train_limit);
  if (!std::isfinite(grid.gain) || grid.gain < 0) throw Error("--gain: found {}, expected > 0", grid.gain);
  Validate(Optimizer(grid));
}

std::string DepthCell::Name() const { return fmt::format("{}-{}-{}", column, depth, seed); }

std::vector<DepthCell> Cells(const DepthGrid& grid) {
  std::vector<DepthCell> cells;
  for (int s = 0; s < grid.seeds; ++s) {
    for (int depth : grid.depths) {
      for (const std::string& column : grid.columns)
        cells.push_back({column, depth, grid.seed + static_cast<uint64_t>(s)});
    }
  }
  return cells;
}

nets::OrderedJson SharedSettings(const DepthGrid& grid, const nets::DataDigests& data) {
  return {{"command", "depth"},
          {"data", grid.data},
          {"train_limit", grid.train_limit},
          {"width", grid.width},
          {"epochs", grid.epochs},
          {"batch", grid.batch},
          {"learning_rate", grid.learning_rate},
          {"gain", grid.gain},
          {"normalise", grid.normalise},
          {"train_data_sha256", data.train},
          {"test_data_sha256", data.test}};
}

nets::TrainConfig UnderflowConfig(const DepthGrid& grid, const DepthCell& cell, const nets::TrainTest& data) {
  nets::TrainConfig config = nets::Preset("post", nets::EstimatorKind::kActivation);
  config.data = grid.data;
  config.train_limit = grid.train_limit;
  config.network.layers = Layers(grid, cell.depth, data);
  config.network.rescaled = true;
  std::get<nets::ActivationConfig>(config.estimator).block = Blocks(cell.depth, grid.width);
  config.optimizer = Optimizer(grid);
  config.epochs = grid.epochs;
  config.batch = grid.batch;
  config.seed = cell.seed;
  config.evaluate_every = 1;
  return config;
}

nets::BaselineTrainConfig BaselineCellConfig(const DepthGrid& grid, const DepthCell& cell,
                                             const nets::TrainTest& data) {
  nets::BaselineTrainConfig config;
  config.network = {Layers(grid, cell.depth, data), ActivationOf(cell.column), grid.normalise};
  config.gain = grid.gain > 0 ? grid.gain : nets::PreservingGain(config.network.activation);
  config.optimizer = Optimizer(grid);
  config.epochs = grid.epochs;
  config.batch = grid.batch;
  config.seed = cell.seed;
  return config;
}

double Work(const DepthGrid& grid, const DepthCell& cell, const nets::TrainTest& data) {
  const std::vector<int> layers = Layers(grid, cell.depth, data);
  const auto weights_from = [&layers](size_t first) {
    double sum = 0;
    for (size_t l = first; l + 1 < layers.size(); ++l) sum += static_cast<double>(layers[l]) * layers[l + 1];
    return sum;
  };
  double step = 3 * weights_from(0);
  if (cell.column == kUnderflow) {
    const std::vector<int> blocks = Blocks(cell.depth, grid.width);
    for (size_t l = 0; l + 2 < layers.size(); ++l) {
      const double count = std::ceil(static_cast<double>(grid.width) / blocks[l]);
      double units = 0;  // that a flipped block makes to be computed anew
      for (size_t m = l + 2; m < layers.size(); ++m) units += layers[m];
      step += count * (static_cast<double>(blocks[l]) * layers[l + 2] + weights_from(l + 2) + kElementwiseCost * units);
    }
  }
  const double evaluation = weights_from(0) * (data.train.count() + data.test.count());
  return grid.epochs * (step * data.train.count() + evaluation) + evaluation;
}

void RequireCellLine(const nets::OrderedJson& line, const std::string& source) {
  bool right = false;
  try {
    line.at("cell").get<std::string>();
    line.at("column").get<std::string>();
    right = line.at("depth").is_number_integer() && line.at("curve").is_array() && !line.at("curve").empty() &&
            line.at("seconds").is_number();
    for (const nets::OrderedJson& point : line.at("curve")) {
      right = right && point.at("train_error").is_number() && point.at("validation_error").is_number();
    }
  } catch (const nets::OrderedJson::exception&) {
    right = false;
  }
  if (!right) throw Error("{}: a line is none of a depth grid's cells", source);
}

nets::OrderedJson TrainCell(const DepthGrid& grid, const DepthCell& cell, const nets::TrainTest& data,
                            const nets::TrainTest& normalised, const nets::TrainOptions& options,
                            const std::filesystem::path& folder) {
  if (cell.column == kUnderflow) {
    return TrainUnderflowCell(UnderflowConfig(grid, cell, data), cell, data, options, folder);
  }
  return TrainBaselineCell(BaselineCellConfig(grid, cell, data), cell, normalised, options);
}

}  // namespace fplab::tools
