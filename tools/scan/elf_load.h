// Proof by loading: what dlopen of a library does to the control word of the process, seen in a child process.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_ELF_LOAD_H_
#define FPLAB_TOOLS_SCAN_ELF_LOAD_H_

#include <cstdint>
#include <string>
#include <vector>

namespace fplab::tools {

struct LoadReport {
  std::string failure;               // why the library could not be loaded, in one line; empty if it was
  uint64_t before = 0, after = 0;    // the control word around dlopen
  std::vector<std::string> objects;  // the files that were loaded with it, the library included
};

// Loads the library at `path` with dlopen(RTLD_NOW) in a child process with its standard streams closed off, and kills
// the child after `seconds`. Runs the library's constructors with this user's rights: for files one is ready to run.
LoadReport LoadInChild(const std::string& path, unsigned seconds);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_ELF_LOAD_H_
