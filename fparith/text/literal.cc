// The parts of literals, and quotients of natural numbers.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/text/literal.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/text/natural.h>

namespace fplab {
namespace {

constexpr size_t kMaxLength = 4096;
constexpr size_t kMaxQuoted = 60;
constexpr int kMaxExponent = 1'000'000;

template <typename Significand>
constexpr int kBits = 8 * static_cast<int>(sizeof(Significand));

// Beyond these every format overflows or is below half its min subnormal, whatever the digits say.
template <typename Significand>
constexpr int kMaxDecimalPoint = kBits<Significand> == 64 ? 400 : 5100;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

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

template <typename Significand>
Unrounded<Significand> FromHex(const Literal& literal) {
  // So many digits give more bits than any precision and its rounding bit; the others are sticky.
  constexpr size_t kKept = kBits<Significand> / 4 - 1;
  Significand significand = 0;
  uint64_t sticky = 0;
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
  const int shift = kBits<Significand> - BitWidth(significand);
  return {scale + kBits<Significand> - 1 - shift, significand << shift | static_cast<Significand>(sticky != 0)};
}

template <typename Significand>
Unrounded<Significand> Quotient(Natural numerator, Natural denominator) {
  int exponent = numerator.BitLength() - denominator.BitLength();
  if (exponent < 0) numerator.ShiftLeft(-exponent);
  if (exponent > 0) denominator.ShiftLeft(exponent);
  if (numerator.Compare(denominator) < 0) {
    numerator.ShiftLeft(1);
    --exponent;
  }
  Significand significand = 0;
  for (int i = 0; i < kBits<Significand>; ++i) {
    const bool one = numerator.Compare(denominator) >= 0;
    if (one) numerator.Subtract(denominator);
    numerator.ShiftLeft(1);
    significand = significand << 1 | static_cast<Significand>(one);
  }
  return {exponent, significand | static_cast<Significand>(!numerator.IsZero())};
}

}  // namespace

// The beginning of a text for an error, cut between characters.
std::string Quotable(std::string_view text) {
  if (text.size() <= kMaxQuoted) return std::string(text);
  size_t length = kMaxQuoted;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80) --length;
  return std::string(text.substr(0, length)) + "...";
}

bool TakeSign(std::string_view& text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  return negative;
}

Literal ParseLiteral(std::string_view text) {
  if (text.size() > kMaxLength) {
    throw Error("number '{}' has {} characters; expected at most {}", Quotable(text), text.size(), kMaxLength);
  }
  std::string_view rest = text;
  const bool negative = TakeSign(rest);
  const bool hex = rest.size() > 2 && rest[0] == '0' && (rest[1] | 0x20) == 'x';
  std::optional<Literal> literal = hex ? Split(rest.substr(2), 16, 'p') : Split(rest, 10, 'e');
  if (!literal) {
    throw Error("number '{}' is malformed; expected a decimal (1.5e-40) or a hex-float (0x1.8p-126)", Quotable(text));
  }
  literal->negative = negative;
  literal->hex = hex;
  return *literal;
}

template <typename Significand>
Unrounded<Significand> UnroundedDecimal(std::string_view digits, int point) {
  constexpr Significand kLeading = Significand{1} << (kBits<Significand> - 1);
  if (point > kMaxDecimalPoint<Significand>) return {kMaxExponent, kLeading};
  if (point < -kMaxDecimalPoint<Significand>) return {-kMaxExponent, kLeading};
  Natural numerator(0), denominator(1);
  for (char c : digits) numerator.MultiplyAdd(10, static_cast<uint32_t>(c - '0'));
  const int power = point - static_cast<int>(digits.size());
  (power >= 0 ? numerator : denominator).MultiplyByPower(10, std::abs(power));
  return Quotient<Significand>(numerator, denominator);
}

template <typename Significand>
Unrounded<Significand> UnroundedValue(const Literal& literal) {
  if (literal.hex) return FromHex<Significand>(literal);
  const int point = literal.exponent - literal.after_point + static_cast<int>(literal.digits.size());
  return UnroundedDecimal<Significand>(literal.digits, point);
}

template Unrounded<uint64_t> UnroundedDecimal(std::string_view digits, int point);
template Unrounded<WideBits> UnroundedDecimal(std::string_view digits, int point);
template Unrounded<uint64_t> UnroundedValue(const Literal& literal);
template Unrounded<WideBits> UnroundedValue(const Literal& literal);

}  // namespace fplab
