// What the tests of the catalogue share: searching an entry's verdicts and comparing them with what it says.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_FPARITH_IDENTITY_CATALOGUE_VERDICTS_H_
#define FPLAB_PROPTESTS_FPARITH_IDENTITY_CATALOGUE_VERDICTS_H_

#include <fplab/fparith/identity/catalogue.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/text/float_text.h>

namespace fplab::identity {

// Rows whose proofs on small formats take seconds, and are among the quick tests; all others take a minute.
inline constexpr int kLastQuickRow = 85;

inline SearchOptions Options(statement::Target target, uint64_t cases) {
  SearchOptions options;
  options.targets = {target};
  options.cases = cases;
  options.exhaustive_limit = cases;
  std::erase_if(options.modes,
                [target](Mode mode) { return target == statement::Target::kHardware && !HardwareSupports(mode); });
  return options;
}

inline std::string Show(const ExpectedVerdict& verdict) {
  return std::string(1, Letter(verdict.verdict)) + (verdict.up_to_sign_of_zero ? "0" : "");
}

inline std::string Describe(const VerdictTable& table, const ModeVerdict& verdict) {
  std::string text = table.expression.text + " in " + Name(verdict.mode);
  if (!verdict.failure) return text;
  for (size_t v = 0; v < verdict.failure->operands.size(); ++v) {
    text += " " + table.expression.variables[v].name + "=" +
            HexFloat(table.expression.variables[v].type.format, verdict.failure->operands[v]);
  }
  return text;
}

// Checks the verdicts of an entry in every flushing mode that options.modes has.
inline void ExpectVerdicts(const CatalogueEntry& entry, const Format& format, const SearchOptions& options,
                           bool exhaustive) {
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

// Every operand of binary16 for a statement of one number, every pair of a format with 5 significand bits for one of
// two, every triple of a format with 3 for one of three. False if the statement has another number of operands, formats
// of its own, or integers.
inline bool ExpectVerdictsOfSmallFormats(const CatalogueEntry& entry, size_t variables) {
  constexpr const char* kFormats[] = {"f16", "e4p5", "e4p3"};
  if (variables < 1 || variables > 3 || OwnFormat(entry)) return false;
  const Format small = ParseFormat(kFormats[variables - 1]);
  if (!IsApplicable(entry, small, statement::Target::kModel)) return false;
  const std::vector<statement::Type> types = statement::ParseExpression(entry.statement, small).VariableTypes();
  const bool numbers = std::all_of(types.begin(), types.end(), [](const statement::Type& t) { return t.IsNumber(); });
  if (types.size() != variables || !numbers) return false;
  ExpectVerdicts(entry, small, Options(statement::Target::kModel, 1 << 21), true);
  return true;
}

}  // namespace fplab::identity

#endif  // FPLAB_PROPTESTS_FPARITH_IDENTITY_CATALOGUE_VERDICTS_H_
