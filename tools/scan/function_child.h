// A function of a shared library, called in a child process under a mode.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_FUNCTION_CHILD_H_
#define FPLAB_TOOLS_SCAN_FUNCTION_CHILD_H_

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <fplab/fparith/float/format.h>
#include <fplab/fparith/mode/mode.h>
#include "tools/scan/limited_child.h"
#include "tools/scan/serving_child.h"

namespace fplab::tools {

// The child lives as long as the object; it and every process that came of it is killed with it. Runs the library's
// code with this user's rights: for files one is ready to run. Calls from several threads come one after another; they
// are made and ended by one thread at a time.
class FunctionChild {
 public:
  // Starts a child that loads `library` (dlopen, RTLD_NOW) and finds `symbol` there. limits.seconds is what loading and
  // each call of Run may take. Throws Error, one line: no such file, what dlopen says, no such symbol, a library that
  // ends its process.
  FunctionChild(const std::string& library, const std::string& symbol, const LoadLimits& limits = {});
  ~FunctionChild();
  FunctionChild(const FunctionChild&) = delete;
  FunctionChild& operator=(const FunctionChild&) = delete;

  // Results of the function, as one of 1 to 8 floats (binary32) or doubles (binary64) that returns another, for
  // operands[j][i], argument j of call i. The control word asks for `mode` before each call, whatever the one before it
  // left. Throws Error for a crash, an exit and a call that takes too long; from then on every call does.
  std::vector<uint64_t> Run(const Format& format, Mode mode, const std::vector<std::vector<uint64_t>>& operands);

 private:
  void Serve(int requests, int answers) const;
  void Send(const void* bytes, size_t size);
  void Receive(void* bytes, size_t size);
  [[noreturn]] void Fail(const std::string& why) const;
  std::string WhyItEnded() const;

  std::string library_, symbol_;
  LoadLimits limits_;
  std::mutex mutex_;
  std::optional<ServingChild> child_;
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_FUNCTION_CHILD_H_
