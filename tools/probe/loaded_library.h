// A library in the process that runs its code: what it defines, and how its threads are set.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PROBE_LOADED_LIBRARY_H_
#define FPLAB_TOOLS_PROBE_LOADED_LIBRARY_H_

#include <string>
#include <vector>

#include "tools/probe/signature.h"

namespace fplab::tools {

struct FoundFunction {
  std::string name, kind;
  void* function;
};

// What the child knows of the library. To be used in a child process alone: the constructor runs its start-up code.
class LoadedLibrary {
 public:
  // dlopen(RTLD_NOW | RTLD_LOCAL); failure() says what is wrong, if anything.
  explicit LoadedLibrary(const std::string& library);

  const std::string& failure() const { return failure_; }
  // Those of its plug-in table; if it has none, the known functions that it defines itself (those of libraries that it
  // is linked with are left out).
  const std::vector<FoundFunction>& functions() const { return functions_; }
  // A function by its name in functions(), or any symbol; null if there is none.
  void* Find(const std::string& name) const;

  // The name of the function that sets the number of threads; empty if there is none.
  const std::string& thread_setter() const { return thread_setter_; }
  void SetThreads(int threads);

 private:
  void FindKnown();
  void ReadPlugin();
  void FindThreadSetter();

  void* handle_ = nullptr;
  std::string failure_;
  std::vector<FoundFunction> functions_;
  std::string thread_setter_;
  void* set_threads_ = nullptr;
  bool wide_threads_ = false;  // the setter takes 64 bits
  int threads_ = 0;            // that were set last
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PROBE_LOADED_LIBRARY_H_
