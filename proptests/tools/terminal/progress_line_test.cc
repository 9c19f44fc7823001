// Progress where nobody looks at a terminal: lines of their own, now and then.
// SPDX-License-Identifier: Apache-2.0
#include "tools/terminal/progress_line.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace fplab::tools {
namespace {

using std::chrono::milliseconds;

std::string Text() { return "epoch 1/2"; }

TEST(ProgressLine, OfAPipeIsALineEachTimeTheIntervalHasPassed) {
  testing::internal::CaptureStderr();
  ProgressLine line(true, milliseconds(20));
  line.Show(Text);  // too early
  for (int i = 0; i < 2; ++i) {
    std::this_thread::sleep_for(milliseconds(25));
    line.Show(Text);
  }
  line.Clear();
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "epoch 1/2\nepoch 1/2\n");
}

TEST(ProgressLine, OfAPipeIsNothingUnlessWantedAndGivenAnInterval) {
  testing::internal::CaptureStderr();
  ProgressLine unwanted(false, milliseconds(1)), without(true);
  std::this_thread::sleep_for(milliseconds(5));
  unwanted.Show(Text);
  without.Show(Text);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace fplab::tools
