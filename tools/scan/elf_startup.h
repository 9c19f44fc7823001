// Whether the start-up code of an ELF file leaves the floating-point control word in a flushing mode.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_ELF_STARTUP_H_
#define FPLAB_TOOLS_SCAN_ELF_STARTUP_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tools/scan/elf_image.h"

namespace fplab::tools {

// kClean and kSwitches are statements about the file's own code and the C library's functions; kUndecided comes with
// the reason. What another library's function does is that library's matter, and so is what code does that is made at
// run time or computes addresses out of numbers.
enum class Verdict { kClean, kSwitches, kUndecided };
const char* Name(Verdict verdict);  // "clean", "switches", "undecided"

// A constructor that can return with FTZ (MXCSR bit 15) or DAZ (bit 6) set by itself, and after which no other
// constructor of the file clears it.
struct StartupFinding {
  Constructor constructor;
  std::string symbol;        // the constructor's name; empty in a stripped file
  uint64_t instruction = 0;  // address of the LDMXCSR, or of the call, that does it
  std::string by;            // what that is: "LDMXCSR", "FXRSTOR", "call"
  bool flush_outputs = false, flush_inputs = false;
};

struct StartupReport {
  Verdict verdict = Verdict::kClean;
  std::string not_examined;          // why the file's code can't be read ("machine 40"); empty if it can
  std::string how;                   // of kClean: what shows it
  std::vector<std::string> reasons;  // of kUndecided: what could not be followed
  int constructors = 0;              // how many there are
  int partly_followed = 0;           // of these, how many could be followed only in part
  int instructions = 0;              // how many were followed: the measure of work
  std::vector<StartupFinding> findings;
};

// The bounds on the work for one file; what reaches one is kUndecided.
struct StartupLimits {
  int instructions = 500000;
  uint64_t work = uint64_t{4} << 30;  // bytes of states copied and compared, about
};

// Judges an ELF file by its bytes; names play no part but those of the C library's functions. `name` begins messages.
// Executes nothing. Throws Error as ElfImage does.
StartupReport ExamineStartup(std::span<const uint8_t> bytes, const std::string& name, const StartupLimits& limits = {});

// The same of the regular file at `path`, of at most kMaxFileBytes.
constexpr uint64_t kMaxFileBytes = uint64_t{1} << 30;
StartupReport ExamineStartup(const std::string& path);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_ELF_STARTUP_H_
