// Inside search: which cases count, and whether the statement holds for them. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_IDENTITY_JUDGE_H_
#define FPLAB_FPARITH_IDENTITY_JUDGE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include <fplab/fparith/identity/search.h>
#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::identity {

// Decides single cases and batches, as Search does.
class Judge {
 public:
  // Keeps references to both.
  Judge(const statement::Expression& expression, const SearchOptions& options);

  enum class Standing : uint8_t { kExcluded, kSetAside, kAdmitted };
  struct Class {
    Standing standing;
    Stratum stratum;
  };
  // What the evaluation in IEEE mode says of `count` cases.
  void Classify(const statement::Cases& cases, size_t count, std::vector<Class>& classes);

  // Whether the claim fails under `mode`, and where; `failed` gets one entry per case.
  enum class Outcome : uint8_t { kHolds, kFailsOnModel, kFailsOnHardware, kTargetsDisagree };
  void Decide(Mode mode, const statement::Cases& cases, size_t count, std::vector<Outcome>& outcomes);

  // precondition: outcome is not kHolds.
  static Failure MakeFailure(Outcome outcome, std::vector<uint64_t> operands);

  // The failure of a single case that is admitted and belongs to `stratum` or a later one; nullopt if there is none.
  std::optional<Failure> FailureOf(Mode mode, Stratum stratum, const std::vector<uint64_t>& operands);

 private:
  bool Disagree(size_t i) const;

  const statement::Expression& expression_;
  const SearchOptions& options_;
  statement::Evaluator model_, hardware_;
};

}  // namespace fplab::identity

#endif  // FPLAB_FPARITH_IDENTITY_JUDGE_H_
