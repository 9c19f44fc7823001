// Which start-up routines of an ELF file leave the floating-point control word in a flushing mode.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_ELF_STARTUP_H_
#define FPLAB_TOOLS_SCAN_ELF_STARTUP_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tools/scan/elf_image.h"

namespace fplab::tools {

// A constructor after which MXCSR has FTZ (bit 15) or DAZ (bit 6) set.
struct StartupFinding {
  Constructor constructor;
  std::string symbol;        // the constructor's name; empty in a stripped file
  uint64_t instruction = 0;  // address of the LDMXCSR that does it
  bool flush_outputs = false, flush_inputs = false;
};

struct StartupReport {
  std::string not_examined;  // why the file's code could not be followed ("machine 40"); empty if it was
  int constructors = 0;      // how many there are
  int partly_followed = 0;   // of these, how many have a path that ended in an indirect jump or was too long
  std::vector<StartupFinding> findings;
};

// Follows the machine code of every constructor of the file at `path` and of the functions it calls inside the file,
// and reports those that can return with a flushing bit set that they set themselves: names play no part. A routine
// that restores what it found is not reported. Executes nothing. Throws Error as ElfImage does.
StartupReport ExamineStartup(const std::string& path);

// The same for one x86-64 function of an open image: what MXCSR bits it can return with, found by following at most
// `max_instructions`.
struct MxcsrEffect {
  bool flush_outputs = false, flush_inputs = false;
  uint64_t last_ldmxcsr = 0;  // address of the LDMXCSR that set them
  int instructions = 0;       // how many were followed
  bool complete = true;       // every path was followed to its end
};
MxcsrEffect FollowX86(ElfImage& image, uint64_t function, int max_instructions);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_ELF_STARTUP_H_
