// What a proof says of a statement in one mode, as lines.
// SPDX-License-Identifier: Apache-2.0
#include "tools/printing/proof_text.h"

#include <fmt/format.h>

#include "tools/printing/refinement_text.h"
#include "tools/printing/value_text.h"

namespace fplab::tools {

std::string ProofLine(const statement::Expression& expression, const proof::ModeAnswer& answer, bool every) {
  std::string line = fmt::format("{}: {}", every ? "every mode" : Name(answer.mode), Name(answer.answer));
  if (answer.answer == proof::Answer::kProvedInRange) line += ", where no result overflows or is NaN";
  line += fmt::format(" ({}; {:.2f} s)\n", answer.how, answer.cpu_seconds);
  if (answer.failure) {
    const char* what = answer.answer == proof::Answer::kRefuted ? "false for" : "false, by overflow or NaN, for";
    const std::string where = every ? fmt::format("in mode {}, ", Name(answer.mode)) : "";
    line += fmt::format("    {}{} {}\n", where, what, ShowOperands(expression, answer.failure->operands));
  }
  return line;
}

std::string RewriteProofText(const proof::ModeAnswer& answer, const statement::Refinement& refinement,
                             const statement::Freedom& freedom) {
  const std::string line =
      fmt::format("{}: {} ({}; {:.2f} s)\n", Name(freedom), Name(answer.answer), answer.how, answer.cpu_seconds);
  return answer.failure ? line + WaysText(refinement, freedom, answer.failure->operands) : line;
}

}  // namespace fplab::tools
