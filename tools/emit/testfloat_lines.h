// A counterexample as lines of TestFloat's format.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_EMIT_TESTFLOAT_LINES_H_
#define FPLAB_TOOLS_EMIT_TESTFLOAT_LINES_H_

#include <string>

#include "tools/emit/emitted_steps.h"

namespace fplab::tools {

// A line for each step that is one of TestFloat's functions (fparith/model/function.h): the function's name, then what
// `fplab vectors` reads of it; "# MODE" before the first line of each run in one mode. Throws Error if there is none.
std::string TestFloatLines(const EmittedSteps& steps);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_EMIT_TESTFLOAT_LINES_H_
