// Bfloat16 and Binary16: 16-bit floating-point numbers as they lie in memory, and the exact step to binary32.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_FORMATS_NARROW_FLOAT_H_
#define FPLAB_KERNELS_FORMATS_NARROW_FLOAT_H_

#include <cstdint>

#include <fplab/fparith/float/bits.h>

namespace fplab::kernels {

// The bit pattern of a number: bfloat16 is the upper half of a binary32 number, binary16 IEEE 754's.
struct Bfloat16 {
  uint16_t bits = 0;
};
struct Binary16 {
  uint16_t bits = 0;
};

// The same number in binary32, whatever the control word holds: every value of either format is one of binary32.
// Subnormal numbers of bfloat16 are subnormal there too, those of binary16 are normal. A signaling NaN may become quiet
// in the vector code; here it does not.
constexpr float Widen(Bfloat16 x) { return FloatFromBits(static_cast<uint32_t>(x.bits) << 16); }
constexpr float Widen(Binary16 x) {
  constexpr int kFractionBits = 10, kShift = 23 - kFractionBits;
  const uint32_t sign = (x.bits & 0x8000u) << 16, magnitude = x.bits & 0x7fffu;
  if (magnitude >= 0x7c00) return FloatFromBits(sign | 0x7f800000 | (magnitude & 0x3ff) << kShift);
  if (magnitude >= 0x0400) return FloatFromBits(sign | ((magnitude << kShift) + ((127u - 15u) << 23)));
  if (magnitude == 0) return FloatFromBits(sign);
  // A subnormal number, fraction times 2^-24: the leading one goes where binary32 leaves it out.
  const int leading = std::bit_width(magnitude) - 1;
  const auto exponent = static_cast<uint32_t>(127 - 24 + leading);
  return FloatFromBits(sign | exponent << 23 | (magnitude << (23 - leading) & 0x7fffff));
}

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_FORMATS_NARROW_FLOAT_H_
