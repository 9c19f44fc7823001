// The cost of subnormal operands and results.
#include "bench/suite.h"

int main(int argc, char** argv) {
  return fplab::bench::RunMain(argc, argv, [] { fplab::bench::RegisterSubnormals(); });
}
