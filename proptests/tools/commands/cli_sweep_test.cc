// fplab sweep: each cell is the run that train makes, in any order, stopped or not; what fails is named, what is wrong
// is refused.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "proptests/support/cli_process.h"
#include "proptests/support/sanitizers.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

using Arguments = std::vector<std::string>;
using Json = nlohmann::ordered_json;

const Arguments kTiny = {"--data", "spirals", "--layers",      "2,8,2", "--batch",          "50",
                         "--lr",   "5e-3",    "--train-limit", "200",   "--evaluate-every", "1"};

Arguments Words(Arguments arguments, const Arguments& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

class Sweep : public ::testing::Test {
 protected:
  CliResult Run(const Arguments& arguments) { return RunCli(arguments, options_); }

  static Arguments Grid(const std::string& out, const std::string& epochs) {
    return Words({"sweep", "--over", "scale-exponent=0,125", "--over", "seed=1,2", "--epochs", epochs, "--out", out},
                 kTiny);
  }

  std::string Checkpoint(const std::string& run) const { return Get(scratch_ / run / "checkpoint.safetensors"); }

  ScratchFolder scratch_;
  CliOptions options_{.folder = scratch_.path()};
};

constexpr const char* kCells[] = {"scale-exponent=0_seed=1", "scale-exponent=0_seed=2", "scale-exponent=125_seed=1",
                                  "scale-exponent=125_seed=2"};

TEST_F(Sweep, ACellIsTheRunThatTrainMakesHoweverManyRunAtATime) {
  const CliResult two = Run(Words(Grid("two", "2"), {"--jobs", "2", "--json"}));
  const CliResult four = Run(Words(Grid("four", "2"), {"--jobs", "4", "--threads", "2", "--json"}));
  ASSERT_EQ(two.status, 0) << two.err;
  ASSERT_EQ(four.status, 0) << four.err;
  ASSERT_EQ(
      Run(Words({"train", "--scale-exponent", "0", "--seed", "2", "--epochs", "2", "--out", "alone"}, kTiny)).status,
      0);
  for (const char* cell : kCells) {
    EXPECT_FALSE(Checkpoint(std::string("two/") + cell).empty());
    EXPECT_EQ(Checkpoint(std::string("two/") + cell), Checkpoint(std::string("four/") + cell)) << cell;
  }
  EXPECT_EQ(Checkpoint("two/scale-exponent=0_seed=2"), Checkpoint("alone"));

  const Json json = Json::parse(two.out);
  EXPECT_EQ(json["finished"], true);
  ASSERT_EQ(json["cells"].size(), 4u);
  EXPECT_EQ(json["cells"][1]["at"], (Json{{"scale-exponent", "0"}, {"seed", "2"}}));
  EXPECT_EQ(json["cells"][1]["train_zeros"][0], 0.0);
  EXPECT_GT(json["cells"][3]["train_zeros"][0].get<double>(), 0.0);
}

TEST_F(Sweep, WidthAndDepthShapeTheHiddenLayersAndAListIsOneValue) {
  Arguments grid = {"sweep", "--data", "spirals", "--train-limit", "50", "--epochs", "1", "--out"};
  ASSERT_EQ(Run(Words(grid, {"shape", "--over", "depth=1,3", "--over", "width=4,6"})).status, 0);
  ASSERT_EQ(Run(Words(grid, {"lists", "--over", "layers=2x2,2x5x3x2"})).status, 0);
  const auto layers = [&](const std::string& run) {
    return Json::parse(Get(scratch_ / run / "config.json"))["layers"].get<std::vector<int>>();
  };
  EXPECT_EQ(layers("shape/depth=1_width=4"), (std::vector<int>{2, 2}));
  EXPECT_EQ(layers("shape/depth=3_width=6"), (std::vector<int>{2, 6, 6, 2}));
  EXPECT_EQ(layers("lists/layers=2x5x3x2"), (std::vector<int>{2, 5, 3, 2}));
}

TEST_F(Sweep, StoppedAndResumedItEndsInTheSameBytesAsUninterrupted) {
  const std::string epochs = "600";  // a second or more, and the signal comes after the first
  ASSERT_EQ(Run(Grid("whole", epochs)).status, 0);
  CliProcess process(Words(Grid("run", epochs), {"--jobs", "2"}), options_);
  while (process.Running() && Get(scratch_ / "run" / kCells[0] / "metrics.jsonl").empty()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  process.Signal(SIGINT);
  const CliResult first = process.Wait();
  ASSERT_EQ(first.status, 130) << first.err;
  EXPECT_TRUE(Contains(first.out, "go on with --resume --out run")) << first.out;

  // Once by the same command, and once more when there is nothing left to do.
  const CliResult rest = Run(Words(Grid("run", epochs), {"--resume"}));
  ASSERT_EQ(rest.status, 0) << rest.err;
  ASSERT_EQ(Run({"sweep", "--resume", "--out", "run"}).status, 0);
  for (const char* cell : kCells) {
    EXPECT_EQ(Checkpoint(std::string("run/") + cell), Checkpoint(std::string("whole/") + cell)) << cell;
  }
  EXPECT_EQ(Tree(scratch_ / "run"), Tree(scratch_ / "whole"));
}

TEST_F(Sweep, ASecondSweepInTheFolderAndATrainingOfACellAreRefusedWithTheHoldersName) {
  CliProcess first(Words(Grid("run", "100000"), {"--jobs", "1"}), options_);
  while (first.Running() && Checkpoint(std::string("run/") + kCells[0]).empty()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  first.Freeze();
  const std::string holder = "is in use by process " + std::to_string(first.pid()) + " on host ";
  const std::string before = Checkpoint(std::string("run/") + kCells[0]);
  const std::string cell = std::string("run/") + kCells[0];
  for (const Arguments& second : {Grid("run", "100000"), Arguments{"sweep", "--resume", "--out", "run"},
                                  Arguments{"train", "--resume", "--out", cell},
                                  Arguments{"train", "--data", "spirals", "--epochs", "1", "--out", "run"}}) {
    const CliResult result = Run(second);
    EXPECT_EQ(result.status, 2) << result.out;
    EXPECT_TRUE(Contains(result.err, holder)) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  }
  EXPECT_TRUE(Checkpoint(cell) == before) << "overwritten";
  EXPECT_EQ(Run({"report", "run"}).status, 0) << "who only reads is not refused";
}

TEST_F(Sweep, ACellThatAnotherProcessTrainsIsAFailedCellWithTheHoldersName) {
  ASSERT_EQ(Run(Grid("run", "1")).status, 0);
  const std::string cell = std::string("run/") + kCells[1];
  std::filesystem::remove_all(scratch_ / cell);
  CliProcess train(Words({"train", "--epochs", "100000", "--out", cell}, kTiny), options_);
  while (train.Running() && Checkpoint(cell).empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const CliResult result = Run({"sweep", "--resume", "--out", "run"});
  EXPECT_EQ(result.status, 1);
  const std::string state = "failed: run/scale-exponent=0_seed=2: is in use by process " + std::to_string(train.pid());
  EXPECT_TRUE(Contains(result.out, state)) << result.out;
}

TEST_F(Sweep, NoMoreThreadsRunThanJobsTimesThreadsAndTheOneThatWatches) {
  // Glyphs are drawn by workers, training uses others: whichever looks on finds no more.
  const auto most_threads = [this](const Arguments& arguments) {
    CliProcess process(arguments, options_);
    const std::filesystem::path tasks = "/proc/" + std::to_string(process.pid()) + "/task";
    size_t most = 0;
    while (process.Running()) {
      std::error_code error;
      size_t count = 0;
      for (std::filesystem::directory_iterator task(tasks, error), end; !error && task != end; task.increment(error)) {
        ++count;
      }
      most = std::max(most, count);
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    EXPECT_EQ(process.Wait().status, 0);
    return most;
  };
  const Arguments glyphs = {"--data", "glyphs",   "--train-limit", "500",     "--epochs",
                            "1",      "--layers", "784,8,10",      "--batch", "50"};
  const size_t sanitizers = kThreadSanitizer ? 1 : 0;  // a thread of its own
  EXPECT_LE(most_threads(Words({"train", "--threads", "1", "--out", "one"}, glyphs)), 1 + sanitizers);
  EXPECT_LE(most_threads(Words({"train", "--threads", "2", "--out", "two"}, glyphs)), 2 + sanitizers);
  EXPECT_LE(most_threads(Words({"sweep", "--jobs", "1", "--over", "seed=1,2", "--out", "grid"}, glyphs)),
            2 + sanitizers);
}

TEST_F(Sweep, AFailingCellIsNamedAndDoesNotStopTheOthers) {
  ASSERT_EQ(Run(Grid("run", "1")).status, 0);
  const std::string whole = Checkpoint("run/scale-exponent=125_seed=2");
  Put(scratch_ / "run" / kCells[1] / "checkpoint.safetensors", "damaged");
  std::filesystem::remove_all(scratch_ / "run" / kCells[3]);

  const CliResult rest = Run({"sweep", "--resume", "--out", "run", "--jobs", "1"});
  EXPECT_EQ(rest.status, 1);
  EXPECT_EQ(rest.err, "fplab: 1 of 4 cells failed: scale-exponent=0_seed=2\n");
  EXPECT_TRUE(Contains(rest.out, "failed: ")) << rest.out;
  EXPECT_TRUE(Contains(rest.out, "3 of 4 cells done")) << rest.out;
  EXPECT_EQ(Checkpoint("run/scale-exponent=125_seed=2"), whole);
}

TEST_F(Sweep, ACellWhoseLossIsNoLongerANumberIsSaidToHaveDiverged) {
  const CliResult result = Run({"sweep", "--over", "lr=1e38,5e-3", "--data", "spirals", "--layers", "2,8,2", "--batch",
                                "50", "--train-limit", "200", "--epochs", "1", "--out", "run"});
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.err, "fplab: 1 of 2 cells diverged: their loss is no longer a number\n");
  EXPECT_TRUE(Contains(result.out, "diverged")) << result.out;
  EXPECT_TRUE(Contains(result.out, "2 of 2 cells done")) << result.out;
}

TEST_F(Sweep, WhatCannotBeSweptIsRefusedInOneLineAndLeavesNothing) {
  ASSERT_EQ(Run(Words({"sweep", "--over", "seed=1", "--epochs", "1", "--out", "there"}, kTiny)).status, 0);
  const std::vector<std::pair<Arguments, const char*>> cases = {
      {{}, "nothing to sweep over"},
      {{"--over", "seed"}, "expected FIELD=VALUE"},
      {{"--over", "seed="}, "empty value"},
      {{"--over", "colour=red"}, "unknown axis, expected one of width, depth"},
      {{"--over", "sigma=wide"}, "value 'wide'"},
      {{"--over", "seed=1,1"}, "named twice"},
      {{"--over", "seed=1", "--over", "seed=2"}, "named twice"},
      {{"--over", "seed=1", "--seed", "2"}, "also fix it"},
      {{"--over", "scale-exponent=125,127"}, "cell scale-exponent=127: scale exponent: found 127"},
      {{"--over", "estimator=activation,lowrank", "--rank", "2"},
       "cell estimator=activation: --rank: estimator activation does not use it; lowrank does"},
      {{"--estimator", "gated", "--over", "block=2,4"}, "--block: estimator gated does not use it; activation does"},
      {{"--over", "matmul-mode=none,off"}, "unknown mode 'off'"},
      {{"--over", "depth=0"}, "expected a positive integer"},
      {{"--over", "seed=1", "--jobs", "0"}, "--jobs"},
      {{"--over", "seed=1", "--out", "there"}, "--resume"},
      {{"--resume", "--out", "there", "--over", "seed=1,2"}, "other axes or values"},
      {{"--resume", "--out", "there", "--epochs", "3"}, "give the axes"},
      {{"--resume", "--out", "nowhere"}, "not a sweep"},
      {{"--over", "seed=1", "--picture", "a.txt"}, "--picture"},
  };
  const std::vector<std::string> before = Tree(scratch_.path());
  for (const auto& [arguments, message] : cases) {
    const bool resumes = std::find(arguments.begin(), arguments.end(), "--resume") != arguments.end();
    const CliResult result =
        Run(Words(resumes ? Arguments{"sweep"} : Arguments{"sweep", "--data", "spirals"}, arguments));
    EXPECT_EQ(result.status, 2) << message;
    EXPECT_TRUE(Contains(result.err, message)) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_EQ(result.out, "") << message;
  }
  EXPECT_EQ(Tree(scratch_.path()), before);

  Put(scratch_ / "there/sweep.json", "{\"axes\": [], \"cells\": [{\"name\": 3}]}");
  const CliResult damaged = Run({"sweep", "--resume", "--out", "there"});
  EXPECT_EQ(damaged.status, 2);
  EXPECT_TRUE(Contains(damaged.err, "sweep.json")) << damaged.err;
}

}  // namespace
}  // namespace fplab
