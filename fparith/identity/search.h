// Searching for operands that refute a statement: all of them where the format is small enough, otherwise by strata.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_IDENTITY_SEARCH_H_
#define FPLAB_FPARITH_IDENTITY_SEARCH_H_

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::identity {

// How far a case keeps away from underflow, seen from its evaluation in IEEE mode. A case belongs to one stratum, and a
// statement that fails for some case of a stratum does not hold for the strata before it either.
enum class Stratum : uint8_t {
  kFinite,        // some operand is subnormal
  kNormalInputs,  // no operand is subnormal, some result of the claim is, or is tiny before rounding
  kNoUnderflow,   // neither operands nor results are, zeros aside
};

struct SearchOptions {
  std::vector<Mode> modes{kFlushModes.begin(), kFlushModes.end()};
  std::vector<statement::Target> targets{statement::Target::kModel};
  uint64_t seed = 1;
  // Cases to draw. Every tuple of operands is tried instead if there are no more than the larger of these two.
  uint64_t cases = 200000;
  uint64_t exhaustive_limit = uint64_t{1} << 24;
  // Infinities and NaNs among the operands, and cases whose IEEE evaluation overflows or makes a NaN; otherwise they
  // are set aside, and counted.
  bool all_values = false;
  // Search on for a failure in the last stratum, until the cases are used up; otherwise the first failure ends a mode.
  bool all_strata = false;
  // Called now and then with the number of cases so far and in all.
  std::function<void(uint64_t, uint64_t)> progress;
};

struct Failure {
  std::vector<uint64_t> operands;  // in the order of Expression::variables
  statement::Target target = statement::Target::kModel;
  // Both targets were asked, and some operation gave different bits on the two: a finding about the arithmetic rather
  // than the statement. target means nothing then.
  bool targets_disagree = false;
};

struct SearchResult {
  bool exhaustive = false;  // every tuple of operands was tried: without a failure, a proof
  uint64_t tried = 0;       // tuples of operands
  uint64_t excluded = 0;    // of these, for which the condition is false
  uint64_t set_aside = 0;   // of these, whose IEEE evaluation overflows or makes a NaN
  std::vector<std::array<std::optional<Failure>, 3>> failures;  // by mode, in the order asked, and stratum

  uint64_t Judged() const { return tried - excluded - set_aside; }
};

// Throws Error if a target lacks an operation or a mode, and if no mode or no target is asked for: nothing judged is
// never a yes.
FPLAB_EXPORT SearchResult Search(const statement::Expression& expression, const SearchOptions& options);

}  // namespace fplab::identity

#endif  // FPLAB_FPARITH_IDENTITY_SEARCH_H_
