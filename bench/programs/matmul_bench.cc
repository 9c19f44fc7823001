// The matrix product beside its peers and the ceiling. All shapes take minutes; choose with --benchmark_filter.
#include "bench/suite.h"

int main(int argc, char** argv) {
  return fplab::bench::RunMain(argc, argv, [] {
    fplab::bench::RegisterCeiling();
    fplab::bench::RegisterMatmul(fplab::bench::MatmulShapes(false));
  });
}
