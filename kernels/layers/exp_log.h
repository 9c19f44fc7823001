// exp and log of arrays: the same bits on every ISA, within 1 ulp of correctly rounded. Always in IEEE mode.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_LAYERS_EXP_LOG_H_
#define FPLAB_KERNELS_LAYERS_EXP_LOG_H_

#include <cstddef>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>

namespace fplab::kernels {

// out[i] = exp(in[i]): subnormal results are rounded gradually, too large ones are infinity. out may be in.
FPLAB_EXPORT void Exp(const float* in, float* out, size_t count, Isa isa);

// out[i] = log(in[i]): -infinity for +-0, NaN below 0; subnormal operands count with their value. out may be in.
FPLAB_EXPORT void Log(const float* in, float* out, size_t count, Isa isa);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_LAYERS_EXP_LOG_H_
