// Names of formats.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/float/format.h>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/name_field.h>
#include <fplab/fparith/float/wide_format.h>

namespace fplab {
namespace {

using Names = std::pair<std::string_view, Format>;

constexpr std::array<Names, 13> kNames = {{{"f16", kBinary16},
                                           {"bf16", kBfloat16},
                                           {"f32", kBinary32},
                                           {"f64", kBinary64},
                                           {"e5m2", kE5M2},
                                           {"e4m3", kE4M3},
                                           {"e3m4", kE3M4},
                                           {"e5m2fnuz", kE5M2Fnuz},
                                           {"e4m3fnuz", kE4M3Fnuz},
                                           {"e4m3b11fnuz", kE4M3B11Fnuz},
                                           {"e3m2", kE3M2},
                                           {"e2m3", kE2M3},
                                           {"e2m1", kE2M1}}};
// What ml_dtypes and LLVM call three of them, which would be others by the rule.
constexpr std::array<Names, 3> kOtherNames = {{{"e3m2fn", kE3M2}, {"e2m3fn", kE2M3}, {"e2m1fn", kE2M1}}};
constexpr std::array<std::pair<std::string_view, SpecialValues>, 4> kEndings = {
    {{"", SpecialValues::kInfinityAndNans},
     {"fn", SpecialValues::kOneNan},
     {"fnuz", SpecialValues::kNegativeZeroIsNan},
     {"f", SpecialValues::kFiniteOnly}}};
constexpr int kMinExponentBits = 2, kMaxExponentBits = 11, kMinPrecision = 2, kMaxPrecision = 53;
constexpr int kMaxBias = 1 << (kMaxExponentBits - 1);

bool IsInRange(const Format& format) {
  if (format.exponent_bits < kMinExponentBits || format.exponent_bits > kMaxExponentBits) return false;
  if (format.precision < kMinPrecision || format.precision > kMaxPrecision) return false;
  if (format.saturates && !format.HasNan()) return false;
  const int most = format.MaxExponentField() - 1;
  return format.Bias() >= 1 && format.Bias() <= std::min(most, kMaxBias) && format.MaxExponent() <= kMaxBias;
}

// Of a name without "sat".
std::optional<Format> ParseCustom(std::string_view text) {
  Format format{0, 0};
  const std::optional<int> exponent_bits = TakeField(text, 'e');
  const std::optional<int> precision = TakeField(text, 'p');
  const std::optional<int> fraction_bits = precision ? std::nullopt : TakeField(text, 'm');
  if (!exponent_bits || (!precision && !fraction_bits)) return std::nullopt;
  format.exponent_bits = std::min(*exponent_bits, kMaxExponentBits + 1);
  format.precision = precision ? *precision : std::min(*fraction_bits, kMaxPrecision) + 1;
  const std::optional<int> bias = TakeField(text, 'b');
  const auto ending = std::find_if(kEndings.begin(), kEndings.end(), [&](const auto& e) { return e.first == text; });
  if (ending == kEndings.end()) return std::nullopt;
  format.specials = ending->second;
  if (bias) format.extra_bias = static_cast<int16_t>(std::min(*bias, kMaxBias + 1) - format.Bias());
  return IsInRange(format) ? std::optional(format) : std::nullopt;
}

std::optional<Format> FindUnsaturated(std::string_view name) {
  for (const auto& [known, format] : kNames) {
    if (known == name) return format;
  }
  for (const auto& [known, format] : kOtherNames) {
    if (known == name) return format;
  }
  return ParseCustom(name);
}

std::string NameUnsaturated(const Format& format) {
  for (const auto& [name, named] : kNames) {
    if (named == format) return std::string(name);
  }
  const std::string bias = format.extra_bias == 0 ? "" : fmt::format("b{}", format.Bias());
  std::string_view ending;
  for (const auto& [text, specials] : kEndings) {
    if (specials == format.specials) ending = text;
  }
  return fmt::format("e{}p{}{}{}", format.exponent_bits, format.precision, bias, ending);
}

}  // namespace

std::string Name(const Format& format) {
  Format unsaturated = format;
  unsaturated.saturates = false;
  return NameUnsaturated(unsaturated) + (format.saturates ? "sat" : "");
}

std::optional<Format> FindFormat(std::string_view name) {
  const bool saturates = name.ends_with("sat");
  if (saturates) name.remove_suffix(3);
  std::optional<Format> format = FindUnsaturated(name);
  if (!format || (saturates && !format->HasNan())) return std::nullopt;
  format->saturates = saturates;
  return format;
}

Format ParseFormat(std::string_view name) {
  if (const std::optional<Format> found = FindFormat(name)) return *found;
  if (FindWideFormat(name)) {
    throw Error("format '{}' is wider than what is expected here; statements have it (fplab refute)", name);
  }
  if (name == "e8m0" || name == "e8m0sat") {
    throw Error(
        "format '{}' is one of scales, without arithmetic: a variable of a statement is of it, such as s: e8m0, "
        "or a number is converted to it, such as {}(a)",
        name, name);
  }
  throw Error(
      "format '{}' is not known; expected f16, bf16, f32, f64, e5m2, e4m3, e3m4, e5m2fnuz, e4m3fnuz, e4m3b11fnuz, "
      "e3m2, e2m3, e2m1, or e<exponent bits {}..{}>p<precision {}..{}>, b<bias> after it for an unusual one, then 'fn' "
      "for one NaN and no infinity, 'fnuz' where that is the pattern of -0, 'f' for finite numbers only; 'sat' last if "
      "it saturates",
      name, kMinExponentBits, kMaxExponentBits, kMinPrecision, kMaxPrecision);
}

void RequireFormat(const Format& format) {
  if (IsInRange(format)) return;
  throw Error(
      "format: found {} exponent bits, a precision of {}, an extra bias of {}{}, expected {} to {}, {} to {}, and a "
      "bias "
      "of which 1 is a normal number",
      format.exponent_bits, format.precision, format.extra_bias,
      format.saturates && !format.HasNan() ? ", saturating without NaN" : "", kMinExponentBits, kMaxExponentBits,
      kMinPrecision, kMaxPrecision);
}

}  // namespace fplab
