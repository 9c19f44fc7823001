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

// Which patterns are no numbers. NaNs are quiet unless it says otherwise.
enum class SpecialValues : uint8_t {
  kInfinityAndNans,    // IEEE 754-2019 section 3.4; a NaN is quiet when its top fraction bit is set
  kOneNan,             // no infinity; all ones is NaN, every other pattern a number (OCP 8-bit formats 1.0, E4M3; "fn")
  kNegativeZeroIsNan,  // no infinity, no -0: its pattern is the one NaN (LLVM's and ml_dtypes' "fnuz")
  kFiniteOnly,         // every pattern is a number (OCP MX 1.0: E2M1, E2M3, E3M2; "f")
};

// A binary format: sign, biased exponent, fraction, with gradual underflow. exponent_bits is 2..11, precision (the
// implicit bit included) 2..53, and 1 + exponent_bits + precision - 1 <= 64. The bias is 2^(exponent_bits-1) - 1, one
// more where -0 is NaN, plus extra_bias; 1 is a normal number, and no exponent is beyond those of binary64 by more than
// one. A format that saturates (OCP 8-bit formats 1.0, 5.3) has the values of the one that does not, and no operation
// returns an infinity in it: InfiniteResult. So do formats of finite numbers only, which `saturates` is false of. The
// functions below do not check all that: ParseFormat does, and RequireFormat for a Format that came another way.
struct Format {
  int exponent_bits;
  int precision;
  SpecialValues specials = SpecialValues::kInfinityAndNans;
  bool saturates = false;
  int16_t extra_bias = 0;

  // All fields at once: the model compares formats for every operation.
  friend constexpr bool operator==(const Format& a, const Format& b) {
    const auto x = std::bit_cast<std::array<uint32_t, 3>>(a), y = std::bit_cast<std::array<uint32_t, 3>>(b);
    return ((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2])) == 0;
  }

  constexpr int FractionBits() const { return precision - 1; }
  constexpr int Width() const { return exponent_bits + precision; }
  constexpr int HexDigits() const { return (Width() + 3) / 4; }
  constexpr int Bias() const { return (1 << (exponent_bits - 1)) - (HasNegativeZero() ? 1 : 0) + extra_bias; }
  constexpr int MaxExponentField() const { return (1 << exponent_bits) - 1; }
  constexpr int MinExponent() const { return 1 - Bias(); }  // of min normal, which is 2^MinExponent()
  constexpr int MaxExponent() const { return MaxExponentField() - (HasInfinity() ? 1 : 0) - Bias(); }  // of max finite
  constexpr bool HasInfinity() const { return specials == SpecialValues::kInfinityAndNans; }
  constexpr bool HasNan() const { return specials != SpecialValues::kFiniteOnly; }
  constexpr bool HasNegativeZero() const { return specials != SpecialValues::kNegativeZeroIsNan; }

  constexpr uint64_t Mask() const { return ~uint64_t{0} >> (64 - Width()); }
  constexpr uint64_t SignMask() const { return uint64_t{1} << (Width() - 1); }
  constexpr uint64_t FractionMask() const { return (uint64_t{1} << FractionBits()) - 1; }
  constexpr uint64_t ExponentMask() const { return static_cast<uint64_t>(MaxExponentField()) << FractionBits(); }

  // Bit patterns of the positive landmarks. Infinity() is that of the format, if it has one.
  constexpr uint64_t One() const { return static_cast<uint64_t>(Bias()) << FractionBits(); }
  constexpr uint64_t MinSubnormal() const { return 1; }
  constexpr uint64_t MaxSubnormal() const { return FractionMask(); }
  constexpr uint64_t MinNormal() const { return uint64_t{1} << FractionBits(); }
  constexpr uint64_t MaxFinite() const {
    if (HasInfinity()) return ExponentMask() - 1;
    return (SignMask() - 1) - (specials == SpecialValues::kOneNan ? 1 : 0);
  }
  constexpr uint64_t Infinity() const { return ExponentMask(); }
  // What the model returns for NaN: quiet, without payload, and positive where that is another pattern. Of a format
  // without NaN max finite, as NVIDIA's conversions have it (PTX ISA, cvt with .satfinite).
  constexpr uint64_t CanonicalNan() const {
    switch (specials) {
      case SpecialValues::kInfinityAndNans:
        return ExponentMask() | (uint64_t{1} << (FractionBits() - 1));
      case SpecialValues::kOneNan:
        return SignMask() - 1;
      case SpecialValues::kNegativeZeroIsNan:
        return SignMask();
      case SpecialValues::kFiniteOnly:
        break;
    }
    return MaxFinite();
  }
  // What stands for a result that is infinite, by overflow, by division by zero or of infinite operands: max finite in
  // formats that saturate and in those without NaN; else an infinity, or NaN where there is none.
  constexpr uint64_t InfiniteResult(bool negative) const {
    if (saturates || !HasNan()) return WithSign(negative, MaxFinite());
    return HasInfinity() ? WithSign(negative, ExponentMask()) : CanonicalNan();
  }
  // Whether that is NaN.
  constexpr bool InfinityIsNan() const { return !saturates && HasNan() && !HasInfinity(); }

  constexpr uint64_t Magnitude(uint64_t bits) const { return bits & ~SignMask(); }
  constexpr bool SignBit(uint64_t bits) const { return (bits & SignMask()) != 0; }
  constexpr int ExponentField(uint64_t bits) const { return static_cast<int>(Magnitude(bits) >> FractionBits()); }
  constexpr uint64_t Fraction(uint64_t bits) const { return bits & FractionMask(); }

  constexpr bool IsFinite(uint64_t bits) const {
    return HasNegativeZero() ? Magnitude(bits) <= MaxFinite() : bits != CanonicalNan();
  }
  constexpr bool IsInfinite(uint64_t bits) const { return HasInfinity() && Magnitude(bits) == ExponentMask(); }
  constexpr bool IsNan(uint64_t bits) const { return !IsFinite(bits) && !IsInfinite(bits); }
  constexpr bool IsSignalingNan(uint64_t bits) const {
    return IsNan(bits) && HasInfinity() && (bits >> (FractionBits() - 1) & 1) == 0;
  }
  constexpr bool IsZero(uint64_t bits) const { return (HasNegativeZero() ? Magnitude(bits) : bits) == 0; }
  constexpr bool IsSubnormal(uint64_t bits) const { return Magnitude(bits) - 1 < FractionMask(); }
  constexpr bool IsNormal(uint64_t bits) const { return Magnitude(bits) >= MinNormal() && IsFinite(bits); }

  // floor(log2 |x|) of a finite x; of zero that of min subnormal.
  constexpr int Exponent(uint64_t bits) const {
    const int field = ExponentField(bits);
    if (field > 0) return field - Bias();
    return MinExponent() - precision + static_cast<int>(std::bit_width(Fraction(bits) | 1));
  }

  // A magnitude with a sign; a zero without, where there is one zero only.
  constexpr uint64_t WithSign(bool negative, uint64_t magnitude) const {
    return negative && (HasNegativeZero() || magnitude != 0) ? magnitude | SignMask() : magnitude;
  }
  // negate, abs and copySign (IEEE 754-2019 section 5.5.1): of any pattern; where -0 is NaN, that NaN has no other
  // sign.
  constexpr uint64_t Negate(uint64_t bits) const {
    return HasNegativeZero() || Magnitude(bits) != 0 ? bits ^ SignMask() : bits;
  }
  constexpr uint64_t Abs(uint64_t bits) const {
    return HasNegativeZero() || Magnitude(bits) != 0 ? Magnitude(bits) : bits;
  }
  constexpr uint64_t CopySign(uint64_t bits, uint64_t sign) const {
    return HasNegativeZero() || Magnitude(bits) != 0 ? Magnitude(bits) | (sign & SignMask()) : bits;
  }
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
inline constexpr Format kE3M4{3, 5};
inline constexpr Format kE5M2Fnuz{5, 3, SpecialValues::kNegativeZeroIsNan};
inline constexpr Format kE4M3Fnuz{4, 4, SpecialValues::kNegativeZeroIsNan};
inline constexpr Format kE4M3B11Fnuz{4, 4, SpecialValues::kNegativeZeroIsNan, false, 3};
inline constexpr Format kE3M2{3, 3, SpecialValues::kFiniteOnly};
inline constexpr Format kE2M3{2, 4, SpecialValues::kFiniteOnly};
inline constexpr Format kE2M1{2, 2, SpecialValues::kFiniteOnly};

// A format with the same values in which nothing overflows to an infinity or NaN. Precondition: it has NaN.
constexpr Format Saturating(const Format& format) {
  return {format.exponent_bits, format.precision, format.specials, true, format.extra_bias};
}

// The named formats of general use, narrow to wide.
inline constexpr std::array<Format, 6> kNamedFormats = {kE4M3, kE5M2, kBinary16, kBfloat16, kBinary32, kBinary64};
// Those of four to eight bits, without those above.
inline constexpr std::array<Format, 9> kSmallFormats = {
    kE2M1, kE2M3, kE3M2, kE3M4, kE4M3Fnuz, kE4M3B11Fnuz, kE5M2Fnuz, Saturating(kE4M3), Saturating(kE5M2)};

// "f16", "bf16", "f32", "f64", "e5m2", "e4m3", "e3m4", "e5m2fnuz", "e4m3fnuz", "e4m3b11fnuz", "e3m2", "e2m3", "e2m1".
// Any other format "e<exponent bits>p<precision>" ("e6p10"), then "b<bias>" if that is not the usual one, then "fn",
// "fnuz" or "f" as SpecialValues says. Last, of any with NaN, "sat" where it saturates ("e4m3sat").
FPLAB_EXPORT std::string Name(const Format& format);

// The inverse of Name, which also knows "e<exponent bits>m<fraction bits>" for "e<exponent bits>p<that and one>", with
// the same endings; but e4m3 is OCP's, which ml_dtypes calls e4m3fn (its own e4m3 is e4p4), and e2m1fn, e2m3fn and
// e3m2fn are what they are to ml_dtypes and LLVM: OCP's, without NaN. nullopt for any other word.
FPLAB_EXPORT std::optional<Format> FindFormat(std::string_view name);

// FindFormat ("e8p24" is binary32). Throws Error that names the accepted forms and ranges.
FPLAB_EXPORT Format ParseFormat(std::string_view name);

// Throws Error unless the numbers are in the ranges that Format states: another has no values.
FPLAB_EXPORT void RequireFormat(const Format& format);

}  // namespace fplab

#endif  // FPLAB_FPARITH_FLOAT_FORMAT_H_
