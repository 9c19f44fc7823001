// Random numbers, beside the standard library's.
#include "bench/suite.h"

int main(int argc, char** argv) {
  return fplab::bench::RunMain(argc, argv, [] { fplab::bench::RegisterRandom(); });
}
