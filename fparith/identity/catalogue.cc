// Reading the catalogue.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/catalogue.h>

#include <vector>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/identity/catalogue_rows.h>

namespace fplab::identity {

std::span<const CatalogueEntry> Catalogue() {
  static const std::vector<CatalogueEntry> entries = [] {
    const auto first = CatalogueFirstRows(), last = CatalogueLastRows();
    std::vector<CatalogueEntry> all(first.begin(), first.end());
    all.insert(all.end(), last.begin(), last.end());
    return all;
  }();
  return entries;
}

std::span<const CatalogueGroup> CatalogueGroups() {
  static constexpr CatalogueGroup kGroups[] = {
      {"symmetry and sign", 1},
      {"units and zero", 12},
      {"doubling, halving, powers of two", 21},
      {"inverses", 32},
      {"zero tests", 45},
      {"order and monotonicity", 53},
      {"exactness", 60},
      {"associativity, distributivity, contraction", 71},
  };
  return kGroups;
}

std::string Label(const CatalogueEntry& entry) {
  return entry.part == ' ' ? fmt::format("{}", entry.row) : fmt::format("{}{}", entry.row, entry.part);
}

ExpectedVerdict Expected(const CatalogueEntry& entry, size_t mode) {
  std::string_view codes = entry.codes;
  for (size_t i = 0; i < mode; ++i) codes.remove_prefix(codes.find(' ') + 1);
  const std::string_view code = codes.substr(0, codes.find(' '));
  const size_t letter = std::string_view("YNUX").find(code[0]);
  FPLAB_CHECK(letter != std::string_view::npos, "a verdict of the catalogue is one of Y N U X");
  return {static_cast<Verdict>(letter), code.size() > 1};
}

std::optional<Format> OwnFormat(const CatalogueEntry& entry) {
  if (entry.statement.find("through_f16c") != std::string_view::npos) return kBinary16;
  if (entry.statement.find("through_bf16") != std::string_view::npos) return kBfloat16;
  return std::nullopt;
}

bool IsApplicable(const CatalogueEntry& entry, const Format& format, statement::Target target) {
  try {
    statement::RequireTarget(statement::ParseExpression(entry.statement, OwnFormat(entry).value_or(format)), target);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace fplab::identity
