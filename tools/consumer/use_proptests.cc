// Ten lines with proptests: a difference that is zero under FTZ though its operands differ, found without a test
// framework.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/proptests.h>

#include <cstdio>

int main() {
  using namespace fplab::proptests;
  const auto failure = FailureOf("gap", [] {
    const auto at = *Operands<float>("a", "b").When("normal(a) and normal(b)");
    InEveryMode(
        at, [](float a, float b) { return a - b; }, Satisfies("result == 0 => a == b"));
  });
  std::puts(failure ? failure->c_str() : "holds");
  const bool flushes = fplab::HardwareSupports(fplab::kFtzDaz);
  return failure.has_value() == flushes ? 0 : 1;
}
