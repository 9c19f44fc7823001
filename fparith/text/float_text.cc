// Printing values of any format.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/text/float_text.h>

#include <fmt/format.h>

#include <algorithm>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/text/decimal_digits.h>
#include <fplab/fparith/text/natural.h>
#include <fplab/fparith/text/round_decimal.h>

namespace fplab {
namespace {

Digits ExactDigitsOf(const Format& format, uint64_t magnitude) {
  const int field = format.ExponentField(magnitude);
  const uint64_t significand = format.Fraction(magnitude) | (field == 0 ? 0 : format.MinNormal());
  return ExactDigits(Natural(significand), std::max(field, 1) - format.Bias() - format.FractionBits());
}

bool ReadsBack(const Format& format, const Digits& candidate, uint64_t magnitude) {
  const model::Outcome read = RoundDecimal(format, Rounding::kNearestEven, false, candidate.digits, candidate.point);
  return read.bits == magnitude && (read.flags & model::kOverflow) == 0;
}

// The NaN that is all there is of -0 is neither positive nor negative.
std::string SignText(const Format& format, uint64_t bits) {
  return format.SignBit(bits) && (format.HasNegativeZero() || !format.IsNan(bits)) ? "-" : "";
}

// "inf", "nan", "0" and the like; empty for any other value.
std::string SpecialText(const Format& format, uint64_t bits, const char* zero) {
  if (format.IsNan(bits)) return "nan";
  if (format.IsInfinite(bits)) return "inf";
  return format.IsZero(bits) ? zero : "";
}

}  // namespace

std::string HexFloat(const Format& format, uint64_t bits) {
  const std::string sign = SignText(format, bits);
  if (const std::string special = SpecialText(format, bits, "0x0p+0"); !special.empty()) return sign + special;
  const int digit_count = (format.FractionBits() + 3) / 4;
  std::string digits =
      fmt::format("{:0{}x}", format.Fraction(bits) << (4 * digit_count - format.FractionBits()), digit_count);
  digits.erase(digits.find_last_not_of('0') + 1);
  const int field = format.ExponentField(bits);
  return fmt::format("{}0x{}{}{}p{:+d}", sign, field == 0 ? 0 : 1, digits.empty() ? "" : ".", digits,
                     std::max(field, 1) - format.Bias());
}

std::string HexBits(const Format& format, uint64_t bits) { return fmt::format("0x{:0{}x}", bits, format.HexDigits()); }

std::string BitFields(const Format& format, uint64_t bits) {
  return fmt::format("{:d} {:0{}b} {:0{}b}", format.SignBit(bits) ? 1 : 0,
                     static_cast<unsigned>(format.ExponentField(bits)), format.exponent_bits, format.Fraction(bits),
                     format.FractionBits());
}

std::string Decimal(const Format& format, uint64_t bits) {
  const std::string sign = SignText(format, bits);
  if (const std::string special = SpecialText(format, bits, "0"); !special.empty()) return sign + special;
  const uint64_t magnitude = format.Magnitude(bits);
  return sign + PositionalOrScientific(
                    ShortestDigits(ExactDigitsOf(format, magnitude), format.precision,
                                   [&](const Digits& candidate) { return ReadsBack(format, candidate, magnitude); }));
}

std::string ExactDecimal(const Format& format, uint64_t bits) {
  FPLAB_CHECK(format.IsFinite(bits), "ExactDecimal: the value must be finite");
  const std::string sign = SignText(format, bits);
  if (format.IsZero(bits)) return sign + "0";
  return sign + Positional(ExactDigitsOf(format, format.Magnitude(bits)));
}

}  // namespace fplab
