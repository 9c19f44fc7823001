// Escaping bytes that are not UTF-8 and characters that a terminal would obey.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/float/outside_text.h>

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>

namespace fplab {
namespace {

struct Character {
  uint32_t code = 0;
  size_t bytes = 0;  // 0: no well-formed character begins here
};

// The character that begins at text[at]; shortest forms only, no surrogates, nothing above U+10FFFF.
Character Decode(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(at);
  if (first < 0x80) return {first, 1};
  const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() - at < length) return {};
  uint32_t code = first & (0xFFu >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return {};
    code = code << 6 | (byte(at + i) & 0x3Fu);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF) return {};
  return {code, length};
}

bool IsControl(uint32_t code) {
  const bool c0_or_c1 = code < 0x20 || (code >= 0x7F && code < 0xA0);
  const bool separator = code == 0x2028 || code == 0x2029;
  const bool direction = code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
                         (code >= 0x2066 && code <= 0x2069);
  return c0_or_c1 || separator || direction;
}

std::string Escaped(uint32_t code) {
  if (code == '\n') return "\\n";
  if (code == '\t') return "\\t";
  return code < 0x80 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{{{:04x}}}", code);
}

std::string Rewrite(std::string_view text, bool escape_controls) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const Character character = Decode(text, at);
    if (character.bytes == 0) {
      out += fmt::format("\\x{:02x}", static_cast<uint8_t>(text[at]));
      ++at;
      continue;
    }
    if (escape_controls && IsControl(character.code)) {
      out += Escaped(character.code);
    } else {
      out += text.substr(at, character.bytes);
    }
    at += character.bytes;
  }
  return out;
}

}  // namespace

std::string ValidUtf8(std::string_view text) { return Rewrite(text, false); }

std::string Printable(std::string_view text) { return Rewrite(text, true); }

}  // namespace fplab
