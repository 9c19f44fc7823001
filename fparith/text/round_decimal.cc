// Reading literals into any format, correctly rounded.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/text/round_decimal.h>

#include <algorithm>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/model/round_pack.h>
#include <fplab/fparith/text/float_text.h>
#include <fplab/fparith/text/literal.h>
#include <fplab/fparith/text/nan_text.h>

namespace fplab {
namespace {

// Whether `text` is the word, whatever its capitals.
bool IsWord(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; });
}

model::Outcome Round(const Format& format, Rounding rounding, bool sign, const Unrounded<uint64_t>& value) {
  // Any exponent far outside the format's rounds like one that is just outside.
  const int exponent = std::clamp(value.exponent, format.MinExponent() - 64, format.MaxExponent() + 2);
  return model::RoundPack(format, {Mode{rounding, false, false}}, sign, exponent, value.significand);
}

// The literal's value rounded, with the flags that raises.
model::Outcome RoundLiteral(const Format& format, std::string_view text, Rounding rounding) {
  const Literal literal = ParseLiteral(text);
  if (literal.digits.empty()) return {model::SignedZero(format, literal.negative), 0};
  return Round(format, rounding, literal.negative, UnroundedValue<uint64_t>(literal));
}

}  // namespace

model::Outcome RoundDecimal(const Format& format, Rounding rounding, bool sign, std::string_view digits, int point) {
  return Round(format, rounding, sign, UnroundedDecimal<uint64_t>(digits, point));
}

uint64_t ParseFloat(const Format& format, std::string_view text, Rounding rounding, bool* exact) {
  const model::Outcome outcome = RoundLiteral(format, text, rounding);
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
  const model::Outcome outcome = RoundLiteral(format, text, rounding);
  return {outcome.bits, outcome.flags == 0, (outcome.flags & model::kOverflow) != 0};
}

}  // namespace fplab
