// Judge: which cases count, how far from overflow and underflow they are, and whether the statement holds for them.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_IDENTITY_JUDGE_H_
#define FPLAB_FPARITH_IDENTITY_JUDGE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/identity/search.h>
#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::identity {

// Decides single cases and batches, as Search does. Not thread-safe.
class FPLAB_EXPORT Judge {
 public:
  // Keeps references to both. Throws Error if a target lacks an operation or a mode.
  Judge(const statement::Expression& expression, const SearchOptions& options);

  // Whether the condition admits each of `count` cases.
  void Admit(const statement::Cases& cases, size_t count, std::vector<bool>& admitted);
  // What the evaluation without flushing, in that direction, says of `count` admitted cases.
  void Classify(Rounding rounding, const statement::Cases& cases, size_t count, std::vector<Stratum>& strata);

  // Whether each case is a counterexample under `mode` (SearchOptions::question), and where.
  enum class Outcome : uint8_t { kHolds, kFailsOnModel, kFailsOnHardware, kTargetsDisagree };
  void Decide(Mode mode, const statement::Cases& cases, size_t count, std::vector<Outcome>& outcomes);

  // precondition: outcome is not kHolds.
  static Failure MakeFailure(Outcome outcome, std::vector<uint64_t> operands);

  // The stratum of a single case that is admitted.
  Stratum StratumOf(Mode mode, const std::vector<uint64_t>& operands);
  // The failure of a single case that is admitted and belongs to one of the strata from `first` to `last`; nullopt if
  // there is none.
  std::optional<Failure> FailureOf(Mode mode, Stratum first, Stratum last, const std::vector<uint64_t>& operands);
  // `found`, of one of these strata, made as simple as it gets without leaving them (shrink.h).
  Failure Shrunk(Mode mode, Stratum first, Stratum last, const Failure& found);

 private:
  bool Disagree(size_t i) const;
  void ClassifyWide(const statement::Evaluator& evaluator, int index, size_t count, std::vector<Stratum>& strata) const;
  void Evaluate(Mode mode, const statement::Cases& cases, size_t count, std::vector<Outcome>& outcomes);
  // The target whose word decides what a case is, and its evaluator: the model, unless the statement needs the C
  // library.
  statement::Target Classifier() const;
  statement::Evaluator& EvaluatorOf(statement::Target target);

  const statement::Expression& expression_;
  const SearchOptions& options_;
  statement::Evaluator model_, hardware_;
};

}  // namespace fplab::identity

#endif  // FPLAB_FPARITH_IDENTITY_JUDGE_H_
