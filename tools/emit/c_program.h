// A counterexample as a program in C or C++.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_EMIT_C_PROGRAM_H_
#define FPLAB_TOOLS_EMIT_C_PROGRAM_H_

#include <cstdint>
#include <string>

#include "tools/emit/emitted_steps.h"

namespace fplab::tools {

enum class CDialect : uint8_t { kC, kCpp };  // C99, C++20

// Every value is a volatile global, and every step a function of its own, called through a volatile pointer between two
// writes of the control word: nothing is there to fold, and nothing to move. Throws Error that names a step that C
// lacks.
std::string CProgram(const EmittedSteps& steps, CDialect dialect);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_EMIT_C_PROGRAM_H_
