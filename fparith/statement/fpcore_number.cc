// Literals, rounded in the direction of their context.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/fpcore_number.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/statement/ascii.h>
#include <fplab/fparith/text/float_text.h>

namespace fplab::statement {
namespace {

// The quotient of numbers that the format holds is the rational rounded once.
FpCoreNumber Rational(const SExpression& where, const std::string& text, const Format& format, Rounding rounding) {
  const size_t slash = text.find('/');
  bool exact[] = {false, false};
  uint64_t parts[2] = {};
  try {
    parts[0] = ParseFloat(format, text.substr(0, slash), Rounding::kNearestEven, &exact[0]);
    parts[1] = ParseFloat(format, text.substr(slash + 1), Rounding::kNearestEven, &exact[1]);
  } catch (const Error&) {
    exact[0] = false;
  }
  if (!exact[0] || !exact[1] || format.IsZero(parts[1])) {
    FailAt(where, fmt::format("{} is not a quotient of two numbers of {}", Quoted(text), Name(format)));
  }
  const model::Environment environment{{rounding, false, false}};
  const uint64_t bits = model::Div(format, environment, parts[0], parts[1]).bits;
  if (!format.IsFinite(bits) || (format.IsZero(bits) && !format.IsZero(parts[0]))) {
    FailAt(where, fmt::format("{} rounds to infinity or zero in {}", Quoted(text), Name(format)));
  }
  return {format.SignBit(bits), HexFloat(format, format.Magnitude(bits))};
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

FpCoreNumber ReadFpCoreNumber(const SExpression& where, const std::string& text, const Format& format,
                              Rounding rounding) {
  if (text.find('/') != std::string::npos) return Rational(where, text, format, rounding);
  uint64_t bits = 0;
  bool exact = false;
  try {
    bits = ParseFloat(format, text, rounding, &exact);
  } catch (const Error&) {
    FailAt(where, fmt::format("{} is no number that {} holds", Quoted(text), Name(format)));
  }
  if (format.IsZero(bits) && !exact) FailAt(where, fmt::format("{} rounds to zero in {}", Quoted(text), Name(format)));
  const bool sign = text[0] == '-' || text[0] == '+';
  // A statement rounds its own literals to nearest.
  const bool as_written = rounding == Rounding::kNearestEven || exact;
  return {text[0] == '-', as_written ? text.substr(sign ? 1 : 0) : HexFloat(format, format.Magnitude(bits))};
}

FpCoreNumber ReadFpCoreDigits(const SExpression& form, const Format& format, Rounding rounding) {
  const std::string_view mantissa = form.children[1].text, base = form.children[3].text;
  const std::optional<int> exponent = SmallInteger(form.children[2].text);
  const bool sign = !mantissa.empty() && (mantissa[0] == '-' || mantissa[0] == '+');
  const std::string_view digits = mantissa.substr(sign ? 1 : 0);
  const bool whole = !digits.empty() && std::all_of(digits.begin(), digits.end(), IsDigit);
  if (!whole || !exponent || (base != "2" && base != "10")) {
    FailAt(form, "(digits INTEGER EXPONENT BASE) is expected, with base 2 or 10");
  }
  if (base == "10") return ReadFpCoreNumber(form, fmt::format("{}e{}", mantissa, *exponent), format, rounding);
  uint64_t value = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc()) {
    FailAt(form, "(digits INTEGER EXPONENT 2) holds 64 bits");
  }
  const std::string text = fmt::format("{}0x{:x}p{}", mantissa[0] == '-' ? "-" : "", value, *exponent);
  return ReadFpCoreNumber(form, text, format, rounding);
}

}  // namespace fplab::statement
