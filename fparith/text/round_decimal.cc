// Reading decimal and hexadecimal literals into any format, correctly rounded.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/text/round_decimal.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <optional>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/model/round_pack.h>
#include <fplab/fparith/text/float_text.h>
#include <fplab/fparith/text/nan_text.h>
#include <fplab/fparith/text/natural.h>

namespace fplab {
namespace {

constexpr size_t kMaxLength = 4096;
constexpr size_t kMaxQuoted = 60;
// Beyond these every format overflows or is below half its min subnormal, whatever the digits say.
constexpr int kMaxDecimalPoint = 400, kMinDecimalPoint = -400;
constexpr int kMaxExponent = 1'000'000;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The parts of a literal after its sign: digits (the point taken out), how many stood after the point, the exponent.
struct Literal {
  std::string digits;
  int after_point = 0;
  int exponent = 0;  // clamped to +-kMaxExponent
};

// An optional sign and at least one decimal digit up to the end.
std::optional<int> ParseExponent(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  int value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = std::min(kMaxExponent, value * 10 + (c - '0'));
  }
  return negative ? -value : value;
}

std::optional<Literal> Split(std::string_view text, int base, char marker) {
  Literal literal;
  bool point = false;
  size_t i = 0;
  for (; i < text.size() && (text[i] | 0x20) != marker; ++i) {
    const int digit = HexDigit(text[i]);
    if (text[i] == '.' && !point) {
      point = true;
    } else if (digit >= 0 && digit < base) {
      literal.digits.push_back(text[i]);
      literal.after_point += point ? 1 : 0;
    } else {
      return std::nullopt;
    }
  }
  if (literal.digits.empty()) return std::nullopt;
  literal.digits.erase(0, literal.digits.find_first_not_of('0'));  // all of them for a zero
  if (i == text.size()) return literal;
  const std::optional<int> exponent = ParseExponent(text.substr(i + 1));
  if (!exponent) return std::nullopt;
  literal.exponent = *exponent;
  return literal;
}

// A positive value as RoundPack wants it: the significand normalised, its last bit sticky.
struct Unrounded {
  int exponent;
  uint64_t significand;
};

Unrounded FromHex(const Literal& literal) {
  // 15 digits give 57 bits at least, more than any precision and its rounding bit; the others are sticky.
  constexpr size_t kKept = 15;
  uint64_t significand = 0, sticky = 0;
  int scale = literal.exponent - 4 * literal.after_point;
  for (size_t i = 0; i < literal.digits.size(); ++i) {
    const auto digit = static_cast<uint64_t>(HexDigit(literal.digits[i]));
    if (i < kKept) {
      significand = significand << 4 | digit;
    } else {
      sticky |= digit;
      scale += 4;
    }
  }
  const int shift = std::countl_zero(significand);
  return {scale + 63 - shift, significand << shift | static_cast<uint64_t>(sticky != 0)};
}

Unrounded Quotient(Natural numerator, Natural denominator) {
  int exponent = numerator.BitLength() - denominator.BitLength();
  if (exponent < 0) numerator.ShiftLeft(-exponent);
  if (exponent > 0) denominator.ShiftLeft(exponent);
  if (numerator.Compare(denominator) < 0) {
    numerator.ShiftLeft(1);
    --exponent;
  }
  uint64_t significand = 0;
  for (int i = 0; i < 64; ++i) {
    const bool one = numerator.Compare(denominator) >= 0;
    if (one) numerator.Subtract(denominator);
    numerator.ShiftLeft(1);
    significand = significand << 1 | static_cast<uint64_t>(one);
  }
  return {exponent, significand | static_cast<uint64_t>(!numerator.IsZero())};
}

Unrounded FromDecimal(std::string_view digits, int point) {
  if (point > kMaxDecimalPoint) return {kMaxExponent, uint64_t{1} << 63};
  if (point < kMinDecimalPoint) return {-kMaxExponent, uint64_t{1} << 63};
  Natural numerator(0), denominator(1);
  for (char c : digits) numerator.MultiplyAdd(10, static_cast<uint32_t>(c - '0'));
  const int power = point - static_cast<int>(digits.size());
  (power >= 0 ? numerator : denominator).MultiplyByPower(10, std::abs(power));
  return Quotient(numerator, denominator);
}

// The beginning of a text for an error, cut between characters.
std::string Quotable(std::string_view text) {
  if (text.size() <= kMaxQuoted) return std::string(text);
  size_t length = kMaxQuoted;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80) --length;
  return std::string(text.substr(0, length)) + "...";
}

// Takes a sign off the front of the text; whether it is a minus.
bool TakeSign(std::string_view& text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  return negative;
}

// Whether `text` is the word, whatever its capitals.
bool IsWord(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; });
}

model::Outcome Round(const Format& format, Rounding rounding, bool sign, const Unrounded& value) {
  // Any exponent far outside the format's rounds like one that is just outside.
  const int exponent = std::clamp(value.exponent, format.MinExponent() - 64, format.MaxExponent() + 2);
  return model::RoundPack(format, {Mode{rounding, false, false}}, sign, exponent, value.significand);
}

// The literal's value rounded, with the flags that raises.
model::Outcome ParseLiteral(const Format& format, std::string_view text, Rounding rounding) {
  if (text.size() > kMaxLength) {
    throw Error("number '{}' has {} characters; expected at most {}", Quotable(text), text.size(), kMaxLength);
  }
  std::string_view rest = text;
  const bool sign = TakeSign(rest);
  const bool hex = rest.size() > 2 && rest[0] == '0' && (rest[1] | 0x20) == 'x';
  const std::optional<Literal> literal = hex ? Split(rest.substr(2), 16, 'p') : Split(rest, 10, 'e');
  if (!literal) {
    throw Error("number '{}' is malformed; expected a decimal (1.5e-40) or a hex-float (0x1.8p-126)", Quotable(text));
  }
  if (literal->digits.empty()) return {model::SignedZero(format, sign), 0};
  if (hex) return Round(format, rounding, sign, FromHex(*literal));
  const int point = literal->exponent - literal->after_point + static_cast<int>(literal->digits.size());
  return RoundDecimal(format, rounding, sign, literal->digits, point);
}

}  // namespace

model::Outcome RoundDecimal(const Format& format, Rounding rounding, bool sign, std::string_view digits, int point) {
  return Round(format, rounding, sign, FromDecimal(digits, point));
}

uint64_t ParseFloat(const Format& format, std::string_view text, Rounding rounding, bool* exact) {
  const model::Outcome outcome = ParseLiteral(format, text, rounding);
  if ((outcome.flags & model::kOverflow) != 0) {
    throw Error("number '{}' is beyond the largest finite value of {}, {}", Quotable(text), Name(format),
                Decimal(format, format.MaxFinite()));
  }
  if (exact != nullptr) *exact = outcome.flags == 0;
  return outcome.bits;
}

ReadNumber ParseNumber(const Format& format, std::string_view text, Rounding rounding) {
  if (const std::optional<uint64_t> nan = FindNan(format, text)) return {*nan};
  std::string_view word = text;
  const uint64_t sign = TakeSign(word) ? format.SignMask() : 0;
  if (IsWord(word, "inf") || IsWord(word, "infinity")) {
    if (!format.HasInfinity()) throw Error("number '{}': {} has no infinity", text, Name(format));
    return {sign | format.Infinity()};
  }
  const model::Outcome outcome = ParseLiteral(format, text, rounding);
  return {outcome.bits, outcome.flags == 0, (outcome.flags & model::kOverflow) != 0};
}

}  // namespace fplab
