// Killing and going on.
// SPDX-License-Identifier: Apache-2.0
#include "proptests/support/interrupted_work.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <thread>

#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

using Clock = std::chrono::steady_clock;

std::string WithoutTimes(const std::string& metrics) {
  std::string text;
  std::istringstream lines(metrics);
  for (std::string line; std::getline(lines, line);) {
    nlohmann::ordered_json json = nlohmann::ordered_json::parse(line, nullptr, false);
    for (const char* field : {"seconds", "samples_per_second", "member_samples_per_second"}) {
      if (json.is_object()) json.erase(field);
    }
    text += json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  }
  return text;
}

// A folder for one work from its beginning to its end.
class Attempt {
 public:
  explicit Attempt(const Work& work) : work_(work) { MakeReady(work, scratch_.path()); }

  std::filesystem::path folder() const { return scratch_ / "work"; }

  // Runs until it ends or the time is up, when it is killed; whether it was.
  bool KilledAfter(std::chrono::microseconds time) {
    CliProcess process(NextArguments(work_, scratch_.path()), options_);
    const auto end = Clock::now() + time;
    while (process.Running() && Clock::now() < end) std::this_thread::sleep_for(std::chrono::microseconds(100));
    process.Signal(SIGKILL);
    const int status = process.Wait().status;
    EXPECT_TRUE(status == 0 || status == 1000 + SIGKILL) << status;
    return status != 0;
  }

  void Finish() {
    const CliResult result = RunCli(NextArguments(work_, scratch_.path()), options_);
    EXPECT_EQ(result.status, 0) << result.err;
  }

 private:
  const Work& work_;
  ScratchFolder scratch_;
  CliOptions options_{.folder = scratch_.path()};
};

}  // namespace

Work TrainingWork() {
  return {{"train", "--data", "spirals", "--layers", "2,24,16,2", "--epochs", "12", "--batch", "64", "--train-limit",
           "1000", "--lr", "5e-3", "--evaluate-every", "1", "--average", "0.9", "--out"},
          "config.json"};
}

Work SweepWork() {
  return {{"sweep",    "--data",   "spirals",
           "--layers", "2,8,2",    "--train-limit",
           "200",      "--batch",  "50",
           "--epochs", "6",        "--evaluate-every",
           "1",        "--over",   "scale-exponent=0,125",
           "--over",   "seed=1,2", "--jobs",
           "2",        "--out"},
          "sweep.json"};
}

Work DepthWork() {
  return {{"depth", "--data", "spirals", "--width", "16", "--epochs", "10", "--batch", "50", "--train-limit", "500",
           "--depths", "2,3", "--columns", "tanh,underflow", "--threads", "1", "--out"},
          "config.json"};
}

Work ReportWork(const std::filesystem::path& run) { return {{"report"}, "", run}; }

std::vector<std::pair<std::string, std::string>> ContentOf(const std::filesystem::path& folder) {
  std::vector<std::pair<std::string, std::string>> content;
  for (const std::string& name : Tree(folder)) {
    const std::string file = std::filesystem::path(name).filename();
    if (name.ends_with('/') || file == ".lock" || file == "history.jsonl" || file.starts_with(".report.html."))
      continue;
    const std::string bytes = Get(folder / name);
    content.emplace_back(name, file == "metrics.jsonl" ? WithoutTimes(bytes) : bytes);
  }
  return content;
}

std::vector<std::string> TemporariesIn(const std::vector<std::pair<std::string, std::string>>& content) {
  std::vector<std::string> names;
  for (const auto& [name, bytes] : content) {
    if (name.ends_with(".tmp")) names.push_back(name);
  }
  return names;
}

void MakeReady(const Work& work, const std::filesystem::path& folder) {
  if (!work.made.empty()) {
    std::filesystem::copy(work.made, folder / "work", std::filesystem::copy_options::recursive);
  }
}

std::vector<std::string> NextArguments(const Work& work, const std::filesystem::path& folder) {
  std::vector<std::string> arguments = work.arguments;
  arguments.push_back("work");
  if (!work.mark.empty() && std::filesystem::exists(folder / "work" / work.mark)) arguments.push_back("--resume");
  return arguments;
}

int KillAndGoOn(const Work& work, int kills, uint64_t seed) {
  std::mt19937_64 random(seed);
  Attempt whole(work);
  const auto start = Clock::now();
  whole.Finish();
  const auto duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
  const auto expected = ContentOf(whole.folder());
  EXPECT_EQ(TemporariesIn(expected), std::vector<std::string>{});

  int killed = 0;
  for (int tries = 0; killed < kills && tries < 4 * kills && !testing::Test::HasFailure();) {
    Attempt attempt(work);
    const auto report = [&] { return Get(attempt.folder() / "report.html"); };
    const int64_t times = 1 + static_cast<int64_t>(random() % 5);
    for (int64_t i = 0; i < times && killed < kills; ++i, ++tries) {
      const auto time = std::chrono::microseconds(random() % static_cast<uint64_t>(duration.count() + 1));
      killed += attempt.KilledAfter(time);
      // A page is there whole or not at all.
      if (work.mark.empty()) {
        EXPECT_TRUE(report().empty() || report().ends_with("</html>\n"));
      }
    }
    attempt.Finish();
    const auto found = ContentOf(attempt.folder());
    EXPECT_TRUE(found == expected) << "after kills number " << killed << " of seed " << seed << ", in "
                                   << attempt.folder();
  }
  return killed;
}

}  // namespace fplab
