// Types of what statements compute with: numbers of a format, wide ones, scales, integers of a width, truth values,
// exact numbers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_VALUE_TYPE_H_
#define FPLAB_FPARITH_STATEMENT_VALUE_TYPE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/float/wide_format.h>
#include <fplab/fparith/model/model.h>

namespace fplab::statement {

enum class Kind : uint8_t { kNumber, kInteger, kTruth, kExact, kWide };

// Values travel as uint64_t: a number as its bit pattern, an integer sign- or zero-extended to 64 bits, a truth value
// as 0 or 1. Exact numbers do not travel; wide ones do as WideBits, or as two words (operands.h).
struct Type {
  Kind kind = Kind::kTruth;
  Format format = kBinary32;  // of a number
  int width = 0;              // of an integer: 8, 16, 32 or 64 bits
  bool is_signed = false;     // of an integer: two's complement
  WideFormat wide = kX87;     // of a wide number
  bool is_scale = false;      // of an integer of 8 bits, unsigned: the pattern of a scale

  static constexpr Type Number(const Format& format) { return {Kind::kNumber, format}; }
  static constexpr Type Integer(int width, bool is_signed) { return {Kind::kInteger, kBinary32, width, is_signed}; }
  // E8M0 of OCP MX 1.0, section 5.4.1: 2^(pattern-127), and all ones is NaN. No sign, no zero, no arithmetic; for
  // whatever does not ask, its pattern is an integer.
  static constexpr Type Scale() { return {Kind::kInteger, kBinary32, 8, false, kX87, true}; }
  static constexpr int kScaleBias = 127;
  static constexpr uint64_t kScaleNan = 255;
  static constexpr Type Truth() { return {}; }
  static constexpr Type Exact() { return {Kind::kExact}; }
  static constexpr Type Wide(const WideFormat& wide) { return {Kind::kWide, kBinary32, 0, false, wide}; }

  constexpr bool IsNumber() const { return kind == Kind::kNumber; }
  constexpr bool IsWide() const { return kind == Kind::kWide; }
  constexpr bool IsFloat() const { return IsNumber() || IsWide(); }
  constexpr bool IsInteger() const { return kind == Kind::kInteger; }

  // Of an integer: the value with its low `width` bits extended to 64, as wrapping arithmetic gives it.
  constexpr uint64_t Wrap(uint64_t value) const {
    const int unused = 64 - width;
    const uint64_t shifted = value << unused;
    return is_signed ? static_cast<uint64_t>(static_cast<int64_t>(shifted) >> unused) : shifted >> unused;
  }
  // Of an integer: the ends of its range, as they travel; of a scale's the numbers alone.
  constexpr uint64_t Least() const { return is_signed ? ~uint64_t{0} << (width - 1) : 0; }
  constexpr uint64_t Greatest() const {
    if (is_scale) return kScaleNan - 1;
    return ~Least() & (~uint64_t{0} >> (is_signed ? 0 : 64 - width));
  }
  // Whether `value` is a pattern of the type.
  constexpr bool Holds(uint64_t value) const {
    return IsInteger() ? Wrap(value) == value : IsNumber() ? (value & ~format.Mask()) == 0 : value <= 1;
  }
  // Of an integer: the order of two values of the type.
  constexpr bool IsLess(uint64_t a, uint64_t b) const {
    return is_signed ? static_cast<int64_t>(a) < static_cast<int64_t>(b) : a < b;
  }
  // Equality as fplab judges it: any NaN equals any NaN, everything else by its bits.
  constexpr bool SameBits(uint64_t a, uint64_t b) const { return a == b || (IsNumber() && format.SameBits(a, b)); }

  friend constexpr bool operator==(const Type& a, const Type& b) {
    if (a.kind != b.kind) return false;
    if (a.IsNumber()) return a.format == b.format;
    if (a.IsWide()) return a.wide == b.wide;
    return !a.IsInteger() || (a.width == b.width && a.is_signed == b.is_signed && a.is_scale == b.is_scale);
  }
};

// "f32", "i16", "u64", "e8m0", "x87", "a truth value", "an exact number".
FPLAB_EXPORT std::string Name(const Type& type);

// The type that the word names: any name of a format (fparith/float/format.h and wide_format.h), e8m0, or i8 i16 i32
// i64 u8 u16 u32 u64.
FPLAB_EXPORT std::optional<Type> FindType(std::string_view word);

// The type of floating-point numbers that the word names, narrow or wide. Throws Error that names the accepted forms.
FPLAB_EXPORT Type ParseFloatType(std::string_view word);

// The model's integer that holds every value of an integer type.
constexpr model::IntegerType ModelTypeOf(const Type& integer) {
  if (integer.width == 64) return integer.is_signed ? model::IntegerType::kInt64 : model::IntegerType::kUint64;
  return integer.is_signed || integer.width < 32 ? model::IntegerType::kInt32 : model::IntegerType::kUint32;
}

// The narrowest unsigned integer that holds all bits of the format.
FPLAB_EXPORT Type BitsType(const Format& format);

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_VALUE_TYPE_H_
