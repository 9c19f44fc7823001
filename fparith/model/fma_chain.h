// The chain: the scalar definition, on the exact model, of what the kernels compute in binary32. Each function returns
// the bits of this machine's arithmetic under `mode` (HardwareEnvironment), whatever the control word holds, also for
// modes that the machine does not have. Safe to call in any mode.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_MODEL_FMA_CHAIN_H_
#define FPLAB_FPARITH_MODEL_FMA_CHAIN_H_

#include <cstddef>
#include <span>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/mode/mode.h>

namespace fplab::model {

// One rounding each. A NaN result is the canonical one; compare with SameBits.
FPLAB_EXPORT float AddFloat(float a, float b, Mode mode);
FPLAB_EXPORT float SubFloat(float a, float b, Mode mode);
FPLAB_EXPORT float MulFloat(float a, float b, Mode mode);
FPLAB_EXPORT float DivFloat(float a, float b, Mode mode);
FPLAB_EXPORT float SqrtFloat(float a, Mode mode);
FPLAB_EXPORT float FmaFloat(float a, float b, float c, Mode mode);  // a*b + c

// acc = fma(a[k], b[k * b_stride], acc) for k = 0 .. a.size()-1 in order, from acc = +0, each step under `mode`.
// Precondition: b has (a.size()-1) * b_stride + 1 elements; a may be empty (the result is +0). b_stride 1 is a dot
// product of two rows; the leading dimension of a row-major matrix makes b a column of it.
FPLAB_EXPORT float ChainDot(std::span<const float> a, const float* b, ptrdiff_t b_stride, Mode mode);

}  // namespace fplab::model

#endif  // FPLAB_FPARITH_MODEL_FMA_CHAIN_H_
