// The three runners in one source file, where the names of two frameworks are kept apart: they compile, beside matchers
// in each framework's own assertions.
// SPDX-License-Identifier: Apache-2.0
#define CATCH_CONFIG_PREFIX_ALL
#define DOCTEST_CONFIG_NO_SHORT_MACRO_NAMES
#define DOCTEST_CONFIG_IMPLEMENT
#define CATCH_CONFIG_RUNNER
#include <doctest/doctest.h>
#include <gmock/gmock.h>
#include <catch2/catch.hpp>

#include <fplab/proptests.h>
#include <fplab/proptests/runners/catch2.h>
#include <fplab/proptests/runners/doctest.h>
#include <fplab/proptests/runners/gtest.h>

using namespace fplab::proptests;

namespace {

// Floats add in either order to the same bits, in every mode.
void SumsCommute() {
  const auto at = *Operands<float>("a", "b");
  InEveryMode(
      at, [](float a, float b) { return a + b; }, AgreesWith("b + a"));
}

}  // namespace

TEST(Runners, GoogleTestRunsAProperty) {
  CheckGTest(SumsCommute);
  EXPECT_THAT(1.0f, BitEqual(1.0f));
  EXPECT_THAT(1.0, ::testing::Not(WithinUlps(1.5, 2)));
}
CATCH_TEST_CASE("Catch2 runs a property") {
  CheckCatch2(SumsCommute);
  CATCH_CHECK_THAT(1.0f, WithinUlps(0x1.000002p0f, 1));
  CATCH_CHECK(BitEqual(1.0f, 1.0f));
}
DOCTEST_TEST_CASE("doctest runs a property") {
  CheckDoctest(SumsCommute);
  DOCTEST_CHECK(WithinUlps(1.0f, 0x1.000002p0f, 1));
  DOCTEST_CHECK_FALSE(BitEqual(0.0f, -0.0f));
}

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  const int failed = RUN_ALL_TESTS() + Catch::Session().run(1, argv) + doctest::Context(1, argv).run();
  return failed == 0 ? 0 : 1;
}
