// The catalogue of identities: every verdict found again by search, and proved on small formats.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/catalogue.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/text/float_text.h>

namespace fplab::identity {
namespace {

SearchOptions Options(statement::Target target, uint64_t cases) {
  SearchOptions options;
  options.targets = {target};
  options.cases = cases;
  options.exhaustive_limit = cases;
  std::erase_if(options.modes,
                [target](Mode mode) { return target == statement::Target::kHardware && !HardwareSupports(mode); });
  return options;
}

std::string Show(const ExpectedVerdict& verdict) {
  return std::string(1, Letter(verdict.verdict)) + (verdict.up_to_sign_of_zero ? "0" : "");
}

std::string Describe(const VerdictTable& table, const ModeVerdict& verdict) {
  std::string text = table.expression.text + " in " + Name(verdict.mode);
  if (!verdict.failure) return text;
  for (size_t v = 0; v < verdict.failure->operands.size(); ++v) {
    text += " " + table.expression.variables[v].name + "=" +
            HexFloat(table.expression.variables[v].type.format, verdict.failure->operands[v]);
  }
  return text;
}

// Checks the verdicts of an entry in every flushing mode that options.modes has.
void ExpectVerdicts(const CatalogueEntry& entry, const Format& format, const SearchOptions& options, bool exhaustive) {
  const VerdictTable table = FindVerdicts(entry.statement, format, options);
  EXPECT_GT(table.search.Judged(), 0u) << Label(entry);
  // A search ends early once every mode has the strongest counterexample there is.
  const bool all_fail = std::all_of(table.verdicts.begin(), table.verdicts.end(),
                                    [](const ModeVerdict& v) { return v.verdict == Verdict::kFails; });
  EXPECT_TRUE(table.search.exhaustive || all_fail || !exhaustive) << Label(entry);
  for (const ModeVerdict& verdict : table.verdicts) {
    const size_t index =
        static_cast<size_t>(std::find(kFlushModes.begin(), kFlushModes.end(), verdict.mode) - kFlushModes.begin());
    const ExpectedVerdict found{verdict.verdict, verdict.up_to_sign_of_zero};
    EXPECT_EQ(Show(found), Show(Expected(entry, index)))
        << Name(format) << " " << Label(entry) << ": " << Describe(table, verdict);
    EXPECT_EQ(verdict.failure.has_value(), verdict.verdict != Verdict::kHolds || verdict.up_to_sign_of_zero)
        << "what fails comes with its counterexample: " << Label(entry);
  }
}

TEST(Catalogue, HasAllRowsAndEveryStatementParses) {
  std::set<int> rows;
  for (const CatalogueEntry& entry : Catalogue()) {
    rows.insert(entry.row);
    EXPECT_NO_THROW(statement::ParseExpression(entry.statement, OwnFormat(entry).value_or(kBinary32)))
        << entry.statement;
    for (size_t mode = 0; mode < kFlushModes.size(); ++mode) Expected(entry, mode);
  }
  EXPECT_EQ(rows.size(), 85u);
  EXPECT_EQ(*rows.begin(), 1);
  EXPECT_EQ(*rows.rbegin(), 85);
}

TEST(Catalogue, EveryVerdictIsFoundAgainForBinary32OnTheModel) {
  for (const CatalogueEntry& entry : Catalogue()) {
    const Format format = OwnFormat(entry).value_or(kBinary32);
    if (IsApplicable(entry, format, statement::Target::kModel)) {
      ExpectVerdicts(entry, format, Options(statement::Target::kModel, 40000), false);
    }
  }
}

TEST(Catalogue, EveryVerdictIsFoundAgainForBinary32OnTheMachine) {
  for (const CatalogueEntry& entry : Catalogue()) {
    const Format format = OwnFormat(entry).value_or(kBinary32);
    if (IsApplicable(entry, format, statement::Target::kHardware)) {
      ExpectVerdicts(entry, format, Options(statement::Target::kHardware, 20000), false);
    }
  }
}

TEST(Catalogue, EveryVerdictIsFoundAgainForBinary64) {
  for (const CatalogueEntry& entry : Catalogue()) {
    if (!OwnFormat(entry) && IsApplicable(entry, kBinary64, statement::Target::kModel)) {
      ExpectVerdicts(entry, kBinary64, Options(statement::Target::kModel, 40000), false);
    }
  }
}

// Every operand pair of a format with 5 significand bits, and every value of binary16.
TEST(Catalogue, VerdictsOfStatementsOfOneAndTwoNumbersAreProvedOnSmallFormats) {
  const Format small = ParseFormat("e4p5");
  for (const CatalogueEntry& entry : Catalogue()) {
    if (!IsApplicable(entry, small, statement::Target::kModel) || OwnFormat(entry)) continue;
    const size_t variables = statement::ParseExpression(entry.statement, small).variables.size();
    if (variables == 2) ExpectVerdicts(entry, small, Options(statement::Target::kModel, 1 << 18), true);
    if (variables == 1) ExpectVerdicts(entry, kBinary16, Options(statement::Target::kModel, 1 << 16), true);
  }
}

// Every operand triple of a format with 3 significand bits.
TEST(Catalogue, VerdictsOfStatementsOfThreeNumbersAreProvedOnASmallFormat) {
  const Format small = ParseFormat("e4p3");
  for (const CatalogueEntry& entry : Catalogue()) {
    if (!IsApplicable(entry, small, statement::Target::kModel) || OwnFormat(entry)) continue;
    if (statement::ParseExpression(entry.statement, small).variables.size() != 3) continue;
    ExpectVerdicts(entry, small, Options(statement::Target::kModel, 1 << 21), true);
  }
}

TEST(Catalogue, ConversionsThatIgnoreTheModeAreProvedForEveryValue) {
  for (const CatalogueEntry& entry : Catalogue()) {
    const std::optional<Format> format = OwnFormat(entry);
    if (format) ExpectVerdicts(entry, *format, Options(statement::Target::kModel, 1 << 16), true);
  }
}

}  // namespace
}  // namespace fplab::identity
