// binary32 fused multiply-add from binary64 operations, for instruction sets without one.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_CORE_SCALAR_FMA_H_
#define FPLAB_KERNELS_CORE_SCALAR_FMA_H_

#include <fplab/fparith/float/bits.h>

namespace fplab::kernels {

// a*b + c rounded once, by the rules of the current control word: operands are flushed by the conversions to binary64
// (DAZ), the result by the conversion back (FTZ).
//
// The product of two binary32 values is exact in binary64; the sum is rounded to odd, which keeps 53 >= 24 + 2 bits and
// so makes the last rounding a single one in every direction (Boldo and Melquiond, "Emulation of FMA and correctly
// rounded sums: proved algorithms using rounding to odd", IEEE TC 57(4), 2008). Nothing in between can underflow: the
// least product is 2^-298.
inline float FmaByBinary64(float a, float b, float c) {
  const double product = static_cast<double>(a) * static_cast<double>(b);
  const double addend = c;
  const double sum = product + addend;
  // Fast2Sum (Dekker) has the sign of the sum's error, and zero only if there is none, in every direction of rounding
  // (Boldo, Graillat and Muller, "On the robustness of the 2Sum and Fast2Sum algorithms", TOMS 44(1), 2017). 2Sum has
  // not: rounding upward it misses that 2^-126 - 2^-251 is inexact, and AArch64 flushes what is tiny before rounding.
  const bool ordered = __builtin_fabs(product) >= __builtin_fabs(addend);
  const double error = ordered ? addend - (sum - product) : product - (sum - addend);
  uint64_t bits = ToBits(sum);
  if (IsFinite(sum) && !IsZero(error) && (bits & 1) == 0) {
    // The exact value lies on the error's side of an even sum; the neighbour there is odd.
    bits += SignBit(sum) == SignBit(error) ? 1 : -1;
  }
  return static_cast<float>(DoubleFromBits(bits));
}

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_CORE_SCALAR_FMA_H_
