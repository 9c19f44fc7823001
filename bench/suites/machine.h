// What a measurement is worth nothing without, beside the processor: its clock, the compiler, the load.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_BENCH_SUITES_MACHINE_H_
#define FPLAB_BENCH_SUITES_MACHINE_H_

#include <cstdint>
#include <string>

namespace fplab::bench {

std::string CompilerName();
// Average number of running processes over the last minute; this process counts. -1 if unknown.
double LoadAverage();

// The constant-rate counter of the processor (x86 TSC, AArch64 virtual counter), and its rate in ticks a nanosecond,
// measured once. Not core cycles: the clock of the core may be higher or lower.
uint64_t ReadTicks();
double TicksPerNanosecond();

// Multiplications of integers, each waiting for the one before, a nanosecond: as the clock of the core moves, or time
// is taken from this thread, so does this. The best of five measurements of half a millisecond.
double ChainRate();

}  // namespace fplab::bench

#endif  // FPLAB_BENCH_SUITES_MACHINE_H_
