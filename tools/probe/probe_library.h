// A library probed: which functions, and all questions about each, whatever the library does.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PROBE_PROBE_LIBRARY_H_
#define FPLAB_TOOLS_PROBE_PROBE_LIBRARY_H_

#include <functional>
#include <string>
#include <vector>

#include "tools/probe/finding.h"
#include "tools/probe/questions.h"

namespace fplab::tools {

struct ProbeReport {
  std::string library;
  std::vector<Finding> loading;  // about the library as a whole
  std::vector<FunctionFindings> functions;
  bool finished = true;  // false: interrupted, with what is known so far
};

struct ProbeRequest {
  std::string library = {};              // a path, or a name that the loader looks for
  std::string function = {};             // empty: every function that is found
  std::string kind = {};                 // of the function; empty: by its name, or matmul
  std::vector<std::string> topics = {};  // of ProbeTopics(); empty: all
  ProbeOptions options = {};
  LoadingOptions loading = {};
  std::function<void(const std::string&)> progress = [](const std::string&) {};
};

// "order", "reproducibility", ...: what can be asked for.
const std::vector<std::string>& ProbeTopics();

// Throws Error, one line: a library that can't be loaded, a function, a kind or a topic that is not there, a library
// without any known function. What the library does beyond that is a finding.
ProbeReport ProbeLibrary(const ProbeRequest& request);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PROBE_PROBE_LIBRARY_H_
