// A look at the shape of JSON text before it is parsed.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/ordered_json.h>

#include <array>
#include <cstddef>

#include <fplab/fparith/mode/guest.h>

namespace fplab::nets {
namespace {

// Whether text stays within the limits as far as it is JSON: from where it is not, the parser refuses it.
bool WithinLimits(std::string_view text) {
  std::array<int, kMaxJsonDepth> fields;  // of each object or array that is open, by its colons
  size_t depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (depth == fields.size()) return false;
      fields[depth++] = 0;
    } else if (c == ']' || c == '}') {
      if (depth == 0) return false;
      --depth;
    } else if (c == ':') {
      if (depth == 0 || ++fields[depth - 1] > kMaxJsonFields) return false;
    }
  }
  return true;
}

}  // namespace

OrderedJson ParseJson(std::string_view text) {
  if (!WithinLimits(text)) return OrderedJson(OrderedJson::value_t::discarded);
  // The C library reads numbers, and rounds them as the host does.
  return AsGuest([&] { return OrderedJson::parse(text, /*callback=*/nullptr, /*allow_exceptions=*/false); });
}

std::string ShortText(const OrderedJson& value) {
  constexpr size_t kMax = 60;
  std::string text =
      AsGuest([&] { return value.dump(-1, ' ', /*ensure_ascii=*/true, OrderedJson::error_handler_t::replace); });
  if (text.size() > kMax) text = text.substr(0, kMax - 3) + "...";
  return text;
}

}  // namespace fplab::nets
