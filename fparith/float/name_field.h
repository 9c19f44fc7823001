// Inside the names of formats: their numbers. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_FLOAT_NAME_FIELD_H_
#define FPLAB_FPARITH_FLOAT_NAME_FIELD_H_

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace fplab {

// Takes `letter` and the number after it off the front of text.
inline std::optional<int> TakeField(std::string_view& text, char letter) {
  if (text.empty() || text.front() != letter) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), value);
  if (error != std::errc{} || value < 0 || text[1] == '0') return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return value;
}

}  // namespace fplab

#endif  // FPLAB_FPARITH_FLOAT_NAME_FIELD_H_
