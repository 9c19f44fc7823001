// A user's property with Catch2, version 2. It fails, under FTZ alone.
// SPDX-License-Identifier: Apache-2.0
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include <fplab/proptests.h>
#include <fplab/proptests/runners/catch2.h>

#include "gap.h"

TEST_CASE("the gap is zero between equal numbers only") {
  using namespace fplab::proptests;
  CheckCatch2([] {
    const auto at = *Operands<float>("a", "b").When("normal(a) and normal(b)");
    InEveryMode(at, Gap, AgreesWith("a - b").And("result == 0 => a == b"));
  });
}
