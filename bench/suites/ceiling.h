// The ceilings of matrix products: multiply-adds on registers only, as many chains as hide the latency.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_BENCH_SUITES_CEILING_H_
#define FPLAB_BENCH_SUITES_CEILING_H_

#include <cstdint>

#include <fplab/kernels/core/isa.h>

namespace fplab::bench {

// What is added up: multiply-adds of binary32 or binary64, or of int8 widened to int16, whose products are added in
// pairs and then to an int32 (x86's vpmaddwd and vpaddd).
enum class Arithmetic { kBinary32, kBinary64, kInt8 };

// Whether the loop exists for this instruction set (not for the fallback, which has no such instruction; of kInt8, for
// those of x86).
bool HasCeiling(kernels::Isa isa, Arithmetic arithmetic = Arithmetic::kBinary32);

// Runs `rounds` rounds of the loop and returns the number of operations done (a multiply-add is two). The accumulators
// start from different values: equal ones would be merged by the compiler. Their sum goes to *sink.
double RunCeiling(kernels::Isa isa, int64_t rounds, float* sink, Arithmetic arithmetic = Arithmetic::kBinary32);

}  // namespace fplab::bench

#endif  // FPLAB_BENCH_SUITES_CEILING_H_
