// Wide arithmetic on 128- and 256-bit integers.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/model/wide.h>

#include <algorithm>
#include <utility>

#include <fplab/fparith/model/wide_round_pack.h>

namespace fplab::model {
namespace {

struct Bits256 {
  WideBits upper = 0, lower = 0;

  friend constexpr bool operator==(const Bits256&, const Bits256&) = default;
  friend bool operator<(const Bits256& a, const Bits256& b) {
    return a.upper != b.upper ? a.upper < b.upper : a.lower < b.lower;
  }
  friend Bits256 operator+(const Bits256& a, const Bits256& b) {
    const WideBits sum = a.lower + b.lower;
    return {a.upper + b.upper + (sum < a.lower ? 1 : 0), sum};
  }
  friend Bits256 operator-(const Bits256& a, const Bits256& b) {
    return {a.upper - b.upper - (a.lower < b.lower ? 1 : 0), a.lower - b.lower};
  }
};

Bits256 Product(WideBits a, WideBits b) {
  const WideBits a1 = a >> 64, a0 = static_cast<uint64_t>(a), b1 = b >> 64, b0 = static_cast<uint64_t>(b);
  const WideBits middle = a1 * b0 + (a0 * b0 >> 64);  // below 2^128
  const WideBits other = a0 * b1 + static_cast<uint64_t>(middle);
  return {a1 * b1 + (middle >> 64) + (other >> 64), a * b};
}

Bits256 ShiftLeft(const Bits256& x, int shift) {
  if (shift == 0) return x;
  if (shift >= 128) return {x.lower << (shift - 128), 0};
  return {x.upper << shift | x.lower >> (128 - shift), x.lower << shift};
}

// Every lost bit is or-ed into the last one; shift is 0 or more.
Bits256 ShiftRightSticky(const Bits256& x, int shift) {
  if (shift == 0) return x;
  if (shift >= 256) return {0, static_cast<WideBits>((x.upper | x.lower) != 0)};
  if (shift >= 128) {
    const WideBits kept = model::ShiftRightSticky(x.upper, shift - 128);
    return {0, kept | static_cast<WideBits>(x.lower != 0)};
  }
  const WideBits lost = x.lower << (128 - shift);
  return {x.upper >> shift, x.upper << (128 - shift) | x.lower >> shift | static_cast<WideBits>(lost != 0)};
}

// A finite value that is not zero: (-1)^sign * significand / 2^255 * 2^exponent with bit 255 of the significand set.
struct Term {
  bool sign;
  int exponent;
  Bits256 significand;
};

Term TermOf(const WideOperand& x) { return {x.sign, x.exponent, {x.significand, 0}}; }

Term ProductOf(const WideOperand& x, const WideOperand& y) {
  const Bits256 product = Product(x.significand, y.significand);  // in [2^254, 2^256)
  const int carry = static_cast<int>(product.upper >> 127);
  return {x.sign != y.sign, x.exponent + y.exponent + carry, ShiftLeft(product, 1 - carry)};
}

WideOutcome RoundTerm(const WideFormat& format, const Environment& environment, const Term& x) {
  const WideBits significand = x.significand.upper | static_cast<WideBits>(x.significand.lower != 0);
  return RoundPack(format, environment, x.sign, x.exponent, significand);
}

// The significands are shifted to bit 253: room for the carry above. A product of numbers of 113 bits has 28 zeros
// below, so that where bits are lost to the sticky one the exponents differ by more, and at most one leading bit
// cancels.
WideOutcome SumOf(const WideFormat& format, const Environment& environment, Term x, Term y) {
  if (x.exponent < y.exponent) std::swap(x, y);
  const Bits256 large = ShiftRightSticky(x.significand, 2);
  const Bits256 small = ShiftRightSticky(ShiftRightSticky(y.significand, 2), x.exponent - y.exponent);
  Term sum{x.sign, x.exponent, {}};
  if (x.sign == y.sign) {
    sum.significand = large + small;
  } else if (small < large) {
    sum.significand = large - small;
  } else {
    sum.significand = small - large;
    sum.sign = y.sign;
  }
  if (sum.significand == Bits256{}) return {format.WithSign(ZeroSumSign(environment), 0), 0};
  const WideBits upper = sum.significand.upper;
  const int shift = upper != 0 ? 128 - BitWidth(upper) : 256 - BitWidth(sum.significand.lower);
  sum.significand = ShiftLeft(sum.significand, shift);
  sum.exponent += 2 - shift;
  return RoundTerm(format, environment, sum);
}

WideOutcome Nan(const WideFormat& format, bool invalid) {
  return {format.CanonicalNan(), invalid ? kInvalid : Flags{0}};
}
WideOutcome InfinityOf(const WideFormat& format, bool sign, Flags flags = 0) {
  return {format.WithSign(sign, format.Infinity()), flags};
}
WideOutcome ZeroOf(const WideFormat& format, bool sign) { return {format.WithSign(sign, 0), 0}; }

WideOutcome RoundOperand(const WideFormat& format, const Environment& environment, const WideOperand& x) {
  switch (x.kind) {
    case Kind::kNan:
      return Nan(format, x.signaling);
    case Kind::kInfinity:
      return InfinityOf(format, x.sign);
    case Kind::kZero:
      return ZeroOf(format, x.sign);
    case Kind::kFinite:
      break;
  }
  return RoundPack(format, environment, x.sign, x.exponent, x.significand);
}

WideOutcome AddOperands(const WideFormat& format, const Environment& environment, const WideOperand& x,
                        const WideOperand& y) {
  if (x.kind == Kind::kNan || y.kind == Kind::kNan) return Nan(format, x.signaling || y.signaling);
  if (x.kind == Kind::kInfinity && y.kind == Kind::kInfinity && x.sign != y.sign) return Nan(format, true);
  if (x.kind == Kind::kInfinity || y.kind == Kind::kZero) {
    const bool zeros = x.kind == Kind::kZero && x.sign != y.sign;
    return zeros ? ZeroOf(format, ZeroSumSign(environment)) : RoundOperand(format, environment, x);
  }
  if (y.kind == Kind::kInfinity || x.kind == Kind::kZero) return RoundOperand(format, environment, y);
  return SumOf(format, environment, TermOf(x), TermOf(y));
}

// The operands are no NaN, and not both finite. False: their product is invalid.
bool TakeSpecialProduct(const WideOperand& x, const WideOperand& y, WideOperand& product) {
  const bool zero = x.kind == Kind::kZero || y.kind == Kind::kZero;
  const bool infinite = x.kind == Kind::kInfinity || y.kind == Kind::kInfinity;
  product = {infinite ? Kind::kInfinity : Kind::kZero, x.sign != y.sign};
  return !(zero && infinite);
}

bool BothFinite(const WideOperand& x, const WideOperand& y) {
  return x.kind == Kind::kFinite && y.kind == Kind::kFinite;
}

// Digit by digit: the quotient's leading bit is its bit 127, its last one says whether anything is left, too.
WideBits Quotient(WideBits dividend, WideBits divisor) {
  WideBits quotient = dividend >= divisor ? 1 : 0, rest = dividend - (quotient != 0 ? divisor : 0);
  while (quotient >> 127 == 0) {
    const bool carry = rest >> 127 != 0;
    rest <<= 1;
    const bool one = carry || rest >= divisor;
    rest -= one ? divisor : 0;
    quotient = quotient << 1 | static_cast<WideBits>(one);
  }
  return quotient | static_cast<WideBits>(rest != 0);
}

Environment WithoutFlushing(const Environment& environment) {
  Environment gradual = environment;
  gradual.mode = {environment.mode.rounding, false, false};
  return gradual;
}

bool EitherNan(const WideFormat& format, WideBits a, WideBits b) { return format.IsNan(a) || format.IsNan(b); }

Flags InvalidIf(bool invalid) { return invalid ? kInvalid : Flags{0}; }

Flags SignalingFlag(const WideFormat& format, WideBits a, WideBits b) {
  return InvalidIf(format.IsSignalingNan(a) || format.IsSignalingNan(b));
}

// What is left of two operands of which one is NaN.
WideBits NumberOf(const WideFormat& format, WideBits a, WideBits b) {
  if (!format.IsNan(a)) return a;
  return format.IsNan(b) ? format.CanonicalNan() : b;
}

}  // namespace

WideOutcome Add(const WideFormat& format, const Environment& environment, WideBits a, WideBits b) {
  return AddOperands(format, environment, Unpack(format, a), Unpack(format, b));
}

WideOutcome Sub(const WideFormat& format, const Environment& environment, WideBits a, WideBits b) {
  return Add(format, environment, a, b ^ format.SignMask());
}

WideOutcome Mul(const WideFormat& format, const Environment& environment, WideBits a, WideBits b) {
  const WideOperand x = Unpack(format, a), y = Unpack(format, b);
  if (x.kind == Kind::kNan || y.kind == Kind::kNan) return Nan(format, x.signaling || y.signaling);
  if (BothFinite(x, y)) return RoundTerm(format, environment, ProductOf(x, y));
  WideOperand product{};
  if (!TakeSpecialProduct(x, y, product)) return Nan(format, true);
  return RoundOperand(format, environment, product);
}

WideOutcome Div(const WideFormat& format, const Environment& environment, WideBits a, WideBits b) {
  const WideOperand x = Unpack(format, a), y = Unpack(format, b);
  const bool sign = x.sign != y.sign;
  if (x.kind == Kind::kNan || y.kind == Kind::kNan) return Nan(format, x.signaling || y.signaling);
  if (BothFinite(x, y)) {
    const int borrow = x.significand < y.significand ? 1 : 0;
    return RoundPack(format, environment, sign, x.exponent - y.exponent - borrow,
                     Quotient(x.significand, y.significand));
  }
  if (x.kind == y.kind) return Nan(format, true);  // 0/0, inf/inf
  if (x.kind == Kind::kInfinity) return InfinityOf(format, sign);
  if (y.kind == Kind::kZero) return InfinityOf(format, sign, kDivideByZero);
  return ZeroOf(format, sign);
}

WideOutcome Sqrt(const WideFormat& format, const Environment& environment, WideBits a) {
  const WideOperand x = Unpack(format, a);
  if (x.kind == Kind::kNan || (x.sign && x.kind != Kind::kZero))
    return Nan(format, x.signaling || x.kind != Kind::kNan);
  if (x.kind != Kind::kFinite) return RoundOperand(format, environment, x);
  // Digit by digit, two radicand bits for one of the root: precision + 2 root bits, and the remainder tells the rest.
  const bool odd = (x.exponent & 1) != 0;
  WideBits radicand = odd ? x.significand : x.significand >> 1;
  WideBits root = 0, remainder = 0;
  const int root_bits = format.precision + 2;
  for (int i = 0; i < root_bits; ++i) {
    remainder = remainder << 2 | radicand >> 126;
    radicand <<= 2;
    const WideBits trial = root << 2 | 1;
    const bool one = remainder >= trial;
    remainder -= one ? trial : 0;
    root = root << 1 | static_cast<WideBits>(one);
  }
  const WideBits significand = root << (128 - root_bits) | static_cast<WideBits>(remainder != 0);
  return RoundPack(format, environment, false, (x.exponent - (odd ? 1 : 0)) / 2, significand);
}

WideOutcome Fma(const WideFormat& format, const Environment& environment, WideBits a, WideBits b, WideBits c) {
  const WideOperand x = Unpack(format, a), y = Unpack(format, b), z = Unpack(format, c);
  const bool signaling = x.signaling || y.signaling || z.signaling;
  if (x.kind == Kind::kNan || y.kind == Kind::kNan) return Nan(format, signaling);
  if (!BothFinite(x, y)) {
    WideOperand product{};
    if (!TakeSpecialProduct(x, y, product)) return Nan(format, true);
    return AddOperands(format, environment, product, z);
  }
  const Term product = ProductOf(x, y);
  if (z.kind == Kind::kFinite) return SumOf(format, environment, product, TermOf(z));
  return z.kind == Kind::kZero ? RoundTerm(format, environment, product) : RoundOperand(format, environment, z);
}

WideOutcome Convert(const WideFormat& from, const WideFormat& to, const Environment& environment, WideBits a) {
  return RoundOperand(to, environment, Unpack(from, a));
}

WideOutcome Convert(const Format& from, const WideFormat& to, const Environment& environment, uint64_t a) {
  const Operand x = Unpack(from, WithoutFlushing(environment), a);
  return RoundOperand(to, environment,
                      {x.kind, x.sign, x.signaling, x.exponent, static_cast<WideBits>(x.significand) << 64});
}

Outcome Convert(const WideFormat& from, const Format& to, const Environment& environment, WideBits a) {
  const WideOperand x = Unpack(from, a);
  const Environment gradual = WithoutFlushing(environment);
  const auto converted = [&](uint64_t magnitude) {
    return Convert(kBinary64, to, gradual, kBinary64.WithSign(x.sign, magnitude));
  };
  switch (x.kind) {
    case Kind::kNan:
      return converted(x.signaling ? kBinary64.Infinity() + 1 : kBinary64.CanonicalNan());
    case Kind::kInfinity:
      return converted(kBinary64.Infinity());
    case Kind::kZero:
      return converted(0);
    case Kind::kFinite:
      break;
  }
  // Any exponent far outside the format's rounds like one that is just outside.
  const int exponent = std::clamp(x.exponent, to.MinExponent() - 64, to.MaxExponent() + 2);
  return RoundPack(to, gradual, x.sign, exponent, UpperSticky(x.significand));
}

WideOutcome FromInteger(const WideFormat& format, const Environment& environment, IntegerType type, uint64_t value) {
  const bool is_signed = type == IntegerType::kInt32 || type == IntegerType::kInt64;
  if (type == IntegerType::kInt32) value = static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(value)));
  if (type == IntegerType::kUint32) value = static_cast<uint32_t>(value);
  if (value == 0) return ZeroOf(format, false);
  const bool sign = is_signed && static_cast<int64_t>(value) < 0;
  const WideBits magnitude = sign ? 0 - value : value;
  const int width = BitWidth(magnitude);
  return RoundPack(format, environment, sign, width - 1, magnitude << (128 - width));
}

WideOutcome X86Min(const WideFormat& format, WideBits a, WideBits b) {
  const bool unordered = EitherNan(format, a, b);
  return {!unordered && format.IsLess(a, b) ? a : b, InvalidIf(unordered)};
}

WideOutcome X86Max(const WideFormat& format, WideBits a, WideBits b) {
  const bool unordered = EitherNan(format, a, b);
  return {!unordered && format.IsLess(b, a) ? a : b, InvalidIf(unordered)};
}

WideOutcome MinNum(const WideFormat& format, WideBits a, WideBits b) {
  const Flags flags = SignalingFlag(format, a, b);
  if (flags != 0) return {format.CanonicalNan(), flags};
  if (EitherNan(format, a, b)) return {NumberOf(format, a, b), 0};
  return {format.IsLess(b, a) ? b : a, 0};
}

WideOutcome MaxNum(const WideFormat& format, WideBits a, WideBits b) {
  const Flags flags = SignalingFlag(format, a, b);
  if (flags != 0) return {format.CanonicalNan(), flags};
  if (EitherNan(format, a, b)) return {NumberOf(format, a, b), 0};
  return {format.IsLess(a, b) ? b : a, 0};
}

WideOutcome MinimumNumber(const WideFormat& format, WideBits a, WideBits b) {
  const Flags flags = SignalingFlag(format, a, b);
  if (EitherNan(format, a, b)) return {NumberOf(format, a, b), flags};
  const bool first = format.IsLess(a, b) || (!format.IsLess(b, a) && format.SignBit(a));
  return {first ? a : b, flags};
}

WideOutcome MaximumNumber(const WideFormat& format, WideBits a, WideBits b) {
  const Flags flags = SignalingFlag(format, a, b);
  if (EitherNan(format, a, b)) return {NumberOf(format, a, b), flags};
  const bool first = format.IsLess(b, a) || (!format.IsLess(a, b) && !format.SignBit(a));
  return {first ? a : b, flags};
}

WideOutcome Minimum(const WideFormat& format, WideBits a, WideBits b) {
  if (EitherNan(format, a, b)) return {format.CanonicalNan(), SignalingFlag(format, a, b)};
  return MinimumNumber(format, a, b);
}

WideOutcome Maximum(const WideFormat& format, WideBits a, WideBits b) {
  if (EitherNan(format, a, b)) return {format.CanonicalNan(), SignalingFlag(format, a, b)};
  return MaximumNumber(format, a, b);
}

}  // namespace fplab::model
