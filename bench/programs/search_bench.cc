// Searches for counterexamples, by vectors.
// SPDX-License-Identifier: Apache-2.0
#include "bench/suites/suite.h"

int main(int argc, char** argv) {
  return fplab::bench::RunMain(argc, argv, [] { fplab::bench::RegisterSearch(); });
}
