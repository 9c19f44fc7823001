// Lists of constants.
// SPDX-License-Identifier: Apache-2.0
#include "tools/options/constant_list.h"

#include <charconv>
#include <cstdint>
#include <optional>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include "tools/options/input_lines.h"

namespace fplab::tools {
namespace {

std::optional<int64_t> WholeNumber(const std::string& text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void Add(ConstantList& list, std::string text) {
  if (list.texts.size() >= kMostConstants) throw Error("--for: more than {} constants", kMostConstants);
  list.texts.push_back(std::move(text));
}

void AddItem(ConstantList& list, const std::string& item) {
  const size_t dots = item.find("..");
  if (dots == std::string::npos) {
    if (item.empty()) throw Error("--for: a constant is missing");
    return Add(list, item);
  }
  const std::optional<int64_t> low = WholeNumber(Trimmed(item.substr(0, dots)));
  const std::optional<int64_t> high = WholeNumber(Trimmed(item.substr(dots + 2)));
  if (!low || !high || *low > *high) {
    throw Error("--for: found \"{}\", expected LOW..HIGH, two whole numbers", Printable(item));
  }
  for (int64_t value = *low;; ++value) {
    Add(list, std::to_string(value));
    if (value == *high) return;
  }
}

}  // namespace

std::vector<std::string> CutAtCommas(const std::string& text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : text) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c == ',' && depth == 0) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

ConstantList ParseConstantList(const std::string& text) {
  const size_t in = text.find(" in ");
  if (in == std::string::npos) {
    throw Error("--for: found \"{}\", expected NAME in CONSTANT, CONSTANT, LOW..HIGH", Printable(text));
  }
  ConstantList list{Trimmed(text.substr(0, in)), {}};
  for (const std::string& item : CutAtCommas(text.substr(in + 4))) AddItem(list, Trimmed(item));
  return list;
}

}  // namespace fplab::tools
