// The matrix product beside its peers and the ceiling. All shapes take minutes; choose with --benchmark_filter.
// SPDX-License-Identifier: Apache-2.0
#include "bench/suites/suite.h"

int main(int argc, char** argv) {
  return fplab::bench::RunMain(argc, argv, [] {
    fplab::bench::RegisterCeiling();
    fplab::bench::RegisterMatmul(fplab::bench::MatmulShapes(false));
  });
}
