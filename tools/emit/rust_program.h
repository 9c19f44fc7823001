// A counterexample as a program in Rust.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_EMIT_RUST_PROGRAM_H_
#define FPLAB_TOOLS_EMIT_RUST_PROGRAM_H_

#include <string>

#include "tools/emit/emitted_steps.h"

namespace fplab::tools {

// By the standard library alone: every step is a function that is not inlined, called through an opaque pointer between
// two writes of the control word. Throws Error that names a step that Rust lacks.
std::string RustProgram(const EmittedSteps& steps);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_EMIT_RUST_PROGRAM_H_
