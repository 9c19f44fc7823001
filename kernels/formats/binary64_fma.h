// Inside kernels: binary64 fused multiply-add by the exact model, for instruction sets without one.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_FORMATS_BINARY64_FMA_H_
#define FPLAB_KERNELS_FORMATS_BINARY64_FMA_H_

namespace fplab::kernels {

// a*b + c rounded once, in the mode of the current control word. Integer operations only: right where the processor has
// no wider format to compute it in, and some fifty times slower than an instruction.
double FmaBinary64(double a, double b, double c);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_FORMATS_BINARY64_FMA_H_
