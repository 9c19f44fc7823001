// Work that is killed at a handful of random moments and gone on with ends in the bytes of uninterrupted work; the
// exhaustive test of that name does it two hundred times.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "proptests/support/interrupted_work.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

// Training is killed in cli_train_test.cc.
TEST(Killed, ASweepGoesOnToTheSameBytes) { EXPECT_GT(KillAndGoOn(SweepWork(), 6, 1), 0); }
TEST(Killed, ADepthGridGoesOnToTheSameBytes) { EXPECT_GT(KillAndGoOn(DepthWork(), 6, 2), 0); }
TEST(Killed, AReportIsMadeToTheSameBytes) {
  const ScratchFolder scratch;
  ASSERT_EQ(RunCli(NextArguments(TrainingWork(), scratch.path()), {scratch.path(), {}, {}}).status, 0);
  EXPECT_GT(KillAndGoOn(ReportWork(scratch / "work"), 4, 3), 0);
}

}  // namespace
}  // namespace fplab
