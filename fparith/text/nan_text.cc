// Writing and reading NaNs.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/text/nan_text.h>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include <fplab/fparith/model/nan_rule.h>

namespace fplab {
namespace {

// Takes `word` off the front of text, whatever its capitals.
bool Take(std::string_view& text, std::string_view word) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
  if (text.size() < word.size() ||
      !std::equal(word.begin(), word.end(), text.begin(), [&](char b, char a) { return same(a, b); })) {
    return false;
  }
  text.remove_prefix(word.size());
  return true;
}

// Of "(0x1)" and "(1)"; nullopt if it is anything else.
std::optional<uint64_t> Payload(std::string_view text) {
  if (!Take(text, "(") || !text.ends_with(')')) return std::nullopt;
  text.remove_suffix(1);
  const int base = Take(text, "0x") ? 16 : 10;
  uint64_t payload = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), payload, base);
  if (error == std::errc::result_out_of_range) return ~uint64_t{0};
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(payload) : std::nullopt;
}

}  // namespace

std::string NanText(const Format& format, uint64_t bits) {
  if (!model::HasPayloads(format)) return format.SignBit(bits) && format.HasNegativeZero() ? "-nan" : "nan";
  const uint64_t payload = bits & model::PayloadMask(format);
  return fmt::format("{}{}{}", format.SignBit(bits) ? "-" : "", format.IsSignalingNan(bits) ? "snan" : "nan",
                     payload != 0 ? fmt::format("(0x{:x})", payload) : "");
}

std::optional<uint64_t> FindNan(const Format& format, std::string_view text) {
  std::string_view rest = text;
  const bool negative = Take(rest, "-");
  if (!negative) Take(rest, "+");
  const bool signaling = Take(rest, "snan");
  if (!signaling && !Take(rest, "nan")) return std::nullopt;
  const std::optional<uint64_t> payload = rest.empty() ? 0 : Payload(rest);
  if (!payload) return std::nullopt;
  if (!format.HasNan()) throw Error("number '{}': {} has no NaN", Printable(text), Name(format));
  const uint64_t sign = negative ? format.SignMask() : 0;
  if (!model::HasPayloads(format)) {
    if (signaling || *payload != 0) throw Error("number '{}': {} has one NaN", Printable(text), Name(format));
    return sign | format.CanonicalNan();
  }
  if (*payload > model::PayloadMask(format)) {
    throw Error("number '{}': a NaN of {} carries 0x{:x} at most", Printable(text), Name(format),
                model::PayloadMask(format));
  }
  if (!signaling) return sign | format.CanonicalNan() | *payload;
  if (*payload == 0) throw Error("number '{}': a signaling NaN carries something: snan(1)", Printable(text));
  return sign | format.Infinity() | *payload;
}

}  // namespace fplab
