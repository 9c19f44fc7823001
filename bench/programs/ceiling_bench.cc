// The ceiling of fused multiply-adds, by instruction set and threads.
// SPDX-License-Identifier: Apache-2.0
#include "bench/suites/suite.h"

int main(int argc, char** argv) {
  return fplab::bench::RunMain(argc, argv, [] { fplab::bench::RegisterCeiling(); });
}
