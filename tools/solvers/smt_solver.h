// Other solvers on this machine, and what one says of a question in SMT-LIB.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SOLVERS_SMT_SOLVER_H_
#define FPLAB_TOOLS_SOLVERS_SMT_SOLVER_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fplab::tools {

struct SmtSolver {
  std::string name;     // "z3", "cvc5"
  std::string path;     // absolute
  std::string version;  // "4.8.12", as it says itself; empty if it says none

  std::string Title() const { return version.empty() ? name : name + " " + version; }
};

// Those of z3 and cvc5 that are in a folder of PATH, in this order. Asks each for its version.
std::vector<SmtSolver> FindSmtSolvers(const std::atomic<bool>* interrupt = nullptr);

struct SmtAnswer {
  enum class Verdict { kSatisfiable, kUnsatisfiable, kUnknown, kLate, kFailed };

  Verdict verdict = Verdict::kFailed;
  std::vector<uint64_t> values;  // satisfiable: of the question's get-value in order; empty if they can't be read
  std::string why;               // kFailed, one line: what it did instead of answering
  double seconds = 0;            // that passed
};

// "sat", "unsat", "unknown", "time is up", "no answer".
std::string_view Name(SmtAnswer::Verdict verdict);

// Asks `question`, SMT-LIB 2.6 with one check-sat and then one get-value of bit vectors of at most 64 bits. The solver
// has `seconds` and bounded memory, and is gone on return; `interrupt` ends it as soon as that is set. Throws Error if
// it can't be started. For processes with one thread.
SmtAnswer AskSmtSolver(const SmtSolver& solver, const std::string& question, unsigned seconds,
                       const std::atomic<bool>* interrupt = nullptr);

// The verdict and values in what a solver printed; kFailed with the reason if there is no verdict.
SmtAnswer ReadSmtAnswer(std::string_view output);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SOLVERS_SMT_SOLVER_H_
