// The exact model: add, subtract, multiply, divide, square root, fused multiply-add.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/model/model.h>

#include <array>
#include <bit>
#include <utility>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/model/round_pack.h>

namespace fplab::model {
namespace {

FPLAB_INLINE bool EitherNan(const Operand& x, const Operand& y) { return x.kind == Kind::kNan || y.kind == Kind::kNan; }

// The sum when an operand is a zero, an infinity or a NaN.
FPLAB_INLINE Outcome AddSpecial(const Format& format, const Environment& environment, const Operand& x,
                                const Operand& y) {
  if (EitherNan(x, y)) return NanResult(format, x.signaling || y.signaling);
  const Flags denormal = DenormalFlag(x.denormal || y.denormal);
  if (x.kind == Kind::kInfinity) {
    if (y.kind == Kind::kInfinity && x.sign != y.sign) return NanResult(format, true);
    return {format.InfiniteResult(x.sign), denormal};
  }
  if (y.kind == Kind::kInfinity) return {format.InfiniteResult(y.sign), denormal};
  if (x.kind == Kind::kFinite) return WithFlags(RoundPack(format, environment, x), denormal);
  if (y.kind == Kind::kFinite) return WithFlags(RoundPack(format, environment, y), denormal);
  return {SignedZero(format, x.sign == y.sign ? x.sign : ZeroSumSign(environment)), denormal};
}

// The significands are shifted to bit 61: room for the carry above, and 9 zeros below that keep alignment honest. When
// bits are lost to the sticky one the exponents differ by 10 or more, so that at most one leading bit cancels.
FPLAB_INLINE Outcome AddFinite(const Format& format, const Environment& environment, Operand x, Operand y) {
  if (x.exponent < y.exponent) std::swap(x, y);
  const uint64_t large = x.significand >> 2;
  const uint64_t small = ShiftRightSticky(y.significand >> 2, x.exponent - y.exponent);
  bool sign = x.sign;
  uint64_t sum;
  if (x.sign == y.sign) {
    sum = large + small;
  } else if (large >= small) {
    sum = large - small;
  } else {
    sum = small - large;
    sign = y.sign;
  }
  if (sum == 0) return {SignedZero(format, ZeroSumSign(environment)), 0};
  const int shift = std::countl_zero(sum);
  return RoundPack(format, environment, sign, x.exponent + 2 - shift, sum << shift);
}

FPLAB_INLINE Outcome AddOperands(const Format& format, const Environment& environment, const Operand& x,
                                 const Operand& y) {
  if (x.kind != Kind::kFinite || y.kind != Kind::kFinite) [[unlikely]]
    return AddSpecial(format, environment, x, y);
  return WithFlags(AddFinite(format, environment, x, y), DenormalFlag(x.denormal || y.denormal));
}

FPLAB_INLINE Outcome MulSpecial(const Format& format, const Operand& x, const Operand& y) {
  if (EitherNan(x, y)) return NanResult(format, x.signaling || y.signaling);
  const bool zero = x.kind == Kind::kZero || y.kind == Kind::kZero;
  const bool infinite = x.kind == Kind::kInfinity || y.kind == Kind::kInfinity;
  if (zero && infinite) return NanResult(format, true);
  const bool sign = x.sign != y.sign;
  return {infinite ? format.InfiniteResult(sign) : SignedZero(format, sign), DenormalFlag(x.denormal || y.denormal)};
}

FPLAB_INLINE Outcome MulOperands(const Format& format, const Environment& environment, const Operand& x,
                                 const Operand& y) {
  if (x.kind != Kind::kFinite || y.kind != Kind::kFinite) [[unlikely]]
    return MulSpecial(format, x, y);
  const Wide product = static_cast<Wide>(x.significand) * y.significand;  // in [2^126, 2^128)
  const int carry = static_cast<int>(product >> 127);
  const Outcome outcome = RoundPack(format, environment, x.sign != y.sign, x.exponent + y.exponent + carry,
                                    UpperSticky(product << (1 - carry)));
  return WithFlags(outcome, DenormalFlag(x.denormal || y.denormal));
}

FPLAB_INLINE Outcome DivSpecial(const Format& format, const Operand& x, const Operand& y) {
  if (EitherNan(x, y)) return NanResult(format, x.signaling || y.signaling);
  const bool sign = x.sign != y.sign;
  if (x.kind == y.kind) return NanResult(format, true);  // 0/0, inf/inf
  if (y.kind == Kind::kZero && x.kind != Kind::kInfinity) return {format.InfiniteResult(sign), kDivideByZero};
  const bool infinite = x.kind == Kind::kInfinity;
  return {infinite ? format.InfiniteResult(sign) : SignedZero(format, sign), DenormalFlag(x.denormal || y.denormal)};
}

FPLAB_INLINE Outcome DivOperands(const Format& format, const Environment& environment, const Operand& x,
                                 const Operand& y) {
  if (x.kind != Kind::kFinite || y.kind != Kind::kFinite) [[unlikely]]
    return DivSpecial(format, x, y);
  const int borrow = x.significand < y.significand ? 1 : 0;
  const Wide dividend = static_cast<Wide>(x.significand) << (63 + borrow);
  const auto quotient = static_cast<uint64_t>(dividend / y.significand);  // in [2^63, 2^64)
  const bool inexact = static_cast<Wide>(quotient) * y.significand != dividend;
  const Outcome outcome = RoundPack(format, environment, x.sign != y.sign, x.exponent - y.exponent - borrow,
                                    quotient | static_cast<uint64_t>(inexact));
  return WithFlags(outcome, DenormalFlag(x.denormal || y.denormal));
}

FPLAB_INLINE Outcome SqrtOperand(const Format& format, const Environment& environment, const Operand& x) {
  if (x.kind == Kind::kNan) return NanResult(format, x.signaling);
  if (x.kind == Kind::kZero) return {SignedZero(format, x.sign), DenormalFlag(x.denormal)};
  if (x.sign) return NanResult(format, true);
  if (x.kind == Kind::kInfinity) return {format.InfiniteResult(false), 0};
  // Digit by digit, two radicand bits for one of the root: precision + 2 root bits, and the remainder tells the rest.
  const bool odd = (x.exponent & 1) != 0;
  uint64_t radicand = odd ? x.significand : x.significand >> 1;
  uint64_t root = 0, remainder = 0;
  const int root_bits = format.precision + 2;
  for (int i = 0; i < root_bits; ++i) {
    remainder = remainder << 2 | radicand >> 62;
    radicand <<= 2;
    const uint64_t trial = root << 2 | 1;
    const bool one = remainder >= trial;
    remainder -= one ? trial : 0;
    root = root << 1 | static_cast<uint64_t>(one);
  }
  const uint64_t significand = root << (64 - root_bits) | static_cast<uint64_t>((remainder | radicand) != 0);
  const int exponent = (x.exponent - (odd ? 1 : 0)) / 2;
  return WithFlags(RoundPack(format, environment, false, exponent, significand), DenormalFlag(x.denormal));
}

// a*b + c when an operand is a zero, an infinity or a NaN.
FPLAB_INLINE Outcome FmaSpecial(const Format& format, const Environment& environment, const Operand& x,
                                const Operand& y, const Operand& z) {
  if (EitherNan(x, y)) return NanResult(format, x.signaling || y.signaling || z.signaling);
  const bool zero = x.kind == Kind::kZero || y.kind == Kind::kZero;
  const bool infinite = x.kind == Kind::kInfinity || y.kind == Kind::kInfinity;
  if (zero && infinite) return NanResult(format, true);
  if (z.kind == Kind::kNan) return NanResult(format, z.signaling);
  const Flags denormal = DenormalFlag(x.denormal || y.denormal || z.denormal);
  const bool sign = x.sign != y.sign;
  if (zero || infinite) {
    const Operand product{zero ? Kind::kZero : Kind::kInfinity, sign, false, false, 0, 0};
    const Outcome outcome = AddSpecial(format, environment, product, z);
    return (outcome.flags & kInvalid) != 0 ? outcome : WithFlags(outcome, denormal);
  }
  if (z.kind == Kind::kInfinity) return {format.InfiniteResult(z.sign), denormal};
  // z is a zero, whose sign doesn't matter: the product is not zero.
  return WithFlags(MulOperands(format, environment, x, y), denormal);
}

// Product and addend as 128-bit significands with the leading bit at 125. The product has 20 zeros or more at the end,
// so that bits are lost to the sticky one only where at most one leading bit cancels (as in AddFinite).
FPLAB_INLINE Outcome FmaFinite(const Format& format, const Environment& environment, const Operand& x, const Operand& y,
                               const Operand& z) {
  Wide product = static_cast<Wide>(x.significand >> 1) * (y.significand >> 1);  // in [2^124, 2^126)
  const int carry = static_cast<int>(product >> 125);
  product <<= 1 - carry;
  Wide addend = static_cast<Wide>(z.significand) << 62;
  int exponent = x.exponent + y.exponent + carry;
  if (exponent >= z.exponent) {
    addend = ShiftRightSticky(addend, exponent - z.exponent);
  } else {
    product = ShiftRightSticky(product, z.exponent - exponent);
    exponent = z.exponent;
  }
  bool sign = x.sign != y.sign;
  Wide sum;
  if (sign == z.sign) {
    sum = product + addend;
  } else if (product >= addend) {
    sum = product - addend;
  } else {
    sum = addend - product;
    sign = z.sign;
  }
  if (sum == 0) return {SignedZero(format, ZeroSumSign(environment)), 0};
  const auto upper = static_cast<uint64_t>(sum >> 64);
  const int shift = upper != 0 ? std::countl_zero(upper) : 64 + std::countl_zero(static_cast<uint64_t>(sum));
  return RoundPack(format, environment, sign, exponent + 2 - shift, UpperSticky(sum << shift));
}

FPLAB_INLINE Outcome FmaOperands(const Format& format, const Environment& environment, const Operand& x,
                                 const Operand& y, const Operand& z) {
  if (x.kind != Kind::kFinite || y.kind != Kind::kFinite || z.kind != Kind::kFinite) [[unlikely]] {
    return FmaSpecial(format, environment, x, y, z);
  }
  return WithFlags(FmaFinite(format, environment, x, y, z), DenormalFlag(x.denormal || y.denormal || z.denormal));
}

uint64_t FlushInput(const Format& format, const Environment& environment, uint64_t bits) {
  if (!environment.mode.flush_inputs || !format.IsSubnormal(bits)) return bits;
  return environment.positive_zero ? 0 : format.WithSign(format.SignBit(bits), 0);
}

// WithNan of a*b + c.
FPLAB_INLINE Outcome WithNanOfFma(const Format& format, const Environment& environment, Outcome outcome, uint64_t a,
                                  uint64_t b, uint64_t c) {
  if (environment.nans == NanRule::kCanonical) [[likely]]
    return outcome;
  if (!format.IsNan(outcome.bits)) return outcome;
  outcome.bits =
      NanOfFma(environment.nans, format, FlushInput(format, environment, a), FlushInput(format, environment, b), c);
  const bool signaling = format.IsSignalingNan(a) || format.IsSignalingNan(b) || format.IsSignalingNan(c);
  const bool quiet = environment.nans == NanRule::kX86 && format.IsNan(c) && !signaling;
  return {outcome.bits, static_cast<Flags>(outcome.flags & (quiet ? ~kInvalid : ~0))};
}

// The operands as a comparison sees them.
struct Pair {
  uint64_t a, b;  // after flushing
  bool unordered;
  Flags flags;
};

Pair Examine(const Format& format, const Environment& environment, uint64_t a, uint64_t b, NanComparison nan) {
  Pair pair{FlushInput(format, environment, a), FlushInput(format, environment, b), false, 0};
  const bool subnormal = format.IsSubnormal(a) || format.IsSubnormal(b);
  const bool before = environment.flush == FlushSemantics::kBeforeRounding;
  if (before) pair.flags = DenormalFlag(subnormal && environment.mode.flush_inputs);
  if (format.IsNan(a) || format.IsNan(b)) {
    pair.unordered = true;
    const bool signaling = format.IsSignalingNan(a) || format.IsSignalingNan(b);
    if (signaling || nan == NanComparison::kSignaling) pair.flags |= kInvalid;
    return pair;
  }
  if (!before) pair.flags = DenormalFlag(subnormal && !environment.mode.flush_inputs);
  return pair;
}

// Ranks order all non-NaN values, infinities included, and give both zeros the same place.
bool Below(const Format& format, const Pair& pair) { return format.Rank(pair.a) < format.Rank(pair.b); }
bool Above(const Format& format, const Pair& pair) { return format.Rank(pair.a) > format.Rank(pair.b); }

// Of operands at least one of which is NaN.
Outcome NanOfPair(const Format& format, const Environment& environment, const Pair& pair) {
  return WithNan(format, environment, {format.CanonicalNan(), pair.flags}, pair.a, pair.b);
}

// The one that is a number, if there is one.
Outcome NumberOf(const Format& format, const Environment& environment, const Pair& pair) {
  if (!format.IsNan(pair.a)) return {pair.a, pair.flags};
  return format.IsNan(pair.b) ? NanOfPair(format, environment, pair) : Outcome{pair.b, pair.flags};
}

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
      if (to.InfinityIsNan()) return NanResult(to, true);
      return {to.InfiniteResult(x.sign), 0};
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
  if (x.kind == Kind::kInfinity) return {format.InfiniteResult(x.sign), 0};
  if (x.exponent >= format.FractionBits()) return {a, 0};
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

constexpr std::array<std::pair<std::string_view, FlushSemantics>, 4> kSemantics = {
    {{"A", FlushSemantics::kAfterRounding},
     {"B", FlushSemantics::kBeforeRounding},
     {"C", FlushSemantics::kIeeeThenZero},
     {"D", FlushSemantics::kNoSubnormals}}};

}  // namespace

Outcome Add(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  return ForFormat(format, [&](const Format& f) FPLAB_LAMBDA_INLINE {
    const Outcome sum = AddOperands(f, environment, Unpack(f, environment, a), Unpack(f, environment, b));
    return WithNan(f, environment, WithFlushedFlag(f, environment, sum, a, b), a, b);
  });
}

Outcome Sub(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  return ForFormat(format, [&](const Format& f) FPLAB_LAMBDA_INLINE {
    // Negated after it was flushed: a zero that is always positive becomes negative.
    Operand subtrahend = Unpack(f, environment, b);
    subtrahend.sign = !subtrahend.sign;
    const Outcome difference = AddOperands(f, environment, Unpack(f, environment, a), subtrahend);
    return WithNan(f, environment, WithFlushedFlag(f, environment, difference, a, b), a, b);
  });
}

Outcome Mul(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  return ForFormat(format, [&](const Format& f) FPLAB_LAMBDA_INLINE {
    const Outcome product = MulOperands(f, environment, Unpack(f, environment, a), Unpack(f, environment, b));
    return WithNan(f, environment, WithFlushedFlag(f, environment, product, a, b), a, b);
  });
}

Outcome Div(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  return ForFormat(format, [&](const Format& f) FPLAB_LAMBDA_INLINE {
    const Outcome quotient = DivOperands(f, environment, Unpack(f, environment, a), Unpack(f, environment, b));
    return WithNan(f, environment, WithFlushedFlag(f, environment, quotient, a, b), a, b);
  });
}

Outcome Sqrt(const Format& format, const Environment& environment, uint64_t a) {
  return ForFormat(format, [&](const Format& f) FPLAB_LAMBDA_INLINE {
    const Outcome root = SqrtOperand(f, environment, Unpack(f, environment, a));
    return WithNan(f, environment, WithFlushedFlag(f, environment, root, a), a);
  });
}

Outcome Fma(const Format& format, const Environment& environment, uint64_t a, uint64_t b, uint64_t c) {
  return ForFormat(format, [&](const Format& f) FPLAB_LAMBDA_INLINE {
    const Outcome sum =
        FmaOperands(f, environment, Unpack(f, environment, a), Unpack(f, environment, b), Unpack(f, environment, c));
    return WithNanOfFma(f, environment, WithFlushedFlag(f, environment, sum, a, b, c), a, b, c);
  });
}

Outcome Equal(const Format& format, const Environment& environment, uint64_t a, uint64_t b, NanComparison nan) {
  const Pair pair = Examine(format, environment, a, b, nan);
  return {!pair.unordered && format.Rank(pair.a) == format.Rank(pair.b), pair.flags};
}

Outcome Less(const Format& format, const Environment& environment, uint64_t a, uint64_t b, NanComparison nan) {
  const Pair pair = Examine(format, environment, a, b, nan);
  return {!pair.unordered && Below(format, pair), pair.flags};
}

Outcome LessEqual(const Format& format, const Environment& environment, uint64_t a, uint64_t b, NanComparison nan) {
  const Pair pair = Examine(format, environment, a, b, nan);
  return {!pair.unordered && !Above(format, pair), pair.flags};
}

Outcome MinimumNumber(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  const Pair pair = Examine(format, environment, a, b, NanComparison::kQuiet);
  if (pair.unordered) return NumberOf(format, environment, pair);
  const bool first = Below(format, pair) || (!Above(format, pair) && format.SignBit(pair.a));
  return {first ? pair.a : pair.b, pair.flags};
}

Outcome MaximumNumber(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  const Pair pair = Examine(format, environment, a, b, NanComparison::kQuiet);
  if (pair.unordered) return NumberOf(format, environment, pair);
  const bool first = Above(format, pair) || (!Below(format, pair) && !format.SignBit(pair.a));
  return {first ? pair.a : pair.b, pair.flags};
}

Outcome X86Min(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  const Pair pair = Examine(format, environment, a, b, NanComparison::kSignaling);
  return {!pair.unordered && Below(format, pair) ? pair.a : pair.b, pair.flags};
}

Outcome X86Max(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  const Pair pair = Examine(format, environment, a, b, NanComparison::kSignaling);
  return {!pair.unordered && Above(format, pair) ? pair.a : pair.b, pair.flags};
}

Outcome MinNum(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  const Pair pair = Examine(format, environment, a, b, NanComparison::kQuiet);
  if ((pair.flags & kInvalid) != 0) return NanOfPair(format, environment, pair);
  if (pair.unordered) return NumberOf(format, environment, pair);
  return {Above(format, pair) ? pair.b : pair.a, pair.flags};
}

Outcome MaxNum(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  const Pair pair = Examine(format, environment, a, b, NanComparison::kQuiet);
  if ((pair.flags & kInvalid) != 0) return NanOfPair(format, environment, pair);
  if (pair.unordered) return NumberOf(format, environment, pair);
  return {Below(format, pair) ? pair.b : pair.a, pair.flags};
}

Outcome Minimum(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  if (format.IsNan(a) || format.IsNan(b)) {
    return NanOfPair(format, environment, Examine(format, environment, a, b, NanComparison::kQuiet));
  }
  return MinimumNumber(format, environment, a, b);
}

Outcome Maximum(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  if (format.IsNan(a) || format.IsNan(b)) {
    return NanOfPair(format, environment, Examine(format, environment, a, b, NanComparison::kQuiet));
  }
  return MaximumNumber(format, environment, a, b);
}

uint64_t NextUp(const Format& format, uint64_t a) {
  if (format.IsNan(a) || (format.IsInfinite(a) && !format.SignBit(a))) return a;
  if (a == format.MaxFinite()) return format.InfiniteResult(false);
  if (format.IsZero(a)) return format.MinSubnormal();
  return format.SignBit(a) ? format.WithSign(true, format.Magnitude(a) - 1) : a + 1;
}

uint64_t NextDown(const Format& format, uint64_t a) {
  return format.IsNan(a) ? a : format.Negate(NextUp(format, format.Negate(a)));
}

Outcome Convert(const Format& from, const Format& to, const Environment& environment, uint64_t a) {
  const Outcome outcome = from == kBinary64 && to == kBinary32 ? ConvertIn(kBinary64, kBinary32, environment, a)
                                                               : ConvertIn(from, to, environment, a);
  const Outcome converted = WithFlushedFlag(from, environment, outcome, a);
  if (environment.nans == NanRule::kCanonical || !to.IsNan(converted.bits)) return converted;
  return {NanOfConversion(environment.nans, from, to, a), converted.flags};
}

Outcome RoundToIntegral(const Format& format, const Environment& environment, uint64_t a, InexactFlag inexact) {
  const Outcome rounded = RoundOperand(format, environment, a, inexact);
  return WithNan(format, environment, WithFlushedFlag(format, environment, rounded, a), a);
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

FlushSemantics HardwareFlushSemantics() {
#if defined(__aarch64__)
  return FlushSemantics::kBeforeRounding;
#else
  return FlushSemantics::kAfterRounding;
#endif
}

Environment HardwareEnvironment(Mode mode) {
#if defined(__aarch64__)
  return {mode, Tininess::kBeforeRounding, HardwareFlushSemantics()};
#else
  return {mode, Tininess::kAfterRounding, HardwareFlushSemantics()};
#endif
}

std::string_view Name(FlushSemantics semantics) { return kSemantics[static_cast<size_t>(semantics)].first; }

std::string_view Name(Tininess tininess) { return tininess == Tininess::kBeforeRounding ? "before" : "after"; }

std::string FlushText(const Environment& environment) {
  return std::string(Name(environment.flush)) + (environment.positive_zero ? " to +0" : "");
}

FlushSemantics ParseFlushSemantics(std::string_view name) {
  for (const auto& [known, semantics] : kSemantics) {
    if (known == name) return semantics;
  }
  throw Error("flush semantics '{}' is not known; expected A, B, C or D", name);
}

Tininess ParseTininess(std::string_view name) {
  if (name == "before") return Tininess::kBeforeRounding;
  if (name == "after") return Tininess::kAfterRounding;
  throw Error("tininess '{}' is not known; expected before or after", name);
}

std::string DescribeFlags(Flags flags) {
  static constexpr std::array<const char*, 6> kNames = {"inexact",        "underflow", "overflow",
                                                        "divide-by-zero", "invalid",   "denormal"};
  std::string text;
  for (size_t i = 0; i < kNames.size(); ++i) {
    if ((flags >> i & 1) != 0) text.append(text.empty() ? "" : " ").append(kNames[i]);
  }
  return text.empty() ? "none" : text;
}

}  // namespace fplab::model
