// Comparing answers, and executing what they differ about.
// SPDX-License-Identifier: Apache-2.0
#include "tools/solvers/cross_check.h"

#include <fmt/format.h>

#include <array>
#include <optional>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/proof/smtlib.h>
#include <fplab/fparith/statement/evaluator.h>
#include "tools/printing/value_text.h"

namespace fplab::tools {
namespace {

using Comparison = CrossCheck::Comparison;
using SolverVerdict = SmtAnswer::Verdict;
using statement::Evaluator;
using statement::Target;

// Whether fplab says that some operands make the statement false; nullopt: it says neither.
std::optional<bool> HasFailure(const proof::ModeAnswer& answer) {
  if (answer.failure) return true;
  const bool none = answer.answer == proof::Answer::kProved || answer.answer == proof::Answer::kVacuous;
  return none ? std::optional(false) : std::nullopt;
}

// "true on the model", "false on the hardware".
std::string Executed(const statement::Expression& expression, Target target, Mode mode,
                     const statement::Cases& operands) {
  try {
    statement::RequireTarget(expression, target);
    Evaluator evaluator(expression);
    evaluator.Run(Evaluator::Part::kClaim, target, model::HardwareEnvironment(mode), operands, 1);
    return fmt::format("{} on the {}", evaluator.Claim(0) ? "true" : "false", Name(target));
  } catch (const Error& error) {
    return error.what();
  }
}

// What the statement is for some operands.
std::string Execution(const statement::Expression& expression, Mode mode, const std::vector<uint64_t>& operands) {
  const statement::Cases cases = statement::OneCase(operands);
  std::string text = ShowOperands(expression, operands) + ": ";
  if (expression.condition) {
    Evaluator evaluator(expression);
    evaluator.Run(Evaluator::Part::kCondition, Target::kModel, model::HardwareEnvironment(mode), cases, 1);
    if (!evaluator.Truth(*expression.condition, 0)) return text + "it does not meet the condition";
  }
  return text + Executed(expression, Target::kModel, mode, cases) + ", " +
         Executed(expression, Target::kHardware, mode, cases);
}

// Of a solver that differs.
std::string Difference(const statement::Expression& expression, const proof::ModeAnswer& ours,
                       const SmtAnswer& theirs) {
  if (ours.failure) return "fplab's counterexample " + Execution(expression, ours.mode, ours.failure->operands);
  std::vector<uint64_t> operands = theirs.values;
  if (operands.empty() || operands.size() != expression.variables.size()) return "its witness can't be read";
  for (size_t v = 0; v < operands.size(); ++v) {
    const statement::Type& type = expression.variables[v].type;
    if (type.IsInteger()) operands[v] = type.Wrap(operands[v]);
    if (!type.Holds(operands[v])) return "its witness can't be read";
  }
  return "its witness " + Execution(expression, ours.mode, operands);
}

}  // namespace

std::vector<CrossCheck> CrossChecks(const statement::Expression& expression, const proof::ModeAnswer& answer,
                                    const CrossCheckOptions& options) {
  std::vector<CrossCheck> checks;
  std::string question, refused;
  try {
    question = proof::SmtLib(expression, answer.mode, options.all_values);
  } catch (const Error& error) {
    refused = error.what();
  }
  for (const SmtSolver& solver : options.solvers) {
    CrossCheck& check = checks.emplace_back();
    check.solver = solver;
    if (!refused.empty()) {
      check.comparison = Comparison::kNotAsked;
      check.note = refused;
      continue;
    }
    check.answer = AskSmtSolver(solver, question, options.seconds, options.interrupt);
    const bool says_sat = check.answer.verdict == SolverVerdict::kSatisfiable;
    const std::optional<bool> ours = HasFailure(answer);
    if (!says_sat && check.answer.verdict != SolverVerdict::kUnsatisfiable) {
      check.comparison = Comparison::kNoAnswer;
    } else if (!ours) {
      check.comparison = Comparison::kUndecided;
    } else {
      check.comparison = *ours == says_sat ? Comparison::kAgrees : Comparison::kDiffers;
    }
    if (check.comparison == Comparison::kDiffers) check.note = Difference(expression, answer, check.answer);
  }
  return checks;
}

std::string Line(const CrossCheck& check) {
  const std::string title = check.solver.Title();
  const std::string answer = fmt::format("({}; {:.2f} s)", Name(check.answer.verdict), check.answer.seconds);
  switch (check.comparison) {
    case Comparison::kAgrees:
      return fmt::format("{} agrees {}", title, answer);
    case Comparison::kDiffers:
      return fmt::format("{} differs {}: {}", title, answer, check.note);
    case Comparison::kUndecided:
      return fmt::format("{} says {}, which decides nothing ({:.2f} s)", title, Name(check.answer.verdict),
                         check.answer.seconds);
    case Comparison::kNotAsked:
      return fmt::format("{} was not asked: {}", title, check.note);
    case Comparison::kNoAnswer:
      break;
  }
  if (check.answer.verdict == SolverVerdict::kFailed) return fmt::format("{}: no answer: {}", title, check.answer.why);
  return fmt::format("{}: {} ({:.2f} s)", title, Name(check.answer.verdict), check.answer.seconds);
}

nlohmann::json Json(const CrossCheck& check) {
  static constexpr std::array<const char*, 5> kNames = {"agrees", "differs", "undecided", "no answer", "not asked"};
  nlohmann::json json = {{"solver", check.solver.name},
                         {"version", check.solver.version},
                         {"comparison", kNames[static_cast<size_t>(check.comparison)]}};
  if (check.comparison != Comparison::kNotAsked) {
    json["answer"] = Name(check.answer.verdict);
    json["seconds"] = check.answer.seconds;
  }
  const std::string& note = check.note.empty() ? check.answer.why : check.note;
  if (!note.empty()) json["note"] = note;
  return json;
}

}  // namespace fplab::tools
