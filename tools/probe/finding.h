// What a question about a function found: a line of the report.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PROBE_FINDING_H_
#define FPLAB_TOOLS_PROBE_FINDING_H_

#include <optional>
#include <string>
#include <vector>

#include "tools/probe/accumulation_order.h"
#include "tools/probe/probe_child.h"

namespace fplab::tools {

struct Finding {
  std::string topic;                   // "order", "fma", "runs", ...: a fixed name
  std::string at;                      // of what: a shape, a number of threads, a mode; may be empty
  std::string answer;                  // in few words
  std::string evidence;                // what was done, and the operands and results that show it
  std::vector<std::string> more = {};  // lines that belong below it
  std::optional<OrderTree> order = {};
  std::vector<std::string> operands = {};  // that show it, where they are too many for a line
};

// All about one function.
struct FunctionFindings {
  ProbedFunction function;
  std::vector<Finding> findings;
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PROBE_FINDING_H_
