// The interpolation of lerp_test.cc, mended.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/proptests.h>
#include <fplab/proptests/runners/gtest.h>
using namespace fplab::proptests;

float Lerp(float a, float b, float t) {
  if (t == 0) return a;
  if (t == 1) return b;
  return (1 - t) * a + t * b;
}
float AtOne(float a, float b) { return Lerp(a, b, 1); }

TEST(Lerp, EndsAtB) {
  CheckGTest([] { InEveryMode(*Operands<float>("a", "b").AllValues(), AtOne, AgreesWith("b")); });
}

TEST(Lerp, IsItsFormula) {
  CheckGTest([] {
    const auto at = *Operands<float>("a", "b", "t").AllValues();
    InEveryMode(at, Lerp, AgreesWith("eq_mode(t,0) ? a : eq_mode(t,1) ? b : (1-t)*a + t*b"));
  });
}
