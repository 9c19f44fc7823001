// fplab train and sweep under mpirun: the bits of one process, and a clear end where a rank is lost.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "proptests/support/cli_process.h"
#include "proptests/support/idx_files.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

using std::chrono::seconds;

// By mpirun, each through a shell in which `of_rank` may change the arguments ("$@") by the rank.
CliOptions Together(const ScratchFolder& scratch, int ranks, const std::string& of_rank = "") {
  return {.folder = scratch.path(),
          .launcher = {"mpirun", "-n", std::to_string(ranks), "sh", "-c", of_rank + "exec \"$0\" \"$@\""},
          // As root, on few processors and without a remote shell, where the gate may run.
          .environment = {{"OMPI_ALLOW_RUN_AS_ROOT", "1"},
                          {"OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"},
                          {"OMPI_MCA_rmaps_base_oversubscribe", "1"},
                          {"OMPI_MCA_plm", "isolated"}}};
}

std::vector<std::string> Train(const std::string& out, const std::vector<std::string>& more, int epochs = 2) {
  std::vector<std::string> arguments = {
      "train",   "--data", "glyphs",   "--train-limit",        "400",   "--layers", "784,40,33,10",
      "--batch", "100",    "--epochs", std::to_string(epochs), "--out", out};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::string CheckpointOf(const ScratchFolder& scratch, const std::string& run) {
  return Get(scratch / run / "checkpoint.safetensors");
}

bool Contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

const std::vector<std::vector<std::string>> kEstimators = {
    {"--estimator", "activation"},
    {"--estimator", "gated"},
    {"--estimator", "backprop"},
    {"--estimator", "gaussian", "--pairs", "3", "--samples-per-pair", "32"},
    {"--estimator", "gaussian", "--pairs", "5", "--shared-batch"},
    {"--estimator", "lowrank", "--samples-per-pair", "4"},
    {"--estimator", "lowrank", "--layer-pairs", "0,5,2", "--samples-per-pair", "64", "--average", "0.9"}};

TEST(CliRanks, EveryEstimatorLeavesTheCheckpointOfOneProcess) {
  const ScratchFolder scratch;
  for (size_t i = 0; i < kEstimators.size(); ++i) {
    const std::string name = std::to_string(i);
    ASSERT_EQ(RunCli(Train(name, kEstimators[i]), {.folder = scratch.path()}).status, 0);
    std::vector<std::string> more = kEstimators[i];
    more.insert(more.end(), {"--threads", i % 2 == 0 ? "1" : "2"});
    const CliResult result = RunCli(Train(name + "r", more), Together(scratch, 2));
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_TRUE(CheckpointOf(scratch, name) == CheckpointOf(scratch, name + "r")) << name;
    EXPECT_EQ(Count(result.out, "test accuracy"), 1u) << result.out;
    EXPECT_TRUE(Contains(Get(scratch / (name + "r") / "metrics.jsonl"), "\"ranks\":2,\"exchange_bytes_per_step\":"));
  }
}

TEST(CliRanks, OfDifferentInstructionSetsAndNumbersAreOfOneMind) {
  const ScratchFolder scratch;
  ASSERT_EQ(RunCli(Train("one", {}), {.folder = scratch.path()}).status, 0);
  const std::string of_rank = "if [ $OMPI_COMM_WORLD_RANK = 1 ]; then set -- \"$@\" --isa fallback; fi; ";
  EXPECT_EQ(RunCli(Train("two", {}), Together(scratch, 2, of_rank)).status, 0);
  EXPECT_EQ(RunCli(Train("four", {}), Together(scratch, 4, of_rank)).status, 0);
  EXPECT_TRUE(CheckpointOf(scratch, "one") == CheckpointOf(scratch, "two"));
  EXPECT_TRUE(CheckpointOf(scratch, "one") == CheckpointOf(scratch, "four"));
}

TEST(CliRanks, ThatWouldTrainAnotherThingAreRefusedByRankAndField) {
  const ScratchFolder scratch;
  const CliResult seeds =
      RunCli(Train("run", {}),
             Together(scratch, 2, "if [ $OMPI_COMM_WORLD_RANK = 1 ]; then set -- \"$@\" --seed 2 --warmup 3; fi; "));
  EXPECT_NE(seeds.status, 0);
  EXPECT_TRUE(Contains(seeds.err, "fplab: rank 0: rank 1 differs from rank 0: warmup_steps 3, not 200; seed 2, not 1"))
      << seeds.err;
  // The same configuration, and other data under its name.
  std::string labels;
  for (int i = 0; i < 40; ++i) labels += static_cast<char>(i % 2);
  for (const auto& [place, pixel] : {std::pair("here", '\1'), {"there", '\2'}}) {
    const auto set = scratch / place / "set";
    std::filesystem::create_directories(set);
    for (const char* part : {"train", "t10k"}) {
      Put(set / (std::string(part) + "-images-idx3-ubyte"), Idx({40, 2, 2}, std::string(40 * 4, pixel)));
      Put(set / (std::string(part) + "-labels-idx1-ubyte"), Idx({40}, labels));
    }
  }
  const std::vector<std::string> arguments = {"train", "--data",   "set", "--layers", "4,8,2",         "--batch",
                                              "20",    "--epochs", "1",   "--out",    scratch / "run2"};
  const CliResult data =
      RunCli(arguments, Together(scratch, 2, "if [ $OMPI_COMM_WORLD_RANK = 1 ]; then cd there; else cd here; fi; "));
  EXPECT_NE(data.status, 0);
  EXPECT_TRUE(Contains(data.err, "rank 1 differs from rank 0: train_data_sha256")) << data.err;
  // One that finds none has them from the first.
  const CliResult none =
      RunCli(arguments, Together(scratch, 2, "if [ $OMPI_COMM_WORLD_RANK = 1 ]; then cd /; else cd here; fi; "));
  EXPECT_EQ(none.status, 0) << none.err;
}

TEST(CliRanks, WhatIsWrongIsSaidOnceByTheFirst) {
  const ScratchFolder scratch;
  for (const auto& [arguments, text] :
       {std::pair<std::vector<std::string>, std::string>{{"train", "--epoch", "3"}, "did you mean --epochs?"},
        {{"train", "--data", "nowhere"}, "nowhere"},
        {{"explain", "0.1"}, "explain is for one process; mpirun is for train, sweep and scale"}}) {
    const CliResult result = RunCli(arguments, Together(scratch, 3));
    EXPECT_EQ(result.status, 2) << result.err;
    EXPECT_EQ(Count(result.err, "fplab: rank"), 1u) << result.err;
    EXPECT_TRUE(Contains(result.err, "fplab: rank 0: ") && Contains(result.err, text)) << result.err;
  }
}

// The processes that `launcher` has started.
std::vector<pid_t> ChildrenOf(pid_t launcher) {
  std::ifstream file("/proc/" + std::to_string(launcher) + "/task/" + std::to_string(launcher) + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; file >> child;) children.push_back(child);
  return children;
}

// Whether it still runs: neither gone nor waiting to be buried.
bool Runs(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string id, name;
  char state = 'Z';
  file >> id >> name >> state;
  return state != 'Z' && state != 'X';
}

class LostRank : public testing::Test {
 protected:
  static constexpr int kEpochs = 700;

  // A training of ten seconds by two ranks, of which `what` befalls one, or its launcher, when a checkpoint is there;
  // what it has left is gone on with by one process.
  CliResult Run(const std::string& name, int signal, bool to_launcher) {
    CliProcess process(
        Train(name, {"--evaluate-every", "5000", "--checkpoint-steps", "3", "--rank-timeout", "2", "--threads", "1"},
              kEpochs),
        Together(scratch_, 2));
    const auto checkpoint = scratch_ / name / "checkpoint.safetensors";
    for (int i = 0; i < 600 && !std::filesystem::exists(checkpoint); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    EXPECT_TRUE(std::filesystem::exists(checkpoint));
    const std::vector<pid_t> ranks = ChildrenOf(process.pid());
    EXPECT_EQ(ranks.size(), 2u);
    if (to_launcher) {
      process.Signal(signal);
    } else {
      ::kill(ranks.back(), signal);
    }
    const CliResult result = process.Wait();
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    for (const pid_t rank : ranks) EXPECT_FALSE(Runs(rank));
    const CliResult resumed =
        RunCli({"train", "--resume", "--out", name, "--threads", "1"}, {.folder = scratch_.path()});
    EXPECT_EQ(resumed.status, 0) << resumed.err;
    return result;
  }

  void ExpectDigestOfAWholeRun(const std::vector<std::string>& names) {
    EXPECT_EQ(RunCli(Train("whole", {"--evaluate-every", "5000"}, kEpochs), {.folder = scratch_.path()}).status, 0);
    for (const std::string& name : names) {
      EXPECT_TRUE(CheckpointOf(scratch_, name) == CheckpointOf(scratch_, "whole")) << name;
    }
  }

  ScratchFolder scratch_;
};

TEST_F(LostRank, EndsTheRunWhoseLastCheckpointIsGoneOnWithToTheSameBytes) {
  const CliResult killed = Run("killed", SIGKILL, false);
  EXPECT_NE(killed.status, 0);
  EXPECT_TRUE(Contains(killed.err, "signal 9")) << killed.err;
  const CliResult frozen = Run("frozen", SIGSTOP, false);
  EXPECT_EQ(frozen.status, 2);
  EXPECT_TRUE(Contains(frozen.err, "has not answered for 2 s; the run ends here, its last checkpoint is good"))
      << frozen.err;
  const CliResult interrupted = Run("interrupted", SIGINT, true);
  EXPECT_TRUE(Contains(interrupted.out, "(stopped; go on with --resume)")) << interrupted.out << interrupted.err;
  ExpectDigestOfAWholeRun({"killed", "frozen", "interrupted"});
}

TEST(CliRanks, ShareOutTheCellsOfASweep) {
  const ScratchFolder scratch;
  const std::vector<std::string> sweep = {"sweep",         "--data",  "glyphs",
                                          "--train-limit", "200",     "--layers",
                                          "784,20,10",     "--batch", "50",
                                          "--epochs",      "2",       "--over",
                                          "seed=1,2,3",    "--over",  "estimator=activation,gated",
                                          "--json",        "--jobs",  "1"};
  const auto to = [&](const std::string& out) {
    std::vector<std::string> arguments = sweep;
    arguments.insert(arguments.end(), {"--out", out});
    return arguments;
  };
  ASSERT_EQ(RunCli(to("one"), {.folder = scratch.path()}).status, 0);
  const CliResult result = RunCli(to("two"), Together(scratch, 2));
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(Contains(result.out, "\"finished\":true"));
  int cells = 0;
  for (const auto& entry : std::filesystem::directory_iterator(scratch / "one")) {
    if (!entry.is_directory()) continue;
    const std::string cell = entry.path().filename();
    EXPECT_TRUE(CheckpointOf(scratch, "one/" + cell) == CheckpointOf(scratch, "two/" + cell)) << cell;
    ++cells;
  }
  EXPECT_EQ(cells, 6);
}

TEST(CliRanks, CompareTheModelOfScaleWithWhatTheyTake) {
  const ScratchFolder scratch;
  const CliResult result =
      RunCli({"scale", "--measure", "--data", "glyphs", "--train-limit", "400", "--batch", "100", "--layers",
              "784,40,10", "--estimator", "activation", "--latency", "1e-3", "--seconds", "0.05", "--threads", "1"},
             Together(scratch, 2));
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(Count(result.out, "2 ranks"), 1u) << result.out;
  EXPECT_EQ(Count(result.out, "\n        1000 "), 4u) << result.out;
}

}  // namespace
}  // namespace fplab
