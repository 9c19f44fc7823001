// Printing values of any format.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/text/float_text.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/text/natural.h>
#include <fplab/fparith/text/round_decimal.h>

namespace fplab {
namespace {

constexpr size_t kExactDigits = 9;         // values with as many digits or fewer are written exactly
constexpr size_t kMaxShortestDigits = 17;  // enough for any format of precision 53 or less

// 0.d1d2d3... * 10^point, d1 and the last digit not zero.
struct Digits {
  std::string digits;
  int point;
};

// All digits of a finite nonzero magnitude: an integer times 2^q is, for negative q, that integer times 5^-q over
// 10^-q.
Digits ExactDigits(const Format& format, uint64_t magnitude) {
  const int field = format.ExponentField(magnitude);
  Natural integer(format.Fraction(magnitude) | (field == 0 ? 0 : format.MinNormal()));
  const int exponent = std::max(field, 1) - format.Bias() - format.FractionBits();
  if (exponent >= 0) {
    integer.ShiftLeft(exponent);
  } else {
    integer.MultiplyByPower(5, -exponent);
  }
  std::string digits = integer.DecimalDigits();
  const int point = static_cast<int>(digits.size()) + std::min(exponent, 0);
  digits.erase(digits.find_last_not_of('0') + 1);
  return {digits, point};
}

// The first n digits, plus one unit in the last of them if `up`.
Digits Truncated(const Digits& exact, size_t n, bool up) {
  Digits result{exact.digits.substr(0, n), exact.point};
  if (!up) return result;
  size_t i = result.digits.size();
  while (i > 0 && result.digits[i - 1] == '9') result.digits[--i] = '0';
  if (i > 0) {
    ++result.digits[i - 1];
  } else {
    result.digits.insert(result.digits.begin(), '1');
    ++result.point;
  }
  return result;
}

bool ReadsBack(const Format& format, const Digits& candidate, uint64_t magnitude) {
  const model::Outcome read = RoundDecimal(format, Rounding::kNearestEven, false, candidate.digits, candidate.point);
  return read.bits == magnitude && (read.flags & model::kOverflow) == 0;
}

Digits ShortestDigits(const Format& format, uint64_t magnitude) {
  const Digits exact = ExactDigits(format, magnitude);
  if (exact.digits.size() <= kExactDigits) return exact;
  for (size_t n = 1; n <= kMaxShortestDigits && n < exact.digits.size(); ++n) {
    const std::string_view rest = std::string_view(exact.digits).substr(n);
    const bool nearer_up = rest[0] >= '5';
    for (bool up : {nearer_up, !nearer_up}) {
      Digits candidate = Truncated(exact, n, up);
      if (!ReadsBack(format, candidate, magnitude)) continue;
      candidate.digits.erase(candidate.digits.find_last_not_of('0') + 1);
      return candidate;
    }
  }
  return exact;
}

std::string Positional(const Digits& number) {
  const int size = static_cast<int>(number.digits.size());
  if (number.point <= 0) return "0." + std::string(static_cast<size_t>(-number.point), '0') + number.digits;
  if (number.point >= size) return number.digits + std::string(static_cast<size_t>(number.point - size), '0');
  const auto point = static_cast<size_t>(number.point);
  return number.digits.substr(0, point) + "." + number.digits.substr(point);
}

std::string Scientific(const Digits& number) {
  return fmt::format("{}{}{}e{:+03d}", number.digits[0], number.digits.size() > 1 ? "." : "", number.digits.substr(1),
                     number.point - 1);
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
  const Digits number = ShortestDigits(format, format.Magnitude(bits));
  const int exponent = number.point - 1;
  return sign + (exponent >= -5 && exponent <= 15 ? Positional(number) : Scientific(number));
}

std::string ExactDecimal(const Format& format, uint64_t bits) {
  FPLAB_CHECK(format.IsFinite(bits), "ExactDecimal: the value must be finite");
  const std::string sign = SignText(format, bits);
  if (format.IsZero(bits)) return sign + "0";
  return sign + Positional(ExactDigits(format, format.Magnitude(bits)));
}

}  // namespace fplab
