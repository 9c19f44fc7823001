// Cells on threads, and where they stand.
// SPDX-License-Identifier: Apache-2.0
#include "tools/sweep/sweep_run.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <mutex>

#include <fplab/fparith/float/error.h>
#include "tools/runs/load_run.h"
#include "tools/runs/run_history.h"
#include "tools/sweep/cell_threads.h"

namespace fplab::tools {
namespace {

using Clock = std::chrono::steady_clock;

class Sweep {
 public:
  Sweep(const SweepPlan& plan, const std::filesystem::path& folder, SweepData& data, const SweepOptions& options)
      : plan_(plan), folder_(folder), options_(options), outcomes_(plan.cells.size()), steps_(plan.cells.size()) {
    data_.resize(plan.cells.size());
    for (auto i = static_cast<size_t>(options.rank); i < plan.cells.size(); i += static_cast<size_t>(options.ranks)) {
      own_.push_back(i);
      const nets::TrainConfig& config = plan.cells[i].config;
      data_[i] = &data.Get(config);
      const int64_t samples = data_[i]->train.count();
      steps_[i].left = (samples + config.batch - 1) / config.batch * config.epochs;
    }
  }

  std::vector<CellOutcome> Go() {
    const Clock::time_point start = Clock::now();
    RunWatched(
        own_.size(), options_.jobs, stop_, [this](size_t i) { TakeCell(own_[i]); },
        [this, start] { Watch(std::chrono::duration<double>(Clock::now() - start).count()); });
    return std::move(outcomes_);
  }

 private:
  struct Steps {
    int64_t done = 0, left = 0;  // done: in this process
    int epoch = 0, epochs = 0;
  };

  void TakeCell(size_t cell) {
    try {
      Set(cell, {CellState::kRunning, {}, {}});
      Set(cell, RunCell(cell));
    } catch (const std::exception& error) {
      throw Error("cell {}: {}", plan_.cells[cell].name, error.what());
    }
  }

  void Set(size_t cell, const CellOutcome& outcome) {
    const std::lock_guard lock(mutex_);
    outcomes_[cell] = outcome;
    if (outcome.state != CellState::kRunning) steps_[cell].left = 0;
  }

  CellOutcome RunCell(size_t cell) {
    try {
      const nets::TrainConfig& config = plan_.cells[cell].config;
      bool begun = false;
      nets::RunDirectory run = OpenOrCreateRun(folder_ / plan_.cells[cell].name, config, begun);
      AppendHistory(run, Name(options_.isa), options_.threads);
      nets::TrainOptions train;
      train.isa = options_.isa;
      train.threads = options_.threads;
      train.stop = [this] { return stop_.load(); };
      train.progress = [this, cell](const nets::TrainProgress& p) {
        const std::lock_guard lock(mutex_);
        steps_[cell] = {steps_[cell].done + 1, p.total_steps - p.step, p.epoch, p.epochs};
      };
      const nets::TrainResult result = nets::Train(config, *data_[cell], train, &run, begun);
      return {result.finished ? CellState::kDone : CellState::kStopped, {}, result.digest};
    } catch (const std::exception& error) {
      return {CellState::kFailed, error.what(), {}};
    }
  }

  // On the calling thread.
  void Watch(double seconds) {
    if (options_.stop && options_.stop()) stop_ = true;
    if (!options_.progress) return;
    std::unique_lock lock(mutex_);
    const SweepProgress progress = Progress(seconds);
    lock.unlock();
    options_.progress(progress);
  }

  SweepProgress Progress(double seconds) const {
    SweepProgress progress;
    progress.cells = own_.size();
    int64_t done = 0, left = 0;
    for (size_t i = 0; i < outcomes_.size(); ++i) {
      const Steps& steps = steps_[i];
      done += steps.done;
      left += steps.left;
      progress.done += outcomes_[i].state == CellState::kDone;
      progress.failed += outcomes_[i].state == CellState::kFailed;
      if (outcomes_[i].state == CellState::kRunning && steps.epochs > 0) {
        progress.running.push_back(fmt::format("{} epoch {}/{}", plan_.cells[i].name, steps.epoch, steps.epochs));
      }
    }
    if (done > 0) progress.seconds_left = seconds / static_cast<double>(done) * static_cast<double>(left);
    return progress;
  }

  const SweepPlan& plan_;
  const std::filesystem::path& folder_;
  const SweepOptions& options_;
  std::vector<size_t> own_;                   // cells of this process
  std::vector<const nets::TrainTest*> data_;  // of these
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;  // of what follows
  std::vector<CellOutcome> outcomes_;
  std::vector<Steps> steps_;
};

}  // namespace

std::vector<CellOutcome> RunCells(const SweepPlan& plan, const std::filesystem::path& folder, SweepData& data,
                                  const SweepOptions& options) {
  return Sweep(plan, folder, data, options).Go();
}

}  // namespace fplab::tools
