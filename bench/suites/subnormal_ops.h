// Scalar operations over arrays, one instruction an element, for measuring what each costs.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_BENCH_SUITES_SUBNORMAL_OPS_H_
#define FPLAB_BENCH_SUITES_SUBNORMAL_OPS_H_

#include <cstddef>

namespace fplab::bench {

// out[i] = op(a[i], b[i], c[i]); unused operands are not read. Call through a pointer: the caller sets the mode.
using ScalarPass = void(const float* a, const float* b, const float* c, float* out, size_t count);

ScalarPass AddPass, MulPass, FmaPass, DivPass, SqrtPass;

// Whether FmaPass is an instruction of this machine; if not it must not be called.
bool HasScalarFma();

}  // namespace fplab::bench

#endif  // FPLAB_BENCH_SUITES_SUBNORMAL_OPS_H_
