// The effect of a single x86-64 instruction on a partially known state, control flow aside.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_ELF_X86_EXECUTE_H_
#define FPLAB_TOOLS_SCAN_ELF_X86_EXECUTE_H_

#include <cstdint>

#include "tools/scan/elf_x86_state.h"

namespace fplab::tools {

// Executes what start-up routines compute MXCSR values with: moves, LEA, the ALU group, bit tests, stack operations,
// STMXCSR and LDMXCSR. Of any other instruction it forgets what that may have written. `address` is the instruction's.
void ExecuteX86(const X86Instruction& instruction, uint64_t address, X86State& state);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_ELF_X86_EXECUTE_H_
