// Ten lines with fparith: operands for which (a + b) - b == a fails, on the exact model, in each flushing mode.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith.h>

#include <cstdio>

int main() {
  using namespace fplab;
  const identity::Refutation found = identity::Refute("(a + b) - b == a", kBinary32);
  for (const identity::ModeFinding& finding : found.findings) {
    if (!finding.failure) continue;
    std::printf("%s: a = %s\n", Name(finding.mode).c_str(), Decimal(kBinary32, finding.failure->operands[0]).c_str());
  }
  return found.Holds() ? 1 : 0;
}
