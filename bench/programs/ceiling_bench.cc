// The ceiling of fused multiply-adds, by instruction set and threads.
#include "bench/suite.h"

int main(int argc, char** argv) {
  return fplab::bench::RunMain(argc, argv, [] { fplab::bench::RegisterCeiling(); });
}
