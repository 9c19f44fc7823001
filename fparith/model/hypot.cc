// The exact model: the length of a vector of two, and powers of two as factors, each in one rounding.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <utility>

#include <fplab/fparith/model/model.h>
#include <fplab/fparith/model/round_pack.h>

namespace fplab::model {
namespace {

// floor(sqrt(x)), digit by digit.
uint64_t Root(Wide x) {
  Wide root = 0, remainder = 0;
  for (int i = 0; i < 64; ++i) {
    remainder = remainder << 2 | x >> 126;
    x <<= 2;
    const Wide trial = root << 2 | 1;
    const bool one = remainder >= trial;
    if (one) remainder -= trial;
    root = root << 1 | static_cast<Wide>(one);
  }
  return static_cast<uint64_t>(root);
}

// Finite, not zero.
Outcome FiniteHypot(const Format& format, const Environment& environment, Operand x, Operand y) {
  if (x.exponent < y.exponent) std::swap(x, y);
  // Squares of 53-bit significands in units of 2^(2 exponent of x - 124): the sum is below 2^127. Bits of the smaller
  // square that are shifted out, and what the root leaves, only tell that the result is inexact: the root of an integer
  // plus a fraction has the floor of the root of the integer.
  const Wide a = x.significand >> 11, b = y.significand >> 11;
  const Wide square = b * b << 20;
  const int shift = 2 * std::min(x.exponent - y.exponent, 64);
  const Wide aligned = shift >= 128 ? 0 : square >> shift;
  const bool lost = shift >= 128 || aligned << shift != square;
  const Wide sum = (a * a << 20) + aligned;
  const uint64_t root = Root(sum);
  const bool inexact = lost || Wide{root} * root != sum;
  const int leading = std::countl_zero(root);
  return RoundPack(format, environment, false, x.exponent + 1 - leading,
                   root << leading | static_cast<uint64_t>(inexact));
}

}  // namespace

Outcome Hypot(const Format& format, const Environment& environment, uint64_t a, uint64_t b) {
  Operand x = Unpack(format, environment, a), y = Unpack(format, environment, b);
  x.sign = y.sign = false;
  const auto outcome = [&]() -> Outcome {
    const bool signaling = x.signaling || y.signaling;
    if (x.kind == Kind::kInfinity || y.kind == Kind::kInfinity) {
      return signaling ? NanResult(format, true) : Outcome{format.InfiniteResult(false), 0};
    }
    if (x.kind == Kind::kNan || y.kind == Kind::kNan) return NanResult(format, signaling);
    const Flags denormal = DenormalFlag(x.denormal || y.denormal);
    if (x.kind == Kind::kZero && y.kind == Kind::kZero) return {SignedZero(format, false), denormal};
    if (y.kind == Kind::kZero) return WithFlags(RoundPack(format, environment, x), denormal);
    if (x.kind == Kind::kZero) return WithFlags(RoundPack(format, environment, y), denormal);
    return WithFlags(FiniteHypot(format, environment, x, y), denormal);
  };
  return WithNan(format, environment, WithFlushedFlag(format, environment, outcome(), a, b), a, b);
}

Outcome ScaleB(const Format& format, const Environment& environment, uint64_t a, int64_t n) {
  constexpr int64_t kFarBeyond = 10000;  // any exponent of any format
  Operand x = Unpack(format, environment, a);
  const auto outcome = [&]() -> Outcome {
    switch (x.kind) {
      case Kind::kNan:
        return NanResult(format, x.signaling);
      case Kind::kInfinity:
        return {format.InfiniteResult(x.sign), 0};
      case Kind::kZero:
        return {SignedZero(format, x.sign), DenormalFlag(x.denormal)};
      case Kind::kFinite:
        break;
    }
    const int scaled = x.exponent + static_cast<int>(std::clamp(n, -kFarBeyond, kFarBeyond));
    x.exponent = std::min(scaled, format.MaxExponent() + 1);  // which overflows as any greater one does
    return WithFlags(RoundPack(format, environment, x), DenormalFlag(x.denormal));
  };
  return WithNan(format, environment, WithFlushedFlag(format, environment, outcome(), a), a);
}

}  // namespace fplab::model
