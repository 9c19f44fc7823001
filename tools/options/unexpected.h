// What to say of a command line that has something nobody asked for.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_OPTIONS_UNEXPECTED_H_
#define FPLAB_TOOLS_OPTIONS_UNEXPECTED_H_

#include <CLI/CLI.hpp>
#include <string>

namespace fplab::tools {

// After a failed parse of `app`: the first thing in it that is no subcommand, option or argument, with the name that
// was probably meant. "unknown option '--epoch' of train: did you mean --epochs?" Empty if there is no such thing.
std::string UnexpectedText(const CLI::App& app);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_OPTIONS_UNEXPECTED_H_
