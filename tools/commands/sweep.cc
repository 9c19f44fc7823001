// fplab sweep: trains a grid of networks side by side, in one folder that can be resumed.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>

#include <fplab/fparith/float/error.h>
#include <fplab/kernels/core/workers.h>
#include "tools/commands/command.h"
#include "tools/options/network_options.h"
#include "tools/pictures/chart.h"
#include "tools/ranks/process_ranks.h"
#include "tools/sweep/sweep_run.h"
#include "tools/sweep/sweep_table.h"
#include "tools/terminal/interrupt.h"
#include "tools/terminal/note.h"
#include "tools/terminal/progress_line.h"

namespace fplab::tools {
namespace {

struct SweepCommandOptions {
  std::vector<std::string> over;
  TrainOverrides fixed;
  ExecutionOptions execution;
  int jobs = 0;
  std::string out;
  std::string picture;
  bool resume = false;
  bool json = false;
};

std::vector<SweepAxis> ParseAxes(const SweepCommandOptions& options) {
  std::vector<SweepAxis> axes;
  const std::vector<std::string> given = options.fixed.Given();
  for (const std::string& text : options.over) {
    axes.push_back(ParseAxis(text));
    const std::string& name = axes.back().name;
    if (std::find(given.begin(), given.end(), name) == given.end()) continue;
    throw Error("--over {}: the options also fix it with --{}", name, name);
  }
  return axes;
}

std::string DefaultFolder(const std::vector<SweepAxis>& axes) {
  std::string name = "runs/sweep";
  for (const SweepAxis& axis : axes) name += "-" + axis.name;
  return name;
}

// The sweep in --out if it is to be gone on with, else a new one; and the lock of its folder.
SweepPlan PlanOf(const SweepCommandOptions& options, std::string& folder, SweepData& data,
                 std::optional<nets::FolderLock>& lock) {
  const std::vector<SweepAxis> axes = ParseAxes(options);
  folder = options.out.empty() ? DefaultFolder(axes) : options.out;
  if (!options.resume) {
    SweepPlan plan = MakePlan(axes, options.fixed, data);
    lock = CreateSweep(folder, plan);
    return plan;
  }
  if (options.out.empty() && axes.empty()) throw Error("--resume: name the sweep's folder with --out");
  lock = LockSweep(folder);
  SweepPlan plan = ReadPlan(folder);
  const std::vector<std::string> given = options.fixed.Given();
  if (!axes.empty()) {
    if (axes != plan.axes) {
      throw Error("--resume: the sweep in {} is over other axes or values than the options ask for", folder);
    }
    RequireSameCells(plan, MakePlan(axes, options.fixed, data));
  } else if (!given.empty()) {
    throw Error("--resume: give the axes (--over) together with --{}, or neither", given.front());
  }
  for (const SweepCell& cell : plan.cells) nets::RequireTrainable(cell.config, data.Get(cell.config));
  return plan;
}

std::string Text(const SweepProgress& progress) {
  std::string text = fmt::format("{}/{} cells done", progress.done, progress.cells);
  if (progress.failed > 0) text += fmt::format(", {} failed", progress.failed);
  if (!progress.running.empty()) text += fmt::format("; {}", fmt::join(progress.running, ", "));
  if (progress.seconds_left >= 0) text += fmt::format("; {:.0f} s left", progress.seconds_left);
  return text;
}

// What this process knows better than the folders.
void Explain(const CellOutcome& outcome, SweepRow& row) {
  if (outcome.state == CellState::kFailed) {
    row.done = false;
    row.state = "failed: " + outcome.error;
  }
  if (outcome.state == CellState::kStopped && row.state == "begun") row.state = "stopped before the first evaluation";
}

nets::OrderedJson RowJson(const SweepPlan& plan, const SweepRow& row, const CellOutcome& outcome,
                          const std::string& folder) {
  nets::OrderedJson at = nets::OrderedJson::object();
  for (size_t i = 0; i < plan.axes.size(); ++i) at[plan.axes[i].name] = row.at[i];
  nets::OrderedJson json = {{"cell", row.name},   {"at", at},         {"run", folder + "/" + row.name},
                            {"state", row.state}, {"done", row.done}, {"digest", outcome.digest}};
  for (const auto& [field, value] : row.last.items()) json[field] = value;
  return json;
}

void PrintTable(const SweepPlan& plan, const std::vector<SweepRow>& rows) {
  std::vector<size_t> widths;
  std::string head;
  for (size_t i = 0; i < plan.axes.size(); ++i) {
    size_t width = plan.axes[i].name.size();
    for (const SweepRow& row : rows) width = std::max(width, row.at[i].size());
    widths.push_back(width);
    head += fmt::format("{:<{}}  ", plan.axes[i].name, width);
  }
  const bool held_out = std::any_of(rows.begin(), rows.end(),
                                    [](const SweepRow& row) { return row.last.contains("validation_accuracy"); });
  if (held_out) head += fmt::format("{:>10}", "held out");
  fmt::print("{}{:>9}{:>9}  {:<6} {}\n", head, "train", "test", "state", "  exact zeros by layer");
  for (const SweepRow& row : rows) {
    std::string line, zeros;
    for (size_t i = 0; i < row.at.size(); ++i) line += fmt::format("{:<{}}  ", row.at[i], widths[i]);
    if (held_out) line += fmt::format("{:>10}", Percent(Metric(row.last, "validation_accuracy")));
    for (const double share : MetricList(row.last, "train_zeros")) zeros += fmt::format(" {:5.1f} %", 100 * share);
    fmt::print("{}{:>9}{:>9}  {:<6} {}\n", line, Percent(Metric(row.last, "train_accuracy")),
               Percent(Metric(row.last, "test_accuracy")), row.state, zeros);
  }
}

// The picture's file, or why there is none.
std::string DrawPicture(const SweepCommandOptions& options, const std::string& folder, const SweepPlan& plan,
                        const std::vector<SweepRow>& rows) {
  const std::string file = options.picture.empty() ? folder + "/sweep.svg" : options.picture;
  if (!HasGnuplot()) return "not drawn: gnuplot is not installed";
  Draw(SweepFigure(plan, rows), file);
  return file;
}

// The first rank's sweep, of whose cells each rank trains some: in a folder that all see.
SweepPlan SharedPlanOf(const SweepCommandOptions& options, nets::Ranks& ranks, std::string& folder, SweepData& data,
                       std::optional<nets::FolderLock>& lock) {
  SweepPlan plan;
  if (ranks.IsFirst()) plan = PlanOf(options, folder, data, lock);
  const std::string absolute = ranks.FromFirst(folder.empty() ? "" : std::filesystem::absolute(folder).string());
  if (ranks.IsFirst()) return plan;
  if (!IsSweep(absolute)) throw Error("{}: not seen by this rank; a sweep's folder is one that all see", absolute);
  folder = absolute;
  return ReadPlan(folder);
}

// What the ranks' cells have come to, on all: those that another trained are its word for it.
void ShareOutcomes(nets::Ranks& ranks, std::vector<CellOutcome>& outcomes) {
  if (ranks.count() == 1) return;
  nets::OrderedJson own = nets::OrderedJson::array();
  for (size_t i = static_cast<size_t>(ranks.rank()); i < outcomes.size(); i += static_cast<size_t>(ranks.count())) {
    own.push_back({i, static_cast<int>(outcomes[i].state), outcomes[i].error, outcomes[i].digest});
  }
  for (const std::string& text : ranks.Gather(own.dump())) {
    for (const nets::OrderedJson& cell : nets::OrderedJson::parse(text)) {
      outcomes[cell[0].get<size_t>()] = {static_cast<CellState>(cell[1].get<int>()), cell[2], cell[3]};
    }
  }
}

int Run(const SweepCommandOptions& options) {
  options.execution.RequireValid();
  nets::Ranks& ranks = ProcessRanks::Get();
  ProcessRanks::SetPatience(0);  // cells take as long as they take
  if (options.jobs < 1 || options.jobs > 256) throw Error("--jobs: found {}, expected 1 to 256", options.jobs);
  if (!options.picture.empty()) RequireDrawable("--picture", options.picture);
  std::string folder;
  SweepData data(options.execution.threads);
  std::optional<nets::FolderLock> lock;
  const SweepPlan plan = SharedPlanOf(options, ranks, folder, data, lock);

  const InterruptGuard interrupt;
  ProgressLine line(!options.json && ranks.IsFirst(), std::chrono::seconds(30));
  SweepOptions sweep;
  sweep.isa = options.execution.ParsedIsa();
  sweep.jobs = options.jobs;
  sweep.threads = options.execution.threads;
  sweep.rank = ranks.rank();
  sweep.ranks = ranks.count();
  sweep.progress = [&line](const SweepProgress& progress) { line.Show([&progress] { return Text(progress); }); };
  sweep.stop = InterruptGuard::Requested;
  std::vector<CellOutcome> outcomes = RunCells(plan, folder, data, sweep);
  line.Clear();
  ShareOutcomes(ranks, outcomes);
  if (!ranks.IsFirst()) return kDone;

  std::vector<SweepRow> rows = ReadRows(plan, folder);
  std::vector<std::string> failed;
  size_t done = 0, diverged = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    Explain(outcomes[i], rows[i]);
    done += rows[i].done;
    diverged += rows[i].diverged;
    if (outcomes[i].state == CellState::kFailed) failed.push_back(rows[i].name);
  }
  const bool stopped = done + failed.size() < rows.size();
  if (!options.json) {  // hours of work are shown before a picture can fail
    PrintTable(plan, rows);
    if (stopped) fmt::print("stopped; go on with --resume --out {}\n", folder);
    std::fflush(stdout);
  }
  const std::string picture = DrawPicture(options, folder, plan, rows);
  if (options.json) {
    nets::OrderedJson cells = nets::OrderedJson::array();
    for (size_t i = 0; i < rows.size(); ++i) cells.push_back(RowJson(plan, rows[i], outcomes[i], folder));
    fmt::print("{}\n", OneLine({{"sweep", folder},
                                {"finished", done == rows.size()},
                                {"failed", failed},
                                {"picture", picture},
                                {"cells", cells}}));
  } else {
    fmt::print("sweep    {}, {} of {} cells done\npicture  {}\n", folder, done, rows.size(), picture);
  }
  if (!failed.empty())
    WriteNote("fplab: {} of {} cells failed: {}\n", failed.size(), rows.size(), fmt::join(failed, ", "));
  if (diverged > 0)
    WriteNote("fplab: {} of {} cells diverged: their loss is no longer a number\n", diverged, rows.size());
  if (stopped) return InterruptGuard::Status();
  return failed.empty() && diverged == 0 ? kDone : kRefuted;
}

}  // namespace

void AddSweepCommand(CLI::App& app, int& status) {
  const auto options = std::make_shared<SweepCommandOptions>();
  CLI::App* command = app.add_subcommand("sweep", "Train a grid of networks side by side, in one folder.");
  command->footer(
      "Examples:\n"
      "  fplab sweep --preset quick --over scale-exponent=0,112,120,122,124,125,126 --over seed=1,2\n"
      "  fplab sweep --data spirals --over width=8,32,128 --over depth=2,3,4\n"
      "  fplab sweep --resume --out runs/sweep-scale-exponent-seed\n"
      "The first shows at which scales the nonlinearity lives: the gate is 2^(N-126) of the pre-activation's unit.\n"
      "Every other option of `fplab train` is the same for all cells. Ctrl-C stops every cell with a checkpoint.\n"
      "mpirun -n R fplab sweep ... shares the cells out among R processes; they see the same folder.\n"
      "Exit status: 0 all cells done, 1 a cell failed, 130 stopped.");
  command->add_option("--over", options->over,
                      "FIELD=VALUE,VALUE,...: an option of train, or width, or depth; give it once for each axis");
  options->fixed.AddTo(*command);
  options->execution.AddTo(*command);
  options->execution.threads = 1;
  command->get_option("--threads")->description("Worker threads of a cell")->capture_default_str();
  options->jobs = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  command->add_option("--jobs", options->jobs, "Cells at a time; the result does not depend on it")
      ->capture_default_str();
  command->add_option("--out", options->out, "The sweep's folder [runs/sweep-AXES]");
  command->add_option("--picture", options->picture, "The picture's file, .svg or .png [sweep.svg in the folder]");
  command->add_flag("--resume", options->resume, "Go on with the sweep in --out");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
