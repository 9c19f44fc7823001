// Printing and reading values of wide formats.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/text/wide_text.h>

#include <fmt/format.h>

#include <algorithm>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/model/wide_round_pack.h>
#include <fplab/fparith/text/decimal_digits.h>
#include <fplab/fparith/text/literal.h>
#include <fplab/fparith/text/natural.h>

namespace fplab {
namespace {

std::string HexDigits(WideBits bits, int count) {
  const std::string all = fmt::format("{:016x}{:016x}", static_cast<uint64_t>(bits >> 64), static_cast<uint64_t>(bits));
  return all.substr(all.size() - static_cast<size_t>(count));
}

Natural NaturalOf(WideBits value) {
  Natural natural(static_cast<uint64_t>(value >> 64));
  for (const int shift : {32, 0}) {
    natural.ShiftLeft(32);
    natural.MultiplyAdd(1, static_cast<uint32_t>(value >> shift));
  }
  return natural;
}

model::WideOutcome Round(const WideFormat& format, bool sign, const Unrounded<WideBits>& value,
                         Rounding rounding = Rounding::kNearestEven) {
  // Any exponent far outside the format's rounds like one that is just outside.
  const int exponent = std::clamp(value.exponent, format.MinExponent() - 128, format.MaxExponent() + 2);
  return model::RoundPack(format, {{rounding, false, false}}, sign, exponent, value.significand);
}

// "inf", "nan", "0" and the like; empty for any other value.
std::string SpecialText(const WideFormat& format, WideBits bits, const char* zero) {
  if (format.IsNan(bits)) return "nan";
  if (format.IsInfinite(bits)) return "inf";
  return format.IsZero(bits) ? zero : "";
}

}  // namespace

std::string HexFloat(const WideFormat& format, WideBits bits) {
  const std::string sign = format.SignBit(bits) ? "-" : "";
  if (const std::string special = SpecialText(format, bits, "0x0p+0"); !special.empty()) return sign + special;
  const int digit_count = (format.FractionBits() + 3) / 4;
  std::string digits = HexDigits(format.Fraction(bits) << (4 * digit_count - format.FractionBits()), digit_count);
  digits.erase(digits.find_last_not_of('0') + 1);
  const int field = format.ExponentField(bits);
  return fmt::format("{}0x{}{}{}p{:+d}", sign, field == 0 ? 0 : 1, digits.empty() ? "" : ".", digits,
                     std::max(field, 1) - format.Bias());
}

std::string HexBits(const WideFormat& format, WideBits bits) {
  return "0x" + HexDigits(format.Encoding(bits), (format.EncodingWidth() + 3) / 4);
}

std::string Decimal(const WideFormat& format, WideBits bits) {
  const std::string sign = format.SignBit(bits) ? "-" : "";
  if (const std::string special = SpecialText(format, bits, "0"); !special.empty()) return sign + special;
  const WideBits magnitude = format.Magnitude(bits);
  const Digits exact = ExactDigits(NaturalOf(format.Significand(bits)), format.UnitExponent(bits));
  return sign + PositionalOrScientific(ShortestDigits(exact, format.precision, [&](const Digits& candidate) {
           return Round(format, false, UnroundedDecimal<WideBits>(candidate.digits, candidate.point)).bits == magnitude;
         }));
}

WideBits ParseFloat(const WideFormat& format, std::string_view text, Rounding rounding, bool* exact) {
  const Literal literal = ParseLiteral(text);
  model::WideOutcome outcome{format.WithSign(literal.negative, 0), 0};
  if (!literal.digits.empty()) outcome = Round(format, literal.negative, UnroundedValue<WideBits>(literal), rounding);
  if (format.IsInfinite(outcome.bits)) {
    throw Error("number '{}' is beyond the largest finite value of {}, {}", Quotable(text), Name(format),
                Decimal(format, format.MaxFinite()));
  }
  if (exact != nullptr) *exact = outcome.flags == 0;
  return outcome.bits;
}

}  // namespace fplab
