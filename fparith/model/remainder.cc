// The exact model: remainders, which need no rounding, by long division of significands.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>

#include <fplab/fparith/model/model.h>
#include <fplab/fparith/model/round_pack.h>

namespace fplab::model {
namespace {

// |a| = quotient |b| + remainder units of 2^(exponent of b - 63), remainder < significand of b; of the quotient,
// whether it is odd. Precondition: the exponent of b is not above that of a.
struct Division {
  uint64_t remainder;
  bool odd;
};

Division Divide(const Operand& a, const Operand& b) {
  constexpr int kChunk = 63;
  Wide remainder = a.significand % b.significand;
  bool odd = a.significand >= b.significand;
  for (int left = a.exponent - b.exponent; left > 0;) {
    const int shift = std::min(left, kChunk);
    const Wide dividend = remainder << shift;
    odd = (dividend / b.significand & 1) != 0;
    remainder = dividend % b.significand;
    left -= shift;
  }
  return {static_cast<uint64_t>(remainder), odd};
}

// Remainders of operands that are zero, infinite or NaN.
Outcome SpecialRemainder(const Format& format, const Environment& environment, const Operand& x, const Operand& y) {
  if (x.kind == Kind::kNan || y.kind == Kind::kNan) return NanResult(format, x.signaling || y.signaling);
  if (x.kind == Kind::kInfinity || y.kind == Kind::kZero) return NanResult(format, true);
  const Flags denormal = DenormalFlag(x.denormal || y.denormal);
  if (x.kind == Kind::kZero) return {SignedZero(format, x.sign), denormal};
  return WithFlags(RoundPack(format, environment, x), denormal);  // y is infinite
}

// Finite, not zero.
Outcome FiniteRemainder(const Format& format, const Environment& environment, const Operand& x, const Operand& y,
                        bool nearest) {
  const int distance = x.exponent - y.exponent;
  // |x| < |y|, and below half of |y| if the remainder is the nearest.
  if (distance < (nearest ? -1 : 0)) return RoundPack(format, environment, x);
  uint64_t remainder = 0;
  bool sign = x.sign;
  int exponent = y.exponent;
  if (distance < 0) {
    if (x.significand <= y.significand) return RoundPack(format, environment, x);
    // In units of half the size: |y| - |x|.
    remainder = static_cast<uint64_t>((Wide{y.significand} << 1) - x.significand);
    exponent = x.exponent;
    sign = !sign;
  } else {
    const Division division = Divide(x, y);
    remainder = division.remainder;
    const uint64_t rest = y.significand - remainder;
    if (nearest && (remainder > rest || (remainder == rest && division.odd))) {
      remainder = rest;
      sign = !sign;
    }
  }
  if (remainder == 0) return {SignedZero(format, x.sign), 0};
  const int shift = std::countl_zero(remainder);
  return RoundPack(format, environment, sign, exponent - shift, remainder << shift);
}

Outcome RemainderOf(const Format& format, const Environment& environment, uint64_t a, uint64_t b, bool nearest) {
  const Operand x = Unpack(format, environment, a), y = Unpack(format, environment, b);
  const Outcome outcome =
      x.kind == Kind::kFinite && y.kind == Kind::kFinite
          ? WithFlags(FiniteRemainder(format, environment, x, y, nearest), DenormalFlag(x.denormal || y.denormal))
          : SpecialRemainder(format, environment, x, y);
  return WithNan(format, environment, WithFlushedFlag(format, environment, outcome, a, b), a, b);
}

}  // namespace

Outcome Remainder(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  return RemainderOf(format, environment, a, b, /*nearest=*/true);
}

Outcome Fmod(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  return RemainderOf(format, environment, a, b, /*nearest=*/false);
}

}  // namespace fplab::model
