// --function NAME=LIBRARY:SYMBOL: functions of shared libraries that statements may call.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_COMMANDS_FUNCTION_OPTIONS_H_
#define FPLAB_TOOLS_COMMANDS_FUNCTION_OPTIONS_H_

#include <string>
#include <vector>

#include <fplab/fparith/statement/expression.h>

namespace fplab::tools {

// Starts a child process for each, which lives as long as the functions. Throws Error that quotes the option.
std::vector<statement::OutsideFunction> StartFunctions(const std::vector<std::string>& options);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_COMMANDS_FUNCTION_OPTIONS_H_
