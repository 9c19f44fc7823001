// Asking whether an identity holds, in which mode, and for the smallest operands that refute it.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_IDENTITY_IDENTITY_H_
#define FPLAB_FPARITH_IDENTITY_IDENTITY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/identity/search.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::identity {

// What a search found out about a statement in one mode.
struct ModeFinding {
  Mode mode;
  // Shrunk operands for which it fails; empty: none were found. Those with the least Complexity that were found among
  // all that neither overflow nor make a NaN; of these only if there are no others.
  std::optional<Failure> failure;
  Stratum stratum = Stratum::kFinite;  // that the failure belongs to
  // The last stratum for which it was found to fail; shrunk operands of it, if `failure` belongs to an earlier one.
  Stratum last = Stratum::kFinite;
  std::optional<Failure> last_failure;
};

struct FPLAB_EXPORT Refutation {
  statement::Expression expression;
  SearchResult search;
  std::vector<ModeFinding> findings;  // by mode, in the order of SearchOptions::modes

  // Some case was judged, and none failed in any mode. Nothing judged, because the condition excludes every case tried,
  // neither holds nor fails: see search.Judged().
  bool Holds() const;
};

// Searches for operands that refute `statement` (fparith/statement/expression.h) in `format`, and shrinks what it
// finds. It goes on past a counterexample by overflow or underflow, to tell whether the statement fails without, too.
//
//   const Refutation r = Refute("(a+b)*c == a*c + b*c", kBinary32);
//   if (!r.Holds()) use(r.findings[0].failure->operands);
//
// Throws ExpressionError for the statement, Error for what a target lacks and where no target or no mode is asked for.
FPLAB_EXPORT Refutation Refute(std::string_view statement, const Format& format, const SearchOptions& options = {},
                               const statement::ExpressionOptions& parsing = {});

// The same for a statement that was parsed, or made (statement/refinement.h).
FPLAB_EXPORT Refutation Refute(const statement::Expression& expression, const SearchOptions& options = {});

// The same where numbers may be wide.
inline Refutation Refute(std::string_view statement, const statement::Type& format, const SearchOptions& options = {},
                         const statement::ExpressionOptions& parsing = {}) {
  return Refute(statement::ParseExpression(statement, format, parsing), options);
}

// One step of an evaluation, in the order of the program: operands and constants, intermediate results, truth values.
struct Step {
  std::string text;      // the piece of the statement
  statement::Type type;  // exact numbers are not listed, but errors, as the nearest of binary64
  uint64_t bits;
  model::Flags flags;  // raised by it
  bool ieee;           // computed in IEEE mode whatever the mode
  WideBits wide = 0;   // of a wide number; its `bits` are 0
};
// `operands` as Failure has them.
FPLAB_EXPORT std::vector<Step> TraceClaim(const statement::Expression& expression,
                                          const std::vector<uint64_t>& operands, statement::Target target, Mode mode);

// How far a statement holds, overflow and NaNs set aside.
enum class Verdict : uint8_t {
  kHolds,             // for all finite operands
  kHoldsForNormal,    // for operands that are normal or zero
  kNeedsNoUnderflow,  // for such operands, if no result is subnormal or tiny either
  kFails,             // not even then
  kNothingJudged,     // the condition excludes every case tried
};

// "holds", "holds for normal inputs", "needs no subnormal intermediate", "fails",
// "nothing was judged"; Letter: 'Y', 'N', 'U', 'X', '?'.
FPLAB_EXPORT std::string_view Name(Verdict verdict);
FPLAB_EXPORT char Letter(Verdict verdict);

struct ModeVerdict {
  Mode mode;
  Verdict verdict = Verdict::kHolds;
  // The statement is made of equations, holds, and fails once zeros' signs are told apart.
  bool up_to_sign_of_zero = false;
  // Shrunk operands that show that no better verdict is true; empty if it holds. For up_to_sign_of_zero, those that
  // show that.
  std::optional<Failure> failure;
  // Shrunk operands, finite ones, for which it fails as some result overflows or is NaN; empty if none were found.
  std::optional<Failure> by_overflow;
};

struct VerdictTable {
  statement::Expression expression;
  SearchResult search;
  std::vector<ModeVerdict> verdicts;  // by mode
};

// Finds the verdict in each mode by search: the best that no case found contradicts. Where search.exhaustive is set it
// is proved. options.all_strata is taken as set.
FPLAB_EXPORT VerdictTable FindVerdicts(std::string_view statement, const Format& format,
                                       const SearchOptions& options = {});

}  // namespace fplab::identity

#endif  // FPLAB_FPARITH_IDENTITY_IDENTITY_H_
