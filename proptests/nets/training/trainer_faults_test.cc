// Training when the system fails: whatever call fails, the run goes on afterwards to the same bytes.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <optional>

#include <fplab/nets/training/trainer.h>
#include "proptests/support/faulty_calls.h"
#include "proptests/support/scratch_folder.h"
#include "proptests/support/trainer_cases.h"

namespace fplab::nets {
namespace {

// The first of the cases: two epochs, each with a line of metrics and a checkpoint.
class TrainerFaults : public ::testing::Test {
 protected:
  // Begins the run, or goes on with what is there, as `fplab train` does. Returns the message of the Error, if any.
  std::string Go(const std::filesystem::path& folder) {
    return ErrorOf([&] {
      const bool begun = std::filesystem::exists(folder / "config.json");
      RunDirectory run = begun ? RunDirectory::Resume(folder) : RunDirectory::Create(folder, ToJson(config_));
      last_ = Train(config_, data_, {}, &run, begun);
    });
  }
  void ExpectWhole(const std::filesystem::path& folder) {
    const RunFiles found = FilesOf(RunDirectory::Open(folder), last_);
    EXPECT_EQ(found.result.digest, whole_.result.digest);
    EXPECT_TRUE(found.checkpoint == whole_.checkpoint);
    EXPECT_EQ(found.metrics, whole_.metrics);
    EXPECT_EQ(Names(folder).size(), 3u) << "config.json, metrics.jsonl, checkpoint.safetensors";
  }

  TrainConfig config_ = TrainerCases().front().config;
  TrainTest data_ = TrainerData();
  RunFiles whole_ = TrainInScratch(config_, data_);
  TrainResult last_;
};

TEST_F(TrainerFaults, WhateverCallFailsTheErrorIsOneLineAndTheRunGoesOnToTheSameBytes) {
  int64_t calls = 1;
  {
    const ScratchFolder scratch;
    calls = static_cast<int64_t>(CallsOf([&] { Go(scratch / "run"); }).size());
  }
  EXPECT_GT(calls, 50);
  int failed = 0;
  for (int64_t failing = 0; failing < calls; ++failing) {
    SCOPED_TRACE(failing);
    const ScratchFolder scratch;
    std::string message;
    {
      // A disk that is full from there on, and, every other time, a call that fails alone.
      const FaultyCalls faulty({.failing = failing, .error = ENOSPC, .for_ever = failing % 2 == 0});
      message = Go(scratch / "run");
    }
    if (message != "(no error)") {
      ++failed;
      EXPECT_TRUE(message.starts_with(scratch.path().string())) << message;
      EXPECT_TRUE(message.ends_with(": No space left on device")) << message;
    }
    ASSERT_EQ(Go(scratch / "run"), "(no error)") << "after: " << message;
    ExpectWhole(scratch / "run");
  }
  EXPECT_GT(failed, calls / 2);
}

TEST_F(TrainerFaults, ASignalAtAnyCallChangesNothing) {
  int64_t calls = 1;
  for (int64_t interrupted = 0; interrupted < calls; ++interrupted) {
    const ScratchFolder scratch;
    {
      const FaultyCalls faulty({.failing = interrupted, .error = EINTR, .longest_write = 1000});
      ASSERT_EQ(Go(scratch / "run"), "(no error)") << interrupted;
      calls = static_cast<int64_t>(faulty.calls().size());
    }
    ExpectWhole(scratch / "run");
  }
}

}  // namespace
}  // namespace fplab::nets
