// Whole commands whose disk is full at each write in turn: one line, the last good state intact, and the work goes on
// to the same bytes when there is room again.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <string>
#include <vector>

#include "proptests/support/cli_process.h"
#include "proptests/support/interrupted_work.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

// While it lives, programs that are started find the disk full from their write of that number on.
class FullDiskFrom {
 public:
  explicit FullDiskFrom(int write) {
    ::setenv("LD_PRELOAD", FULL_DISK_LIBRARY, 1);
    ::setenv("FPLAB_TEST_FULL_DISK", std::to_string(write).c_str(), 1);
  }
  ~FullDiskFrom() {
    ::unsetenv("LD_PRELOAD");
    ::unsetenv("FPLAB_TEST_FULL_DISK");
  }
  FullDiskFrom(const FullDiskFrom&) = delete;
  FullDiskFrom& operator=(const FullDiskFrom&) = delete;
};

// Lets the disk be full at each write of the work in turn, until it has room for all. Each time afterwards there is
// room, and the work is done. `status` is what a full disk makes of the work. Returns the number of writes.
int FillAtEachWrite(const Work& work, int status) {
  const auto go = [&](const ScratchFolder& scratch) {
    return RunCli(NextArguments(work, scratch.path()), {scratch.path(), {}, {}});
  };
  const ScratchFolder whole;
  MakeReady(work, whole.path());
  EXPECT_EQ(go(whole).status, 0);
  const auto expected = ContentOf(whole / "work");

  int write = 0;
  for (bool full = true; full && !testing::Test::HasFailure(); ++write) {
    SCOPED_TRACE(write);
    const ScratchFolder scratch;
    MakeReady(work, scratch.path());
    CliResult result;
    {
      const FullDiskFrom disk(write);
      result = go(scratch);
    }
    full = result.status != 0;
    if (full) {
      EXPECT_TRUE(result.status == status || result.status == 2) << result.status;
      EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
      if (result.status == 2) {
        EXPECT_TRUE(Contains(result.err, ": No space left on device")) << result.err;
      }
      if (result.status == 1) {
        EXPECT_TRUE(Contains(result.out, ": No space left on device")) << result.out;
      }
      EXPECT_EQ(TemporariesIn(ContentOf(scratch / "work")), std::vector<std::string>{});
      const CliResult rest = go(scratch);
      EXPECT_EQ(rest.status, 0) << rest.err;
    }
    EXPECT_TRUE(ContentOf(scratch / "work") == expected);
  }
  return write - 1;
}

// gnuplot cannot be found: pictures take most of the time, and their writes are chart_test.cc's.
class FullDisk : public ::testing::Test {
 protected:
  FullDisk() : path_(::getenv("PATH")) { ::setenv("PATH", "/nonexistent", 1); }
  ~FullDisk() override { ::setenv("PATH", path_.c_str(), 1); }
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a sanitizer wants to be preloaded first";
#endif
  }

 private:
  std::string path_;
};

const std::vector<std::string> kSmall = {"--data",   "spirals", "--layers", "2,2", "--train-limit",    "100",
                                         "--batch",  "50",      "--epochs", "2",   "--evaluate-every", "1",
                                         "--warmup", "1",       "--out"};

Work Small(std::vector<std::string> arguments, const char* mark) {
  arguments.insert(arguments.end(), kSmall.begin(), kSmall.end());
  return {arguments, mark};
}

TEST_F(FullDisk, AtAnyWriteOfATrainingIsOneLineAndTheRunGoesOnToTheSameBytes) {
  EXPECT_GT(FillAtEachWrite(Small({"train"}, "config.json"), 2), 10);
}

TEST_F(FullDisk, AtAnyWriteOfASweepFailsItsCellsAndTheSweepGoesOnToTheSameBytes) {
  EXPECT_GT(FillAtEachWrite(Small({"sweep", "--over", "seed=1,2", "--jobs", "1"}, "sweep.json"), 1), 20);
}

TEST_F(FullDisk, AtAnyWriteOfADepthGridIsOneLineAndTheGridGoesOnToTheSameBytes) {
  const Work work = {{"depth", "--data", "spirals", "--width", "4", "--epochs", "1", "--batch", "50", "--train-limit",
                      "100", "--depths", "2", "--columns", "tanh,underflow", "--threads", "1", "--out"},
                     "config.json"};
  EXPECT_GT(FillAtEachWrite(work, 2), 10);
}

TEST_F(FullDisk, AtAnyWriteOfAReportLeavesNoPageOrTheWholePage) {
  const ScratchFolder scratch;
  const Work training = Small({"train"}, "config.json");
  ASSERT_EQ(RunCli(NextArguments(training, scratch.path()), {scratch.path(), {}, {}}).status, 0);
  EXPECT_GT(FillAtEachWrite(ReportWork(scratch / "work"), 2), 0);
}

}  // namespace
}  // namespace fplab
