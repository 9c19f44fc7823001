// Threads that take one cell after another.
// SPDX-License-Identifier: Apache-2.0
#include "tools/sweep/sweep_run.h"

#include <fmt/format.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "tools/runs/load_run.h"

namespace fplab::tools {
namespace {

using Clock = std::chrono::steady_clock;

// While it lives, threads that are started leave all signals to the others.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

class Sweep {
 public:
  Sweep(const SweepPlan& plan, const std::filesystem::path& folder, SweepData& data, const SweepOptions& options)
      : plan_(plan), folder_(folder), options_(options), outcomes_(plan.cells.size()), steps_(plan.cells.size()) {
    for (size_t i = 0; i < plan.cells.size(); ++i) {
      const nets::TrainConfig& config = plan.cells[i].config;
      data_.push_back(&data.Get(config));
      const int64_t samples = data_.back()->train.count();
      steps_[i].left = (samples + config.batch - 1) / config.batch * config.epochs;
    }
  }

  std::vector<CellOutcome> Go() {
    std::vector<std::thread> threads;
    // A thread may end, and lower active_, before the next one is made.
    const size_t count = std::min(static_cast<size_t>(options_.jobs), plan_.cells.size());
    active_ = count;
    {
      const SignalsBlocked blocked;
      for (size_t i = 0; i < count; ++i) threads.emplace_back([this] { TakeCells(); });
    }
    Watch();
    for (std::thread& thread : threads) thread.join();
    return std::move(outcomes_);
  }

 private:
  struct Steps {
    int64_t done = 0, left = 0;  // done: in this process
    int epoch = 0, epochs = 0;
  };

  void TakeCells() {
    while (!stop_) {
      const size_t cell = next_.fetch_add(1);
      if (cell >= plan_.cells.size()) break;
      Set(cell, {CellState::kRunning, {}, {}});
      Set(cell, RunCell(cell));
    }
    const std::lock_guard lock(mutex_);
    --active_;
    changed_.notify_all();
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

  // On the calling thread until all cells have ended.
  void Watch() {
    const Clock::time_point start = Clock::now();
    std::unique_lock lock(mutex_);
    while (active_ > 0) {
      changed_.wait_for(lock, std::chrono::milliseconds(100));
      const SweepProgress progress = Progress(std::chrono::duration<double>(Clock::now() - start).count());
      lock.unlock();
      if (options_.stop && options_.stop()) stop_ = true;
      if (options_.progress) options_.progress(progress);
      lock.lock();
    }
  }

  SweepProgress Progress(double seconds) const {
    SweepProgress progress;
    progress.cells = plan_.cells.size();
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
  std::vector<const nets::TrainTest*> data_;
  std::atomic<size_t> next_ = 0;
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  std::vector<CellOutcome> outcomes_;
  std::vector<Steps> steps_;
  size_t active_ = 0;  // threads
};

}  // namespace

std::vector<CellOutcome> RunCells(const SweepPlan& plan, const std::filesystem::path& folder, SweepData& data,
                                  const SweepOptions& options) {
  return Sweep(plan, folder, data, options).Go();
}

}  // namespace fplab::tools
