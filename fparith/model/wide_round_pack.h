// Inside the model of wide formats: unpacking operands, rounding and packing results. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_MODEL_WIDE_ROUND_PACK_H_
#define FPLAB_FPARITH_MODEL_WIDE_ROUND_PACK_H_

#include <fplab/fparith/float/wide_format.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/model/round_pack.h>
#include <fplab/fparith/model/wide.h>

namespace fplab::model {

// A finite nonzero value is (-1)^sign * significand / 2^127 * 2^exponent with bit 127 of the significand set.
struct WideOperand {
  Kind kind;
  bool sign;
  bool signaling = false;  // a signaling NaN
  int exponent = 0;
  WideBits significand = 0;
};

inline WideOperand Unpack(const WideFormat& format, WideBits bits) {
  WideOperand x{Kind::kFinite, format.SignBit(bits)};
  if (format.IsNan(bits)) {
    x.kind = Kind::kNan;
    x.signaling = format.IsSignalingNan(bits);
  } else if (format.IsInfinite(bits)) {
    x.kind = Kind::kInfinity;
  } else if (format.IsZero(bits)) {
    x.kind = Kind::kZero;
  } else {
    const WideBits significand = format.Significand(bits);
    const int width = BitWidth(significand);
    x.significand = significand << (128 - width);
    x.exponent = format.UnitExponent(bits) + width - 1;
  }
  return x;
}

// Whether kept + tail/2^k goes to the next magnitude; half is 2^(k-1).
inline bool WideRoundsUp(Rounding rounding, bool sign, bool odd, WideBits tail, WideBits half) {
  const uint64_t place = tail == 0 ? 0 : tail < half ? 1 : tail == half ? 2 : 3;
  return RoundsUp(rounding, sign, odd, place, 2);
}

// (-1)^sign * significand / 2^127 * 2^exponent, rounded and packed. Bit 127 of the significand is set; its last bit may
// stand for any lower ones ("sticky"): the precision is at most 113, so that it is never kept.
inline WideOutcome RoundPack(const WideFormat& format, const Environment& environment, bool sign, int exponent,
                             WideBits significand) {
  const Rounding rounding = environment.mode.rounding;
  const int discarded = 128 - format.precision;
  const WideBits mask = (WideBits{1} << discarded) - 1, half = WideBits{1} << (discarded - 1);
  const int shift = format.MinExponent() - exponent;  // positive below min normal
  const WideBits aligned = ShiftRightSticky(significand, shift > 0 ? shift : 0);
  const WideBits tail = aligned & mask;
  WideBits kept = aligned >> discarded;
  kept += WideRoundsUp(rounding, sign, (kept & 1) != 0, tail, half) ? 1 : 0;
  if (shift > 0) {
    // Rounded to the precision with unbounded exponent, only an all-ones significand just below reaches min normal.
    const bool reaches = shift == 1 && (significand >> discarded) + 1 == WideBits{1} << format.precision &&
                         WideRoundsUp(rounding, sign, true, significand & mask, half);
    const bool tiny = environment.tininess == Tininess::kBeforeRounding || !reaches;
    const Flags flags = tail == 0 ? Flags{0} : static_cast<Flags>(kInexact | (tiny ? kUnderflow : 0));
    return {format.WithSign(sign, kept), flags};
  }
  // The leading bit of `kept` adds 1 to the exponent field, and so does a carry out of the rounding.
  const WideBits bits = exponent > format.MaxExponent()
                            ? format.Infinity()
                            : (static_cast<WideBits>(-shift) << format.FractionBits()) + kept;
  if (bits > format.MaxFinite()) {
    const bool away = OverflowsAway(rounding, sign);
    return {format.WithSign(sign, away ? format.Infinity() : format.MaxFinite()), kOverflow | kInexact};
  }
  return {format.WithSign(sign, bits), tail != 0 ? kInexact : Flags{0}};
}

}  // namespace fplab::model

#endif  // FPLAB_FPARITH_MODEL_WIDE_ROUND_PACK_H_
