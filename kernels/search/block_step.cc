// Operations of statements on blocks, through Highway.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/search/block_step.h>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/identity/search.h>
#include <fplab/kernels/core/targets.h>  // before any Highway header
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fplab/kernels/search/block_step.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
// After highway.h.
#include <fplab/kernels/search/exact_arithmetic-inl.h>
#include <fplab/kernels/search/model_arithmetic-inl.h>

// Without vectors the evaluator of fparith is as good.
#if HWY_TARGET != HWY_SCALAR
HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using statement::Op;

// Runs body(a, b, c) on all vectors of three arrays.
template <class D, typename T, class Body>
HWY_INLINE void ForVectors(D d, const T* a, const T* b, const T* c, T* out, size_t count, Body body) {
  for (size_t i = 0; i < count; i += hn::Lanes(d)) {
    hn::Store(body(hn::Load(d, a + i), hn::Load(d, b + i), hn::Load(d, c + i)), d, out + i);
  }
}

template <class D, class M>
HWY_INLINE hn::Vec<D> TruthOf(D d, M mask) {
  return hn::IfThenElseZero(mask, hn::Set(d, 1));
}

// The order of two unsigned lanes.
template <class D, class V = hn::Vec<D>>
HWY_INLINE auto LessUnsigned(D d, V a, V b) {
  using T = hn::TFromD<D>;
  const V top = hn::Set(d, static_cast<T>(T{1} << (sizeof(T) * 8 - 1)));
  return Less(d, hn::Xor(a, top), hn::Xor(b, top));
}

// Patterns as signed numbers in the order of their values; zeros alike.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V RankOf(D d, const FormatLanes<D>& f, V x) {
  const V magnitude = f.Magnitude(x);
  return hn::IfThenElse(hn::Eq(hn::And(x, f.sign), hn::Zero(d)), magnitude, hn::Sub(hn::Zero(d), magnitude));
}

// Lanes of 32 bits by the two halves of lanes of 64.
template <class D, typename T>
void Fused(D d, const BlockStep& step, const T* a, const T* b, const T* c, T* out, size_t count) {
  const hn::Repartition<uint64_t, D> wide;
  const ModelLanes<decltype(wide)> model(step.operand.format, step.environment);
  const auto low = hn::Set(wide, 0xFFFFFFFFu);
  ForVectors(d, a, b, c, out, count, [&](auto x, auto y, auto z) HWY_ATTR {
    const auto p = hn::BitCast(wide, x), q = hn::BitCast(wide, y), r = hn::BitCast(wide, z);
    if constexpr (sizeof(T) == 8) {
      return model.FusedMultiplyAdd(p, q, r);
    } else {
      const auto even = model.FusedMultiplyAdd(hn::And(p, low), hn::And(q, low), hn::And(r, low));
      const auto odd = model.FusedMultiplyAdd(hn::ShiftRight<32>(p), hn::ShiftRight<32>(q), hn::ShiftRight<32>(r));
      return hn::BitCast(d, hn::Or(even, hn::ShiftLeft<32>(odd)));
    }
  });
}

template <class D, typename T>
void OnModel(D d, const BlockStep& step, const T* a, const T* b, const T* c, T* out, size_t count) {
  model::Environment environment = step.environment;
  if (step.op == Op::kCeil) environment.mode.rounding = Rounding::kUp;
  if (step.op == Op::kFloor) environment.mode.rounding = Rounding::kDown;
  if (step.op == Op::kTrunc) environment.mode.rounding = Rounding::kTowardZero;
  if (step.op == Op::kRound) environment.mode.rounding = Rounding::kNearestAway;
  if (step.op == Op::kRoundEven) environment.mode.rounding = Rounding::kNearestEven;
  const ModelLanes<D> model(step.op == Op::kConvert ? step.result.format : step.operand.format, environment);
  const FormatLanes<D>& f = model.format();
  const auto unordered = [&](auto x, auto y)
                             HWY_ATTR { return hn::Or(f.IsNan(f.Magnitude(x)), f.IsNan(f.Magnitude(y))); };
  switch (step.op) {
    case Op::kAdd:
      return ForVectors(d, a, b, b, out, count, [&](auto x, auto y, auto) HWY_ATTR { return model.Sum(x, y); });
    case Op::kSub:
      return ForVectors(d, a, b, b, out, count,
                        [&](auto x, auto y, auto) HWY_ATTR { return model.Sum(x, hn::Xor(y, f.sign)); });
    case Op::kMul:
      return ForVectors(d, a, b, b, out, count, [&](auto x, auto y, auto) HWY_ATTR { return model.Product(x, y); });
    case Op::kDiv:
      return ForVectors(d, a, b, b, out, count, [&](auto x, auto y, auto) HWY_ATTR { return model.Quotient(x, y); });
    case Op::kSqrt:
      return ForVectors(d, a, a, a, out, count, [&](auto x, auto, auto) HWY_ATTR { return model.SquareRoot(x); });
    case Op::kFma:
      return Fused(d, step, a, b, c, out, count);
    case Op::kConvert: {
      const FormatLanes<D> from(step.operand.format);
      return ForVectors(d, a, a, a, out, count, [&](auto x, auto, auto) HWY_ATTR { return model.Converted(from, x); });
    }
    case Op::kMin:
    case Op::kMax: {
      const bool min = step.op == Op::kMin;
      return ForVectors(d, a, b, b, out, count, [&](auto x, auto y, auto) HWY_ATTR {
        x = model.Flushed(x);
        y = model.Flushed(y);
        const auto p = RankOf(d, f, x), q = RankOf(d, f, y);
        const auto first = min ? Less(d, p, q) : Less(d, q, p);
        return hn::IfThenElse(hn::AndNot(unordered(x, y), first), x, y);
      });
    }
    case Op::kEqualInMode:
    case Op::kLessInMode:
    case Op::kLessEqualInMode:
      return ForVectors(d, a, b, b, out, count, [&](auto x, auto y, auto) HWY_ATTR {
        x = model.Flushed(x);
        y = model.Flushed(y);
        const auto p = RankOf(d, f, x), q = RankOf(d, f, y);
        const auto holds = step.op == Op::kEqualInMode  ? hn::Eq(p, q)
                           : step.op == Op::kLessInMode ? Less(d, p, q)
                                                        : hn::Not(Less(d, q, p));
        return TruthOf(d, hn::AndNot(unordered(x, y), holds));
      });
    default:
      return ForVectors(d, a, a, a, out, count, [&](auto x, auto, auto) HWY_ATTR { return model.ToIntegral(x); });
  }
}

// The instructions' conversions between binary16 and binary32 in lanes of 32 bits: VCVTPH2PS, and VCVTPS2PH in the
// direction of the control word. Elsewhere the model's.
#if HWY_TARGET <= HWY_AVX2 && HWY_ARCH_X86
template <class D, class V = hn::Vec<D>>
HWY_INLINE V FromBinary16(D d, V x) {
  const hn::Rebind<uint16_t, D> d16;
  const hn::Rebind<hwy::float16_t, D> half;
  const auto bits = hn::DemoteTo(d16, hn::BitCast(hn::RebindToSigned<D>(), x));
  return hn::BitCast(d, hn::PromoteTo(hn::RebindToFloat<D>(), hn::BitCast(half, bits)));
}
template <class D, class V = hn::Vec<D>>
HWY_INLINE V ToBinary16(D d, Rounding, V x) {
  const hn::Rebind<uint16_t, D> d16;
  const auto wide = hn::BitCast(hn::RebindToFloat<D>(), x);
#if HWY_TARGET <= HWY_AVX3
  const hn::Vec<decltype(d16)> bits{_mm512_cvtps_ph(wide.raw, _MM_FROUND_CUR_DIRECTION)};
#else
  const hn::Vec<decltype(d16)> bits{_mm256_cvtps_ph(wide.raw, _MM_FROUND_CUR_DIRECTION)};
#endif
  return hn::PromoteTo(d, bits);
}
#else
template <class D, class V = hn::Vec<D>>
HWY_INLINE V FromBinary16(D, V x) {
  return ModelLanes<D>(kBinary32, {}).Converted(FormatLanes<D>(kBinary16), x);
}
template <class D, class V = hn::Vec<D>>
HWY_INLINE V ToBinary16(D, Rounding rounding, V x) {
  model::Environment direction;
  direction.mode.rounding = rounding;
  return ModelLanes<D>(kBinary16, direction).Converted(FormatLanes<D>(kBinary32), x);
}
#endif

// Rounds binary32 to its upper half.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V ToBfloat16(D d, Rounding rounding, V x) {
  const V below = hn::Set(d, 0xFFFF), positive = hn::ShiftRight<31>(hn::Not(x));
  V up = hn::Zero(d);  // what is added, so that the carry rounds
  if (rounding == Rounding::kNearestEven) {
    up = hn::Add(hn::Set(d, 0x7FFF), hn::And(hn::ShiftRight<16>(x), hn::Set(d, 1)));
  }
  if (rounding == Rounding::kUp) up = hn::And(hn::Sub(hn::Zero(d), positive), below);
  if (rounding == Rounding::kDown) up = hn::And(hn::Sub(positive, hn::Set(d, 1)), below);
  return hn::ShiftRight<16>(hn::Add(x, up));
}

// What OnHardware does between widening and rounding the result (fparith/machine/detour.h).
template <class D, typename T, class Body>
void ByDetour(D d, const BlockStep& step, const T* a, const T* b, T* out, size_t count, Body body) {
  if constexpr (sizeof(T) == 4) {
    const hn::RebindToFloat<D> df;
    const FormatLanes<D> wide(kBinary32);
    const auto nan = hn::Set(d, static_cast<T>(step.operand.format.CanonicalNan()));
    const bool half = step.operand.format == kBinary16;
    const Rounding rounding = step.environment.mode.rounding;
    ForVectors(d, a, b, b, out, count, [&](auto x, auto y, auto) HWY_ATTR {
      const auto p = half ? FromBinary16(d, x) : hn::ShiftLeft<16>(x);
      const auto q = half ? FromBinary16(d, y) : hn::ShiftLeft<16>(y);
      const auto result = hn::BitCast(d, body(hn::BitCast(df, p), hn::BitCast(df, q), hn::BitCast(df, q)));
      const auto narrow = half ? ToBinary16(d, rounding, result) : ToBfloat16(d, rounding, result);
      return hn::IfThenElse(wide.IsNan(wide.Magnitude(result)), nan, narrow);
    });
  }
}

// Of float in lanes of 32 bits and double in lanes of 64, by the instructions; of 16 bits in lanes of 32.
template <class D, typename T>
void OnHardware(D d, const BlockStep& step, const T* a, const T* b, const T* c, T* out, size_t count) {
  using F = hwy::MakeFloat<T>;
  const hn::Rebind<F, D> df;
  const FormatLanes<D> f(step.operand.format);
  if (step.op == Op::kConvert) {
    if constexpr (sizeof(T) == 4) {
      const bool narrows = step.result.format == kBinary16;
      ForVectors(d, a, a, a, out, count, [&](auto x, auto, auto) HWY_ATTR {
        return narrows ? ToBinary16(d, step.environment.mode.rounding, x) : FromBinary16(d, x);
      });
    }
    return;
  }
  const auto run = [&](auto body) HWY_ATTR {
    if (step.operand.format.Width() == 16) return ByDetour(d, step, a, b, out, count, body);
    ForVectors(d, a, b, c, out, count, [&](auto x, auto y, auto z) HWY_ATTR {
      const auto result = hn::BitCast(d, body(hn::BitCast(df, x), hn::BitCast(df, y), hn::BitCast(df, z)));
      if (!step.by_instructions) return result;
      return hn::IfThenElse(f.IsNan(f.Magnitude(result)), f.nan, result);
    });
  };
  const Op op = step.op != Op::kRint                                       ? step.op
                : step.environment.mode.rounding == Rounding::kNearestEven ? Op::kRoundEven
                : step.environment.mode.rounding == Rounding::kUp          ? Op::kCeil
                : step.environment.mode.rounding == Rounding::kDown        ? Op::kFloor
                                                                           : Op::kTrunc;
  switch (op) {
    case Op::kAdd:
      return run([](auto x, auto y, auto) HWY_ATTR { return hn::Add(x, y); });
    case Op::kSub:
      return run([](auto x, auto y, auto) HWY_ATTR { return hn::Sub(x, y); });
    case Op::kMul:
      return run([](auto x, auto y, auto) HWY_ATTR { return hn::Mul(x, y); });
    case Op::kDiv:
      return run([](auto x, auto y, auto) HWY_ATTR { return hn::Div(x, y); });
    case Op::kSqrt:
      return run([](auto x, auto, auto) HWY_ATTR { return hn::Sqrt(x); });
    case Op::kFma:
      return run([](auto x, auto y, auto z) HWY_ATTR { return hn::MulAdd(x, y, z); });
    case Op::kMin:  // MINPS and MAXPS: the second operand unless the first is less, or greater
      return run([](auto x, auto y, auto) HWY_ATTR { return hn::Min(x, y); });
    case Op::kMax:
      return run([](auto x, auto y, auto) HWY_ATTR { return hn::Max(x, y); });
    case Op::kCeil:
      return run([](auto x, auto, auto) HWY_ATTR { return hn::Ceil(x); });
    case Op::kFloor:
      return run([](auto x, auto, auto) HWY_ATTR { return hn::Floor(x); });
    case Op::kTrunc:
      return run([](auto x, auto, auto) HWY_ATTR { return hn::Trunc(x); });
    default:
      return run([](auto x, auto, auto) HWY_ATTR { return hn::Round(x); });
  }
}

template <class D, typename T>
void OnIntegers(D d, const BlockStep& step, const T* a, const T* b, T* out, size_t count) {
  constexpr int kBits = sizeof(T) * 8;
  const hn::RebindToSigned<D> di;
  // Extended from the width of the type, as integers travel.
  const int unused = kBits - (step.result.IsInteger() ? step.result.width : kBits);
  const auto wrapped = [&](auto x) HWY_ATTR {
    if (unused <= 0) return x;
    const auto moved = hn::ShiftLeftSame(x, unused);
    return step.result.is_signed ? hn::BitCast(d, hn::ShiftRightSame(hn::BitCast(di, moved), unused))
                                 : hn::ShiftRightSame(moved, unused);
  };
  const auto run = [&](auto body) HWY_ATTR {
    ForVectors(d, a, b, b, out, count, [&](auto x, auto y, auto) HWY_ATTR { return wrapped(body(x, y)); });
  };
  const auto less = [&](auto x, auto y)
                        HWY_ATTR { return step.operand.is_signed ? Less(d, x, y) : LessUnsigned(d, x, y); };
  switch (step.op) {
    case Op::kIntNegate:
      return run([&](auto x, auto) HWY_ATTR { return hn::Sub(hn::Zero(d), x); });
    case Op::kIntNot:
      return run([&](auto x, auto) HWY_ATTR { return hn::Not(x); });
    case Op::kIntAdd:
      return run([](auto x, auto y) HWY_ATTR { return hn::Add(x, y); });
    case Op::kIntSub:
      return run([](auto x, auto y) HWY_ATTR { return hn::Sub(x, y); });
    case Op::kIntMul:
      if constexpr (kBits == 32) run([](auto x, auto y) HWY_ATTR { return hn::Mul(x, y); });
      return;
    case Op::kIntAnd:
      return run([](auto x, auto y) HWY_ATTR { return hn::And(x, y); });
    case Op::kIntOr:
      return run([](auto x, auto y) HWY_ATTR { return hn::Or(x, y); });
    case Op::kIntXor:
      return run([](auto x, auto y) HWY_ATTR { return hn::Xor(x, y); });
    case Op::kIntShiftLeft: {
      const auto mask = hn::Set(d, static_cast<T>(step.result.width - 1));
      return run([&](auto x, auto y) HWY_ATTR { return hn::Shl(x, hn::And(y, mask)); });
    }
    case Op::kIntShiftRight: {  // of unsigned integers
      const auto mask = hn::Set(d, static_cast<T>(step.result.width - 1));
      return run([&](auto x, auto y) HWY_ATTR { return hn::Shr(x, hn::And(y, mask)); });
    }
    case Op::kIntEqual:
      return run([&](auto x, auto y) HWY_ATTR { return TruthOf(d, hn::Eq(x, y)); });
    case Op::kIntLess:
      return run([&](auto x, auto y) HWY_ATTR { return TruthOf(d, less(x, y)); });
    default:
      return run([&](auto x, auto y) HWY_ATTR { return TruthOf(d, hn::Not(less(y, x))); });
  }
}

template <class D, typename T>
void OnBits(D d, const BlockStep& step, const T* a, const T* b, const T* c, T* out, size_t count) {
  const FormatLanes<D> f(step.operand.format);
  const auto zero = hn::Zero(d), one = hn::Set(d, 1);
  const auto run = [&](auto body) HWY_ATTR {
    ForVectors(d, a, b, b, out, count, [&](auto x, auto y, auto) HWY_ATTR { return body(x, y); });
  };
  const auto truth = [&](auto body) HWY_ATTR {
    ForVectors(d, a, b, b, out, count, [&](auto x, auto y, auto) HWY_ATTR { return TruthOf(d, body(x, y)); });
  };
  const auto nan = [&](auto x) HWY_ATTR { return f.IsNan(f.Magnitude(x)); };
  const auto finite = [&](auto x) HWY_ATTR { return hn::Not(f.IsNotFinite(f.Magnitude(x))); };
  const auto same = [&](auto x, auto y) HWY_ATTR { return hn::Or(hn::Eq(x, y), hn::And(nan(x), nan(y))); };
  // Of ranks, unless either is NaN.
  const auto ordered = [&](auto compare) HWY_ATTR {
    truth([&](auto x, auto y)
              HWY_ATTR { return hn::AndNot(hn::Or(nan(x), nan(y)), compare(RankOf(d, f, x), RankOf(d, f, y))); });
  };
  // The least value above, or with all signs turned the greatest below.
  const auto next = [&](bool up) HWY_ATTR {
    run([&](auto x, auto) HWY_ATTR {
      const auto direction = up ? x : hn::Xor(x, f.sign);
      const auto positive = hn::Eq(hn::And(direction, f.sign), zero);
      const auto is_zero = hn::Eq(f.Magnitude(x), zero);
      const auto stepped = hn::IfThenElse(positive, hn::Add(direction, one), hn::Sub(direction, one));
      const auto from_zero = hn::IfThenElse(is_zero, one, stepped);
      const auto magnitude = f.Magnitude(direction);
      const auto at_infinity = hn::And(f.IsInfinite(magnitude), positive);
      const auto beyond = hn::IfThenElse(hn::Eq(direction, f.max_finite), f.infinite_result, from_zero);
      const auto result = hn::IfThenElse(hn::Or(f.IsNan(magnitude), at_infinity), direction, beyond);
      return up ? result : hn::Xor(result, f.sign);
    });
  };
  switch (step.op) {
    case Op::kNegate:
      return run([&](auto x, auto) HWY_ATTR { return hn::Xor(x, f.sign); });
    case Op::kAbs:
      return run([&](auto x, auto) HWY_ATTR { return f.Magnitude(x); });
    case Op::kCopySign:
      return run([&](auto x, auto y) HWY_ATTR { return hn::Or(f.Magnitude(x), hn::And(y, f.sign)); });
    case Op::kNextUp:
      return next(true);
    case Op::kNextDown:
      return next(false);
    case Op::kBits:
      return run([](auto x, auto) HWY_ATTR { return x; });
    case Op::kFromBits: {
      const auto mask = hn::Set(d, static_cast<T>(step.result.format.Mask()));
      return run([&](auto x, auto) HWY_ATTR { return hn::And(x, mask); });
    }
    case Op::kSelect:
      return ForVectors(d, a, b, c, out, count,
                        [&](auto x, auto y, auto z) HWY_ATTR { return hn::IfThenElse(hn::Eq(x, zero), z, y); });
    case Op::kEqual:
      return truth([&](auto x, auto y)
                       HWY_ATTR { return hn::Or(same(x, y), hn::Eq(f.Magnitude(hn::Or(x, y)), zero)); });
    case Op::kSame:
      return truth(same);
    case Op::kLess:
      return ordered([&](auto p, auto q) HWY_ATTR { return Less(d, p, q); });
    case Op::kLessEqual:
      return ordered([&](auto p, auto q) HWY_ATTR { return hn::Not(Less(d, q, p)); });
    case Op::kIsFinite:
      return truth([&](auto x, auto) HWY_ATTR { return finite(x); });
    case Op::kIsNan:
      return truth([&](auto x, auto) HWY_ATTR { return nan(x); });
    case Op::kIsInfinite:
      return truth([&](auto x, auto) HWY_ATTR { return f.IsInfinite(f.Magnitude(x)); });
    case Op::kIsZero:
      return truth([&](auto x, auto) HWY_ATTR { return hn::Eq(f.Magnitude(x), zero); });
    case Op::kSignBit:
      return truth([&](auto x, auto) HWY_ATTR { return hn::Ne(hn::And(x, f.sign), zero); });
    case Op::kIsNormal:
      return truth([&](auto x, auto) HWY_ATTR { return hn::AndNot(f.IsSubnormal(f.Magnitude(x)), finite(x)); });
    case Op::kIsSubnormal:
      return truth([&](auto x, auto)
                       HWY_ATTR { return hn::AndNot(hn::Eq(f.Magnitude(x), zero), f.IsSubnormal(f.Magnitude(x))); });
    case Op::kNot:
      return run([&](auto x, auto) HWY_ATTR { return hn::Xor(x, one); });
    case Op::kAnd:
      return run([](auto x, auto y) HWY_ATTR { return hn::And(x, y); });
    default:
      return run([](auto x, auto y) HWY_ATTR { return hn::Or(x, y); });
  }
}

template <typename T>
void Operate(const BlockStep& step, const T* a, const T* b, const T* c, T* out, size_t count) {
  const hn::ScalableTag<T> d;
  // What is not read stands for itself.
  if (b == nullptr) b = a;
  if (c == nullptr) c = a;
  if (step.IsExact()) return OnExact(d, step, a, b, out, count);
  if (statement::IsUnderMode(step.op)) {
    const bool on_model = step.target == statement::Target::kModel && !step.by_instructions;
    return on_model ? OnModel(d, step, a, b, c, out, count) : OnHardware(d, step, a, b, c, out, count);
  }
  if (step.op >= Op::kIntNegate && step.op <= Op::kIntShiftRight) return OnIntegers(d, step, a, b, out, count);
  if (step.op >= Op::kIntEqual && step.op <= Op::kIntLessEqual) return OnIntegers(d, step, a, b, out, count);
  if (step.op == Op::kIntConvert) {
    BlockStep add = step;  // and nothing else wraps
    add.op = Op::kIntAnd;
    return OnIntegers(d, add, a, a, out, count);
  }
  return OnBits(d, step, a, b, c, out, count);
}

void Operate32(const BlockStep& step, const uint32_t* a, const uint32_t* b, const uint32_t* c, uint32_t* out,
               size_t count) {
  Operate(step, a, b, c, out, count);
}
void Operate64(const BlockStep& step, const uint64_t* a, const uint64_t* b, const uint64_t* c, uint64_t* out,
               size_t count) {
  Operate(step, a, b, c, out, count);
}

template <typename T>
void BitsOf(const T* truth, uint64_t* bits, size_t count) {
  const hn::ScalableTag<T> d;
  alignas(64) uint8_t bytes[kBlock / 8] = {};
  const size_t lanes = hn::Lanes(d);
  for (size_t i = 0; i < count; i += lanes) {
    uint8_t some[8] = {};
    hn::StoreMaskBits(d, hn::Ne(hn::Load(d, truth + i), hn::Zero(d)), some);
    if (lanes >= 8) {
      for (size_t k = 0; k < lanes / 8; ++k) bytes[i / 8 + k] = some[k];
    } else {
      bytes[i / 8] = static_cast<uint8_t>(bytes[i / 8] | some[0] << (i % 8));
    }
  }
  for (size_t w = 0; w < kBlock / 64; ++w) {
    uint64_t word = 0;
    for (size_t k = 0; k < 8; ++k) word |= uint64_t{bytes[w * 8 + k]} << (8 * k);
    const size_t first = w * 64;
    if (first + 64 > count) word &= first >= count ? 0 : ~uint64_t{0} >> (64 - (count - first));
    bits[w] = word;
  }
}
void Bits32(const uint32_t* truth, uint64_t* bits, size_t count) { BitsOf(truth, bits, count); }
void Bits64(const uint64_t* truth, uint64_t* bits, size_t count) { BitsOf(truth, bits, count); }

template <typename T>
void LowerStrata(const BlockStep& step, bool all_values, const T* a, const T* b, const T* c, const T* out, T* strata,
                 size_t count) {
  using identity::Stratum;
  const hn::ScalableTag<T> d;
  const FormatLanes<decltype(d)> f(step.result.format), from(step.operand.format);
  const bool variable = step.op == Op::kVariable;
  const bool product = step.op == Op::kMul, quotient = step.op == Op::kDiv, fused = step.op == Op::kFma;
  const bool converted = step.op == Op::kConvert;
  const bool rounds = statement::IsUnderMode(step.op);
  const Rounding rounding = step.environment.mode.rounding;
  const bool nearest = rounding == Rounding::kNearestEven || rounding == Rounding::kNearestAway;
  const auto constant = [&](uint64_t x) HWY_ATTR { return hn::Set(d, static_cast<T>(x)); };
  const auto special = constant(static_cast<uint64_t>(Stratum::kSpecial)), unsure = constant(kUnsure);
  const auto if_tiny = constant(static_cast<uint64_t>(variable ? Stratum::kFinite : Stratum::kNormalInputs));
  const auto zero = hn::Zero(d);
  if (b == nullptr) b = a;
  if (c == nullptr) c = a;
  for (size_t i = 0; i < count; i += hn::Lanes(d)) {
    const auto magnitude = f.Magnitude(hn::Load(d, out + i));
    auto stratum = hn::Load(d, strata + i);
    const auto lower = [&](auto mask, auto value) HWY_ATTR {
      const auto certain = hn::AndNot(unsure, stratum);
      const auto least = hn::IfThenElse(hn::And(mask, Less(d, value, certain)), value, certain);
      stratum = hn::Or(least, hn::And(stratum, unsure));
    };
    const auto is_zero = hn::Eq(magnitude, zero);
    lower(hn::AndNot(is_zero, f.IsSubnormal(magnitude)), if_tiny);
    if (!variable && !all_values) lower(f.IsNan(magnitude), special);
    if (rounds) {
      const auto x = from.Magnitude(hn::Load(d, a + i)), y = from.Magnitude(hn::Load(d, b + i));
      const auto x_not = hn::Eq(x, zero), y_not = hn::Eq(y, zero);
      const auto from_finite = hn::Not(hn::Or(from.IsNotFinite(x), from.IsNotFinite(y)));
      const auto overflown = hn::And(f.IsInfinite(magnitude), from_finite);
      if (!all_values) {
        const auto infinite = quotient ? hn::AndNot(y_not, overflown) : overflown;
        if (fused) {
          const auto z = from.Magnitude(hn::Load(d, c + i));
          lower(hn::AndNot(from.IsNotFinite(z), infinite), special);
        } else {
          lower(infinite, special);
        }
      }
      // What a direction turned away from infinity does not show that it overflowed, nor does what saturates, and
      // without NaN not that it was invalid.
      auto open = hn::Ne(zero, zero);
      const bool shows = nearest && step.result.format.InfiniteResult(false) != step.result.format.MaxFinite();
      if (!shows) open = hn::Or(open, hn::Eq(magnitude, f.max_finite));
      if (product || quotient || fused || converted) open = hn::Or(open, hn::Eq(magnitude, f.min_normal));
      const auto vanished = product    ? hn::AndNot(hn::Or(x_not, y_not), is_zero)
                            : quotient ? hn::AndNot(hn::Or(x_not, from.IsNotFinite(y)), is_zero)
                                       : hn::AndNot(x_not, is_zero);
      if (product || quotient || converted) lower(vanished, if_tiny);
      if (fused) open = hn::Or(open, hn::AndNot(hn::Or(x_not, y_not), is_zero));
      stratum = hn::Or(stratum, hn::IfThenElseZero(open, unsure));
    }
    hn::Store(stratum, d, strata + i);
  }
}
void Strata32(const BlockStep& step, bool all_values, const uint32_t* a, const uint32_t* b, const uint32_t* c,
              const uint32_t* out, uint32_t* strata, size_t count) {
  LowerStrata(step, all_values, a, b, c, out, strata, count);
}
void Strata64(const BlockStep& step, bool all_values, const uint64_t* a, const uint64_t* b, const uint64_t* c,
              const uint64_t* out, uint64_t* strata, size_t count) {
  LowerStrata(step, all_values, a, b, c, out, strata, count);
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();
#endif  // HWY_TARGET != HWY_SCALAR

#if HWY_ONCE
#include <fplab/kernels/core/dispatch.h>

namespace fplab::kernels {
namespace {

using statement::Op;

bool FitsLanes(const statement::Type& type, int lane_bits) {
  if (type.IsInteger()) return type.width <= lane_bits;
  if (!type.IsNumber()) return type.kind == statement::Kind::kTruth || type.kind == statement::Kind::kExact;
  if (!type.format.HasNegativeZero()) return false;
  if (lane_bits == 64) return true;
  // Sums need bits below the significand, and the exponent of whatever is to be rounded has to fit above it.
  return type.format.precision <= kBinary32.precision && type.format.exponent_bits <= kBinary32.exponent_bits;
}

bool ModelHas(const BlockStep& step, int lane_bits) {
  const model::FlushSemantics flush = step.environment.flush;
  if (step.environment.positive_zero) return false;
  if (step.environment.mode.rounding == Rounding::kToOdd) return false;
  if (flush != model::FlushSemantics::kAfterRounding && flush != model::FlushSemantics::kBeforeRounding) return false;
  switch (step.op) {
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kDiv:
    case Op::kSqrt:
    case Op::kConvert:
    case Op::kMin:
    case Op::kMax:
    case Op::kCeil:
    case Op::kFloor:
    case Op::kTrunc:
    case Op::kRint:
    case Op::kRound:
    case Op::kRoundEven:
    case Op::kEqualInMode:
    case Op::kLessInMode:
    case Op::kLessEqualInMode:
      return true;
    case Op::kFma:
      return lane_bits == 32 || step.operand.format.precision <= kBinary32.precision;
    default:
      return false;
  }
}

bool HardwareHas(const BlockStep& step, int lane_bits) {
  const Format &from = step.operand.format, &to = step.result.format;
  if (step.op == Op::kConvert) {
    const bool half = (from == kBinary16 && to == kBinary32) || (from == kBinary32 && to == kBinary16);
    return HWY_ARCH_X86 != 0 && lane_bits == 32 && half;
  }
  if (from == kBinary16 || from == kBfloat16) {
    if (lane_bits != 32 || step.op == Op::kFma) return false;
  } else if (from != (lane_bits == 32 ? kBinary32 : kBinary64)) {
    return false;
  }
  switch (step.op) {
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kDiv:
    case Op::kSqrt:
    case Op::kFma:
    case Op::kCeil:
    case Op::kFloor:
    case Op::kTrunc:
    case Op::kRint:
    case Op::kRoundEven:
      return true;
    case Op::kMin:
    case Op::kMax:
      return HWY_ARCH_X86 != 0;
    default:
      return false;
  }
}

bool HasOnBits(const BlockStep& step, int lane_bits) {
  switch (step.op) {
    case Op::kNegate:
    case Op::kAbs:
    case Op::kCopySign:
    case Op::kNextUp:
    case Op::kNextDown:
    case Op::kBits:
    case Op::kFromBits:
    case Op::kSelect:
    case Op::kEqual:
    case Op::kSame:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kIsFinite:
    case Op::kIsNan:
    case Op::kIsInfinite:
    case Op::kIsZero:
    case Op::kSignBit:
    case Op::kIsNormal:
    case Op::kIsSubnormal:
    case Op::kNot:
    case Op::kAnd:
    case Op::kOr:
    case Op::kIntConvert:
    case Op::kIntNegate:
    case Op::kIntNot:
    case Op::kIntAdd:
    case Op::kIntSub:
    case Op::kIntAnd:
    case Op::kIntOr:
    case Op::kIntXor:
    case Op::kIntShiftLeft:
    case Op::kIntEqual:
    case Op::kIntLess:
    case Op::kIntLessEqual:
      return true;
    case Op::kIntMul:
      return lane_bits == 32;
    case Op::kIntShiftRight:
      return !step.result.is_signed;
    default:
      return false;
  }
}

}  // namespace

bool HasBlockStep(const BlockStep& step, int lane_bits) {
  if (!FitsLanes(step.operand, lane_bits) || !FitsLanes(step.result, lane_bits)) return false;
  if (step.IsExact()) return step.exact != ExactForm::kNone;
  if (!statement::IsUnderMode(step.op)) return HasOnBits(step, lane_bits);
  if (step.by_instructions) return true;
  return step.target == statement::Target::kModel ? ModelHas(step, lane_bits) : HardwareHas(step, lane_bits);
}

bool HasInstructions(const BlockStep& step, int lane_bits) {
  if (step.operand.format != (lane_bits == 32 ? kBinary32 : kBinary64)) return false;
  if (step.op == Op::kMin || step.op == Op::kMax || step.op == Op::kConvert) return false;  // they return NaNs as given
  return HardwareHas(step, lane_bits);
}

// There are none on the fallback.
#define FPLAB_CHOOSE_VECTORS(TYPE, FUNCTION, ISA) \
  ChooseFor<TYPE>(ISA, nullptr, HWY_CHOOSE_NEON(FUNCTION), HWY_CHOOSE_AVX2(FUNCTION), HWY_CHOOSE_AVX3(FUNCTION))

template <>
BlockKernels<uint32_t> BlockKernels<uint32_t>::For(Isa isa) {
  return {FPLAB_CHOOSE_VECTORS(BlockOperation<uint32_t>, Operate32, isa),
          FPLAB_CHOOSE_VECTORS(BlockBits<uint32_t>, Bits32, isa),
          FPLAB_CHOOSE_VECTORS(BlockStrata<uint32_t>, Strata32, isa)};
}

template <>
BlockKernels<uint64_t> BlockKernels<uint64_t>::For(Isa isa) {
  return {FPLAB_CHOOSE_VECTORS(BlockOperation<uint64_t>, Operate64, isa),
          FPLAB_CHOOSE_VECTORS(BlockBits<uint64_t>, Bits64, isa),
          FPLAB_CHOOSE_VECTORS(BlockStrata<uint64_t>, Strata64, isa)};
}

#undef FPLAB_CHOOSE_VECTORS

}  // namespace fplab::kernels
#endif  // HWY_ONCE
