// The exact model: add, subtract, multiply, divide, square root, fused multiply-add.
#include "fparith/model.h"

#include <bit>

#include "fparith/model_engine.h"

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
    return {SignedInfinity(format, x.sign), denormal};
  }
  if (y.kind == Kind::kInfinity) return {SignedInfinity(format, y.sign), denormal};
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
  return {infinite ? SignedInfinity(format, sign) : SignedZero(format, sign), DenormalFlag(x.denormal || y.denormal)};
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
  if (y.kind == Kind::kZero && x.kind != Kind::kInfinity) return {SignedInfinity(format, sign), kDivideByZero};
  const bool infinite = x.kind == Kind::kInfinity;
  return {infinite ? SignedInfinity(format, sign) : SignedZero(format, sign), DenormalFlag(x.denormal || y.denormal)};
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
  if (x.kind == Kind::kInfinity) return {SignedInfinity(format, false), 0};
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
  if (z.kind == Kind::kInfinity) return {SignedInfinity(format, z.sign), denormal};
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

}  // namespace

Outcome Add(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  return ForFormat(format, [&](const Format& f) FPLAB_LAMBDA_INLINE {
    const Outcome sum = AddOperands(f, environment, Unpack(f, environment, a), Unpack(f, environment, b));
    return WithFlushedFlag(f, environment, sum, a, b);
  });
}

Outcome Sub(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  return Add(format, environment, a, format.Negate(b));
}

Outcome Mul(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  return ForFormat(format, [&](const Format& f) FPLAB_LAMBDA_INLINE {
    const Outcome product = MulOperands(f, environment, Unpack(f, environment, a), Unpack(f, environment, b));
    return WithFlushedFlag(f, environment, product, a, b);
  });
}

Outcome Div(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  return ForFormat(format, [&](const Format& f) FPLAB_LAMBDA_INLINE {
    const Outcome quotient = DivOperands(f, environment, Unpack(f, environment, a), Unpack(f, environment, b));
    return WithFlushedFlag(f, environment, quotient, a, b);
  });
}

Outcome Sqrt(const Format& format, const Environment& environment, uint64_t a) {
  return ForFormat(format, [&](const Format& f) FPLAB_LAMBDA_INLINE {
    return WithFlushedFlag(f, environment, SqrtOperand(f, environment, Unpack(f, environment, a)), a);
  });
}

Outcome Fma(const Format& format, const Environment& environment, uint64_t a, uint64_t b, uint64_t c) {
  return ForFormat(format, [&](const Format& f) FPLAB_LAMBDA_INLINE {
    const Outcome sum =
        FmaOperands(f, environment, Unpack(f, environment, a), Unpack(f, environment, b), Unpack(f, environment, c));
    return WithFlushedFlag(f, environment, sum, a, b, c);
  });
}

}  // namespace fplab::model
