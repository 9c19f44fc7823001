// Two hundred kills at random moments over training, sweeps, depth grids and reports.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "proptests/support/interrupted_work.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

TEST(KilledOften, TrainingGoesOnToTheSameBytes) { EXPECT_EQ(KillAndGoOn(TrainingWork(), 80, 11), 80); }
TEST(KilledOften, ASweepGoesOnToTheSameBytes) { EXPECT_EQ(KillAndGoOn(SweepWork(), 60, 12), 60); }
TEST(KilledOften, ADepthGridGoesOnToTheSameBytes) { EXPECT_EQ(KillAndGoOn(DepthWork(), 30, 13), 30); }
TEST(KilledOften, AReportIsMadeToTheSameBytes) {
  const ScratchFolder scratch;
  ASSERT_EQ(RunCli(NextArguments(TrainingWork(), scratch.path()), {scratch.path(), {}, {}}).status, 0);
  EXPECT_EQ(KillAndGoOn(ReportWork(scratch / "work"), 30, 14), 30);
}

}  // namespace
}  // namespace fplab
