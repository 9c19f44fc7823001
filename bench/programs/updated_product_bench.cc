// The outputs after changed inputs, fused and kernel by kernel, beside the ceiling.
// SPDX-License-Identifier: Apache-2.0
#include "bench/suites/suite.h"

int main(int argc, char** argv) {
  return fplab::bench::RunMain(argc, argv, [] {
    fplab::bench::RegisterCeiling();
    fplab::bench::RegisterUpdatedProduct();
  });
}
