// Names of formats.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/float/format.h>

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include <fplab/fparith/float/error.h>

namespace fplab {
namespace {

constexpr std::array<std::pair<std::string_view, Format>, 6> kNames = {{{"f16", kBinary16},
                                                                        {"bf16", kBfloat16},
                                                                        {"f32", kBinary32},
                                                                        {"f64", kBinary64},
                                                                        {"e5m2", kE5M2},
                                                                        {"e4m3", kE4M3}}};
constexpr int kMinExponentBits = 2, kMaxExponentBits = 11, kMinPrecision = 2, kMaxPrecision = 53;

bool IsInRange(const Format& format) {
  return format.exponent_bits >= kMinExponentBits && format.exponent_bits <= kMaxExponentBits &&
         format.precision >= kMinPrecision && format.precision <= kMaxPrecision;
}

// Takes `letter` and the number after it off the front of text.
std::optional<int> TakeField(std::string_view& text, char letter) {
  if (text.empty() || text.front() != letter) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), value);
  if (error != std::errc{} || value < 0 || text[1] == '0') return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return value;
}

std::optional<Format> ParseCustom(std::string_view text) {
  const std::optional<int> exponent_bits = TakeField(text, 'e');
  const std::optional<int> precision = exponent_bits ? TakeField(text, 'p') : std::nullopt;
  if (!precision || !(text.empty() || text == "fn")) return std::nullopt;
  const Format format{*exponent_bits, *precision,
                      text.empty() ? SpecialValues::kInfinityAndNans : SpecialValues::kOneNan};
  return IsInRange(format) ? std::optional(format) : std::nullopt;
}

}  // namespace

std::string Name(const Format& format) {
  for (const auto& [name, named] : kNames) {
    if (named == format) return std::string(name);
  }
  return fmt::format("e{}p{}{}", format.exponent_bits, format.precision, format.HasInfinity() ? "" : "fn");
}

std::optional<Format> FindFormat(std::string_view name) {
  for (const auto& [known, format] : kNames) {
    if (known == name) return format;
  }
  return ParseCustom(name);
}

Format ParseFormat(std::string_view name) {
  if (const std::optional<Format> found = FindFormat(name)) return *found;
  throw Error(
      "format '{}' is not known; expected f16, bf16, f32, f64, e5m2, e4m3, or e<exponent bits {}..{}>p<precision "
      "{}..{}>, "
      "'fn' after it for one NaN and no infinity",
      name, kMinExponentBits, kMaxExponentBits, kMinPrecision, kMaxPrecision);
}

void RequireFormat(const Format& format) {
  if (IsInRange(format)) return;
  throw Error("format: found {} exponent bits and a precision of {}, expected {} to {} and {} to {}",
              format.exponent_bits, format.precision, kMinExponentBits, kMaxExponentBits, kMinPrecision, kMaxPrecision);
}

}  // namespace fplab
