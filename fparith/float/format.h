// Floating-point formats as run-time data. Values of any format travel as uint64_t bit patterns, low bits first.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_FLOAT_FORMAT_H_
#define FPLAB_FPARITH_FLOAT_FORMAT_H_

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fplab/fparith/float/export.h>

namespace fplab {

// What the largest exponent field encodes.
enum class SpecialValues : uint8_t {
  kInfinityAndNans,  // IEEE 754-2019 section 3.4; a NaN is quiet when its top fraction bit is set
  kOneNan,           // no infinity; all ones is NaN (quiet), every other pattern a number (OCP 8-bit formats 1.0, E4M3)
};

// A binary format: sign, biased exponent, fraction, with gradual underflow. exponent_bits is 2..11, precision (the
// implicit bit included) 2..53, and 1 + exponent_bits + precision - 1 <= 64; bias 2^(exponent_bits-1) - 1. The
// functions below do not check that: ParseFormat does, and RequireFormat for a Format that came another way.
struct Format {
  int exponent_bits;
  int precision;
  SpecialValues specials = SpecialValues::kInfinityAndNans;

  friend constexpr bool operator==(const Format&, const Format&) = default;

  constexpr int FractionBits() const { return precision - 1; }
  constexpr int Width() const { return exponent_bits + precision; }
  constexpr int HexDigits() const { return (Width() + 3) / 4; }
  constexpr int Bias() const { return (1 << (exponent_bits - 1)) - 1; }
  constexpr int MaxExponentField() const { return (1 << exponent_bits) - 1; }
  constexpr int MinExponent() const { return 1 - Bias(); }  // of min normal, which is 2^MinExponent()
  constexpr int MaxExponent() const {                       // of max finite
    return specials == SpecialValues::kInfinityAndNans ? Bias() : Bias() + 1;
  }
  constexpr bool HasInfinity() const { return specials == SpecialValues::kInfinityAndNans; }

  constexpr uint64_t Mask() const { return ~uint64_t{0} >> (64 - Width()); }
  constexpr uint64_t SignMask() const { return uint64_t{1} << (Width() - 1); }
  constexpr uint64_t FractionMask() const { return (uint64_t{1} << FractionBits()) - 1; }
  constexpr uint64_t ExponentMask() const { return static_cast<uint64_t>(MaxExponentField()) << FractionBits(); }

  // Bit patterns of the positive landmarks. Without infinity, Infinity() is the NaN that overflow and x/0 return.
  constexpr uint64_t One() const { return static_cast<uint64_t>(Bias()) << FractionBits(); }
  constexpr uint64_t MinSubnormal() const { return 1; }
  constexpr uint64_t MaxSubnormal() const { return FractionMask(); }
  constexpr uint64_t MinNormal() const { return uint64_t{1} << FractionBits(); }
  constexpr uint64_t MaxFinite() const {
    return HasInfinity() ? ExponentMask() - 1 : (ExponentMask() | FractionMask()) - 1;
  }
  constexpr uint64_t Infinity() const { return HasInfinity() ? ExponentMask() : CanonicalNan(); }
  // The NaN that the model returns: positive, quiet, no payload.
  constexpr uint64_t CanonicalNan() const {
    return HasInfinity() ? ExponentMask() | (uint64_t{1} << (FractionBits() - 1)) : ExponentMask() | FractionMask();
  }

  constexpr uint64_t Magnitude(uint64_t bits) const { return bits & ~SignMask(); }
  constexpr bool SignBit(uint64_t bits) const { return (bits & SignMask()) != 0; }
  constexpr int ExponentField(uint64_t bits) const { return static_cast<int>(Magnitude(bits) >> FractionBits()); }
  constexpr uint64_t Fraction(uint64_t bits) const { return bits & FractionMask(); }

  constexpr bool IsFinite(uint64_t bits) const { return Magnitude(bits) <= MaxFinite(); }
  constexpr bool IsInfinite(uint64_t bits) const { return HasInfinity() && Magnitude(bits) == ExponentMask(); }
  constexpr bool IsNan(uint64_t bits) const { return Magnitude(bits) > MaxFinite() && !IsInfinite(bits); }
  constexpr bool IsSignalingNan(uint64_t bits) const {
    return IsNan(bits) && HasInfinity() && (bits >> (FractionBits() - 1) & 1) == 0;
  }
  constexpr bool IsZero(uint64_t bits) const { return Magnitude(bits) == 0; }
  constexpr bool IsSubnormal(uint64_t bits) const { return Magnitude(bits) - 1 < FractionMask(); }
  constexpr bool IsNormal(uint64_t bits) const { return Magnitude(bits) >= MinNormal() && IsFinite(bits); }

  // floor(log2 |x|) of a finite x; of zero that of min subnormal.
  constexpr int Exponent(uint64_t bits) const {
    const int field = ExponentField(bits);
    if (field > 0) return field - Bias();
    return MinExponent() - precision + static_cast<int>(std::bit_width(Fraction(bits) | 1));
  }

  constexpr uint64_t Negate(uint64_t bits) const { return bits ^ SignMask(); }
  // Equality as fplab judges it: the same pattern, any NaN equal to any NaN. +0 and -0 differ.
  constexpr bool SameBits(uint64_t a, uint64_t b) const { return a == b || (IsNan(a) && IsNan(b)); }
  // Rank among all non-NaN values: neighbours differ by 1, -0 and +0 share rank 0. FromRank(0) is +0; precondition of
  // FromRank: |rank| is at most Rank of infinity (of max finite without infinity).
  constexpr int64_t Rank(uint64_t bits) const {
    const auto magnitude = static_cast<int64_t>(Magnitude(bits));
    return SignBit(bits) ? -magnitude : magnitude;
  }
  constexpr uint64_t FromRank(int64_t rank) const {
    return rank < 0 ? static_cast<uint64_t>(-rank) | SignMask() : static_cast<uint64_t>(rank);
  }
};

inline constexpr Format kBinary16{5, 11};
inline constexpr Format kBfloat16{8, 8};
inline constexpr Format kBinary32{8, 24};
inline constexpr Format kBinary64{11, 53};
inline constexpr Format kE5M2{5, 3};
inline constexpr Format kE4M3{4, 4, SpecialValues::kOneNan};

// The named formats, narrow to wide.
inline constexpr std::array<Format, 6> kNamedFormats = {kE4M3, kE5M2, kBinary16, kBfloat16, kBinary32, kBinary64};

// "f16", "bf16", "f32", "f64", "e5m2", "e4m3"; any other format "e<exponent bits>p<precision>" ("e6p10"), with "fn"
// after it when it has one NaN and no infinity ("e3p4fn").
FPLAB_EXPORT std::string Name(const Format& format);

// The inverse of Name; nullopt for any other word.
FPLAB_EXPORT std::optional<Format> FindFormat(std::string_view name);

// The inverse of Name ("e8p24" is binary32). Throws Error that names the accepted forms and ranges.
FPLAB_EXPORT Format ParseFormat(std::string_view name);

// Throws Error unless the numbers are in the ranges that Format states: another has no values.
FPLAB_EXPORT void RequireFormat(const Format& format);

}  // namespace fplab

#endif  // FPLAB_FPARITH_FLOAT_FORMAT_H_
