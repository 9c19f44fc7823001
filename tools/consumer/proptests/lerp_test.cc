// lerp_test.cc: does an interpolation arrive?
// SPDX-License-Identifier: Apache-2.0
#include <fplab/proptests.h>
#include <fplab/proptests/runners/gtest.h>
using namespace fplab::proptests;

float Lerp(float a, float b, float t) { return a + t * (b - a); }
float AtOne(float a, float b) { return Lerp(a, b, 1); }

TEST(Lerp, EndsAtB) {
  CheckGTest([] {
    const auto at = *Operands<float>("a", "b").When("abs(a) <= max/2 and abs(b) <= max/2");
    InEveryMode(at, AtOne, AgreesWith("a + 1*(b-a)").And("result == b"));
  });
}
