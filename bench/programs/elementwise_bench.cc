// Element-wise layers, exp, log, loss and Adam, beside a copy.
#include "bench/suite.h"

int main(int argc, char** argv) {
  return fplab::bench::RunMain(argc, argv, [] { fplab::bench::RegisterElementwise(false); });
}
