// Binary formats wider than a Format: binary128, x87's double extended precision, and any up to them. Values travel as
// 128-bit patterns.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_FLOAT_WIDE_FORMAT_H_
#define FPLAB_FPARITH_FLOAT_WIDE_FORMAT_H_

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fplab/fparith/float/export.h>

namespace fplab {

__extension__ typedef unsigned __int128 WideBits;

// The number of bits up to the highest that is set: std::bit_width, of 128 bits too.
constexpr int BitWidth(WideBits bits) {
  const auto upper = static_cast<uint64_t>(bits >> 64), lower = static_cast<uint64_t>(bits);
  return static_cast<int>(upper != 0 ? 64 + std::bit_width(upper) : std::bit_width(lower));
}
constexpr int BitWidth(uint64_t bits) { return static_cast<int>(std::bit_width(bits)); }

// An IEEE 754 interchange format of any size: sign, biased exponent, fraction without its leading bit, gradual
// underflow, infinities and NaNs, the usual bias. exponent_bits is 2..15, precision (the leading bit included) 2..113.
// The names of this file are of those that are no Format; the arithmetic (model/wide.h) is of all. x87's format has
// these patterns here, too, which order its values; Encoding is what its registers hold.
struct WideFormat {
  int exponent_bits;
  int precision;

  friend constexpr bool operator==(const WideFormat&, const WideFormat&) = default;

  constexpr int FractionBits() const { return precision - 1; }
  constexpr int Width() const { return exponent_bits + precision; }
  constexpr int Bias() const { return (1 << (exponent_bits - 1)) - 1; }
  constexpr int MaxExponentField() const { return (1 << exponent_bits) - 1; }
  constexpr int MinExponent() const { return 1 - Bias(); }  // of min normal, which is 2^MinExponent()
  constexpr int MaxExponent() const { return Bias(); }      // of max finite
  // As Format answers: every wide format has both.
  constexpr bool HasInfinity() const { return true; }
  constexpr bool HasNegativeZero() const { return true; }

  constexpr WideBits Mask() const { return ~WideBits{0} >> (128 - Width()); }
  constexpr WideBits SignMask() const { return WideBits{1} << (Width() - 1); }
  constexpr WideBits FractionMask() const { return (WideBits{1} << FractionBits()) - 1; }

  // Patterns of the positive landmarks. The NaN is quiet and without payload: operations return no other.
  constexpr WideBits One() const { return static_cast<WideBits>(Bias()) << FractionBits(); }
  constexpr WideBits MinSubnormal() const { return 1; }
  constexpr WideBits MaxSubnormal() const { return FractionMask(); }
  constexpr WideBits MinNormal() const { return WideBits{1} << FractionBits(); }
  constexpr WideBits ExponentMask() const { return static_cast<WideBits>(MaxExponentField()) << FractionBits(); }
  constexpr WideBits Infinity() const { return ExponentMask(); }
  constexpr WideBits MaxFinite() const { return Infinity() - 1; }
  constexpr WideBits CanonicalNan() const { return Infinity() | WideBits{1} << (FractionBits() - 1); }

  constexpr WideBits Magnitude(WideBits bits) const { return bits & ~SignMask(); }
  constexpr bool SignBit(WideBits bits) const { return (bits & SignMask()) != 0; }
  constexpr int ExponentField(WideBits bits) const { return static_cast<int>(Magnitude(bits) >> FractionBits()); }
  constexpr WideBits Fraction(WideBits bits) const { return bits & FractionMask(); }
  constexpr WideBits WithSign(bool negative, WideBits magnitude) const {
    return negative ? magnitude | SignMask() : magnitude;
  }
  constexpr WideBits Negate(WideBits bits) const { return bits ^ SignMask(); }

  constexpr bool IsFinite(WideBits bits) const { return Magnitude(bits) < Infinity(); }
  constexpr bool IsInfinite(WideBits bits) const { return Magnitude(bits) == Infinity(); }
  constexpr bool IsNan(WideBits bits) const { return Magnitude(bits) > Infinity(); }
  constexpr bool IsSignalingNan(WideBits bits) const { return IsNan(bits) && (bits >> (FractionBits() - 1) & 1) == 0; }
  constexpr bool IsZero(WideBits bits) const { return Magnitude(bits) == 0; }
  constexpr bool IsSubnormal(WideBits bits) const { return !IsZero(bits) && Magnitude(bits) < MinNormal(); }
  constexpr bool IsNormal(WideBits bits) const { return Magnitude(bits) >= MinNormal() && IsFinite(bits); }

  // A finite value is Significand times 2^UnitExponent, up to its sign.
  constexpr WideBits Significand(WideBits bits) const {
    return Fraction(bits) | (ExponentField(bits) > 0 ? MinNormal() : 0);
  }
  constexpr int UnitExponent(WideBits bits) const {
    return (ExponentField(bits) > 0 ? ExponentField(bits) : 1) - Bias() - FractionBits();
  }

  // floor(log2 |x|) of a finite x; of zero that of min subnormal.
  constexpr int Exponent(WideBits bits) const {
    const int field = ExponentField(bits);
    return field > 0 ? field - Bias() : MinExponent() - precision + BitWidth(Fraction(bits) | 1);
  }

  // Equality as fplab judges it: the same pattern, any NaN equal to any NaN. +0 and -0 differ.
  constexpr bool SameBits(WideBits a, WideBits b) const { return a == b || (IsNan(a) && IsNan(b)); }
  // The order of two values that are no NaN; both zeros have one place.
  constexpr bool IsLess(WideBits a, WideBits b) const {
    if (IsZero(a) && IsZero(b)) return false;
    if (SignBit(a) != SignBit(b)) return SignBit(a);
    return SignBit(a) ? Magnitude(b) < Magnitude(a) : a < b;
  }

  // Whether the leading bit of the significand is stored: of x87's format alone.
  constexpr bool HasLeadingBit() const { return exponent_bits == 15 && precision == 64; }
  // The bits as memory holds them; x87's 80 have the leading bit between exponent and fraction (Intel SDM volume 1,
  // 4.2.2), set but for zeros and subnormal numbers.
  constexpr WideBits Encoding(WideBits bits) const {
    if (!HasLeadingBit()) return bits;
    const WideBits leading = ExponentField(bits) > 0 ? MinNormal() : 0;
    return (bits >> FractionBits()) << precision | leading | Fraction(bits);
  }
  constexpr int EncodingWidth() const { return Width() + (HasLeadingBit() ? 1 : 0); }
};

inline constexpr WideFormat kX87{15, 64};
inline constexpr WideFormat kBinary128{15, 113};

// "x87", "f128", "e<exponent bits>p<precision>".
FPLAB_EXPORT std::string Name(const WideFormat& format);

// The inverse of Name, which also knows "e<exponent bits>m<fraction bits>"; nullopt for any other word, and for what
// FindFormat finds.
FPLAB_EXPORT std::optional<WideFormat> FindWideFormat(std::string_view name);

// Throws Error unless the numbers are in the ranges that WideFormat states.
FPLAB_EXPORT void RequireFormat(const WideFormat& format);

}  // namespace fplab

#endif  // FPLAB_FPARITH_FLOAT_WIDE_FORMAT_H_
