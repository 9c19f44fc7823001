// Names of wide formats.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/float/wide_format.h>

#include <fmt/format.h>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/float/name_field.h>

namespace fplab {
namespace {

constexpr WideFormat kWidest{15, 113};

}  // namespace

std::string Name(const WideFormat& format) {
  if (format == kX87) return "x87";
  if (format == kBinary128) return "f128";
  return fmt::format("e{}p{}", format.exponent_bits, format.precision);
}

std::optional<WideFormat> FindWideFormat(std::string_view name) {
  if (name == "x87") return kX87;
  if (name == "f128") return kBinary128;
  if (FindFormat(name)) return std::nullopt;
  std::string_view rest = name;
  const std::optional<int> exponent_bits = TakeField(rest, 'e');
  if (!exponent_bits || *exponent_bits < 2 || *exponent_bits > kWidest.exponent_bits) return std::nullopt;
  const std::optional<int> precision = TakeField(rest, 'p'), fraction_bits = TakeField(rest, 'm');
  if (!rest.empty() || precision.has_value() == fraction_bits.has_value()) return std::nullopt;
  const int kept = precision ? *precision - 1 : *fraction_bits;
  if (kept < 1 || kept >= kWidest.precision) return std::nullopt;
  return WideFormat{*exponent_bits, kept + 1};
}

void RequireFormat(const WideFormat& format) {
  const bool exponents = format.exponent_bits >= 2 && format.exponent_bits <= kWidest.exponent_bits;
  if (exponents && format.precision >= 2 && format.precision <= kWidest.precision) return;
  throw Error("format: found {} exponent bits and a precision of {}, expected 2 to {} and 2 to {}",
              format.exponent_bits, format.precision, kWidest.exponent_bits, kWidest.precision);
}

}  // namespace fplab
