// fplab depth: what depth does to linear, ELU and tanh networks by backpropagation, and to the underflow network by
// evolution strategies.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <memory>
#include <optional>

#include <fplab/fparith/float/error.h>
#include <fplab/kernels/matmul/matmul.h>
#include "tools/commands/command.h"
#include "tools/depth/depth_grid.h"
#include "tools/depth/depth_report.h"
#include "tools/options/network_options.h"
#include "tools/options/not_negative.h"
#include "tools/pictures/chart.h"
#include "tools/terminal/interrupt.h"
#include "tools/terminal/progress_line.h"

namespace fplab::tools {
namespace {

struct DepthOptions {
  std::vector<int> depths;
  std::vector<std::string> columns;
  std::optional<std::string> data;
  std::optional<int> train_limit, width, epochs, batch, seeds;
  std::optional<float> learning_rate, gain;
  std::optional<uint64_t> seed;
  bool normalise = false, quick = false, resume = false, json = false;
  std::string out, picture;
  ExecutionOptions execution;

  void ApplyTo(DepthGrid& grid) const;
};

void DepthOptions::ApplyTo(DepthGrid& grid) const {
  if (!depths.empty()) grid.depths = depths;
  if (!columns.empty()) grid.columns = columns;
  Set(data, grid.data);
  Set(train_limit, grid.train_limit);
  Set(width, grid.width);
  Set(epochs, grid.epochs);
  Set(batch, grid.batch);
  Set(seed, grid.seed);
  Set(seeds, grid.seeds);
  Set(learning_rate, grid.learning_rate);
  Set(gain, grid.gain);
  if (normalise) grid.normalise = true;
}

DepthGrid GridOf(const DepthOptions& options) {
  DepthGrid grid;
  if (options.quick) {
    grid.width = 128;
    grid.train_limit = 10000;
    grid.epochs = 5;
    grid.learning_rate = 2e-3f;
  }
  options.ApplyTo(grid);
  Validate(grid);
  return grid;
}

// Multiply-adds a second of this machine's matmul on one thread, by the processor's time: what else runs now counts for
// nothing.
double MeasuredRate(int width, kernels::Isa isa) {
  const int size = std::min(width, 1024);
  kernels::PanelMatrix weight(size, size), input(size, kernels::kPanelWidth), out(size, kernels::kPanelWidth);
  for (float& w : weight.buffer()) w = 1.0f;
  for (float& x : input.buffer()) x = 1.0f;
  const std::clock_t start = std::clock();
  double seconds = 0, work = 0;
  while (seconds < 0.05) {
    kernels::MatmulTransposed(weight.view(), input.view(), out.view(), {isa, kIeee});
    work += static_cast<double>(kernels::kPanelWidth) * size * size;
    seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  }
  return work / seconds;
}

std::string Minutes(double seconds) {
  return seconds < 90 ? fmt::format("{:.0f} s", seconds) : fmt::format("{:.0f} minutes", seconds / 60);
}

// The folder of the grid, new or gone on with; `lines` are its finished cells.
nets::RunDirectory OpenFolder(const std::string& path, bool resume, const nets::OrderedJson& settings,
                              std::vector<nets::OrderedJson>& lines) {
  if (!resume) return nets::RunDirectory::Create(path, settings);
  nets::RunDirectory folder = nets::RunDirectory::Resume(path);
  for (const auto& [field, value] : settings.items()) {
    const auto found = folder.config().find(field);
    if (found == folder.config().end() && field.ends_with("_sha256")) continue;  // a grid of version 0.1
    if (found == folder.config().end() || *found != value) {
      throw Error("--resume: {} has {} = {}, the options ask for {}", folder.config_path().string(), field,
                  found == folder.config().end() ? "nothing" : nets::ShortText(*found), nets::ShortText(value));
    }
  }
  lines = folder.ReadMetrics();
  for (const nets::OrderedJson& line : lines) RequireCellLine(line, folder.metrics_path().string());
  folder.RewindMetrics(static_cast<int64_t>(lines.size()));  // a torn last line
  return folder;
}

bool Has(const std::vector<nets::OrderedJson>& lines, const DepthCell& cell) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const nets::OrderedJson& line) { return line["cell"] == cell.Name(); });
}

class GridRun {
 public:
  GridRun(const DepthOptions& options, const DepthGrid& grid, const nets::TrainTest& data, nets::RunDirectory& folder,
          std::vector<nets::OrderedJson>& lines)
      : options_(options),
        grid_(grid),
        data_(data),
        folder_(folder),
        lines_(lines),
        isa_(options.execution.ParsedIsa()),
        line_(!options.json) {
    if (grid.normalise) {
      normalised_ = {nets::Normalised(data.train, isa_), nets::Normalised(data.test, isa_), data.source, data.notes};
    }
  }

  // Trains what is not there yet; false if stopped.
  bool Go() {
    std::vector<DepthCell> cells = Cells(grid_);
    std::erase_if(cells, [this](const DepthCell& cell) { return Has(lines_, cell); });
    for (const DepthCell& cell : cells) total_ += Work(grid_, cell, data_);
    Announce(cells.size());
    start_ = std::chrono::steady_clock::now();
    for (size_t i = 0; i < cells.size(); ++i) {
      if (!TrainOne(cells[i], i + 1, cells.size())) return false;
    }
    return true;
  }

 private:
  void Announce(size_t cells) {
    if (options_.json || cells == 0) return;
    const double rate = MeasuredRate(grid_.width, isa_) * options_.execution.threads;
    // Gathering, transposing, optimiser and evaluation's rest: the matmuls are about two thirds of the time.
    fmt::print("{} networks to train on {} ({} samples), {} epochs each, into {}: about {} if nothing else runs\n",
               cells, grid_.data, data_.train.count(), grid_.epochs, folder_.path().string(),
               Minutes(1.5 * total_ / rate));
    std::fflush(stdout);
  }

  bool TrainOne(const DepthCell& cell, size_t number, size_t count) {
    const double work = Work(grid_, cell, data_);
    nets::TrainOptions train;
    train.isa = isa_;
    train.threads = options_.execution.threads;
    train.stop = InterruptGuard::Requested;
    train.progress = [&](const nets::TrainProgress& p) {
      line_.Show([&] { return Progress(cell, number, count, work, p); });
    };
    nets::OrderedJson line =
        TrainCell(grid_, cell, data_, grid_.normalise ? normalised_ : data_, train, folder_.path());
    if (line.is_null()) return false;
    done_ += work;
    const nets::OrderedJson last = line["curve"].back();
    const double seconds = line["seconds"];
    nets::OrderedJson stepped = {{"step", lines_.size()}};
    stepped.update(line);
    folder_.AppendMetrics(stepped);
    lines_.push_back(std::move(stepped));
    line_.Clear();
    if (!options_.json) {
      fmt::print("{:16} train error {:6.2f} %  validation error {:6.2f} %  {:.0f} s\n", cell.Name(),
                 100 * last["train_error"].get<double>(), 100 * last["validation_error"].get<double>(), seconds);
      std::fflush(stdout);
    }
    return true;
  }

  std::string Progress(const DepthCell& cell, size_t number, size_t count, double work,
                       const nets::TrainProgress& p) const {
    const double done = done_ + work * static_cast<double>(p.step) / static_cast<double>(p.total_steps);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    return fmt::format("{} ({} of {})  epoch {}/{}  loss {:.4f}  error {:.2f} %  {} left", cell.Name(), number, count,
                       p.epoch, p.epochs, p.loss, 100 * (1 - p.accuracy), Minutes(seconds / done * (total_ - done)));
  }

  const DepthOptions& options_;
  const DepthGrid& grid_;
  const nets::TrainTest& data_;
  nets::TrainTest normalised_;
  nets::RunDirectory& folder_;
  std::vector<nets::OrderedJson>& lines_;
  kernels::Isa isa_;
  ProgressLine line_;
  std::chrono::steady_clock::time_point start_;
  double total_ = 0, done_ = 0;
};

int Run(const DepthOptions& options) {
  options.execution.RequireValid();
  if (!options.picture.empty()) RequireDrawable("--picture", options.picture);
  const DepthGrid grid = GridOf(options);
  const nets::TrainTest data = [&] {
    kernels::Workers workers(options.execution.threads);
    return nets::LoadData(grid.data, {grid.train_limit, true, &workers});
  }();
  for (const DepthCell& cell : Cells(grid)) {
    if (cell.column == "underflow") nets::RequireTrainable(UnderflowConfig(grid, cell, data), data);
  }
  const std::string name = std::filesystem::path(grid.data).filename().string();
  const std::string path = options.out.empty() ? fmt::format("runs/depth-{}", name) : options.out;
  std::vector<nets::OrderedJson> lines;
  const nets::OrderedJson settings = SharedSettings(grid, DigestsOf(data));
  nets::RunDirectory folder = OpenFolder(path, options.resume, settings, lines);

  const InterruptGuard interrupt;
  const bool finished = GridRun(options, grid, data, folder, lines).Go();
  if (options.json) {
    fmt::print("{}\n", OneLine({{"finished", finished}, {"settings", settings}, {"cells", lines}}));
  } else {
    fmt::print("\nerror after {} epochs (%)\n{}", grid.epochs, DepthTable(grid, lines));
    if (!finished) fmt::print("stopped; go on with --resume\n");
  }
  if (!options.picture.empty()) Draw(DepthFigure(grid, lines, data), options.picture);
  return finished ? static_cast<int>(kDone) : InterruptGuard::Status();
}

}  // namespace

void AddDepthCommand(CLI::App& app, int& status) {
  const auto options = std::make_shared<DepthOptions>();
  CLI::App* command = app.add_subcommand(
      "depth", "Train networks of several depths, linear, ELU, tanh by backpropagation and underflow by evolution.");
  command->footer(
      "Examples:\n"
      "  fplab depth --picture depth.svg              the whole grid on MNIST\n"
      "  fplab depth --quick --data glyphs            a minute, needs no file\n"
      "  fplab depth --resume --seeds 3               go on, or add cells to what is there\n"
      "Ctrl-C stops; finished cells are kept in the folder, and --resume trains the others.");
  command->add_option("--data", options->data, "mnist, glyphs, spirals, or a folder with MNIST's four files [mnist]");
  command->add_option("--depths", options->depths, "Numbers of layers of weights [2,4,6,8]")->delimiter(',');
  command->add_option("--width", options->width, "Units of every hidden layer [784]");
  command->add_option("--columns", options->columns, "linear, elu, tanh, underflow [all]")->delimiter(',');
  command->add_option("--epochs", options->epochs, "Passes over the training data [6]");
  command->add_option("--train-limit", options->train_limit, "Use only the first N training samples; 0: all [10000]");
  command->add_option("--batch", options->batch, "Samples a step [125]");
  command->add_option("--lr", options->learning_rate, "Peak learning rate of Adam [5e-4]");
  command
      ->add_option("--gain", options->gain,
                   "Initial variance of the weights times inputs, for the columns by backpropagation [1; elu 1.55]")
      ->check(CLI::PositiveNumber);
  command->add_flag("--normalise", options->normalise,
                    "Give each layer's input one length, in the columns by backpropagation");
  command->add_flag("--quick", options->quick, "Smaller networks and fewer samples: about a minute");
  // CLI11 takes -1 for 2^64 - 1.
  command->add_option("--seed", options->seed, "First seed [1]")->check(NotNegative());
  command->add_option("--seeds", options->seeds, "Number of seeds [1]");
  command->add_option("--out", options->out, "The grid's folder [runs/depth-DATA]");
  command->add_flag("--resume", options->resume, "Keep the finished cells of the folder, with the same options");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->add_option("--picture", options->picture, "Draw the error curves, as .svg or .png");
  options->execution.AddTo(*command);
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
