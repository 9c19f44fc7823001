// A program run under limits, as a child process: what it is given, what it printed, how it ended.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_LIMITED_PROGRAM_H_
#define FPLAB_TOOLS_SCAN_LIMITED_PROGRAM_H_

#include <atomic>
#include <string>
#include <vector>

#include "tools/scan/limited_child.h"

namespace fplab::tools {

struct ProgramResult {
  enum class End { kExited, kKilled, kLate, kTooLong, kInterrupted };

  End end = End::kExited;
  int status = 0;      // kExited: its exit status; kKilled: the signal that ended it
  std::string output;  // of standard output, limits.report bytes at most
  std::string why;     // how it ended, for people: "exit status 1", "ended in Killed", "took more than 60 seconds"
  double seconds = 0;  // that passed
};

// Runs the program at `path`, no shell between, with `input` on its standard input; standard error goes nowhere. It
// lives in a session of its own under `limits`, where limits.seconds ends it whatever it does; on return it and all
// that came of it are dead and waited for. `interrupt`, if not null, ends it as soon as that is set. Throws Error if it
// can't be started. Other threads of the process must be idle: the child allocates before it becomes the program.
ProgramResult RunLimitedProgram(const std::string& path, const std::vector<std::string>& arguments,
                                const std::string& input, const LoadLimits& limits,
                                const std::atomic<bool>* interrupt = nullptr);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_LIMITED_PROGRAM_H_
