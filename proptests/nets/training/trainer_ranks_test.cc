// A training by several ranks is that of one, to the bit.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>

#include "proptests/support/network_data.h"
#include "proptests/support/scratch_folder.h"
#include "proptests/support/thread_ranks.h"
#include "proptests/support/trainer_cases.h"

namespace fplab::nets {
namespace {

OrderedJson WithoutExchange(OrderedJson line) {
  for (const char* field : {"ranks", "exchange_bytes_per_step", "exchange_seconds_per_step"}) line.erase(field);
  return line;
}

// A run by `count` ranks with its folder, from a checkpoint there if `resume`.
RunFiles TrainTogether(int count, const TrainConfig& config, const TrainTest& data, const std::filesystem::path& folder,
                       TrainOptions options, bool resume = false, const Network* initial = nullptr) {
  RunFiles files;
  RunTogether(count, [&](Ranks& ranks) {
    TrainOptions own = options;
    own.ranks = &ranks;
    if (!ranks.IsFirst()) {
      const TrainResult result = Train(config, data, own, nullptr, false, initial);
      EXPECT_FALSE(result.digest.empty());
      return;
    }
    RunDirectory run = resume ? RunDirectory::Resume(folder) : RunDirectory::Create(folder, ToJson(config));
    files = FilesOf(run, Train(config, data, own, &run, resume, initial));
  });
  for (OrderedJson& line : files.metrics) line = WithoutExchange(line);
  return files;
}

// The trainer's cases, and weight space on batches of several panels.
std::vector<TrainerCase> Cases() {
  std::vector<TrainerCase> cases = TrainerCases();
  const size_t small = cases.size();
  for (size_t i = 0; i < small; ++i) {
    TrainerCase wide = cases[i];
    wide.config.batch = 90;  // panels of 32, 32 and 26 samples
    cases.push_back(wide);
  }
  TrainerCase layers = cases[4];
  layers.name = "lowrank, a population a layer";
  auto& lowrank = std::get<LowRankConfig>(layers.config.estimator);
  lowrank.layer_pairs = {0, 5, 2};
  lowrank.samples_per_pair = 64;
  layers.config.batch = 150;
  cases.push_back(layers);
  return cases;
}

TEST(TrainerRanks, LeaveTheFilesOfOneWhateverTheirNumber) {
  const TrainTest data = TrainerData();
  for (const TrainerCase& c : Cases()) {
    const RunFiles expected = TrainInScratch(c.config, data);
    for (const int ranks : {2, 3, 4}) {
      const ScratchFolder scratch;
      TrainOptions options;
      options.threads = ranks == 2 ? 2 : 1;
      const RunFiles found = TrainTogether(ranks, c.config, data, scratch / "run", options);
      const std::string what = fmt::format("{}, batch {}, {} ranks", c.name, c.config.batch, ranks);
      EXPECT_EQ(found.result.digest, expected.result.digest) << what;
      EXPECT_TRUE(found.checkpoint == expected.checkpoint) << what << ": the checkpoints differ";
      EXPECT_EQ(found.metrics, expected.metrics) << what;
      EXPECT_GT(found.result.exchange.received, 0) << what;
    }
  }
}

TEST(TrainerRanks, GoOnWithEachOthersRunsWhateverTheirNumbers) {
  const TrainTest data = TrainerData();
  for (const TrainerCase& c : Cases()) {
    const RunFiles expected = TrainInScratch(c.config, data);
    const ScratchFolder scratch;
    TrainOptions first, second;
    first.max_steps = c.config.batch == 32 ? 4 : 1;
    second.max_steps = c.config.batch == 32 ? 9 : 3;
    TrainTogether(3, c.config, data, scratch / "run", first);
    TrainTogether(1, c.config, data, scratch / "run", second, true);
    const RunFiles found = TrainTogether(2, c.config, data, scratch / "run", {}, true);
    EXPECT_EQ(found.result.digest, expected.result.digest) << c.name;
    EXPECT_TRUE(found.checkpoint == expected.checkpoint) << c.name;
    EXPECT_EQ(found.metrics, expected.metrics) << c.name;
  }
}

TEST(TrainerRanks, OfDifferentInstructionSetsAreOfOneMind) {
  const TrainTest data = TrainerData();
  const std::vector<kernels::Isa> isas = kernels::SupportedIsas();
  for (const TrainerCase& c : Cases()) {
    const std::string expected = Train(c.config, data, {}).digest;
    RunTogether(static_cast<int>(isas.size()), [&](Ranks& ranks) {
      TrainOptions options;
      options.ranks = &ranks;
      options.isa = isas[static_cast<size_t>(ranks.rank())];
      EXPECT_EQ(Train(c.config, data, options).digest, expected) << c.name;
    });
  }
}

TEST(TrainerRanks, AllStopAfterTheStepInWhichOneWantsTo) {
  const TrainTest data = TrainerData();
  const TrainerCase c = Cases().front();
  for (const int who : {0, 2}) {
    const ScratchFolder scratch;
    std::array<int64_t, 3> steps{};
    RunTogether(3, [&](Ranks& ranks) {
      TrainOptions options;
      options.ranks = &ranks;
      int asked = 0;
      options.stop = [&] { return ++asked == 5 && ranks.rank() == who; };
      std::optional<RunDirectory> run;
      if (ranks.IsFirst()) run.emplace(RunDirectory::Create(scratch / "run", ToJson(c.config)));
      const TrainResult result = Train(c.config, data, options, run ? &*run : nullptr);
      EXPECT_FALSE(result.finished);
      steps[static_cast<size_t>(ranks.rank())] = result.steps;
    });
    EXPECT_EQ(steps, (std::array<int64_t, 3>{5, 5, 5}));
    const RunFiles found = TrainTogether(2, c.config, data, scratch / "run", {}, true);
    EXPECT_EQ(found.result.digest, Train(c.config, data, {}).digest);
  }
}

TEST(TrainerRanks, BeginFromGivenWeights) {
  const TrainTest data = TrainerData();
  const TrainerCase c = Cases().front();
  const Network initial = InitialNetwork(TrainedNetwork(c.config), 77, kernels::BestIsa());
  const std::string expected = Train(c.config, data, {}, nullptr, false, &initial).digest;
  const ScratchFolder scratch;
  EXPECT_EQ(TrainTogether(2, c.config, data, scratch / "run", {}, false, &initial).result.digest, expected);
}

TEST(TrainerRanks, AllAreToldWhatTheFirstRefuses) {
  const TrainTest data = TrainerData();
  const TrainTest other = RandomTrainTest(170, 40, 9, 3, 601);
  const TrainerCase c = Cases().front();
  const ScratchFolder scratch;
  TrainOptions some;
  some.max_steps = 3;
  TrainTogether(2, c.config, data, scratch / "run", some);
  std::atomic<int> refused = 0;
  RunTogether(2, [&](Ranks& ranks) {
    TrainOptions options;
    options.ranks = &ranks;
    std::optional<RunDirectory> run;
    if (ranks.IsFirst()) run.emplace(RunDirectory::Resume(scratch / "run"));
    try {
      Train(c.config, other, options, run ? &*run : nullptr, ranks.IsFirst());
    } catch (const Error& error) {
      if (std::string(error.what()).find("the data are") != std::string::npos) ++refused;
    }
  });
  EXPECT_EQ(refused, 2);
}

// With one rank and with two.
TEST(TrainerRanks, CheckpointsWithinAnEpochAreGoneOnWithToTheSameBits) {
  const TrainTest data = TrainerData();
  for (const TrainerCase& c : TrainerCases()) {
    const RunFiles expected = TrainInScratch(c.config, data);
    for (const int ranks : {1, 2}) {
      const ScratchFolder scratch;
      TrainOptions options;
      options.checkpoint_steps = 4;
      options.checkpoint_seconds = ranks == 2 ? 1e-9 : 0;  // every step
      int64_t copied = 0;
      // After the step that follows a checkpoint, what a killed run would leave.
      options.progress = [&](const TrainProgress& p) {
        if (p.step != 5 || copied != 0) return;
        std::filesystem::copy(scratch / "run", scratch / "left", std::filesystem::copy_options::recursive);
        copied = p.step;
      };
      if (ranks == 1) {
        RunDirectory run = RunDirectory::Create(scratch / "run", ToJson(c.config));
        EXPECT_TRUE(FilesOf(run, Train(c.config, data, options, &run)).checkpoint == expected.checkpoint);
      } else {
        RunTogether(2, [&](Ranks& both) {
          TrainOptions own = options;
          own.ranks = &both;
          std::optional<RunDirectory> run;
          if (both.IsFirst()) run.emplace(RunDirectory::Create(scratch / "run", ToJson(c.config)));
          if (!both.IsFirst()) own.progress = nullptr;
          Train(c.config, data, own, run ? &*run : nullptr);
        });
      }
      EXPECT_EQ(ReadCheckpoint(scratch / "left" / "checkpoint.safetensors").step, 4) << c.name;
      RunDirectory left = RunDirectory::Resume(scratch / "left");
      EXPECT_TRUE(FilesOf(left, Train(c.config, data, {}, &left, true)).checkpoint == expected.checkpoint) << c.name;
    }
  }
}

}  // namespace
}  // namespace fplab::nets
