// Whether a statement is true of every operand: by trying them all, or by a proof that others can check.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_PROVE_H_
#define FPLAB_FPARITH_PROOF_PROVE_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/identity/search.h>
#include <fplab/fparith/proof/sat.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::proof {

enum class Answer : uint8_t {
  kProved,         // true of every operand that meets the condition
  kProvedInRange,  // true of all for which no result overflows or is NaN; false of some others
  kRefuted,        // false of some for which no result overflows or is NaN, or of all
  kUndecided,      // neither was found; `failure` may show that it is false where a result overflows
  kVacuous,        // no operand meets the condition
};

// "proved", "proved in range", "refuted", "undecided", "vacuous".
FPLAB_EXPORT std::string_view Name(Answer answer);

struct ProveOptions {
  std::vector<Mode> modes{kFlushModes.begin(), kFlushModes.end()};
  // One answer for all modes, which are then the four flushing modes in one direction: FTZ and DAZ are operands of the
  // question to the solver, and a counterexample names its mode.
  bool every = false;
  bool all_values = false;  // infinities and NaNs among the operands
  // The search before any proof: what it refutes needs none, and what it tries in full is proved.
  uint64_t cases = 20000;
  uint64_t exhaustive_limit = uint64_t{1} << 20;
  uint64_t seed = 1;
  SatLimits limits;  // of each question to the solver
  // Threads and vectors: with them every tuple of operands is tried of statements that they can judge and that have no
  // more than full_limit, unless the solver has its answer soon. limits.cpu_seconds is then of that too, a mode.
  std::shared_ptr<identity::Accelerator> accelerator;
  uint64_t full_limit = uint64_t{1} << 32;
  std::filesystem::path certificate;  // folder for formulas and proofs; empty: none are written
};

struct ModeAnswer {
  Mode mode;  // ProveOptions::every: with a failure, that of the failure
  Answer answer = Answer::kUndecided;
  // "all 65536 values tried", "SAT, 1240 clauses, proof of 32 kB checked", with what was rewritten or taken from lemmas
  // before; what was tried
  std::string how;
  // Shrunk operands, confirmed by the model; unless kRefuted, some result of theirs overflows or is NaN.
  std::optional<identity::Failure> failure;
  double cpu_seconds = 0;  // of the process: all threads
};

struct FPLAB_EXPORT Proof {
  statement::Expression expression;
  std::vector<ModeAnswer> answers;  // by mode, in the order asked

  // Every mode's answer is kProved.
  bool Proved() const;
};

// Asks about `statement` (fparith/statement/expression.h) in each mode of this machine's semantics, on the model. What
// is satisfiable is refuted only by operands for which the model confirms it; what is unsatisfiable is proved only with
// a proof that CheckDrat accepts. With options.certificate, what SAT proves is written there as MODE.cnf, whose
// comments say what stands between the statement and the formula and which variable is which bit of an operand, and
// MODE.drat ("ftz.cnf"; "ftz-in-range.cnf" where overflow is set aside; "every.cnf", in which ftz and daz are
// variables); what is proved by trying all of exhaustive_limit cases at most as MODE.exhaustion
// (exhaustion_certificate.h), each mode for itself; of more, by full_limit, `how` says that nothing was written. Throws
// ExpressionError for the statement, Error for files, and where circuit and model contradict each other.
FPLAB_EXPORT Proof Prove(std::string_view statement, const Format& format, const ProveOptions& options = {},
                         const statement::ExpressionOptions& parsing = {});

// The same for a statement that was parsed, or made (statement/refinement.h).
FPLAB_EXPORT Proof Prove(const statement::Expression& expression, const ProveOptions& options = {});

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_PROVE_H_
