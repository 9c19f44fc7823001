// Products in other formats and general products, beside their ceilings and peers.
// SPDX-License-Identifier: Apache-2.0
#include "bench/suites/suite.h"

int main(int argc, char** argv) {
  return fplab::bench::RunMain(argc, argv, [] { fplab::bench::RegisterFormats(/*quick=*/false); });
}
