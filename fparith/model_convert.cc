// The exact model: conversions between formats and to and from integers, and rounding to integral values.
#include <bit>

#include "fparith/model.h"
#include "fparith/model_engine.h"

namespace fplab::model {
namespace {

constexpr bool IsSigned(IntegerType type) { return type == IntegerType::kInt32 || type == IntegerType::kInt64; }
constexpr bool Is64(IntegerType type) { return type == IntegerType::kInt64 || type == IntegerType::kUint64; }
constexpr uint64_t IntegerMask(IntegerType type) { return Is64(type) ? ~uint64_t{0} : 0xffffffffu; }
constexpr uint64_t IntegerSign(IntegerType type) { return uint64_t{1} << (Is64(type) ? 63 : 31); }

// The magnitude of a finite value rounded to an integer; exponents of 64 and more are the caller's business.
struct RoundedInteger {
  uint64_t magnitude;
  bool inexact;
};

FPLAB_INLINE RoundedInteger RoundMagnitude(const Operand& x, Rounding rounding) {
  constexpr uint64_t kHalf = uint64_t{1} << 63;
  if (x.exponent == 63) return {x.significand, false};
  // The fraction, left-aligned: in units of 2^-64, so that one half is kHalf.
  uint64_t kept = 0, fraction = 1;  // below one half: only that it is not zero matters
  if (x.exponent >= 0) {
    kept = x.significand >> (63 - x.exponent);
    fraction = x.significand << (x.exponent + 1);
  } else if (x.exponent == -1) {
    fraction = x.significand;
  }
  const bool up = RoundsUp(rounding, x.sign, (kept & 1) != 0, fraction, kHalf);
  return {kept + up, fraction != 0};
}

Outcome InvalidInteger(IntegerType type) { return {IsSigned(type) ? IntegerSign(type) : IntegerMask(type), kInvalid}; }

FPLAB_INLINE Outcome ConvertIn(const Format& from, const Format& to, const Environment& environment, uint64_t a) {
  const Operand x = Unpack(from, environment, a);
  const Flags denormal = DenormalFlag(x.denormal);
  switch (x.kind) {
    case Kind::kNan:
      return NanResult(to, x.signaling);
    case Kind::kInfinity:
      if (!to.HasInfinity()) return NanResult(to, true);
      return {SignedInfinity(to, x.sign), 0};
    case Kind::kZero:
      return {SignedZero(to, x.sign), denormal};
    case Kind::kFinite:
      break;
  }
  return WithFlags(RoundPack(to, environment, x), denormal);
}

Outcome RoundOperand(const Format& format, const Environment& environment, uint64_t a, InexactFlag inexact) {
  const Operand x = Unpack(format, environment, a);
  if (x.kind == Kind::kNan) return NanResult(format, x.signaling);
  if (x.kind == Kind::kZero) return {SignedZero(format, x.sign), 0};
  if (x.kind == Kind::kInfinity || x.exponent >= format.FractionBits()) return {a, 0};
  const RoundedInteger rounded = RoundMagnitude(x, environment.mode.rounding);
  const Flags flags = rounded.inexact && inexact == InexactFlag::kRaise ? kInexact : Flags{0};
  if (rounded.magnitude == 0) return {SignedZero(format, x.sign), flags};
  const int shift = std::countl_zero(rounded.magnitude);
  return WithFlags(RoundPack(format, environment, x.sign, 63 - shift, rounded.magnitude << shift), flags);
}

Outcome OperandToInteger(const Format& format, const Environment& environment, IntegerType type, uint64_t a,
                         InexactFlag inexact) {
  const Operand x = Unpack(format, environment, a);
  if (x.kind == Kind::kZero) return {0, 0};
  if (x.kind != Kind::kFinite || x.exponent > 63) return InvalidInteger(type);
  const RoundedInteger rounded = RoundMagnitude(x, environment.mode.rounding);
  const uint64_t limit = IsSigned(type) ? IntegerSign(type) - (x.sign ? 0 : 1) : (x.sign ? 0 : IntegerMask(type));
  if (rounded.magnitude > limit) return InvalidInteger(type);
  const uint64_t value = (x.sign ? 0 - rounded.magnitude : rounded.magnitude) & IntegerMask(type);
  return {value, rounded.inexact && inexact == InexactFlag::kRaise ? kInexact : Flags{0}};
}

}  // namespace

Outcome Convert(const Format& from, const Format& to, const Environment& environment, uint64_t a) {
  const Outcome outcome = from == kBinary64 && to == kBinary32 ? ConvertIn(kBinary64, kBinary32, environment, a)
                                                               : ConvertIn(from, to, environment, a);
  return WithFlushedFlag(from, environment, outcome, a);
}

Outcome RoundToIntegral(const Format& format, const Environment& environment, uint64_t a, InexactFlag inexact) {
  return WithFlushedFlag(format, environment, RoundOperand(format, environment, a, inexact), a);
}

Outcome FromInteger(const Format& format, const Environment& environment, IntegerType type, uint64_t value) {
  value &= IntegerMask(type);
  const bool sign = IsSigned(type) && (value & IntegerSign(type)) != 0;
  const uint64_t magnitude = sign ? (0 - value) & IntegerMask(type) : value;
  if (magnitude == 0) return {0, 0};
  const int shift = std::countl_zero(magnitude);
  return RoundPack(format, environment, sign, 63 - shift, magnitude << shift);
}

Outcome ToInteger(const Format& format, const Environment& environment, IntegerType type, uint64_t a,
                  InexactFlag inexact) {
  return WithFlushedFlag(format, environment, OperandToInteger(format, environment, type, a, inexact), a);
}

}  // namespace fplab::model
