// The ceiling of a matmul: fused multiply-adds on registers only, as many chains as hide the latency.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_BENCH_SUITES_CEILING_H_
#define FPLAB_BENCH_SUITES_CEILING_H_

#include <cstdint>

#include <fplab/kernels/core/isa.h>

namespace fplab::bench {

// Whether the loop exists for this instruction set (not for the fallback, which has no such instruction).
bool HasCeiling(kernels::Isa isa);

// Runs `rounds` rounds of the loop and returns the number of binary32 operations done (a multiply-add is two). The
// accumulators start from different values: equal ones would be merged by the compiler. Their sum goes to *sink.
double RunCeiling(kernels::Isa isa, int64_t rounds, float* sink);

}  // namespace fplab::bench

#endif  // FPLAB_BENCH_SUITES_CEILING_H_
