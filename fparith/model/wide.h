// The exact model of wide formats: binary128, x87's, any up to 113 bits of precision. Their operations round in the
// direction of the environment and raise the flags of IEEE 754 with its tininess; they flush nothing, whatever the
// mode: x87's registers do not obey MXCSR (Intel SDM volume 1, 8.1.5 and 10.2.3), and no machine has flushing for
// binary128. The x87 has the result of its FADD, FSUB, FMUL, FDIV and FSQRT with precision control at 64 bits, of FLD
// and FST; it has no fma. Thread-safe, allocation-free, never fails: every bit pattern is a legal operand.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_MODEL_WIDE_H_
#define FPLAB_FPARITH_MODEL_WIDE_H_

#include <cstdint>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/float/wide_format.h>
#include <fplab/fparith/model/model.h>

namespace fplab::model {

// As Outcome. kDenormal is never raised.
struct WideOutcome {
  WideBits bits;
  Flags flags;

  friend constexpr bool operator==(const WideOutcome&, const WideOutcome&) = default;
};

// Correctly rounded, as those of model.h. A NaN result is format.CanonicalNan().
FPLAB_EXPORT WideOutcome Add(const WideFormat& format, const Environment& environment, WideBits a, WideBits b);
FPLAB_EXPORT WideOutcome Sub(const WideFormat& format, const Environment& environment, WideBits a, WideBits b);
FPLAB_EXPORT WideOutcome Mul(const WideFormat& format, const Environment& environment, WideBits a, WideBits b);
FPLAB_EXPORT WideOutcome Div(const WideFormat& format, const Environment& environment, WideBits a, WideBits b);
FPLAB_EXPORT WideOutcome Sqrt(const WideFormat& format, const Environment& environment, WideBits a);
FPLAB_EXPORT WideOutcome Fma(const WideFormat& format, const Environment& environment, WideBits a, WideBits b,
                             WideBits c);

// Conversions to the nearest value in the rounding direction. Where an infinity or a NaN has no place in `to`, and
// where `to` saturates, the result is that of Convert in model.h. Nothing is flushed on either side.
FPLAB_EXPORT WideOutcome Convert(const WideFormat& from, const WideFormat& to, const Environment& environment,
                                 WideBits a);
FPLAB_EXPORT WideOutcome Convert(const Format& from, const WideFormat& to, const Environment& environment, uint64_t a);
FPLAB_EXPORT Outcome Convert(const WideFormat& from, const Format& to, const Environment& environment, WideBits a);
FPLAB_EXPORT WideOutcome FromInteger(const WideFormat& format, const Environment& environment, IntegerType type,
                                     uint64_t value);

// Minima and maxima by the rules of the functions of these names in model.h.
FPLAB_EXPORT WideOutcome X86Min(const WideFormat& format, WideBits a, WideBits b);
FPLAB_EXPORT WideOutcome X86Max(const WideFormat& format, WideBits a, WideBits b);
FPLAB_EXPORT WideOutcome MinNum(const WideFormat& format, WideBits a, WideBits b);
FPLAB_EXPORT WideOutcome MaxNum(const WideFormat& format, WideBits a, WideBits b);
FPLAB_EXPORT WideOutcome Minimum(const WideFormat& format, WideBits a, WideBits b);
FPLAB_EXPORT WideOutcome Maximum(const WideFormat& format, WideBits a, WideBits b);
FPLAB_EXPORT WideOutcome MinimumNumber(const WideFormat& format, WideBits a, WideBits b);
FPLAB_EXPORT WideOutcome MaximumNumber(const WideFormat& format, WideBits a, WideBits b);

}  // namespace fplab::model

#endif  // FPLAB_FPARITH_MODEL_WIDE_H_
