// exp and log of arrays: the same bits on every ISA, within 1 ulp of correctly rounded. Always in IEEE mode.
#ifndef FPLAB_KERNELS_TRANSCENDENTAL_H_
#define FPLAB_KERNELS_TRANSCENDENTAL_H_

#include <cstddef>

#include "kernels/isa.h"

namespace fplab {

// out[i] = exp(in[i]): subnormal results are rounded gradually, too large ones are infinity. out may be in.
void Exp(const float* in, float* out, size_t count, Isa isa);

// out[i] = log(in[i]): -infinity for +-0, NaN below 0; subnormal operands count with their value. out may be in.
void Log(const float* in, float* out, size_t count, Isa isa);

}  // namespace fplab

#endif  // FPLAB_KERNELS_TRANSCENDENTAL_H_
