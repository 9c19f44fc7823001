// Literals, rounded in the direction of their context.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/fpcore_number.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/model/wide.h>
#include <fplab/fparith/statement/ascii.h>
#include <fplab/fparith/text/float_text.h>
#include <fplab/fparith/text/wide_text.h>

namespace fplab::statement {
namespace {

// A number of some type.
struct ParsedNumber {
  WideBits bits = 0;
  bool exact = false;
};

ParsedNumber Parsed(const Type& type, std::string_view text, Rounding rounding) {
  ParsedNumber rounded;
  rounded.bits = type.IsWide() ? ParseFloat(type.wide, text, rounding, &rounded.exact)
                               : WideBits{ParseFloat(type.format, text, rounding, &rounded.exact)};
  return rounded;
}

WideBits Quotient(const Type& type, Rounding rounding, WideBits a, WideBits b) {
  const model::Environment environment{{rounding, false, false}};
  if (type.IsWide()) return model::Div(type.wide, environment, a, b).bits;
  return model::Div(type.format, environment, static_cast<uint64_t>(a), static_cast<uint64_t>(b)).bits;
}

bool IsZero(const Type& type, WideBits bits) {
  return type.IsWide() ? type.wide.IsZero(bits) : type.format.IsZero(static_cast<uint64_t>(bits));
}

bool IsFinite(const Type& type, WideBits bits) {
  return type.IsWide() ? type.wide.IsFinite(bits) : type.format.IsFinite(static_cast<uint64_t>(bits));
}

bool SignBit(const Type& type, WideBits bits) {
  return type.IsWide() ? type.wide.SignBit(bits) : type.format.SignBit(static_cast<uint64_t>(bits));
}

std::string HexMagnitude(const Type& type, WideBits bits) {
  return type.IsWide() ? HexFloat(type.wide, type.wide.Magnitude(bits))
                       : HexFloat(type.format, type.format.Magnitude(static_cast<uint64_t>(bits)));
}

// The quotient of numbers that the type holds is the rational rounded once.
FpCoreNumber Rational(const SExpression& where, const std::string& text, const Type& type, Rounding rounding) {
  const size_t slash = text.find('/');
  ParsedNumber above, below;
  try {
    above = Parsed(type, text.substr(0, slash), Rounding::kNearestEven);
    below = Parsed(type, text.substr(slash + 1), Rounding::kNearestEven);
  } catch (const Error&) {
    above.exact = false;
  }
  if (!above.exact || !below.exact || IsZero(type, below.bits)) {
    FailAt(where, fmt::format("{} is not a quotient of two numbers of {}", Quoted(text), Name(type)));
  }
  const WideBits bits = Quotient(type, rounding, above.bits, below.bits);
  if (!IsFinite(type, bits) || (IsZero(type, bits) && !IsZero(type, above.bits))) {
    FailAt(where, fmt::format("{} rounds to infinity or zero in {}", Quoted(text), Name(type)));
  }
  return {SignBit(type, bits), HexMagnitude(type, bits)};
}

}  // namespace

bool LooksLikeNumber(std::string_view text) {
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  return !text.empty() && (IsDigit(text[0]) || (text[0] == '.' && text.size() > 1 && IsDigit(text[1])));
}

std::optional<int> SmallInteger(std::string_view text) {
  int value = 0;
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

FpCoreNumber ReadFpCoreNumber(const SExpression& where, const std::string& text, const Type& type, Rounding rounding) {
  if (text.find('/') != std::string::npos) return Rational(where, text, type, rounding);
  ParsedNumber rounded;
  try {
    rounded = Parsed(type, text, rounding);
  } catch (const Error&) {
    FailAt(where, fmt::format("{} is no number that {} holds", Quoted(text), Name(type)));
  }
  if (IsZero(type, rounded.bits) && !rounded.exact)
    FailAt(where, fmt::format("{} rounds to zero in {}", Quoted(text), Name(type)));
  const bool sign = text[0] == '-' || text[0] == '+';
  // A statement rounds its own literals to nearest.
  const bool as_written = rounding == Rounding::kNearestEven || rounded.exact;
  return {text[0] == '-', as_written ? text.substr(sign ? 1 : 0) : HexMagnitude(type, rounded.bits)};
}

FpCoreNumber ReadFpCoreDigits(const SExpression& form, const Type& type, Rounding rounding) {
  const std::string_view mantissa = form.children[1].text, base = form.children[3].text;
  const std::optional<int> exponent = SmallInteger(form.children[2].text);
  const bool sign = !mantissa.empty() && (mantissa[0] == '-' || mantissa[0] == '+');
  const std::string_view digits = mantissa.substr(sign ? 1 : 0);
  const bool whole = !digits.empty() && std::all_of(digits.begin(), digits.end(), IsDigit);
  if (!whole || !exponent || (base != "2" && base != "10")) {
    FailAt(form, "(digits INTEGER EXPONENT BASE) is expected, with base 2 or 10");
  }
  if (base == "10") return ReadFpCoreNumber(form, fmt::format("{}e{}", mantissa, *exponent), type, rounding);
  uint64_t value = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc()) {
    FailAt(form, "(digits INTEGER EXPONENT 2) holds 64 bits");
  }
  const std::string text = fmt::format("{}0x{:x}p{}", mantissa[0] == '-' ? "-" : "", value, *exponent);
  return ReadFpCoreNumber(form, text, type, rounding);
}

}  // namespace fplab::statement
