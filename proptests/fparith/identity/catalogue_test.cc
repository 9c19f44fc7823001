// The catalogue of identities: every verdict found again by search, and proved on small formats.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/catalogue.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "proptests/fparith/identity/catalogue_verdicts.h"

namespace fplab::identity {
namespace {

// Cases that are enough to find the verdicts of binary32 and binary64 again.
uint64_t Cases(const CatalogueEntry& entry) {
  if (entry.format == "f16") return 1 << 16;  // all values
  if (OwnFormat(entry)) return 40000;
  return entry.row <= kLastQuickRow ? 40000 : 12000;
}

TEST(Catalogue, HasAllRowsAndEveryStatementParses) {
  std::set<int> rows;
  std::set<std::string> labels;
  std::set<std::string_view> statements;
  for (const CatalogueEntry& entry : Catalogue()) {
    rows.insert(entry.row);
    EXPECT_TRUE(labels.insert(Label(entry)).second) << Label(entry);
    EXPECT_TRUE(statements.insert(entry.statement).second) << entry.statement;
    EXPECT_NO_THROW(statement::ParseExpression(entry.statement, OwnFormat(entry).value_or(kBinary32)))
        << entry.statement;
    for (size_t mode = 0; mode < kFlushModes.size(); ++mode) Expected(entry, mode);
  }
  EXPECT_GE(Catalogue().size(), 250u);
  EXPECT_EQ(rows.size(), 405u);
  EXPECT_EQ(*rows.begin(), 1);
  EXPECT_EQ(*rows.rbegin(), 405);
}

TEST(Catalogue, EveryRowHasASourceAndIsRefutedAloneIfNoModeKeepsAnyOfIt) {
  for (const CatalogueEntry& entry : Catalogue()) {
    EXPECT_FALSE(entry.source.empty()) << Label(entry);
    bool fails = true;
    for (size_t mode = 0; mode < kFlushModes.size(); ++mode) {
      fails = fails && Expected(entry, mode).verdict == Verdict::kFails;
    }
    EXPECT_EQ(entry.known == Known::kRefuted, fails) << Label(entry);
  }
}

TEST(Catalogue, ThePageHasALineForEachStatement) {
  const std::string page = CatalogueMarkdown();
  for (const CatalogueEntry& entry : Catalogue()) {
    EXPECT_NE(page.find("\n| " + Label(entry) + " | `"), std::string::npos) << Label(entry);
    EXPECT_NE(page.find(entry.source), std::string::npos) << Label(entry);
  }
  for (const CatalogueGroup& group : CatalogueGroups()) {
    EXPECT_NE(page.find("\n## " + std::string(group.name) + "\n"), std::string::npos) << group.name;
  }
  EXPECT_NE(page.find("| `(a+b)-b == a` | X | X | X | X | refuted |"), std::string::npos);
  EXPECT_NE(page.find("(n >> 1) \\| (n & 1)"), std::string::npos) << "a bar inside a cell";
}

TEST(Catalogue, EveryVerdictIsFoundAgainForBinary32OnTheModel) {
  for (const CatalogueEntry& entry : Catalogue()) {
    const Format format = OwnFormat(entry).value_or(kBinary32);
    if (IsApplicable(entry, format, statement::Target::kModel)) {
      ExpectVerdicts(entry, format, Options(statement::Target::kModel, Cases(entry)), false);
    }
  }
}

TEST(Catalogue, EveryVerdictIsFoundAgainForBinary32OnTheMachine) {
  for (const CatalogueEntry& entry : Catalogue()) {
    const Format format = OwnFormat(entry).value_or(kBinary32);
    if (IsApplicable(entry, format, statement::Target::kHardware)) {
      ExpectVerdicts(entry, format,
                     Options(statement::Target::kHardware, entry.row <= kLastQuickRow ? 20000 : Cases(entry)), false);
    }
  }
}

TEST(Catalogue, EveryVerdictIsFoundAgainForBinary64) {
  for (const CatalogueEntry& entry : Catalogue()) {
    const bool asked = entry.row <= kLastQuickRow || entry.row % 2 == 0;
    if (asked && !OwnFormat(entry) && IsApplicable(entry, kBinary64, statement::Target::kModel)) {
      ExpectVerdicts(entry, kBinary64, Options(statement::Target::kModel, Cases(entry)), false);
    }
  }
}

TEST(Catalogue, VerdictsOfTheFirstRowsAreProvedOnSmallFormats) {
  for (const CatalogueEntry& entry : Catalogue()) {
    if (entry.row > kLastQuickRow) continue;
    for (size_t variables = 1; variables <= 3; ++variables) ExpectVerdictsOfSmallFormats(entry, variables);
  }
}

TEST(Catalogue, ConversionsThatIgnoreTheModeAreProvedForEveryValue) {
  int proved = 0;
  for (const CatalogueEntry& entry : Catalogue()) {
    const bool narrow = entry.format == "f16" || entry.format == "bf16";
    if (!narrow || entry.row > kLastQuickRow) continue;
    ExpectVerdicts(entry, *OwnFormat(entry), Options(statement::Target::kModel, 1 << 16), true);
    ++proved;
  }
  EXPECT_EQ(proved, 2);
}

}  // namespace
}  // namespace fplab::identity
