// Inside the model: unpacking operands, and the one place where results are rounded, flushed and packed. Not for
// callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_MODEL_ROUND_PACK_H_
#define FPLAB_FPARITH_MODEL_ROUND_PACK_H_

#include <array>
#include <bit>
#include <cstdint>

#include <fplab/fparith/float/format.h>
#include <fplab/fparith/model/model.h>

// Everything is forced inline, so that a Format known at compile time (ForFormat) folds into constants.
#define FPLAB_INLINE [[gnu::always_inline]] inline
#define FPLAB_LAMBDA_INLINE __attribute__((always_inline))

namespace fplab::model {

__extension__ typedef unsigned __int128 Wide;

enum class Kind : uint8_t { kZero, kFinite, kInfinity, kNan };

// A finite nonzero value is (-1)^sign * significand / 2^63 * 2^exponent with bit 63 of the significand set.
struct Operand {
  Kind kind;
  bool sign;
  bool signaling;  // a signaling NaN
  bool denormal;   // an unflushed subnormal: raises kDenormal, unless something more important happens
  int exponent;
  uint64_t significand;
};

FPLAB_INLINE Operand Unpack(const Format& format, const Environment& environment, uint64_t bits) {
  Operand x{Kind::kFinite, format.SignBit(bits), false, false, 0, 0};
  const int field = format.ExponentField(bits);
  const uint64_t fraction = format.Fraction(bits);
  if (field != 0 && field != format.MaxExponentField()) [[likely]] {
    x.exponent = field - format.Bias();
    x.significand = (fraction | format.MinNormal()) << (64 - format.precision);
    return x;
  }
  if (field != 0) {
    if (format.IsInfinite(bits)) {
      x.kind = Kind::kInfinity;
    } else if (format.IsNan(bits)) {
      x.kind = Kind::kNan;
      x.signaling = format.IsSignalingNan(bits);
    } else {
      x.exponent = field - format.Bias();
      x.significand = (fraction | format.MinNormal()) << (64 - format.precision);
    }
    return x;
  }
  if (fraction == 0) {
    x.kind = format.IsNan(bits) ? Kind::kNan : Kind::kZero;
    return x;
  }
  if (environment.mode.flush_inputs) {
    x.kind = Kind::kZero;
    x.sign = x.sign && !environment.positive_zero && format.HasNegativeZero();
    return x;
  }
  x.denormal = environment.flush != FlushSemantics::kBeforeRounding;
  const int shift = std::countl_zero(fraction);
  x.significand = fraction << shift;
  x.exponent = format.MinExponent() + (64 - format.precision) - shift;
  return x;
}

// Semantics B: kDenormal says that an operand was flushed, whatever else happened.
template <typename... Operands>
FPLAB_INLINE Outcome WithFlushedFlag(const Format& format, const Environment& environment, Outcome outcome,
                                     Operands... operands) {
  if (environment.flush != FlushSemantics::kBeforeRounding || !environment.mode.flush_inputs) return outcome;
  const bool flushed = (format.IsSubnormal(operands) || ...);
  return {outcome.bits, static_cast<Flags>(outcome.flags | (flushed ? kDenormal : 0))};
}

FPLAB_INLINE Flags DenormalFlag(bool denormal) { return denormal ? kDenormal : Flags{0}; }

FPLAB_INLINE uint64_t SignedZero(const Format& format, bool sign) { return format.WithSign(sign, 0); }

// Sign of an exact zero sum of values of opposite signs (IEEE 754-2019 section 6.3).
FPLAB_INLINE bool ZeroSumSign(const Environment& environment) { return environment.mode.rounding == Rounding::kDown; }

// Whether kept + tail/2^k goes to the next magnitude; half is 2^(k-1).
FPLAB_INLINE bool RoundsUp(Rounding rounding, bool sign, bool odd, uint64_t tail, uint64_t half) {
  switch (rounding) {
    case Rounding::kNearestEven:
      return tail > half || (tail == half && odd);
    case Rounding::kNearestAway:
      return tail >= half;
    case Rounding::kTowardZero:
      return false;
    case Rounding::kUp:
      return !sign && tail != 0;
    case Rounding::kDown:
      return sign && tail != 0;
    case Rounding::kToOdd:
      return !odd && tail != 0;
  }
  return false;
}

// x >> shift with every lost bit or-ed into the last one; shift is 0 or more.
FPLAB_INLINE uint64_t ShiftRightSticky(uint64_t x, int shift) {
  if (shift == 0) return x;
  if (shift >= 64) return x != 0;
  return x >> shift | static_cast<uint64_t>((x << (64 - shift)) != 0);
}
FPLAB_INLINE Wide ShiftRightSticky(Wide x, int shift) {
  if (shift == 0) return x;
  if (shift >= 128) return x != 0;
  return x >> shift | static_cast<Wide>((x << (128 - shift)) != 0);
}
// The upper half, the lower one or-ed into its last bit.
FPLAB_INLINE uint64_t UpperSticky(Wide x) {
  return static_cast<uint64_t>(x >> 64) | static_cast<uint64_t>(static_cast<uint64_t>(x) != 0);
}

// Whether what is beyond max finite becomes an infinity (IEEE 754-2019 section 7.4).
FPLAB_INLINE bool OverflowsAway(Rounding rounding, bool sign) {
  return rounding == Rounding::kNearestEven || rounding == Rounding::kNearestAway ||
         rounding == (sign ? Rounding::kDown : Rounding::kUp);
}

FPLAB_INLINE Outcome Overflow(const Format& format, const Environment& environment, bool sign) {
  const bool away = OverflowsAway(environment.mode.rounding, sign);
  const uint64_t bits = away ? format.InfiniteResult(sign) : format.WithSign(sign, format.MaxFinite());
  return {bits, kOverflow | kInexact};
}

FPLAB_INLINE uint64_t FlushedZero(const Format& format, const Environment& environment, bool sign) {
  return SignedZero(format, sign && !environment.positive_zero);
}

// Semantics D for a magnitude below min normal.
FPLAB_INLINE Outcome RoundWithoutSubnormals(const Format& format, const Environment& environment, bool sign,
                                            int exponent, bool tiny) {
  const Rounding rounding = environment.mode.rounding;
  const bool nearest = rounding == Rounding::kNearestEven || rounding == Rounding::kNearestAway;
  // Of the two multiples of min normal, zero and itself, min normal is the odd one.
  const bool away = nearest ? exponent == format.MinExponent() - 1
                            : rounding == (sign ? Rounding::kDown : Rounding::kUp) || rounding == Rounding::kToOdd;
  return {away ? format.WithSign(sign, format.MinNormal()) : FlushedZero(format, environment, sign),
          static_cast<Flags>(kInexact | (tiny ? kUnderflow : 0))};
}

// RoundPack below min normal.
[[gnu::noinline]] inline Outcome RoundPackTiny(const Format& format, const Environment& environment, bool sign,
                                               int exponent, uint64_t significand) {
  const Rounding rounding = environment.mode.rounding;
  const int discarded = 64 - format.precision;
  const uint64_t mask = (uint64_t{1} << discarded) - 1, half = uint64_t{1} << (discarded - 1);
  const int shift = format.MinExponent() - exponent;
  // Rounded to the precision with unbounded exponent, only an all-ones significand just below reaches min normal.
  const uint64_t unbounded = significand >> discarded;
  const bool reaches = shift == 1 && unbounded + 1 == uint64_t{1} << format.precision &&
                       RoundsUp(rounding, sign, true, significand & mask, half);
  const bool tiny = environment.tininess == Tininess::kBeforeRounding || !reaches;
  const bool flush = environment.mode.flush_outputs;
  if (flush && environment.flush == FlushSemantics::kAfterRounding && !reaches) {
    return {FlushedZero(format, environment, sign), kUnderflow | kInexact};
  }
  if (flush && environment.flush == FlushSemantics::kBeforeRounding) {
    return {FlushedZero(format, environment, sign), kUnderflow};
  }
  if (flush && environment.flush == FlushSemantics::kNoSubnormals) {
    return RoundWithoutSubnormals(format, environment, sign, exponent, tiny);
  }
  const uint64_t aligned = ShiftRightSticky(significand, shift);
  const uint64_t tail = aligned & mask;
  uint64_t kept = aligned >> discarded;
  kept += RoundsUp(rounding, sign, (kept & 1) != 0, tail, half);
  if (flush && environment.flush == FlushSemantics::kIeeeThenZero && format.IsSubnormal(kept)) {
    return {FlushedZero(format, environment, sign), kUnderflow | kInexact};
  }
  const Flags flags = tail == 0 ? Flags{0} : static_cast<Flags>(kInexact | (tiny ? kUnderflow : 0));
  return {format.WithSign(sign, kept), flags};
}

// (-1)^sign * significand / 2^63 * 2^exponent, rounded, flushed and packed. Bit 63 of the significand is set; its last
// bit may stand for any lower ones ("sticky"): the precision is at most 53, so that it is never kept.
FPLAB_INLINE Outcome RoundPack(const Format& format, const Environment& environment, bool sign, int exponent,
                               uint64_t significand) {
  if (exponent < format.MinExponent()) [[unlikely]] {
    return RoundPackTiny(format, environment, sign, exponent, significand);
  }
  const int discarded = 64 - format.precision;
  const uint64_t tail = significand & ((uint64_t{1} << discarded) - 1);
  uint64_t kept = significand >> discarded;
  kept += RoundsUp(environment.mode.rounding, sign, (kept & 1) != 0, tail, uint64_t{1} << (discarded - 1));
  // The implicit bit of `kept` adds 1 to the exponent field, and so does a carry out of the rounding.
  const uint64_t bits = (static_cast<uint64_t>(exponent - format.MinExponent()) << format.FractionBits()) + kept;
  if (bits > format.MaxFinite()) [[unlikely]]
    return Overflow(format, environment, sign);
  return {format.WithSign(sign, bits), tail != 0 ? kInexact : Flags{0}};
}

FPLAB_INLINE Outcome RoundPack(const Format& format, const Environment& environment, const Operand& x) {
  return RoundPack(format, environment, x.sign, x.exponent, x.significand);
}

FPLAB_INLINE Outcome WithFlags(Outcome outcome, Flags flags) {
  return {outcome.bits, static_cast<Flags>(outcome.flags | flags)};
}

FPLAB_INLINE Outcome NanResult(const Format& format, bool invalid) {
  return {format.CanonicalNan(), invalid || !format.HasNan() ? kInvalid : Flags{0}};
}

// The outcome with the NaN of the environment's rule, if it is one, of operands in the operation's order.
template <typename... Operands>
FPLAB_INLINE Outcome WithNan(const Format& format, const Environment& environment, Outcome outcome,
                             Operands... operands) {
  if (environment.nans == NanRule::kCanonical) [[likely]]
    return outcome;
  if (!format.IsNan(outcome.bits)) return outcome;
  return {NanOf(environment.nans, format, std::array{operands...}), outcome.flags};
}

// Calls body with a Format: for the common ones a constant, so that the body is compiled once for each.
template <typename Body>
FPLAB_INLINE auto ForFormat(const Format& format, Body body) {
  if (format == kBinary32) return body(kBinary32);
  if (format == kBinary64) return body(kBinary64);
  if (format == kBinary16) return body(kBinary16);
  return body(format);
}

}  // namespace fplab::model

#endif  // FPLAB_FPARITH_MODEL_ROUND_PACK_H_
