// What --fpcore and --claim ask: the FPCores of a file as statements.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_COMMANDS_FPCORE_QUESTIONS_H_
#define FPLAB_TOOLS_COMMANDS_FPCORE_QUESTIONS_H_

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace fplab::tools {

// The options --fpcore and --claim of a subcommand about statements.
struct FpCoreOptions {
  std::string file;
  std::string claim;

  void AddTo(CLI::App& command);
};

struct FpCoreQuestion {
  std::string name;  // of the FPCore; may be empty
  std::string statement;
  std::string format;
  std::string when;  // the FPCore's :pre and `when`
};

// Throws Error that names the file, and the line and column or the FPCore.
std::vector<FpCoreQuestion> ReadFpCoreQuestions(const FpCoreOptions& options, const std::string& when);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_COMMANDS_FPCORE_QUESTIONS_H_
