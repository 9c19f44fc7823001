// Where exact results lie: each operation as an exact comparison of integers.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/float/check.h>
#include "proptests/support/oracle.h"
#include "proptests/support/oracle_values.h"

namespace fplab::oracle {
namespace {

Place SettledPlace(uint64_t bits, model::Flags flags = 0) {
  Place place;
  place.settled = true;
  place.bits = bits;
  place.flags = flags;
  place.silent = (flags & (model::kInvalid | model::kDivideByZero)) != 0;
  return place;
}

Place Nan(const Format& format, bool invalid) {
  Place place = SettledPlace(format.CanonicalNan(), invalid || !format.HasNan() ? model::kInvalid : model::Flags{0});
  place.silent = true;
  return place;
}

Place Infinite(const Format& format, bool sign, model::Flags flags = 0) {
  return SettledPlace(format.InfiniteResult(sign), flags);
}

Place Zero(const Format& format, bool sign) { return SettledPlace(Signed(format, sign, 0)); }

template <typename Int>
struct Locator {
  const model::Function& function;
  const Format& format;  // of the operands
  uint64_t hint;

  Place Number(bool sign, const auto& compare) const {
    Place place;
    place.sign = sign;
    LocateNumber<Int>(function.result_format, hint, compare, place);
    return place;
  }

  // x / 2^down times the result's min subnormal; zero_sign is that of an exact zero.
  Place Scaled(const Int& x, int down) const {
    const bool sign = x < Int(0);
    const Int target = (sign ? -x : x) << 2;
    return Number(sign, [&, down](const Int& k) { return Sign<Int>(k << down, target); });
  }

  // a + b; also c * 2^0 and products, through `scale`: both are in units of the min subnormal over 2^scale.
  Place Sum(const Int& x, const Int& y, bool x_sign, bool y_sign, int scale) const {
    const Int sum = x + y;
    if (!(sum == Int(0))) return Scaled(sum, scale);
    Place zero = Zero(format, x_sign && y_sign);
    zero.zero_sum = x_sign != y_sign;
    return zero;
  }

  Place Add(uint64_t a, uint64_t b) const {
    if (format.IsInfinite(a) && format.IsInfinite(b) && a != b) return Nan(format, true);
    if (format.IsInfinite(a)) return Infinite(format, format.SignBit(a));
    if (format.IsInfinite(b)) return Infinite(format, format.SignBit(b));
    return Sum(Value<Int>(format, a), Value<Int>(format, b), format.SignBit(a), format.SignBit(b), 0);
  }

  // One of a and b is an infinity, the other anything but NaN.
  Place InfiniteProduct(uint64_t a, uint64_t b) const {
    if (format.IsZero(a) || format.IsZero(b)) return Nan(format, true);
    return Infinite(format, format.SignBit(a) != format.SignBit(b));
  }

  Place Mul(uint64_t a, uint64_t b) const {
    if (format.IsInfinite(a) || format.IsInfinite(b)) return InfiniteProduct(a, b);
    if (format.IsZero(a) || format.IsZero(b)) return Zero(format, format.SignBit(a) != format.SignBit(b));
    return Scaled(Value<Int>(format, a) * Value<Int>(format, b), Scale(format));
  }

  Place Fma(uint64_t a, uint64_t b, uint64_t c) const {
    const bool product_sign = format.SignBit(a) != format.SignBit(b);
    if (format.IsInfinite(a) || format.IsInfinite(b)) {
      const Place product = InfiniteProduct(a, b);
      return product.silent || !format.IsInfinite(c) || format.SignBit(c) == product_sign ? product : Nan(format, true);
    }
    if (format.IsInfinite(c)) return Infinite(format, format.SignBit(c));
    const int scale = Scale(format);
    return Sum(Value<Int>(format, a) * Value<Int>(format, b), Value<Int>(format, c) << scale, product_sign,
               format.SignBit(c), scale);
  }

  Place Div(uint64_t a, uint64_t b) const {
    const bool sign = format.SignBit(a) != format.SignBit(b);
    if (format.IsInfinite(a)) return format.IsInfinite(b) ? Nan(format, true) : Infinite(format, sign);
    if (format.IsInfinite(b)) return Zero(format, sign);
    if (format.IsZero(b)) return format.IsZero(a) ? Nan(format, true) : Infinite(format, sign, model::kDivideByZero);
    if (format.IsZero(a)) return Zero(format, sign);
    const Int dividend = Magnitude<Int>(format, a) << (Scale(format) + 2), divisor = Magnitude<Int>(format, b);
    return Number(sign, [&](const Int& k) { return Sign<Int>(k * divisor, dividend); });
  }

  Place Sqrt(uint64_t a) const {
    if (format.IsZero(a)) return SettledPlace(a);
    if (format.SignBit(a)) return Nan(format, true);
    if (format.IsInfinite(a)) return Infinite(format, false);
    const Int radicand = Magnitude<Int>(format, a) << (Scale(format) + 4);
    return Number(false, [&](const Int& k) { return Sign<Int>(k * k, radicand); });
  }

  Place Convert(uint64_t a) const {
    const Format& to = function.result_format;
    if (format.IsInfinite(a)) return to.InfinityIsNan() ? Nan(to, true) : Infinite(to, format.SignBit(a));
    if (format.IsZero(a)) return Zero(to, format.SignBit(a));
    const int down = Scale(format) - Scale(to);
    const Int value = Value<Int>(format, a);
    return down >= 0 ? Scaled(value, down) : Scaled(value << -down, 0);
  }

  Place FromInteger(uint64_t value) const {
    using model::IntegerType;
    const bool wide = function.integer == model::IntegerType::kInt64 || function.integer == model::IntegerType::kUint64;
    const bool is_signed =
        function.integer == model::IntegerType::kInt32 || function.integer == model::IntegerType::kInt64;
    if (!wide) value &= 0xffffffffu;
    const uint64_t sign_bit = wide ? uint64_t{1} << 63 : uint64_t{1} << 31;
    const bool negative = is_signed && (value & sign_bit) != 0;
    const uint64_t magnitude = negative ? (sign_bit - (value - sign_bit)) : value;
    if (magnitude == 0) return Zero(function.result_format, false);
    const Int scaled = Int(magnitude) << Scale(function.result_format);
    return Scaled(negative ? -scaled : scaled, 0);
  }

  Place Of(uint64_t a, uint64_t b, uint64_t c) const {
    switch (function.operation) {
      case model::Operation::kAdd:
        return Add(a, b);
      case model::Operation::kSub:
        return Add(a, format.Negate(b));
      case model::Operation::kMul:
        return Mul(a, b);
      case model::Operation::kDiv:
        return Div(a, b);
      case model::Operation::kSqrt:
        return Sqrt(a);
      case model::Operation::kFma:
        return Fma(a, b, c);
      case model::Operation::kConvert:
        return Convert(a);
      case model::Operation::kFromInteger:
        return FromInteger(a);
      default:
        FPLAB_CHECK(false, "oracle: this operation has no place");
        return {};
    }
  }
};

}  // namespace

Place Locate(const model::Function& function, bool flush_inputs, uint64_t a, uint64_t b, uint64_t c, uint64_t hint) {
  const Format& format = function.format;
  const int arity = function.Arity();
  Place place;
  if (function.OperandKind() == model::ValueKind::kInteger) {
    place = Locator<Integer>{function, format, hint}.Of(a, 0, 0);
    return place;
  }
  const uint64_t operands[] = {a, arity > 1 ? b : format.One(), arity > 2 ? c : format.One()};
  bool subnormal = false, nan = false, signaling = false;
  for (uint64_t operand : operands) {
    subnormal |= format.IsSubnormal(operand);
    nan |= format.IsNan(operand);
    signaling |= format.IsSignalingNan(operand);
  }
  const auto flushed = [&](int i) { return Flushed(format, flush_inputs, operands[i]); };
  if (nan) {
    // Zero times infinity is invalid even beside a NaN addend.
    const bool invalid_product = function.operation == model::Operation::kFma && !format.IsNan(a) && !format.IsNan(b) &&
                                 (format.IsInfinite(a) || format.IsInfinite(b)) &&
                                 (format.IsZero(flushed(0)) || format.IsZero(flushed(1)));
    place = Nan(function.result_format, signaling || invalid_product);
  } else if (IsNarrow(format) && IsNarrow(function.result_format)) {
    place = Locator<Small>{function, format, hint}.Of(flushed(0), flushed(1), flushed(2));
  } else {
    place = Locator<Integer>{function, format, hint}.Of(flushed(0), flushed(1), flushed(2));
  }
  place.subnormal_operand = subnormal;
  return place;
}

}  // namespace fplab::oracle
