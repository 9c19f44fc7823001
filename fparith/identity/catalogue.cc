// Reading the catalogue.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/catalogue.h>

#include <vector>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/identity/catalogue_rows.h>

namespace fplab::identity {
namespace {

// A bar would end the cell of a table.
std::string MarkdownCode(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += c == '|' ? std::string("\\|") : std::string(1, c);
  return escaped;
}

}  // namespace

std::span<const CatalogueEntry> Catalogue() {
  static const std::vector<CatalogueEntry> entries = [] {
    std::vector<CatalogueEntry> all;
    for (const auto rows :
         {CatalogueFirstRows(), CatalogueLastRows(), CatalogueRewritesRows(), CatalogueComparisonsRows(),
          CatalogueMinimumRows(), CatalogueConversionsRows(), CatalogueRoundingRows(), CatalogueErrorFreeRows(),
          CatalogueGeometryRows(), CatalogueBitsRows()}) {
      all.insert(all.end(), rows.begin(), rows.end());
    }
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
      {"signs and zeros that compilers move", 86},
      {"reassociation and the distributive law", 97},
      {"reciprocals and quotients (arcp)", 110},
      {"contraction", 131},
      {"comparisons that compilers rewrite", 138},
      {"inequalities", 161},
      {"minima, maxima and selection", 182},
      {"double rounding", 209},
      {"exactness by width", 228},
      {"integers", 237},
      {"rounding to whole numbers", 262},
      {"quantising and remainders", 286},
      {"error-free transformations", 303},
      {"interpolation and means", 330},
      {"norms", 344},
      {"complex numbers", 356},
      {"scaling", 364},
      {"neighbours and spacing", 371},
      {"bit tricks", 380},
      {"exception flags", 399},
  };
  return kGroups;
}

std::string_view Name(Known known) {
  constexpr std::string_view kNames[] = {"refuted", "exhausted", "SAT", "searched"};
  return kNames[static_cast<size_t>(known)];
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
  if (entry.format.empty()) return std::nullopt;
  return ParseFormat(entry.format);
}

std::string CatalogueMarkdown() {
  std::string page = fmt::format(
      "# {} statements about floating-point numbers\n\n"
      "Finite operands, round to nearest-even, overflow and NaNs set aside. Verdicts without flushing, under FTZ, "
      "under "
      "DAZ and under both: Y holds, N for operands that are normal or zero, U if no result is subnormal or tiny "
      "either, "
      "X fails even then; 0 up to the sign of zero. What fails is refuted by operands (`fplab identities`). Known: "
      "exhausted, over every operand of a small format; SAT, proved for binary32 or formats of its own; searched, only "
      "searched; "
      "refuted, nothing is left to know.\n",
      Catalogue().size());
  size_t group = 0;
  for (const CatalogueEntry& entry : Catalogue()) {
    if (group < CatalogueGroups().size() && CatalogueGroups()[group].first_row == entry.row) {
      page += fmt::format(
          "\n## {}\n\n| | statement | none | ftz | daz | both | known | note | source |\n"
          "|---|---|---|---|---|---|---|---|---|\n",
          CatalogueGroups()[group++].name);
    }
    page += fmt::format("| {} | `{}`{} |", Label(entry), MarkdownCode(entry.statement),
                        entry.format.empty() ? "" : fmt::format(" ({})", entry.format));
    for (size_t mode = 0; mode < kFlushModes.size(); ++mode) {
      const ExpectedVerdict expected = Expected(entry, mode);
      page += fmt::format(" {}{} |", Letter(expected.verdict), expected.up_to_sign_of_zero ? "0" : "");
    }
    page += fmt::format(" {} | {} | {} |\n", Name(entry.known), entry.note, entry.source);
  }
  return page;
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
