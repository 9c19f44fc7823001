// Bit patterns of binary32 and binary64: fields, classes, neighbours, distance in ulps. Integer operations only, so the
// results do not depend on the control word.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_FLOAT_BITS_H_
#define FPLAB_FPARITH_FLOAT_BITS_H_

#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace fplab {

template <typename T>
concept HardwareFloat = std::same_as<T, float> || std::same_as<T, double>;

// The unsigned integer as wide as T.
template <HardwareFloat T>
using BitsOf = std::conditional_t<std::same_as<T, float>, uint32_t, uint64_t>;

template <HardwareFloat T>
constexpr BitsOf<T> ToBits(T x) {
  return std::bit_cast<BitsOf<T>>(x);
}

constexpr float FloatFromBits(uint32_t bits) { return std::bit_cast<float>(bits); }
constexpr double DoubleFromBits(uint64_t bits) { return std::bit_cast<double>(bits); }

// Widths and masks of the interchange format of T (IEEE 754-2019 section 3.4).
template <HardwareFloat T>
struct Layout {
  using Bits = BitsOf<T>;
  static constexpr int kPrecision = std::numeric_limits<T>::digits;  // significand bits, the implicit one included
  static constexpr int kFractionBits = kPrecision - 1;
  static constexpr int kWidth = 8 * static_cast<int>(sizeof(T));
  static constexpr int kExponentBits = kWidth - kPrecision;
  static constexpr int kBias = (1 << (kExponentBits - 1)) - 1;
  static constexpr Bits kSignMask = Bits{1} << (kWidth - 1);
  static constexpr Bits kFractionMask = (Bits{1} << kFractionBits) - 1;
  static constexpr Bits kExponentMask = static_cast<Bits>(~(kSignMask | kFractionMask));
  static constexpr Bits kInfinity = kExponentMask;
  static constexpr Bits kMinNormal = Bits{1} << kFractionBits;
};

template <HardwareFloat T>
constexpr bool SignBit(T x) {
  return (ToBits(x) & Layout<T>::kSignMask) != 0;
}
template <HardwareFloat T>
constexpr BitsOf<T> Magnitude(T x) {
  return ToBits(x) & ~Layout<T>::kSignMask;
}
// The biased exponent field, 0 for zeros and subnormals.
template <HardwareFloat T>
constexpr int ExponentField(T x) {
  return static_cast<int>(Magnitude(x) >> Layout<T>::kFractionBits);
}
template <HardwareFloat T>
constexpr BitsOf<T> FractionField(T x) {
  return ToBits(x) & Layout<T>::kFractionMask;
}

template <HardwareFloat T>
constexpr bool IsNan(T x) {
  return Magnitude(x) > Layout<T>::kInfinity;
}
template <HardwareFloat T>
constexpr bool IsInfinite(T x) {
  return Magnitude(x) == Layout<T>::kInfinity;
}
template <HardwareFloat T>
constexpr bool IsFinite(T x) {
  return Magnitude(x) < Layout<T>::kInfinity;
}
template <HardwareFloat T>
constexpr bool IsZero(T x) {
  return Magnitude(x) == 0;
}
template <HardwareFloat T>
constexpr bool IsSubnormal(T x) {
  return Magnitude(x) != 0 && Magnitude(x) < Layout<T>::kMinNormal;
}
template <HardwareFloat T>
constexpr bool IsNormal(T x) {
  return Magnitude(x) >= Layout<T>::kMinNormal && IsFinite(x);
}

// Equality of values as fplab judges it: the same bit pattern, any NaN equal to any NaN. +0 and -0 differ.
template <HardwareFloat T>
constexpr bool SameBits(T a, T b) {
  return ToBits(a) == ToBits(b) || (IsNan(a) && IsNan(b));
}

// Rank of x among all non-NaN values: ranks of neighbours differ by 1, -0 and +0 share rank 0.
template <HardwareFloat T>
constexpr std::make_signed_t<BitsOf<T>> Rank(T x) {
  const auto magnitude = static_cast<std::make_signed_t<BitsOf<T>>>(Magnitude(x));
  return SignBit(x) ? -magnitude : magnitude;
}

// Number of steps from a to b along the representable values; precondition: neither is NaN.
template <HardwareFloat T>
constexpr BitsOf<T> UlpDistance(T a, T b) {
  const auto ra = static_cast<BitsOf<T>>(Rank(a)), rb = static_cast<BitsOf<T>>(Rank(b));
  return Rank(a) < Rank(b) ? rb - ra : ra - rb;
}

// IEEE 754-2019 nextUp: the least value greater than x. nextUp(-min_subnormal) is -0, nextUp(+inf) is +inf, a NaN is
// returned as it is.
template <HardwareFloat T>
constexpr T NextUp(T x) {
  using L = Layout<T>;
  if (IsNan(x) || ToBits(x) == L::kInfinity) return x;
  if (IsZero(x)) return std::bit_cast<T>(BitsOf<T>{1});
  return std::bit_cast<T>(static_cast<BitsOf<T>>(SignBit(x) ? ToBits(x) - 1 : ToBits(x) + 1));
}
// nextDown(x) = -nextUp(-x).
template <HardwareFloat T>
constexpr T NextDown(T x) {
  const auto negate = [](T v) { return std::bit_cast<T>(static_cast<BitsOf<T>>(ToBits(v) ^ Layout<T>::kSignMask)); };
  return IsNan(x) ? x : negate(NextUp(negate(x)));
}

// Unit in the last place of a finite x: the gap from |x| to the next greater magnitude, min_subnormal at least.
template <HardwareFloat T>
constexpr T Ulp(T x) {
  using L = Layout<T>;
  const int exponent = ExponentField(x) > 0 ? ExponentField(x) : 1;
  const int ulp_exponent = exponent - L::kFractionBits;
  if (ulp_exponent > 0) return std::bit_cast<T>(static_cast<BitsOf<T>>(BitsOf<T>(ulp_exponent) << L::kFractionBits));
  return std::bit_cast<T>(static_cast<BitsOf<T>>(BitsOf<T>{1} << (exponent - 1)));
}

}  // namespace fplab

#endif  // FPLAB_FPARITH_FLOAT_BITS_H_
