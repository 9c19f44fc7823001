// A user's property with GoogleTest. It fails, under FTZ alone.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fplab/proptests.h>
#include <fplab/proptests/runners/gtest.h>

#include "gap.h"

TEST(Gap, IsZeroBetweenEqualNumbersOnly) {
  using namespace fplab::proptests;
  CheckGTest([] {
    const auto at = *Operands<float>("a", "b").When("normal(a) and normal(b)");
    InEveryMode(at, Gap, AgreesWith("a - b").And("result == 0 => a == b"));
  });
}
