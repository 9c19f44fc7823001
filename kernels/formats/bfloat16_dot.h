// The product by AVX512_BF16's own instruction, VDPBF16PS: faster than the chain where there is one, and not the chain.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_FORMATS_BFLOAT16_DOT_H_
#define FPLAB_KERNELS_FORMATS_BFLOAT16_DOT_H_

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/formats/gemm.h>

namespace fplab::kernels {

// Whether this processor and this program have the instruction.
FPLAB_EXPORT bool HasBfloat16Dot();

// One instruction's sum, by the exact model: sum + a0 b0 + a1 b1 as VDPBF16PS computes it (Intel SDM volume 2).
//   order      the odd elements first: t = fma(a1, b1, sum), then fma(a0, b0, t)
//   rounding   each fma once, to nearest even, whatever the control word says
//   flushing   subnormal operands, sum and results count as zeros of their sign, whatever the control word says
// No flag is raised and none is read. Where Gemm's chain takes k in ascending order in the mode that the caller names,
// this takes k + 1 before k in one mode of its own: the bits differ wherever two roundings in the other order do, and
// wherever something is subnormal.
FPLAB_EXPORT float Bfloat16DotModel(float sum, Bfloat16 a0, Bfloat16 a1, Bfloat16 b0, Bfloat16 b1);

// c(i, j) = acc after steps k = 0, 2, 4 ... of acc = Bfloat16DotModel(acc, a(i, k), a(i, k + 1), b(k, j), b(k + 1, j)),
// acc from +0, the element past an odd K being +0. No mode is named: none matters. a, b and c as in Gemm, but that c
// may overlap a or b: both are copied. One thread. Throws Error where HasBfloat16Dot() is false.
FPLAB_EXPORT void Bfloat16DotGemm(const GemmFactor<Bfloat16>& a, const GemmFactor<Bfloat16>& b,
                                  const BasicMatrixView<float>& c);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_FORMATS_BFLOAT16_DOT_H_
