// What functions of other objects mean for MXCSR: those of the C library that set it, and those that never return.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_LIBC_CONTROL_WORD_H_
#define FPLAB_TOOLS_SCAN_LIBC_CONTROL_WORD_H_

#include <string>
#include <string_view>

#include "tools/scan/elf_x86_state.h"

namespace fplab::tools {

// Whether a call of the imported function may end with FTZ or DAZ changed: it sets the environment (fesetenv,
// feupdateenv, fesetmode), goes on elsewhere (setcontext, swapcontext), or loads libraries (dlopen, dlmopen).
// fesetround, feenableexcept and the like change other bits of MXCSR and leave these alone.
bool MaySwitch(std::string_view import);

// Of these, those that set it themselves and whose arguments CallImport knows.
bool SetsEnvironment(std::string_view import);

// The names for which MaySwitch holds, of libraries loaded aside, that a program may ask dlsym for.
constexpr std::string_view kSwitchNames[] = {"fesetenv", "feupdateenv", "fesetmode", "setcontext", "swapcontext"};

// Functions after whose call the code of the caller does not go on.
bool NeverReturns(std::string_view import);

// What a call of the imported function does to the state, as glibc on x86-64 has it: what fegetenv, feholdexcept and
// fegetmode save is known when fesetenv, feupdateenv and fesetmode load it, and their default environment clears FTZ
// and DAZ. Everything else forgets what a callee may change, MXCSR excepted. Returns why the call can't be followed;
// empty if it can.
std::string CallImport(std::string_view import, uint64_t address, X86State& state);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_LIBC_CONTROL_WORD_H_
