// Vector exp, log, exp - 1, tanh and sine/cosine of a turn, from basic operations and fused multiply-adds only, so that
// every ISA returns the same bits; in IEEE mode. Within 1 ulp of the correctly rounded result (exp, log).
// SPDX-License-Identifier: Apache-2.0
#if defined(FPLAB_KERNELS_CORE_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef FPLAB_KERNELS_CORE_MATH_INL_H_
#undef FPLAB_KERNELS_CORE_MATH_INL_H_
#else
#define FPLAB_KERNELS_CORE_MATH_INL_H_
#endif

#include <fplab/kernels/core/fma-inl.h>
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// 2^k for integers k in [-126, 127], by building the exponent field.
template <class DF, class VI>
HWY_INLINE hn::Vec<DF> PowerOfTwo(DF df, VI k) {
  const hn::RebindToSigned<DF> di;
  return hn::BitCast(df, hn::ShiftLeft<23>(hn::Add(k, hn::Set(di, 127))));
}

// x = k ln 2 + r, |r| <= ln2 / 2, and r + r^2 q(r) = exp(r) - 1; k is an integer in the range of PowerOfTwo if x is.
template <class DF, class V, class VI>
HWY_INLINE V ReducedExpMinusOne(DF df, V x, VI& k) {
  const hn::RebindToSigned<DF> di;
  // Adding 1.5 * 2^23 rounds to an integer, left in the low bits.
  const V shifter = hn::Set(df, 0x1.8p23f);
  const V shifted = Fma(df, x, hn::Set(df, 0x1.715476p+0f), shifter);
  k = hn::Sub(hn::BitCast(di, shifted), hn::BitCast(di, shifter));
  const V kf = hn::Sub(shifted, shifter);
  V r = Fma(df, kf, hn::Set(df, -0x1.62e430p-1f), x);
  r = Fma(df, kf, hn::Set(df, 0x1.05c610p-29f), r);

  // q is the Taylor polynomial to r^7 / 7!, whose remainder is below 2^-27 of exp(r) and 2^-26 of exp(r) - 1.
  V q = hn::Set(df, 1.0f / 5040);
  q = Fma(df, q, r, hn::Set(df, 1.0f / 720));
  q = Fma(df, q, r, hn::Set(df, 1.0f / 120));
  q = Fma(df, q, r, hn::Set(df, 1.0f / 24));
  q = Fma(df, q, r, hn::Set(df, 1.0f / 6));
  q = Fma(df, q, r, hn::Set(df, 0.5f));
  return Fma(df, hn::Mul(r, r), q, r);
}

// exp(x) for every x: 0 below the least subnormal, infinity above the greatest finite, NaN for NaN.
template <class DF, class V = hn::Vec<DF>>
HWY_INLINE V VectorExp(DF df, V x) {
  // Outside these bounds the result is 0 or infinity all the same; inside them k fits.
  const V clamped = hn::Min(hn::Max(x, hn::Set(df, -104.0f)), hn::Set(df, 89.0f));
  hn::Vec<hn::RebindToSigned<DF>> k;
  const V p = hn::Add(ReducedExpMinusOne(df, clamped, k), hn::Set(df, 1.0f));

  // p * 2^k in two factors, since 2^k alone may be subnormal or too large; only the second product can round.
  const auto half = hn::ShiftRight<1>(k);
  const V scaled = hn::Mul(hn::Mul(p, PowerOfTwo(df, half)), PowerOfTwo(df, hn::Sub(k, half)));
  return hn::IfThenElse(hn::Eq(x, x), scaled, x);
}

// exp(x) - 1 for x <= 0, +-0 included, without cancellation: an operand above 0 gives the value at +-0.
template <class DF, class V = hn::Vec<DF>>
HWY_INLINE V VectorExpMinusOne(DF df, V x) {
  // Below -64 the result is -1 all the same.
  const V clamped = hn::Min(hn::Max(x, hn::Set(df, -64.0f)), hn::Zero(df));
  hn::Vec<hn::RebindToSigned<DF>> k;
  const V p = ReducedExpMinusOne(df, clamped, k);
  // exp(x) - 1 = 2^k p + (2^k - 1); the bracket is exact down to k = -24 and -1 below.
  const V power = PowerOfTwo(df, k);
  const V result = Fma(df, power, p, hn::Sub(power, hn::Set(df, 1.0f)));
  return hn::IfThenElse(hn::Eq(x, x), hn::CopySign(result, x), x);
}

// tanh(x) for every x: tanh |x| = -t / (2 + t) with t = exp(-2 |x|) - 1 in [-1, 0].
template <class DF, class V = hn::Vec<DF>>
HWY_INLINE V VectorTanh(DF df, V x) {
  const V t = VectorExpMinusOne(df, hn::Mul(hn::Set(df, -2.0f), hn::Abs(x)));
  return hn::CopySign(hn::Div(t, hn::Add(t, hn::Set(df, 2.0f))), x);
}

// (log(1 + f) - f + f^2 / 2) / f^3 interpolated at nine Chebyshev points of [sqrt(1/2) - 1, sqrt(2) - 1], highest power
// first; with these binary32 coefficients the relative error of log(1 + f) is below 2^-28.
constexpr int kLogTerms = 9;
constexpr float kLogCoefficients[kLogTerms] = {0x1.1d8ea6p-4f,  -0x1.d635bcp-4f, 0x1.dea282p-4f,
                                               -0x1.fcf4c6p-4f, 0x1.23d21ap-3f,  -0x1.555b4ap-3f,
                                               0x1.999d5ap-3f,  -0x1.fffffcp-3f, 0x1.555554p-2f};

// log(2^binade x) for positive normal finite x and a whole number in `binade` (the sum of the exponents in the range of
// binary32).
template <class DF, class V = hn::Vec<DF>>
HWY_INLINE V VectorLogOfNormal(DF df, V x, V binade) {
  const hn::RebindToSigned<DF> di;
  using VI = hn::Vec<decltype(di)>;
  // x = 2^e (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)): 0x3f3504f3 is sqrt(1/2).
  const VI offset = hn::Sub(hn::BitCast(di, x), hn::Set(di, 0x3f3504f3));
  const VI e = hn::ShiftRight<23>(offset);
  const V m = hn::BitCast(df, hn::Add(hn::And(offset, hn::Set(di, 0x007fffff)), hn::Set(di, 0x3f3504f3)));
  const V f = hn::Sub(m, hn::Set(df, 1.0f));
  const V ef = hn::Add(hn::ConvertTo(df, e), binade);

  // log(1 + f) = f + f^2 (-1/2 + f p(f)).
  V p = hn::Set(df, kLogCoefficients[0]);
  HWY_UNROLL(9)
  for (int i = 1; i < kLogTerms; ++i) p = Fma(df, p, f, hn::Set(df, kLogCoefficients[i]));
  const V tail = hn::Mul(hn::Mul(f, f), Fma(df, p, f, hn::Set(df, -0.5f)));

  // e ln 2 + f + tail, with the rounding error of the first sum (Dekker's FastTwoSum: |e ln 2| > |f| or e = 0) kept.
  // The high part of ln 2 has 16 bits, so its product with e is exact.
  const V high = hn::Mul(ef, hn::Set(df, 0x1.62e4p-1f));
  const V sum = hn::Add(high, f);
  const V error = hn::Sub(f, hn::Sub(sum, high));
  const V low = Fma(df, ef, hn::Set(df, 0x1.7f7d1cp-20f), hn::Add(error, tail));
  return hn::Add(sum, low);
}

// log(x): -infinity for zeros, NaN for negative numbers and NaN, infinity for infinity; subnormals are exact operands.
template <class DF, class V = hn::Vec<DF>>
HWY_INLINE V VectorLog(DF df, V x) {
  const hn::RebindToSigned<DF> di;
  const auto tiny = hn::Lt(x, hn::Set(df, 0x1p-126f));
  const V normal = hn::IfThenElse(tiny, hn::Mul(x, hn::Set(df, 0x1p24f)), x);
  V result = VectorLogOfNormal(df, normal, hn::IfThenElseZero(tiny, hn::Set(df, -24.0f)));

  const V infinity = hn::BitCast(df, hn::Set(di, 0x7f800000));
  const V nan = hn::BitCast(df, hn::Set(di, 0x7fc00000));
  result = hn::IfThenElse(hn::Eq(x, infinity), infinity, result);
  result = hn::IfThenElse(hn::Eq(x, hn::Zero(df)), hn::Neg(infinity), result);
  return hn::IfThenElse(hn::Ge(x, hn::Zero(df)), result, nan);
}

// sine and cosine of (turn / 2^32) * 2 pi for a 32-bit fraction of a turn: 8 bits of which are dropped, so the reduced
// angle is exact in binary32. For Box-Muller; absolute error below 2^-23.
template <class DF, class VU, class V = hn::Vec<DF>>
HWY_INLINE void SinCosOfTurn(DF df, VU turn, V& sine, V& cosine) {
  const hn::RebindToSigned<DF> di;
  const hn::RebindToUnsigned<DF> du;
  // The nearest quarter turn and what is left of it, in [-1/8, 1/8) turn.
  const VU shifted = hn::Add(turn, hn::Set(du, 0x20000000u));
  const VU quadrant = hn::ShiftRight<30>(shifted);
  const auto rest = hn::BitCast(di, hn::Sub(turn, hn::ShiftLeft<30>(quadrant)));
  const V angle = hn::Mul(hn::ConvertTo(df, hn::ShiftRight<8>(rest)), hn::Set(df, 0x1.921fb6p+2f * 0x1p-24f));

  // Taylor on |angle| <= pi/4: the remainders are below 4e-9 and 3e-8.
  const V square = hn::Mul(angle, angle);
  V s = hn::Set(df, 1.0f / 362880);
  s = Fma(df, s, square, hn::Set(df, -1.0f / 5040));
  s = Fma(df, s, square, hn::Set(df, 1.0f / 120));
  s = Fma(df, s, square, hn::Set(df, -1.0f / 6));
  s = Fma(df, hn::Mul(s, square), angle, angle);
  V c = hn::Set(df, 1.0f / 40320);
  c = Fma(df, c, square, hn::Set(df, -1.0f / 720));
  c = Fma(df, c, square, hn::Set(df, 1.0f / 24));
  c = Fma(df, c, square, hn::Set(df, -0.5f));
  c = Fma(df, c, square, hn::Set(df, 1.0f));

  // Quadrants 1 and 3 swap the two; the sign bits follow from the quadrant's bits.
  const auto swap = hn::RebindMask(df, hn::Ne(hn::And(quadrant, hn::Set(du, 1)), hn::Zero(du)));
  const VU sine_sign = hn::ShiftLeft<30>(hn::And(quadrant, hn::Set(du, 2)));
  const VU cosine_sign = hn::ShiftLeft<30>(hn::And(hn::Add(quadrant, hn::Set(du, 1)), hn::Set(du, 2)));
  sine = hn::Xor(hn::IfThenElse(swap, c, s), hn::BitCast(df, sine_sign));
  cosine = hn::Xor(hn::IfThenElse(swap, s, c), hn::BitCast(df, cosine_sign));
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#endif  // FPLAB_KERNELS_CORE_MATH_INL_H_
