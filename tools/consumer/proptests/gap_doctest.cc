// A user's property with doctest. It fails, under FTZ alone.
// SPDX-License-Identifier: Apache-2.0
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <fplab/proptests.h>
#include <fplab/proptests/runners/doctest.h>

#include "gap.h"

TEST_CASE("the gap is zero between equal numbers only") {
  using namespace fplab::proptests;
  CheckDoctest([] {
    const auto at = *Operands<float>("a", "b").When("normal(a) and normal(b)");
    InEveryMode(at, Gap, AgreesWith("a - b").And("result == 0 => a == b"));
  });
}
