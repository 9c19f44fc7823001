// The subcommands of fplab: one Add function each, defined in the file of that name.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_COMMANDS_COMMAND_H_
#define FPLAB_TOOLS_COMMANDS_COMMAND_H_

#include <CLI/CLI.hpp>

namespace fplab::tools {

// Exit status of the program, the same for every subcommand.
enum ExitStatus : int {
  kDone = 0,     // done, or the thing asked about holds
  kRefuted = 1,  // refuted, or a check failed
  kUsage = 2,    // wrong usage or input; one line on stderr says what and where
  kOpen = 3,     // neither: undecided, or vacuous, as nothing meets the condition
};

// Each adds its subcommand to `app`; the subcommand's callback stores its exit status in `status`, and throws
// fplab::Error for wrong input, which main prints as one line before it exits with kUsage.
void AddBenchCommand(CLI::App& app, int& status);  // in builds with the benchmarks
void AddDataCommand(CLI::App& app, int& status);
void AddDepthCommand(CLI::App& app, int& status);
void AddEnvCommand(CLI::App& app, int& status);
void AddEvalCommand(CLI::App& app, int& status);
void AddExplainCommand(CLI::App& app, int& status);
void AddIdentitiesCommand(CLI::App& app, int& status);
void AddLinearizeCommand(CLI::App& app, int& status);
void AddProbeCommand(CLI::App& app, int& status);
void AddProveCommand(CLI::App& app, int& status);
void AddRefuteCommand(CLI::App& app, int& status);
void AddBoundCommand(CLI::App& app, int& status);
void AddRegionsCommand(CLI::App& app, int& status);
void AddReportCommand(CLI::App& app, int& status);
void AddScaleCommand(CLI::App& app, int& status);
void AddScanCommand(CLI::App& app, int& status);
void AddSweepCommand(CLI::App& app, int& status);
void AddTrainCommand(CLI::App& app, int& status);
void AddVectorsCommand(CLI::App& app, int& status);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_COMMANDS_COMMAND_H_
