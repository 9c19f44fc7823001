// Answers of other solvers beside those of a proof.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SOLVERS_CROSS_CHECK_H_
#define FPLAB_TOOLS_SOLVERS_CROSS_CHECK_H_

#include <atomic>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <fplab/fparith/proof/prove.h>
#include <fplab/fparith/statement/expression.h>
#include "tools/solvers/smt_solver.h"

namespace fplab::tools {

// What one solver said of one mode's answer.
struct CrossCheck {
  enum class Comparison {
    kAgrees,
    kDiffers,
    kUndecided,  // fplab's answer says neither, so that there is nothing to compare
    kNoAnswer,   // unknown, time is up, failed
    kNotAsked,   // the statement has no form in SMT-LIB
  };

  SmtSolver solver;
  Comparison comparison = Comparison::kNoAnswer;
  SmtAnswer answer;
  std::string note;  // kNotAsked: why; kDiffers: what its witness, or fplab's counterexample, came to when executed
};

struct CrossCheckOptions {
  std::vector<SmtSolver> solvers;
  unsigned seconds = 60;
  bool all_values = false;
  const std::atomic<bool>* interrupt = nullptr;
};

// Asks every solver what `answer` says of `expression` in its mode.
std::vector<CrossCheck> CrossChecks(const statement::Expression& expression, const proof::ModeAnswer& answer,
                                    const CrossCheckOptions& options);

// "z3 4.8.12 agrees (unsat; 0.2 s)", one line.
std::string Line(const CrossCheck& check);
// {"solver", "version", "comparison", "answer", "seconds", "note"}
nlohmann::json Json(const CrossCheck& check);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SOLVERS_CROSS_CHECK_H_
