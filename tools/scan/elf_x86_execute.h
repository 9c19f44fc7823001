// The effect of a single x86-64 instruction on a partially known state, control flow aside.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_ELF_X86_EXECUTE_H_
#define FPLAB_TOOLS_SCAN_ELF_X86_EXECUTE_H_

#include <cstdint>

#include "tools/scan/elf_x86_state.h"

namespace fplab::tools {

// Executes what start-up routines compute MXCSR values with: moves, LEA, the ALU group, shifts, bit tests, stack
// operations, and what stores and loads MXCSR. Of any other instruction it forgets what that may have written.
// `address` is the instruction's. CMOVcc and SETcc whose condition is not known leave an unknown destination: see
// below.
void ExecuteX86(const X86Instruction& instruction, uint64_t address, X86State& state);

// Whether the instruction's result depends on a condition alone (CMOVcc, SETcc, SBB of a register with itself): the
// code of that condition, as in Flags::Holds; -1 for all others.
int ConditionOf(const X86Instruction& instruction);

// Executes an instruction that ConditionOf knows, as the condition has it.
void ExecuteConditional(const X86Instruction& instruction, uint64_t address, bool holds, X86State& state);

// LDMXCSR, VLDMXCSR, FXRSTOR, XRSTOR: the instructions by which a program sets MXCSR.
bool LoadsMxcsr(const X86Instruction& instruction);

// The manual's name of an instruction that LoadsMxcsr knows; "call" for all others, by which a finding sets MXCSR.
const char* WriterName(const X86Instruction& instruction);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_ELF_X86_EXECUTE_H_
