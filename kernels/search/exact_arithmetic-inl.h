// Exact numbers in SIMD lanes: what real() computes of one case, here of a vector of them, as sums of two binary64
// numbers (exact_form.h), by instructions in IEEE mode. Not finite is NaN. For block_step.cc, once per target.
// SPDX-License-Identifier: Apache-2.0
#if defined(FPLAB_KERNELS_SEARCH_EXACT_ARITHMETIC_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef FPLAB_KERNELS_SEARCH_EXACT_ARITHMETIC_INL_H_
#undef FPLAB_KERNELS_SEARCH_EXACT_ARITHMETIC_INL_H_
#else
#define FPLAB_KERNELS_SEARCH_EXACT_ARITHMETIC_INL_H_
#endif

#include <cmath>
#include <limits>

// After highway.h.
#include <fplab/kernels/search/block_step.h>
#include <fplab/kernels/search/model_arithmetic-inl.h>

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Of blocks in lanes of D: an exact number's buffer has its high parts, then its low ones: kExactLanes<T>.
template <class D>
class ExactLanes {
 public:
  using T = hn::TFromD<D>;
  using D64 = hn::Repartition<uint64_t, D>;
  using DF = hn::Repartition<double, D>;
  using Narrow = hn::Rebind<T, D64>;
  using V = hn::Vec<DF>;
  using Bits = hn::Vec<D64>;
  // high is high + low rounded to nearest; low is zero where high is NaN or the form is kSingle.
  struct Pair {
    V high, low;
  };

  // Not left to the compiler: one that GCC writes is not of the target.
  ExactLanes() : zero_(hn::Zero(DF())), nan_(hn::Set(DF(), std::numeric_limits<double>::quiet_NaN())) {}

  // Cases that a vector of binary64 holds.
  HWY_INLINE size_t Cases() const { return hn::Lanes(d64_); }

  HWY_INLINE Pair Load(const T* x, size_t i) const {
    return {hn::BitCast(df_, hn::Load(d_, x + i * kWords)), hn::BitCast(df_, hn::Load(d_, x + (kBlock + i) * kWords))};
  }
  HWY_INLINE void Store(const Pair& value, T* out, size_t i) const {
    hn::Store(hn::BitCast(d_, value.high), d_, out + i * kWords);
    hn::Store(hn::BitCast(d_, value.low), d_, out + (kBlock + i) * kWords);
  }
  // Lanes of a block that is not of exact numbers.
  HWY_INLINE Bits LoadNarrow(const T* x, size_t i) const {
    if constexpr (sizeof(T) == 8) {
      return hn::Load(d64_, x + i);
    } else {
      return hn::PromoteTo(d64_, hn::Load(Narrow(), x + i));
    }
  }
  HWY_INLINE void StoreNarrow(Bits value, T* out, size_t i) const {
    if constexpr (sizeof(T) == 8) {
      hn::Store(value, d64_, out + i);
    } else {
      hn::Store(hn::TruncateTo(Narrow(), value), Narrow(), out + i);
    }
  }

  // The pattern's magnitude in the fields of binary64 is the value but for the difference of the biases, subnormal
  // numbers included.
  HWY_INLINE Pair FromFormat(const FormatLanes<D64>& f, V scale, Bits x) const {
    const Bits magnitude = f.Magnitude(x);
    const Bits fields = hn::ShiftLeftSame(magnitude, kBinary64.FractionBits() - f.format.FractionBits());
    const V value = hn::Mul(hn::BitCast(df_, fields), scale);
    const Bits sign = hn::ShiftLeftSame(hn::And(x, f.sign), kBinary64.Width() - f.format.Width());
    const V with_sign = hn::Or(value, hn::BitCast(df_, sign));
    const auto finite = hn::RebindMask(df_, hn::Not(f.IsNotFinite(magnitude)));
    return {hn::IfThenElse(finite, with_sign, nan_), zero_};
  }

  // Knuth's TwoSum of two singles; the plain sum where that is exact.
  HWY_INLINE Pair Sum(const Pair& a, const Pair& b, ExactForm form) const {
    const V sum = hn::Add(a.high, b.high);
    if (form == ExactForm::kSingle) return {sum, zero_};
    const V second = hn::Sub(sum, a.high), first = hn::Sub(sum, second);
    const V error = hn::Add(hn::Sub(a.high, first), hn::Sub(b.high, second));
    return {sum, hn::IfThenElse(hn::Eq(sum, sum), error, zero_)};
  }
  // Of two singles, exact.
  HWY_INLINE Pair Product(const Pair& a, const Pair& b) const { return {hn::Mul(a.high, b.high), zero_}; }
  HWY_INLINE Pair Negative(const Pair& a) const { return {hn::Neg(a.high), hn::Neg(a.low)}; }
  HWY_INLINE Pair Abs(const Pair& a) const {
    const auto negative = hn::Lt(a.high, zero_);
    return Choose(negative, Negative(a), a);
  }
  template <class M>
  HWY_INLINE Pair Choose(M mask, const Pair& a, const Pair& b) const {
    return {hn::IfThenElse(mask, a.high, b.high), hn::IfThenElse(mask, a.low, b.low)};
  }
  // NaN if either is.
  HWY_INLINE Pair Minimum(const Pair& a, const Pair& b) const { return OfBoth(LessEqual(a, b), a, b); }
  HWY_INLINE Pair Maximum(const Pair& a, const Pair& b) const { return OfBoth(LessEqual(b, a), a, b); }

  // False if either is NaN. high orders, as rounding does; where it is the same, low.
  HWY_INLINE auto Equal(const Pair& a, const Pair& b) const {
    return hn::And(hn::Eq(a.high, b.high), hn::Eq(a.low, b.low));
  }
  HWY_INLINE auto Less(const Pair& a, const Pair& b) const {
    return hn::Or(hn::Lt(a.high, b.high), hn::And(hn::Eq(a.high, b.high), hn::Lt(a.low, b.low)));
  }
  HWY_INLINE auto LessEqual(const Pair& a, const Pair& b) const {
    return hn::Or(hn::Lt(a.high, b.high), hn::And(hn::Eq(a.high, b.high), hn::Le(a.low, b.low)));
  }

  // Rounded to nearest once: first to odd in binary64, which has two bits more than the result (Boldo and Melquiond,
  // Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd, 2008). +0 for zero.
  HWY_INLINE Bits Rounded(const ModelLanes<D64>& model, const FormatLanes<D64>& binary64, const Pair& a) const {
    const Bits high = hn::BitCast(d64_, a.high), one = hn::Set(d64_, 1);
    const auto exact = hn::RebindMask(d64_, hn::Eq(a.low, zero_));
    const auto odd = hn::Ne(hn::And(high, one), hn::Zero(d64_));
    const auto inwards = hn::RebindMask(d64_, hn::Lt(hn::Xor(a.low, hn::And(a.high, hn::Set(df_, -0.0))), zero_));
    const Bits neighbour = hn::IfThenElse(inwards, hn::Sub(high, one), hn::Add(high, one));
    const Bits to_odd = hn::IfThenElse(hn::Or(exact, odd), high, neighbour);
    const auto is_zero = hn::RebindMask(d64_, hn::Eq(a.high, zero_));
    return hn::IfThenZeroElse(is_zero, model.Converted(binary64, to_odd));
  }

  HWY_INLINE Bits TruthOf(hn::Mask<DF> mask) const {
    return hn::IfThenElseZero(hn::RebindMask(d64_, mask), hn::Set(d64_, 1));
  }

 private:
  static constexpr size_t kWords = sizeof(double) / sizeof(T);

  template <class M>
  HWY_INLINE Pair OfBoth(M first, const Pair& a, const Pair& b) const {
    const Pair chosen = Choose(first, a, b);
    const auto numbers = hn::And(hn::Eq(a.high, a.high), hn::Eq(b.high, b.high));
    return {hn::IfThenElse(numbers, chosen.high, nan_), hn::IfThenElse(numbers, chosen.low, zero_)};
  }

  D d_;
  D64 d64_;
  DF df_;
  V zero_, nan_;
};

// What makes exact numbers, and what is made of them, on a block.
template <class D, typename T>
void OnExact(D, const BlockStep& step, const T* a, const T* b, T* out, size_t count) {
  using statement::Op;
  const ExactLanes<D> exact;
  using Lanes = ExactLanes<D>;
  const typename Lanes::DF df;
  const auto numbers = [&](auto body) HWY_ATTR {
    for (size_t i = 0; i < count; i += exact.Cases()) exact.Store(body(i), out, i);
  };
  const auto truths = [&](auto body) HWY_ATTR {
    for (size_t i = 0; i < count; i += exact.Cases()) {
      exact.StoreNarrow(exact.TruthOf(body(exact.Load(a, i), exact.Load(b, i))), out, i);
    }
  };
  switch (step.op) {
    case Op::kExactValue: {
      const FormatLanes<typename Lanes::D64> f(step.operand.format);
      const auto scale = hn::Set(df, std::ldexp(1.0, kBinary64.Bias() - f.format.Bias()));
      return numbers([&](size_t i) HWY_ATTR { return exact.FromFormat(f, scale, exact.LoadNarrow(a, i)); });
    }
    case Op::kExactAdd:
      return numbers([&](size_t i) HWY_ATTR { return exact.Sum(exact.Load(a, i), exact.Load(b, i), step.exact); });
    case Op::kExactSub:
      return numbers(
          [&](size_t i) HWY_ATTR { return exact.Sum(exact.Load(a, i), exact.Negative(exact.Load(b, i)), step.exact); });
    case Op::kExactMul:
      return numbers([&](size_t i) HWY_ATTR { return exact.Product(exact.Load(a, i), exact.Load(b, i)); });
    case Op::kExactNegate:
      return numbers([&](size_t i) HWY_ATTR { return exact.Negative(exact.Load(a, i)); });
    case Op::kExactAbs:
      return numbers([&](size_t i) HWY_ATTR { return exact.Abs(exact.Load(a, i)); });
    case Op::kExactMin:
      return numbers([&](size_t i) HWY_ATTR { return exact.Minimum(exact.Load(a, i), exact.Load(b, i)); });
    case Op::kExactMax:
      return numbers([&](size_t i) HWY_ATTR { return exact.Maximum(exact.Load(a, i), exact.Load(b, i)); });
    case Op::kExactEqual:
      return truths([&](auto x, auto y) HWY_ATTR { return exact.Equal(x, y); });
    case Op::kExactLess:
      return truths([&](auto x, auto y) HWY_ATTR { return exact.Less(x, y); });
    case Op::kExactLessEqual:
      return truths([&](auto x, auto y) HWY_ATTR { return exact.LessEqual(x, y); });
    default: {  // kRounded
      const ModelLanes<typename Lanes::D64> model(step.result.format, {});
      const FormatLanes<typename Lanes::D64> binary64(kBinary64);
      for (size_t i = 0; i < count; i += exact.Cases()) {
        exact.StoreNarrow(exact.Rounded(model, binary64, exact.Load(a, i)), out, i);
      }
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#endif  // FPLAB_KERNELS_SEARCH_EXACT_ARITHMETIC_INL_H_
