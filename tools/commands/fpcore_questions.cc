// Reading FPCores, and asking about each what the command line claims.
// SPDX-License-Identifier: Apache-2.0
#include "tools/commands/fpcore_questions.h"

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/statement/expression.h>
#include <fplab/fparith/statement/fpcore.h>
#include <fplab/nets/files/atomic_file.h>
#include "tools/commands/command.h"
#include "tools/terminal/note.h"

namespace fplab::tools {
namespace {

constexpr size_t kMostBytes = size_t{1} << 24;

std::string Both(const std::string& first, const std::string& second) {
  if (first.empty() || second.empty()) return first + second;
  return fmt::format("({}) and ({})", first, second);
}

// The statement must be one before anything is asked: where it is not, the message quotes it.
FpCoreQuestion MakeQuestion(const statement::FpCore& core, const std::string& claim, const std::string& when) {
  FpCoreQuestion question{core.name, core.Statement(claim), Name(core.format), Both(core.condition, when)};
  try {
    statement::ParseExpression(question.statement, core.format, {false, question.when});
  } catch (const Error& error) {
    constexpr size_t kMost = 300;
    const std::string& text = question.statement;
    throw Error("as the statement \"{}{}\": {}", text.substr(0, kMost), text.size() > kMost ? "..." : "", error.what());
  }
  return question;
}

}  // namespace

void FpCoreOptions::AddTo(CLI::App& command) {
  command.add_option("--fpcore", file, "A file of FPCores (FPBench 2.0) instead of a statement, with their :pre");
  command.add_option("--claim", claim,
                     "About FPCores whose body is a number, \"result\": \"finite(result)\", \"result >= 0\"");
}

int FpCoreQuestions::StatusOf(int status) const { return status == kDone && passed_over > 0 ? kOpen : status; }

FpCoreQuestions ReadFpCoreQuestions(const FpCoreOptions& options, const std::string& when) {
  FpCoreQuestions questions;
  std::vector<std::string> refusals;
  const std::string text = nets::ReadFile(options.file, kMostBytes);
  try {
    size_t number = 0;
    for (const statement::FpCore& core : statement::ReadFpCores(text, refusals)) {
      ++number;
      try {
        questions.asked.push_back(MakeQuestion(core, options.claim, when));
      } catch (const Error& error) {
        refusals.push_back(
            fmt::format("FPCore {}: {}", core.name.empty() ? fmt::format("{}", number) : core.name, error.what()));
      }
    }
  } catch (const Error& error) {
    throw Error("{}: {}", options.file, error.what());
  }
  if (questions.asked.empty()) throw Error("{}: {}", options.file, refusals.at(0));
  for (const std::string& refusal : refusals) {
    WriteNote("fplab: {}: {}: passed over\n", options.file, refusal);
  }
  questions.passed_over = refusals.size();
  return questions;
}

}  // namespace fplab::tools
