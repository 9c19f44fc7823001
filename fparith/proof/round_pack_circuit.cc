// The one circuit that rounds, flushes and packs finite results.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/round_pack_circuit.h>

#include <algorithm>

#include <fplab/fparith/float/check.h>

namespace fplab::proof {
namespace {

using model::FlushSemantics;
using model::Tininess;

// The significand in its place: kept bits, and of those below the first two and whether there are others.
struct Aligned {
  Word kept;  // `precision` bits; the top one is set unless the magnitude is below min normal
  Lit first, second, rest;
  Word field;  // of the kept bits less 1, if the top one is set
};

// The top precision + 2 bits, zeros appended where there are fewer, and whether there are others.
Shifted UpperBits(Aig& aig, const Word& significand, size_t width) {
  if (significand.size() < width) return {ShiftedLeft(significand, width - significand.size()), kFalse};
  const size_t lower = significand.size() - width;
  return {Slice(significand, lower, width), OrOf(aig, std::span(significand).first(lower))};
}

Aligned Align(Aig& aig, const Format& format, const UnroundedFloat& value) {
  const auto precision = static_cast<size_t>(format.precision);
  Word significand = value.significand, room = PositivePart(aig, value.room);
  const auto most = static_cast<size_t>(std::max<int64_t>(value.room.max, 0));
  const size_t left = std::min({value.max_leading_zeros, most, significand.size() - 1});
  if (left > 0) {
    const Normalised normalised = NormaliseLeft(aig, significand, room, left);
    significand = normalised.bits;
    room = normalised.room;
  }
  Shifted upper = UpperBits(aig, significand, precision + 2);
  if (value.room.min < 0) {
    const Shifted right = ShiftRightSticky(aig, upper.bits, NegativePart(aig, value.room));
    upper = {right.bits, aig.Or(upper.sticky, right.sticky)};
  }
  return {Slice(upper.bits, 2, precision), upper.bits[1], upper.bits[0], upper.sticky, room};
}

// The pattern of min normal or of a zero, for a magnitude below min normal in a format without subnormals.
Lit GoesToMinNormal(Aig& aig, Rounding rounding, Lit sign, const Aligned& x) {
  const bool nearest = rounding == Rounding::kNearestEven || rounding == Rounding::kNearestAway;
  if (nearest) return x.kept[x.kept.size() - 2];  // at least half of it
  return RoundsUp(aig, rounding, sign, kFalse, kTrue, kTrue);
}

Lit IsNotZero(Aig& aig, const Aligned& x) {
  return aig.Or(OrOf(aig, x.kept), aig.Or(x.first, aig.Or(x.second, x.rest)));
}

}  // namespace

Lit SignOver(Aig& aig, const Format& format, Lit sign, const Word& magnitude, Lit infinite) {
  if (!format.HasNegativeZero()) sign = aig.And(sign, OrOf(aig, magnitude));
  if (!format.InfinityIsNan()) return sign;
  return aig.Mux(infinite, Constant(format.SignBit(format.CanonicalNan())), sign);
}

Lit RoundsUp(Aig& aig, Rounding rounding, Lit sign, Lit odd, Lit half, Lit rest) {
  switch (rounding) {
    case Rounding::kNearestEven:
      return aig.And(half, aig.Or(rest, odd));
    case Rounding::kNearestAway:
      return half;
    case Rounding::kTowardZero:
      return kFalse;
    case Rounding::kUp:
      return aig.And(!sign, aig.Or(half, rest));
    case Rounding::kDown:
      return aig.And(sign, aig.Or(half, rest));
    case Rounding::kToOdd:
      return aig.And(!odd, aig.Or(half, rest));
  }
  return kFalse;
}

FloatResult RoundPack(Aig& aig, const Format& format, const CircuitMode& mode, CircuitFault fault,
                      const UnroundedFloat& value) {
  const auto fraction_bits = static_cast<size_t>(format.FractionBits());
  Aligned x = Align(aig, format, value);
  if (fault == CircuitFault::kDroppedSticky) x.rest = kFalse;
  const Lit leading = x.kept.back();
  const Lit rest = aig.Or(x.second, x.rest);
  const Lit inexact = aig.Or(x.first, rest);
  const Lit below = aig.And(!leading, IsNotZero(aig, x));  // 0 < magnitude < min normal

  // The leading bit adds 1 to the field, and so does a carry out of the fraction.
  const Lit up = RoundsUp(aig, mode.rounding, value.sign, x.kept[0], x.first, rest);
  const Sum fraction = Increment(aig, Slice(x.kept, 0, fraction_bits), up);
  const size_t field_bits = std::max(x.field.size(), static_cast<size_t>(format.exponent_bits)) + 1;
  const Word base = Increment(aig, Masked(aig, ZeroExtended(x.field, field_bits), leading), leading).bits;
  const Word packed = Concatenated(fraction.bits, Increment(aig, base, fraction.carry).bits);

  // Rounded to the precision with unbounded exponent, only an all-ones significand just below reaches min normal.
  Lit reaches = kFalse;
  if (!value.exact_if_tiny) {
    const Lit ones = aig.And(aig.And(!leading, x.first), AndOf(aig, std::span(x.kept).first(fraction_bits)));
    reaches = aig.And(ones, RoundsUp(aig, mode.rounding, value.sign, kTrue, x.second, x.rest));
  }
  const bool before = mode.tininess == Tininess::kBeforeRounding || fault == CircuitFault::kTininessBeforeRounding;
  FloatResult result;
  result.tiny = before ? below : aig.And(below, !reaches);
  const Lit ieee_underflow = aig.And(inexact, result.tiny);

  // What of it is flushed, by which flags.
  const Lit flushable = aig.And(mode.flush_outputs, below);
  Lit flushed, sets_inexact = flushable;
  Word replacement(static_cast<size_t>(format.Width()) - 1);
  switch (mode.flush) {
    case FlushSemantics::kAfterRounding:
      flushed = aig.And(flushable, fault == CircuitFault::kTininessBeforeRounding ? kTrue : !reaches);
      break;
    case FlushSemantics::kBeforeRounding:
      flushed = flushable;
      sets_inexact = kFalse;
      break;
    case FlushSemantics::kIeeeThenZero:
      flushed = aig.And(flushable, aig.And(!fraction.carry, OrOf(aig, fraction.bits)));
      break;
    case FlushSemantics::kNoSubnormals:
      flushed = flushable;
      replacement[fraction_bits] = GoesToMinNormal(aig, mode.rounding, value.sign, x);
      break;
  }
  const Lit flushed_underflow = mode.flush == FlushSemantics::kNoSubnormals ? result.tiny : kTrue;

  const size_t magnitude_bits = packed.size();
  result.overflow = LessWord(aig, ConstantWord(format.MaxFinite(), magnitude_bits), packed);
  const Lit away = RoundsUp(aig, mode.rounding, value.sign, kTrue, kTrue, kTrue);
  const size_t width = static_cast<size_t>(format.Width()) - 1;
  const Word limit =
      MuxWord(aig, away, ConstantWord(format.InfiniteResult(false), width), ConstantWord(format.MaxFinite(), width));
  Word bits = MuxWord(aig, result.overflow, limit, Slice(packed, 0, width));
  bits = MuxWord(aig, flushed, replacement, bits);

  const Lit zero = aig.And(!leading, !below);
  Lit sign = aig.Mux(zero, value.zero_sign, value.sign);
  sign = aig.And(sign, !aig.And(aig.And(mode.positive_zero, flushed), !replacement[fraction_bits]));
  bits.push_back(SignOver(aig, format, sign, bits, aig.And(result.overflow, away)));

  result.bits = bits;
  result.inexact = aig.Mux(flushed, sets_inexact, aig.Or(inexact, result.overflow));
  result.underflow = aig.Mux(flushed, flushed_underflow, ieee_underflow);
  return result;
}

}  // namespace fplab::proof
