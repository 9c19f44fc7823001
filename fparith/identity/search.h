// Searching for operands that refute a statement: all of them where the format is small enough, otherwise by strata.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_IDENTITY_SEARCH_H_
#define FPLAB_FPARITH_IDENTITY_SEARCH_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/identity/accelerator.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::identity {

// How far a case keeps away from overflow and underflow, seen from its evaluation without flushing, in the rounding
// direction of the mode. A case belongs to one stratum, and a statement that fails for some case of a stratum does not
// hold for the strata before it either.
enum class Stratum : uint8_t {
  kSpecial,       // some result of the claim overflows, or is NaN (unless SearchOptions::all_values)
  kFinite,        // some operand is subnormal
  kNormalInputs,  // no operand is subnormal, some result of the claim is, or is tiny before rounding
  kNoUnderflow,   // neither operands nor results are, zeros aside
};
inline constexpr size_t kStrata = 4;
inline constexpr Stratum kLastStratum = Stratum::kNoUnderflow;

// What a counterexample is, in each mode asked about.
enum class Question : uint8_t {
  kFails,      // the statement is false
  kFailsOnly,  // it is false, and true in the reference mode
  kDiffers,    // it is true in one of the two modes, and false in the other
};

// How many cases, of the same statement the same on every machine: about a tenth of a second of two cores' vectors for
// most, two seconds for the slowest, or minutes.
enum class Effort : uint8_t { kQuick, kNormal, kDeep };

// A part of a search's cases, from the first on.
struct SearchPart {
  uint64_t chunks = 0;  // CaseSource's
  uint64_t tried = 0, excluded = 0;
};

struct SearchOptions {
  std::vector<Mode> modes{kFlushModes.begin(), kFlushModes.end()};
  std::vector<statement::Target> targets{statement::Target::kModel};
  Question question = Question::kFails;
  Mode reference = kIeee;  // unless kFails
  uint64_t seed = 1;
  // Cases to try where not all are: statements' own numbers, landmarks and whole numbers first, then draws. Every tuple
  // of operands that the condition may admit is tried instead if there are no more than the larger of these two.
  uint64_t cases = 200000;
  uint64_t exhaustive_limit = uint64_t{1} << 24;
  // Instead of these two.
  std::optional<Effort> effort = {};
  // Infinities and NaNs among the operands, and nothing special about overflow.
  bool all_values = false;
  // Search on for a failure in the last stratum, until the cases are used up; otherwise a failure that is not special
  // ends a mode.
  bool all_strata = true;
  // Of up to 2^20 cases, and of the first ones, the simplest failure is looked for; otherwise the first ends a stratum.
  bool keep_simplest = true;
  // Begins after a part that is known to have no failure to look for, and counts its cases as tried: the
  // SearchResult::clean of a search with the same options for a statement that fails wherever this one does.
  SearchPart after = {};
  // Called now and then with the number of cases so far and in all; false ends the search there.
  std::function<bool(uint64_t, uint64_t)> progress;
  // Threads and vectors; without them the same is found more slowly.
  std::shared_ptr<Accelerator> accelerator;
};

struct Failure {
  std::vector<uint64_t> operands;  // in the order of Expression::variables, as words (statement/operands.h)
  statement::Target target = statement::Target::kModel;
  // Both targets were asked, and some operation gave different bits on the two: a finding about the arithmetic rather
  // than the statement. target means nothing then.
  bool targets_disagree = false;
  uint64_t chunk = 0;  // CaseSource's, in which it was found
};

struct SearchResult {
  bool exhaustive =
      false;              // every tuple of operands that the condition may admit was tried: without a failure, a proof
  bool simplest = false;  // no failure of a stratum is simpler (Complexity) than the one reported
  bool stopped = false;   // by SearchOptions::progress
  uint64_t total = 0;     // tuples of operands there were to try
  uint64_t tried = 0;
  uint64_t excluded = 0;  // of these, for which the condition is false
  uint64_t outside = 0;   // not tried, as the condition excludes the value of some operand; 2^64 - 1: that or more
  SearchPart clean;       // in which nothing was found that ends the search in some mode
  using Failures = std::array<std::optional<Failure>, kStrata>;
  std::vector<Failures> failures;  // by mode, in the order asked, and stratum
  std::vector<bool> in_range;      // by mode: some case judged is not special

  uint64_t Judged() const { return tried - excluded; }
};

// The failure of the last stratum that has one.
FPLAB_EXPORT std::optional<Stratum> LastStratum(const SearchResult::Failures& failures);

// Throws Error if a target lacks an operation or a mode, and if no mode or no target is asked for: nothing judged is
// never a yes.
FPLAB_EXPORT SearchResult Search(const statement::Expression& expression, const SearchOptions& options);

}  // namespace fplab::identity

#endif  // FPLAB_FPARITH_IDENTITY_SEARCH_H_
