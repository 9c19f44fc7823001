// Fields of all ranks beside those of the first.
// SPDX-License-Identifier: Apache-2.0
#include "tools/ranks/agreement.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include <fplab/fparith/float/error.h>

namespace fplab::tools {
namespace {

std::string TextOf(const nets::OrderedJson& json, const std::string& field) {
  return json.contains(field) ? json[field].dump() : "none";
}

std::string Difference(const nets::OrderedJson& first, const nets::OrderedJson& other) {
  std::vector<std::string> fields, differing;
  for (const auto& [field, value] : first.items()) fields.push_back(field);
  for (const auto& [field, value] : other.items()) {
    if (!first.contains(field)) fields.push_back(field);
  }
  for (const std::string& field : fields) {
    const std::string here = TextOf(other, field), there = TextOf(first, field);
    if (here != there) differing.push_back(fmt::format("{} {}, not {}", field, here, there));
  }
  return fmt::format("{}", fmt::join(differing, "; "));
}

}  // namespace

void RequireAgreement(nets::Ranks& ranks, const nets::OrderedJson& own) {
  if (ranks.count() == 1) return;
  const std::vector<std::string> texts = ranks.Gather(own.dump());
  const nets::OrderedJson first = nets::OrderedJson::parse(texts.front());
  std::vector<std::string> found;
  for (size_t r = 1; r < texts.size(); ++r) {
    if (texts[r] == texts.front()) continue;
    found.push_back(
        fmt::format("rank {} differs from rank 0: {}", r, Difference(first, nets::OrderedJson::parse(texts[r]))));
  }
  if (!found.empty()) throw Error("{}", fmt::join(found, "\n  "));
}

}  // namespace fplab::tools
