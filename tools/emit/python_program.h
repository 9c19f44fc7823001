// A counterexample as a program in Python.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_EMIT_PYTHON_PROGRAM_H_
#define FPLAB_TOOLS_EMIT_PYTHON_PROGRAM_H_

#include <string>

#include "tools/emit/emitted_steps.h"

namespace fplab::tools {

// By NumPy's scalars, which compute by the machine's instructions. Python has no means to set a mode: where one is
// needed, the program writes the control word by fesetenv of the C library, and ends with status 2 where it does not
// know the layout of fenv_t (it knows Linux on x86-64 and AArch64). Throws Error that names a step that NumPy lacks,
// fma among them.
std::string PythonProgram(const EmittedSteps& steps);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_EMIT_PYTHON_PROGRAM_H_
