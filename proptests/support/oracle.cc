// Rounding, tininess and flushing, read off places; and the operations that have none.
// SPDX-License-Identifier: Apache-2.0
#include "proptests/support/oracle.h"

#include <fplab/fparith/float/check.h>
#include "proptests/support/oracle_integer.h"
#include "proptests/support/oracle_values.h"

namespace fplab::oracle {
namespace {

// Whether a magnitude at `position` goes to the upper neighbour.
bool GoesUp(Rounding rounding, bool sign, Position position, bool lower_is_odd) {
  if (position == Position::kAtLower) return false;
  switch (rounding) {
    case Rounding::kNearestEven:
      return position == Position::kUpperHalf || (position == Position::kMiddle && lower_is_odd);
    case Rounding::kNearestAway:
      return position != Position::kLowerHalf;
    case Rounding::kTowardZero:
      return false;
    case Rounding::kUp:
      return !sign;
    case Rounding::kDown:
      return sign;
    case Rounding::kToOdd:
      return !lower_is_odd;
  }
  return false;
}

model::Outcome SettleOverflow(const Format& format, Rounding rounding, bool sign) {
  const bool to_nearest = rounding == Rounding::kNearestEven || rounding == Rounding::kNearestAway;
  const bool outward = to_nearest || (rounding == Rounding::kUp && !sign) || (rounding == Rounding::kDown && sign);
  const uint64_t bits = outward ? format.InfiniteResult(sign) : Signed(format, sign, format.MaxFinite());
  return {bits, model::kOverflow | model::kInexact};
}

model::Outcome SettleNumber(const Format& format, const model::Environment& environment, const Place& place) {
  const Rounding rounding = environment.mode.rounding;
  if (place.lower > format.MaxFinite()) return SettleOverflow(format, rounding, place.sign);
  const bool exact = place.position == Position::kAtLower;
  const bool tiny_before = place.lower < format.MinNormal();
  // The pattern of the greatest value of full precision below min normal is odd: all its significand bits are ones.
  const bool reaches_normal = place.near_normal && GoesUp(rounding, place.sign, place.top, true);
  const bool tiny_after = tiny_before && !reaches_normal;
  const bool tiny = environment.tininess == model::Tininess::kBeforeRounding ? tiny_before : tiny_after;
  const uint64_t rounded = place.lower + (GoesUp(rounding, place.sign, place.position, (place.lower & 1) != 0) ? 1 : 0);
  model::Flags flags = exact ? model::Flags{0} : model::kInexact;
  if (tiny && !exact) flags |= model::kUnderflow;
  const uint64_t zero = Signed(format, place.sign, 0);
  const bool flush = environment.mode.flush_outputs;
  switch (environment.flush) {
    case model::FlushSemantics::kAfterRounding:
      if (flush && tiny_after) return {zero, model::kUnderflow | model::kInexact};
      break;
    case model::FlushSemantics::kBeforeRounding:
      if (flush && tiny_before) return {zero, model::kUnderflow};
      break;
    case model::FlushSemantics::kIeeeThenZero:
      if (flush && format.IsSubnormal(rounded)) return {zero, model::kUnderflow | model::kInexact};
      break;
    case model::FlushSemantics::kNoSubnormals:
      if (flush && tiny_before) {
        // Between 0 and min normal, whose middle is itself a value of the format.
        const uint64_t middle = format.MinNormal() / 2;
        const bool upper_half = place.lower >= middle;  // a tie goes up
        const bool nearest = rounding == Rounding::kNearestEven || rounding == Rounding::kNearestAway;
        const bool up = nearest ? upper_half : GoesUp(rounding, place.sign, Position::kLowerHalf, false);
        const model::Flags raised = static_cast<model::Flags>(model::kInexact | (tiny ? model::kUnderflow : 0));
        return {Signed(format, place.sign, up ? format.MinNormal() : 0), raised};
      }
      break;
  }
  if (rounded > format.MaxFinite()) return SettleOverflow(format, rounding, place.sign);
  return {Signed(format, place.sign, rounded), flags};
}

// The integer that a value rounds to: floor of the magnitude, and what is left over.
Integer RoundToInteger(const Format& format, Rounding rounding, uint64_t bits, bool& inexact) {
  const Integer magnitude = Magnitude<Integer>(format, bits);
  const int scale = Scale(format);
  const Integer floor = magnitude >> scale;
  const Integer lower = floor << scale, upper = (floor + Integer(1)) << scale;
  const Position position =
      Between<Integer>(lower << 2, upper << 2, [&](const Integer& k) { return Sign<Integer>(k, magnitude << 2); });
  inexact = position != Position::kAtLower;
  const bool up = GoesUp(rounding, format.SignBit(bits), position, (floor.LowBits() & 1) != 0);
  return up ? floor + Integer(1) : floor;
}

model::Flags IntegralFlags(const model::Function& function, bool inexact) {
  return inexact && function.inexact == model::InexactFlag::kRaise ? model::kInexact : model::Flags{0};
}

model::Outcome RoundToIntegral(const model::Function& function, Rounding rounding, uint64_t a) {
  const Format& format = function.format;
  if (format.IsNan(a)) return {format.CanonicalNan(), format.IsSignalingNan(a) ? model::kInvalid : model::Flags{0}};
  if (format.IsInfinite(a)) return {format.InfiniteResult(format.SignBit(a)), 0};
  bool inexact = false;
  const Integer integer = RoundToInteger(format, rounding, a, inexact);
  Place place;
  place.sign = format.SignBit(a);
  const Integer target = integer << (Scale(format) + 2);
  LocateNumber<Integer>(
      format, 0, [&](const Integer& k) { return Sign<Integer>(k, target); }, place);
  const model::Outcome outcome = SettleNumber(format, {Mode{rounding, false, false}}, place);
  return {outcome.bits, static_cast<model::Flags>(outcome.flags | IntegralFlags(function, inexact))};
}

model::Outcome ToInteger(const model::Function& function, Rounding rounding, uint64_t a) {
  using model::IntegerType;
  const bool wide = function.integer == model::IntegerType::kInt64 || function.integer == model::IntegerType::kUint64;
  const bool is_signed =
      function.integer == model::IntegerType::kInt32 || function.integer == model::IntegerType::kInt64;
  const int width = wide ? 64 : 32;
  const model::Outcome invalid{is_signed ? uint64_t{1} << (width - 1) : ~uint64_t{0} >> (64 - width), model::kInvalid};
  const Format& format = function.format;
  if (!format.IsFinite(a)) return invalid;
  bool inexact = false;
  const Integer magnitude = RoundToInteger(format, rounding, a, inexact);
  const Integer value = format.SignBit(a) ? -magnitude : magnitude;
  const Integer one(1), least = is_signed ? -(one << (width - 1)) : Integer(0);
  const Integer greatest = (one << (is_signed ? width - 1 : width)) - one;
  if (value < least || greatest < value) return invalid;
  const uint64_t bits = value < Integer(0) ? 0 - value.LowBits() : value.LowBits();
  return {bits & (~uint64_t{0} >> (64 - width)), IntegralFlags(function, inexact)};
}

// Comparisons, minimum and maximum: on the values as numbers, infinities beyond all.
struct Comparison {
  bool unordered, less, equal;
};

template <typename Int>
Comparison CompareValues(const Int& x, const Int& y) {
  return {false, x < y, x == y};
}

Comparison Compare(const Format& format, uint64_t a, uint64_t b) {
  if (format.IsNan(a) || format.IsNan(b)) return {true, false, false};
  if (IsNarrow(format)) return CompareValues(Value<Small>(format, a), Value<Small>(format, b));
  return CompareValues(Value<Integer>(format, a), Value<Integer>(format, b));
}

model::Outcome CompareOrSelect(const model::Function& function, bool flush, uint64_t a, uint64_t b) {
  const Format& format = function.format;
  const bool signaling = format.IsSignalingNan(a) || format.IsSignalingNan(b);
  a = Flushed(format, flush, a);
  b = Flushed(format, flush, b);
  const Comparison ab = Compare(format, a, b);
  const bool greater = !ab.unordered && !ab.less && !ab.equal;
  const model::Flags quiet = signaling ? model::kInvalid : model::Flags{0},
                     loud = ab.unordered ? model::kInvalid : model::Flags{0};
  switch (function.operation) {
    case model::Operation::kEqual:
      return {ab.equal, quiet};
    case model::Operation::kEqualSignaling:
      return {ab.equal, loud};
    case model::Operation::kLess:
      return {ab.less, loud};
    case model::Operation::kLessQuiet:
      return {ab.less, quiet};
    case model::Operation::kLessEqual:
      return {ab.less || ab.equal, loud};
    case model::Operation::kLessEqualQuiet:
      return {ab.less || ab.equal, quiet};
    case model::Operation::kX86Min:
      return {ab.less ? a : b, loud};
    case model::Operation::kX86Max:
      return {greater ? a : b, loud};
    case model::Operation::kMinimumNumber:
    case model::Operation::kMaximumNumber: {
      if (format.IsNan(a) && format.IsNan(b)) return {format.CanonicalNan(), quiet};
      if (format.IsNan(a)) return {b, quiet};
      if (format.IsNan(b)) return {a, quiet};
      const bool minimum = function.operation == model::Operation::kMinimumNumber;
      if (ab.equal) return {format.SignBit(a) == minimum ? a : b, quiet};  // zeros of both signs, or a == b
      return {ab.less == minimum ? a : b, quiet};
    }
    default:
      FPLAB_CHECK(false, "oracle: unknown operation");
      return {};
  }
}

// Whether subnormal operands raise kDenormal; `silent` for NaN operands, invalid, divide-by-zero, rounding to integers.
model::Flags DenormalFlag(const model::Environment& environment, bool subnormal, bool silent) {
  const bool flush = environment.mode.flush_inputs;
  const bool raised =
      environment.flush == model::FlushSemantics::kBeforeRounding ? subnormal && flush : subnormal && !flush && !silent;
  return raised ? model::kDenormal : model::Flags{0};
}

}  // namespace

model::Outcome Settle(const model::Function& function, const model::Environment& environment, const Place& place) {
  const Format& format = function.result_format;
  model::Outcome outcome{place.bits, place.flags};
  if (!place.settled) outcome = SettleNumber(format, environment, place);
  if (place.zero_sum) outcome.bits = Signed(format, environment.mode.rounding == Rounding::kDown, 0);
  outcome.flags |= DenormalFlag(environment, place.subnormal_operand, place.silent);
  return outcome;
}

model::Outcome Evaluate(const model::Function& function, const model::Environment& environment, uint64_t a, uint64_t b,
                        uint64_t c) {
  model::Environment used = environment;
  if (function.rounding) used.mode.rounding = *function.rounding;
  const bool flush = used.mode.flush_inputs;
  const Format& format = function.format;
  switch (function.operation) {
    case model::Operation::kRoundToIntegral:
    case model::Operation::kToInteger: {
      const auto round = function.operation == model::Operation::kToInteger ? ToInteger : RoundToIntegral;
      model::Outcome outcome = round(function, used.mode.rounding, Flushed(format, flush, a));
      outcome.flags |= DenormalFlag(used, format.IsSubnormal(a), true);
      return outcome;
    }
    case model::Operation::kAdd:
    case model::Operation::kSub:
    case model::Operation::kMul:
    case model::Operation::kDiv:
    case model::Operation::kSqrt:
    case model::Operation::kFma:
    case model::Operation::kConvert:
    case model::Operation::kFromInteger:
      return Settle(function, used, Locate(function, flush, a, b, c));
    default:
      break;
  }
  model::Outcome outcome = CompareOrSelect(function, flush, a, b);
  const bool nan = format.IsNan(a) || format.IsNan(b);
  outcome.flags |= DenormalFlag(used, format.IsSubnormal(a) || format.IsSubnormal(b), nan);
  return outcome;
}

}  // namespace fplab::oracle
