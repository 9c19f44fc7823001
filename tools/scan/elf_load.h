// Proof by loading: what dlopen of a library does to the control word of the process, seen in a child process.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_ELF_LOAD_H_
#define FPLAB_TOOLS_SCAN_ELF_LOAD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tools/scan/limited_child.h"

namespace fplab::tools {

struct LoadReport {
  // Why there is nothing to compare, in one printable line that names the limit, if a limit ended it; empty otherwise.
  std::string failure;
  uint64_t before = 0, after = 0;    // the control word around dlopen
  std::vector<std::string> objects;  // the files that were loaded with it, the library included
};

// Loads the library at `path` with dlopen(RTLD_NOW) in a child process of a session of its own, without terminal, its
// standard streams closed off, under `limits`. When it has reported, died, or its time is over, it and every process
// that came of it is killed, those that left its process group among them. Runs the library's constructors with this
// user's rights: for files one is ready to run. For one thread at a time; for the time of the call this process adopts
// orphans (PR_SET_CHILD_SUBREAPER). Throws Error if the path can't be resolved or no child be started.
LoadReport LoadInChild(const std::string& path, const LoadLimits& limits = {});

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_ELF_LOAD_H_
