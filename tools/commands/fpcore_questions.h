// What --fpcore and --claim ask: the FPCores of a file as statements.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_COMMANDS_FPCORE_QUESTIONS_H_
#define FPLAB_TOOLS_COMMANDS_FPCORE_QUESTIONS_H_

#include <CLI/CLI.hpp>

#include <cstddef>
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

// What a file asks. FPCores of which nothing can be asked are passed over with a note each that names the file, and the
// line and column or the FPCore.
struct FpCoreQuestions {
  std::vector<FpCoreQuestion> asked;
  size_t passed_over = 0;

  // The exit status of all together, when those asked end in `status`: what was passed over is open.
  int StatusOf(int status) const;
};

// Throws Error as the notes say where nothing is left to ask.
FpCoreQuestions ReadFpCoreQuestions(const FpCoreOptions& options, const std::string& when);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_COMMANDS_FPCORE_QUESTIONS_H_
