// The exact model in SIMD lanes: what fparith/model computes of one pair of operands, here of a vector of them, by
// integer operations alone. Flags are left out. For block_step.cc, once per target.
// SPDX-License-Identifier: Apache-2.0
#if defined(FPLAB_KERNELS_SEARCH_MODEL_ARITHMETIC_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef FPLAB_KERNELS_SEARCH_MODEL_ARITHMETIC_INL_H_
#undef FPLAB_KERNELS_SEARCH_MODEL_ARITHMETIC_INL_H_
#else
#define FPLAB_KERNELS_SEARCH_MODEL_ARITHMETIC_INL_H_
#endif

#include <fplab/fparith/model/model.h>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Values below 2^(L-1), L the bits of a lane, are compared as signed numbers: the only order that every target has.
template <class D, class V = hn::Vec<D>>
HWY_INLINE auto Less(D d, V a, V b) {
  const hn::RebindToSigned<D> di;
  return hn::RebindMask(d, hn::Lt(hn::BitCast(di, a), hn::BitCast(di, b)));
}

// Leading zeros of x, of 0 the bits of a lane; `x` loses them.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V ShiftOutLeadingZeros(D d, V& x) {
  using T = hn::TFromD<D>;
  constexpr int kBits = sizeof(T) * 8;
  V zeros = hn::Zero(d);
  for (int step = kBits / 2; step > 0; step /= 2) {
    // No bit among the upper `step`.
    const auto none = hn::Eq(hn::ShiftRightSame(x, kBits - step), hn::Zero(d));
    x = hn::IfThenElse(none, hn::ShiftLeftSame(x, step), x);
    zeros = hn::Add(zeros, hn::IfThenElseZero(none, hn::Set(d, static_cast<T>(step))));
  }
  return hn::IfThenElse(hn::Eq(x, hn::Zero(d)), hn::Set(d, T{kBits}), zeros);
}

// x >> shift, what was lost or-ed into the last bit; 0 <= shift < bits of a lane.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V ShiftRightSticky(D d, V x, V shift) {
  const V shifted = hn::Shr(x, shift);
  const auto exact = hn::Eq(hn::Shl(shifted, shift), x);
  return hn::Or(shifted, hn::IfThenZeroElse(exact, hn::Set(d, 1)));
}

// The upper half of a product of two lanes, and whether the lower is not zero, as 1 in the last bit.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V MulHighSticky(D d, V a, V b) {
  V upper, lower;
  if constexpr (sizeof(hn::TFromD<D>) == 4) {
    const hn::Repartition<uint64_t, D> wide;
    const auto high = hn::Set(wide, 0xFFFFFFFF00000000u);
    const auto even = hn::MulEven(a, b);
    const auto odd = hn::MulEven(hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(wide, a))),
                                 hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(wide, b))));
    upper = hn::BitCast(d, hn::Or(hn::ShiftRight<32>(even), hn::And(odd, high)));
    lower = hn::BitCast(d, hn::Or(hn::AndNot(high, even), hn::ShiftLeft<32>(odd)));
  } else {
    const hn::Repartition<uint32_t, D> narrow;
    const auto mul = [&](V x, V y) HWY_ATTR { return hn::MulEven(hn::BitCast(narrow, x), hn::BitCast(narrow, y)); };
    const V mask = hn::Set(d, 0xFFFFFFFFu);
    const V a_high = hn::ShiftRight<32>(a), b_high = hn::ShiftRight<32>(b);
    const V low = mul(a, b), cross = mul(a_high, b), other = mul(a, b_high);
    const V middle = hn::Add(hn::ShiftRight<32>(low), hn::Add(hn::And(cross, mask), hn::And(other, mask)));
    upper = hn::Add(hn::Add(mul(a_high, b_high), hn::ShiftRight<32>(cross)),
                    hn::Add(hn::ShiftRight<32>(other), hn::ShiftRight<32>(middle)));
    lower = hn::And(hn::Or(low, middle), mask);
  }
  return hn::Or(upper, hn::IfThenZeroElse(hn::Eq(lower, hn::Zero(d)), hn::Set(d, 1)));
}

// A format in lanes, and what unpacks its values. Precondition: it has -0.
template <class D>
struct FormatLanes {
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;
  static constexpr int kBits = sizeof(T) * 8;

  explicit FormatLanes(const Format& f)
      : format(f),
        sign(hn::Set(D(), static_cast<T>(f.SignMask()))),
        fraction(hn::Set(D(), static_cast<T>(f.FractionMask()))),
        min_normal(hn::Set(D(), static_cast<T>(f.MinNormal()))),
        max_finite(hn::Set(D(), static_cast<T>(f.MaxFinite()))),
        infinity(hn::Set(D(), static_cast<T>(f.Infinity()))),
        infinite_result(hn::Set(D(), static_cast<T>(f.InfiniteResult(false)))),
        nan(hn::Set(D(), static_cast<T>(f.CanonicalNan()))) {}

  HWY_INLINE V Magnitude(V x) const { return hn::AndNot(sign, x); }
  // Of a magnitude.
  HWY_INLINE auto IsNotFinite(V magnitude) const { return Less(D(), max_finite, magnitude); }
  HWY_INLINE auto IsInfinite(V magnitude) const {
    return hn::Eq(magnitude, format.HasInfinity() ? infinity : hn::Set(D(), static_cast<T>(~T{0})));
  }
  HWY_INLINE auto IsNan(V magnitude) const {
    return Less(D(), format.HasInfinity() ? infinity : max_finite, magnitude);
  }
  HWY_INLINE auto IsSubnormal(V magnitude) const {  // or zero
    return Less(D(), magnitude, min_normal);
  }

  Format format;
  V sign, fraction, min_normal, max_finite, infinity, infinite_result, nan;
};

// Magnitude as significand / 2^(kBits-1) * 2^(exponent + MinExponent()), bit kBits-1 of the significand set unless it
// is zero. Only finite magnitudes mean anything.
template <class D>
struct Unpacked {
  hn::Vec<D> significand, exponent;
};

template <class D>
HWY_INLINE Unpacked<D> Unpack(const FormatLanes<D>& format, hn::Vec<D> magnitude) {
  const D d;
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;
  const int unused = FormatLanes<D>::kBits - format.format.precision;
  const auto subnormal = format.IsSubnormal(magnitude);
  const V field = hn::ShiftRightSame(magnitude, format.format.FractionBits());
  const V implicit = hn::IfThenZeroElse(subnormal, format.min_normal);
  Unpacked<D> x{hn::ShiftLeftSame(hn::Or(hn::And(magnitude, format.fraction), implicit), unused),
                hn::Sub(field, hn::Set(d, 1))};
  if (HWY_UNLIKELY(!hn::AllFalse(d, subnormal))) {
    V shifted = x.significand;
    const V zeros = ShiftOutLeadingZeros(d, shifted);
    x.significand = shifted;
    x.exponent = hn::IfThenElse(subnormal, hn::Sub(hn::Set(d, T{0}), zeros), x.exponent);
  }
  return x;
}

// The operations of a format in an environment: FlushSemantics A or B, any rounding but to odd.
template <class D>
class ModelLanes {
 public:
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;
  static constexpr int kBits = sizeof(T) * 8;

  ModelLanes(const Format& format, const model::Environment& environment)
      : f_(format), environment_(environment), discarded_(kBits - format.precision) {
    const Rounding rounding = environment.mode.rounding;
    const T half = T{1} << (discarded_ - 1), never = (T{1} << discarded_) - 1;
    T positive = half, negative = half;  // rounds up above these
    if (rounding == Rounding::kNearestAway) positive = negative = half - 1;
    if (rounding == Rounding::kTowardZero) positive = negative = never;
    if (rounding == Rounding::kUp) positive = 0, negative = never;
    if (rounding == Rounding::kDown) positive = never, negative = 0;
    const bool nearest = rounding == Rounding::kNearestEven || rounding == Rounding::kNearestAway;
    tie_to_odd_ = hn::Set(d_, rounding == Rounding::kNearestEven ? T{1} : T{0});
    limit_positive_ = hn::Set(d_, positive);
    limit_negative_ = hn::Set(d_, negative);
    tail_ = hn::Set(d_, never);
    beyond_positive_ = nearest || rounding == Rounding::kUp ? f_.infinite_result : f_.max_finite;
    beyond_negative_ = nearest || rounding == Rounding::kDown ? Infinite(f_.sign) : hn::Or(f_.max_finite, f_.sign);
    zero_sum_ = rounding == Rounding::kDown ? f_.sign : hn::Zero(d_);
  }

  // The operand that takes part: a zero of its sign for a subnormal one under flush_inputs.
  HWY_INLINE V Flushed(V x) const {
    if (!environment_.mode.flush_inputs) return x;
    const V magnitude = f_.Magnitude(x);
    return hn::IfThenElse(f_.IsSubnormal(magnitude), hn::And(x, f_.sign), x);
  }

  // significand / 2^(kBits-1) * 2^(exponent + MinExponent()) rounded; the leading bit is set, the last may be sticky.
  HWY_INLINE V Round(V sign, V exponent, V significand) const {
    V kept, base;
    const auto tiny = Less(d_, exponent, hn::Zero(d_));
    if (HWY_LIKELY(hn::AllFalse(d_, tiny))) {
      kept = RoundKept(sign, significand);
      base = hn::ShiftLeftSame(exponent, f_.format.FractionBits());
    } else {
      const V below = hn::IfThenElseZero(tiny, hn::Sub(hn::Zero(d_), exponent));
      const V shift = MinSmall(below, hn::Set(d_, T{kBits - 1}));
      // At kBits-1 what is left is the leading bit, itself below every half: as sticky as any.
      kept = RoundKept(sign, ShiftRightSticky(d_, significand, shift));
      base = hn::IfThenZeroElse(tiny, hn::ShiftLeftSame(exponent, f_.format.FractionBits()));
      if (environment_.mode.flush_outputs) kept = FlushTiny(sign, below, significand, tiny, kept);
    }
    const V magnitude = hn::Add(base, kept);
    return hn::IfThenElse(Beyond(magnitude), SignSelect(sign, beyond_positive_, beyond_negative_),
                          hn::Or(magnitude, sign));
  }

  HWY_INLINE V Sum(V a, V b) const {
    a = Flushed(a);
    b = Flushed(b);
    const V magnitude_a = f_.Magnitude(a), magnitude_b = f_.Magnitude(b);
    const auto swap = Less(d_, magnitude_a, magnitude_b);
    const V large = hn::IfThenElse(swap, magnitude_b, magnitude_a);
    const V small = hn::IfThenElse(swap, magnitude_a, magnitude_b);
    const V sign = hn::And(hn::IfThenElse(swap, b, a), f_.sign);
    const V opposite = hn::And(hn::Xor(a, b), f_.sign);
    const auto subtracts = hn::Ne(opposite, hn::Zero(d_));

    const int fraction_bits = f_.format.FractionBits();
    const V field_large = hn::ShiftRightSame(large, fraction_bits),
            field_small = hn::ShiftRightSame(small, fraction_bits);
    const V one = hn::Set(d_, 1);
    // As counted from MinExponent(): 0 for subnormal numbers too.
    const V exponent = hn::Sub(MaxSmall(field_large, one), one);
    const V exponent_small = hn::Sub(MaxSmall(field_small, one), one);
    const V x = Aligned(large), y = Aligned(small);
    const V shift = MinSmall(hn::Sub(exponent, exponent_small), hn::Set(d_, T{kBits - 1}));
    const V z = ShiftRightSticky(d_, y, shift);
    V sum = hn::IfThenElse(subtracts, hn::Sub(x, z), hn::Add(x, z));
    const auto none = hn::Eq(sum, hn::Zero(d_));
    const V zeros = ShiftOutLeadingZeros(d_, sum);
    V result = Round(sign, hn::Sub(hn::Add(exponent, one), zeros), sum);
    // Zeros of one sign keep it.
    result = hn::IfThenElse(none, hn::IfThenElse(subtracts, zero_sum_, sign), result);
    const auto special = f_.IsNotFinite(large);
    if (HWY_UNLIKELY(!hn::AllFalse(d_, special))) {
      const auto invalid = hn::Or(f_.IsNan(large), hn::And(f_.IsInfinite(small), subtracts));
      result = hn::IfThenElse(special, hn::IfThenElse(invalid, f_.nan, Infinite(sign)), result);
    }
    return result;
  }

  HWY_INLINE V Product(V a, V b) const {
    a = Flushed(a);
    b = Flushed(b);
    const V sign = hn::And(hn::Xor(a, b), f_.sign);
    const V magnitude_a = f_.Magnitude(a), magnitude_b = f_.Magnitude(b);
    const Unpacked<D> x = Unpack(f_, magnitude_a), y = Unpack(f_, magnitude_b);
    V upper = MulHighSticky(d_, x.significand, y.significand);
    // In [2^(kBits-2), 2^kBits): doubled where the leading bit is missing, which the sticky bit survives.
    const V top = hn::ShiftRightSame(upper, kBits - 1);
    upper = hn::IfThenElse(hn::Eq(top, hn::Zero(d_)), DoubleSticky(upper), upper);
    const V exponent =
        hn::Add(hn::Add(x.exponent, y.exponent), hn::Add(top, hn::Set(d_, static_cast<T>(f_.format.MinExponent()))));
    V result = Round(sign, exponent, upper);
    const auto zero = hn::Or(hn::Eq(magnitude_a, hn::Zero(d_)), hn::Eq(magnitude_b, hn::Zero(d_)));
    result = hn::IfThenElse(zero, sign, result);
    const auto special = hn::Or(f_.IsNotFinite(magnitude_a), f_.IsNotFinite(magnitude_b));
    if (HWY_UNLIKELY(!hn::AllFalse(d_, special))) {
      const auto invalid = hn::Or(hn::Or(f_.IsNan(magnitude_a), f_.IsNan(magnitude_b)), zero);
      result = hn::IfThenElse(special, hn::IfThenElse(invalid, f_.nan, Infinite(sign)), result);
    }
    return result;
  }

  HWY_INLINE V Quotient(V a, V b) const {
    a = Flushed(a);
    b = Flushed(b);
    const V sign = hn::And(hn::Xor(a, b), f_.sign);
    const V magnitude_a = f_.Magnitude(a), magnitude_b = f_.Magnitude(b);
    const Unpacked<D> x = Unpack(f_, magnitude_a), y = Unpack(f_, magnitude_b);
    // Two bits of room above: remainders are doubled.
    V remainder = hn::ShiftRight<2>(x.significand);
    const V divisor = hn::ShiftRight<2>(y.significand);
    const auto less = Less(d_, remainder, divisor);
    remainder = hn::IfThenElse(less, hn::Add(remainder, remainder), remainder);
    V exponent = hn::Sub(hn::Sub(x.exponent, y.exponent), hn::Set(d_, static_cast<T>(f_.format.MinExponent())));
    exponent = hn::Sub(exponent, hn::IfThenElseZero(less, hn::Set(d_, 1)));
    V quotient = hn::Zero(d_);
    const V one = hn::Set(d_, 1);
    const int digits = f_.format.precision + 2;
    for (int i = 0; i < digits; ++i) {
      const auto too_small = Less(d_, remainder, divisor);
      remainder = hn::Sub(remainder, hn::IfThenZeroElse(too_small, divisor));
      quotient = hn::Add(hn::Add(quotient, quotient), hn::IfThenZeroElse(too_small, one));
      remainder = hn::Add(remainder, remainder);
    }
    V result = Round(sign, exponent, WithSticky(hn::ShiftLeftSame(quotient, kBits - digits), remainder));
    const auto zero_a = hn::Eq(magnitude_a, hn::Zero(d_)), zero_b = hn::Eq(magnitude_b, hn::Zero(d_));
    result = hn::IfThenElse(zero_a, sign, result);
    const auto special = hn::Or(zero_b, hn::Or(f_.IsNotFinite(magnitude_a), f_.IsNotFinite(magnitude_b)));
    if (HWY_UNLIKELY(!hn::AllFalse(d_, special))) {
      const auto infinite_a = f_.IsInfinite(magnitude_a), infinite_b = f_.IsInfinite(magnitude_b);
      const auto invalid = hn::Or(hn::Or(f_.IsNan(magnitude_a), f_.IsNan(magnitude_b)),
                                  hn::Or(hn::And(zero_a, zero_b), hn::And(infinite_a, infinite_b)));
      const V limit = hn::IfThenElse(hn::Or(infinite_a, zero_b), Infinite(sign), sign);
      result = hn::IfThenElse(special, hn::IfThenElse(invalid, f_.nan, limit), result);
    }
    return result;
  }

  HWY_INLINE V SquareRoot(V a) const {
    a = Flushed(a);
    const V magnitude = f_.Magnitude(a);
    const Unpacked<D> x = Unpack(f_, magnitude);
    // The exponent made even by moving a bit into the significand, which then is in [1, 4) with kFraction bits.
    constexpr int kFraction = kBits - 5;
    const V one = hn::Set(d_, 1);
    const V unbiased = hn::Add(x.exponent, hn::Set(d_, static_cast<T>(f_.format.MinExponent())));
    const V odd = hn::And(unbiased, one);
    V remainder = hn::ShiftRight<4>(x.significand);
    remainder = hn::IfThenElse(hn::Eq(odd, one), hn::Add(remainder, remainder), remainder);
    V root = hn::Zero(d_);
    const int digits = f_.format.precision + 2;
    for (int i = 0; i < digits; ++i) {
      const V digit = hn::Set(d_, static_cast<T>(T{1} << (kFraction - i)));
      const V trial = hn::Add(hn::Add(root, root), digit);
      const auto too_small = Less(d_, remainder, trial);
      remainder = hn::Sub(remainder, hn::IfThenZeroElse(too_small, trial));
      root = hn::Add(root, hn::IfThenZeroElse(too_small, digit));
      remainder = hn::Add(remainder, remainder);
    }
    const hn::RebindToSigned<D> di;
    const V half = hn::BitCast(d_, hn::ShiftRight<1>(hn::BitCast(di, hn::Sub(unbiased, odd))));
    const V exponent = hn::Sub(half, hn::Set(d_, static_cast<T>(f_.format.MinExponent())));
    V result = Round(hn::Zero(d_), exponent, WithSticky(hn::ShiftLeft<kBits - 1 - kFraction>(root), remainder));
    const auto zero = hn::Eq(magnitude, hn::Zero(d_));
    const auto negative = hn::Ne(hn::And(a, f_.sign), hn::Zero(d_));
    result = hn::IfThenElse(f_.IsInfinite(magnitude), f_.infinite_result, result);
    result = hn::IfThenElse(hn::Or(negative, f_.IsNan(magnitude)), f_.nan, result);
    return hn::IfThenElse(zero, a, result);
  }

  // a*b + c for precisions of at most 29 bits, in lanes of 64: the product fits.
  HWY_INLINE V FusedMultiplyAdd(V a, V b, V c) const {
    a = Flushed(a);
    b = Flushed(b);
    c = Flushed(c);
    const V sign_product = hn::And(hn::Xor(a, b), f_.sign), sign_c = hn::And(c, f_.sign);
    const V magnitude_a = f_.Magnitude(a), magnitude_b = f_.Magnitude(b), magnitude_c = f_.Magnitude(c);
    const Unpacked<D> x = Unpack(f_, magnitude_a), y = Unpack(f_, magnitude_b), z = Unpack(f_, magnitude_c);
    const V zero = hn::Zero(d_), one = hn::Set(d_, 1);
    const auto zero_product = hn::Or(hn::Eq(magnitude_a, zero), hn::Eq(magnitude_b, zero));
    const auto zero_c = hn::Eq(magnitude_c, zero);
    V product = MulHighSticky(d_, x.significand, y.significand);
    const V top = hn::ShiftRightSame(product, kBits - 1);
    product = hn::IfThenElse(hn::Eq(top, zero), hn::Add(product, product), product);
    V exponent_product =
        hn::Add(hn::Add(x.exponent, y.exponent), hn::Add(top, hn::Set(d_, static_cast<T>(f_.format.MinExponent()))));
    // Two bits of room, for the carry and so that order is that of signed numbers. Zeros lie far below everything.
    constexpr T kFarBelow = T{0} - (T{1} << 20);
    product = hn::IfThenZeroElse(zero_product, hn::ShiftRight<2>(product));
    exponent_product = hn::IfThenElse(zero_product, hn::Set(d_, kFarBelow), exponent_product);
    const V addend = hn::IfThenZeroElse(zero_c, hn::ShiftRight<2>(z.significand));
    const V exponent_c = hn::IfThenElse(zero_c, hn::Set(d_, kFarBelow), z.exponent);

    const auto swap = hn::Or(Less(d_, exponent_product, exponent_c),
                             hn::And(hn::Eq(exponent_product, exponent_c), Less(d_, product, addend)));
    const V large = hn::IfThenElse(swap, addend, product), small = hn::IfThenElse(swap, product, addend);
    const V exponent = hn::IfThenElse(swap, exponent_c, exponent_product);
    const V exponent_small = hn::IfThenElse(swap, exponent_product, exponent_c);
    const V sign = hn::IfThenElse(swap, sign_c, sign_product);
    const auto subtracts = hn::Ne(hn::Xor(sign_product, sign_c), zero);
    const V shift = MinSmall(hn::Sub(exponent, exponent_small), hn::Set(d_, T{kBits - 1}));
    const V aligned = ShiftRightSticky(d_, small, shift);
    V sum = hn::IfThenElse(subtracts, hn::Sub(large, aligned), hn::Add(large, aligned));
    const auto none = hn::Eq(sum, zero);
    const V zeros = ShiftOutLeadingZeros(d_, sum);
    V result = Round(sign, hn::Sub(hn::Add(exponent, hn::Add(one, one)), zeros), sum);
    result = hn::IfThenElse(none, hn::IfThenElse(subtracts, zero_sum_, sign), result);

    const auto special =
        hn::Or(hn::Or(f_.IsNotFinite(magnitude_a), f_.IsNotFinite(magnitude_b)), f_.IsNotFinite(magnitude_c));
    if (HWY_UNLIKELY(!hn::AllFalse(d_, special))) {
      const auto infinite_product = hn::Or(f_.IsInfinite(magnitude_a), f_.IsInfinite(magnitude_b));
      const auto infinite_c = f_.IsInfinite(magnitude_c);
      const auto any_nan = hn::Or(hn::Or(f_.IsNan(magnitude_a), f_.IsNan(magnitude_b)), f_.IsNan(magnitude_c));
      const auto invalid = hn::Or(hn::Or(any_nan, hn::And(infinite_product, zero_product)),
                                  hn::And(hn::And(infinite_product, infinite_c), subtracts));
      const V limit = hn::IfThenElse(infinite_product, Infinite(sign_product), Infinite(sign_c));
      result = hn::IfThenElse(special, hn::IfThenElse(invalid, f_.nan, limit), result);
    }
    return result;
  }

  // To the format of these lanes.
  HWY_INLINE V Converted(const FormatLanes<D>& from, V a) const {
    V magnitude = from.Magnitude(a);
    if (environment_.mode.flush_inputs) {
      magnitude = hn::IfThenZeroElse(from.IsSubnormal(magnitude), magnitude);
    }
    const V sign = MovedSign(from, a);
    const Unpacked<D> x = Unpack(from, magnitude);
    const V exponent =
        hn::Add(x.exponent, hn::Set(d_, static_cast<T>(from.format.MinExponent() - f_.format.MinExponent())));
    V result = Round(sign, exponent, x.significand);
    result = hn::IfThenElse(hn::Eq(magnitude, hn::Zero(d_)), sign, result);
    result = hn::IfThenElse(from.IsInfinite(magnitude), Infinite(sign), result);
    return hn::IfThenElse(from.IsNan(magnitude), f_.nan, result);
  }

  // Rounded to a whole number in the direction of the environment.
  HWY_INLINE V ToIntegral(V a) const {
    a = Flushed(a);
    const V zero = hn::Zero(d_), one = hn::Set(d_, 1);
    const V sign = hn::And(a, f_.sign), magnitude = f_.Magnitude(a);
    const int fraction_bits = f_.format.FractionBits();
    const V field = hn::ShiftRightSame(magnitude, fraction_bits);
    const V whole_field = hn::Set(d_, static_cast<T>(f_.format.Bias() + fraction_bits));
    const auto whole =
        hn::Or(hn::Or(hn::Not(Less(d_, field, whole_field)), hn::Eq(magnitude, zero)), f_.IsNotFinite(magnitude));
    const auto below_one = Less(d_, magnitude, hn::Set(d_, static_cast<T>(f_.format.One())));
    // Bits after the point, of numbers from 1 on: 1 to fraction_bits.
    const V shift = hn::IfThenElseZero(hn::Not(hn::Or(whole, below_one)), hn::Sub(whole_field, field));
    const V kept = hn::Shr(magnitude, shift);
    const V tail = hn::Sub(magnitude, hn::Shl(kept, shift));
    const V half = hn::ShiftRight<1>(hn::Shl(one, shift));
    // Below 1 the part after the point is the number itself, and it compares with 1/2 as its pattern does.
    const uint64_t half_bits =
        f_.format.Bias() > 1 ? f_.format.One() - f_.format.MinNormal() : f_.format.MinNormal() / 2;
    const V half_pattern = hn::Set(d_, static_cast<T>(half_bits));
    const V compared = hn::IfThenElse(below_one, magnitude, tail);
    const V to_half = hn::IfThenElse(below_one, half_pattern, half);
    const V integer = hn::IfThenZeroElse(below_one, kept);
    const auto up = IntegralRoundsUp(sign, integer, compared, to_half);
    const V next = hn::IfThenElse(up, one, zero);
    V result = hn::Shl(hn::Add(integer, next), shift);
    result = hn::IfThenElse(below_one, hn::IfThenElseZero(up, hn::Set(d_, static_cast<T>(f_.format.One()))), result);
    result = hn::IfThenElse(whole, magnitude, result);
    // The pattern after max finite is the result that stands for infinity, unless the format saturates.
    if (!f_.format.HasInfinity() || f_.format.saturates) {
      result = hn::IfThenElse(Less(d_, f_.max_finite, result), f_.infinite_result, result);
    }
    result = hn::Or(result, sign);
    return hn::IfThenElse(f_.IsNan(magnitude), f_.nan, result);
  }

  const FormatLanes<D>& format() const { return f_; }

 private:
  // Precondition of both: below 2^(kBits-1).
  HWY_INLINE V MinSmall(V a, V b) const { return hn::IfThenElse(Less(d_, a, b), a, b); }
  HWY_INLINE V MaxSmall(V a, V b) const { return hn::IfThenElse(Less(d_, a, b), b, a); }

  HWY_INLINE V SignSelect(V sign, V positive, V negative) const {
    return hn::IfThenElse(hn::Eq(sign, hn::Zero(d_)), positive, negative);
  }
  // The one NaN of a format without infinity has no sign.
  HWY_INLINE V Infinite(V sign) const {
    return f_.format.InfinityIsNan() ? f_.infinite_result : hn::Or(f_.infinite_result, sign);
  }
  // Above max finite, as an unsigned number: exponents may reach into the lane's top bit.
  HWY_INLINE auto Beyond(V magnitude) const {
    const V top = hn::Set(d_, T{1} << (kBits - 1));
    return Less(d_, hn::Xor(f_.max_finite, top), hn::Xor(magnitude, top));
  }
  HWY_INLINE V DoubleSticky(V x) const { return hn::Or(hn::Add(x, x), hn::And(x, hn::Set(d_, 1))); }
  HWY_INLINE V WithSticky(V x, V rest) const {
    return hn::Or(x, hn::IfThenZeroElse(hn::Eq(rest, hn::Zero(d_)), hn::Set(d_, 1)));
  }
  // The significand with its leading bit second from the top; that of a subnormal number below.
  HWY_INLINE V Aligned(V magnitude) const {
    const V implicit = hn::IfThenZeroElse(f_.IsSubnormal(magnitude), f_.min_normal);
    return hn::ShiftLeftSame(hn::Or(hn::And(magnitude, f_.fraction), implicit), discarded_ - 1);
  }
  HWY_INLINE V MovedSign(const FormatLanes<D>& from, V a) const {
    const V bit = hn::ShiftRightSame(hn::And(a, from.sign), from.format.Width() - 1);
    return hn::ShiftLeftSame(bit, f_.format.Width() - 1);
  }

  HWY_INLINE auto RoundsUp(V sign, V kept, V tail) const {
    const V limit = SignSelect(sign, limit_positive_, limit_negative_);
    return Less(d_, limit, hn::Add(tail, hn::And(kept, tie_to_odd_)));
  }
  HWY_INLINE V RoundKept(V sign, V significand) const {
    const V kept = hn::ShiftRightSame(significand, discarded_);
    const auto up = RoundsUp(sign, kept, hn::And(significand, tail_));
    return hn::Add(kept, hn::IfThenElseZero(up, hn::Set(d_, 1)));
  }

  // `kept` of tiny results made zero, `below` binades below min normal: those that rounding with unbounded exponent
  // takes to min normal stay under semantics A.
  template <class M>
  HWY_INLINE V FlushTiny(V sign, V below, V significand, M tiny, V kept) const {
    if (environment_.flush == model::FlushSemantics::kBeforeRounding) return hn::IfThenZeroElse(tiny, kept);
    const V rounded = RoundKept(sign, significand);
    const V carried = hn::ShiftRightSame(rounded, f_.format.precision);
    const auto reaches = hn::And(hn::Eq(below, hn::Set(d_, 1)), hn::Ne(carried, hn::Zero(d_)));
    return hn::IfThenZeroElse(hn::AndNot(reaches, tiny), kept);
  }

  HWY_INLINE auto IntegralRoundsUp(V sign, V integer, V tail, V half) const {
    const V zero = hn::Zero(d_);
    const auto some = hn::Ne(tail, zero);
    switch (environment_.mode.rounding) {
      case Rounding::kNearestEven: {
        const auto odd = hn::Ne(hn::And(integer, hn::Set(d_, 1)), zero);
        return hn::Or(Less(d_, half, tail), hn::And(hn::And(hn::Eq(half, tail), odd), some));
      }
      case Rounding::kNearestAway:
        return hn::And(hn::Not(Less(d_, tail, half)), some);
      case Rounding::kUp:
        return hn::And(some, hn::Eq(sign, zero));
      case Rounding::kDown:
        return hn::And(some, hn::Ne(sign, zero));
      default:
        return hn::And(some, hn::Ne(zero, zero));
    }
  }

  D d_;
  FormatLanes<D> f_;
  model::Environment environment_;
  int discarded_;
  V tie_to_odd_, limit_positive_, limit_negative_, tail_, beyond_positive_, beyond_negative_, zero_sum_;
};

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#endif  // FPLAB_KERNELS_SEARCH_MODEL_ARITHMETIC_INL_H_
