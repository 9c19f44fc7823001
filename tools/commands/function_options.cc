// A child process for each function.
// SPDX-License-Identifier: Apache-2.0
#include "tools/commands/function_options.h"

#include <memory>

#include <fplab/fparith/float/error.h>
#include "tools/scan/function_child.h"

namespace fplab::tools {

std::vector<statement::OutsideFunction> StartFunctions(const std::vector<std::string>& options) {
  LoadLimits limits;
  limits.cpu_seconds = 24 * 3600;  // a search may call for long; each batch of calls has limits.seconds
  std::vector<statement::OutsideFunction> functions;
  for (const std::string& option : options) {
    const size_t equals = option.find('='), colon = option.rfind(':');
    if (equals == std::string::npos || colon == std::string::npos || colon < equals + 2 || equals == 0 ||
        colon + 1 == option.size()) {
      throw Error("--function: found \"{}\", expected NAME=LIBRARY.so:SYMBOL", option);
    }
    const auto child = std::make_shared<FunctionChild>(option.substr(equals + 1, colon - equals - 1),
                                                       option.substr(colon + 1), limits);
    functions.push_back({option.substr(0, equals),
                         [child](const Format& format, Mode mode, const statement::OutsideOperands& operands) {
                           return child->Run(format, mode, operands);
                         }});
  }
  return functions;
}

}  // namespace fplab::tools
