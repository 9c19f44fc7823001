// Training steps by each estimator, and the bounds of the weight-space ones.
#include "bench/suite.h"

int main(int argc, char** argv) { return fplab::bench::RunMain(argc, argv, fplab::bench::RegisterTraining); }
