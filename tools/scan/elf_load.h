// Proof by loading: what dlopen of a library does to the control word of the process, seen in a child process.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_ELF_LOAD_H_
#define FPLAB_TOOLS_SCAN_ELF_LOAD_H_

#include <cstdint>
#include <string>
#include <vector>

namespace fplab::tools {

struct LoadReport {
  // Why there is nothing to compare, in one printable line that names the limit, if a limit ended it; empty otherwise.
  std::string failure;
  uint64_t before = 0, after = 0;    // the control word around dlopen
  std::vector<std::string> objects;  // the files that were loaded with it, the library included
};

// What the child process may use. A constructor that wants more fails, is killed, or both.
struct LoadLimits {
  unsigned seconds = 20;                    // from start to report, whatever the child does with signals
  unsigned cpu_seconds = 20;                // RLIMIT_CPU
  uint64_t memory = uint64_t{8} << 30;      // bytes of address space: RLIMIT_AS, if LimitsMemory()
  uint64_t file_size = uint64_t{16} << 20;  // bytes a file may grow to: RLIMIT_FSIZE
  unsigned open_files = 256;                // RLIMIT_NOFILE
  unsigned processes = 128;                 // beyond those the user has: RLIMIT_NPROC, which root is exempt from
  uint64_t report = uint64_t{4} << 20;      // bytes of report that are read
};

// Loads the library at `path` with dlopen(RTLD_NOW) in a child process of a session of its own, without terminal, its
// standard streams closed off, under `limits`. When it has reported, died, or its time is over, it and every process
// that came of it is killed, those that left its process group among them. Runs the library's constructors with this
// user's rights: for files one is ready to run. For one thread at a time; for the time of the call this process adopts
// orphans (PR_SET_CHILD_SUBREAPER). Throws Error if the path can't be resolved or no child be started.
LoadReport LoadInChild(const std::string& path, const LoadLimits& limits = {});

// Whether LoadLimits::memory is applied in this build: not under a sanitizer.
bool LimitsMemory();

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_ELF_LOAD_H_
