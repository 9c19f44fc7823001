// A child process that runs a stranger's code: cut off from its parent, under limits, and ended with all it started.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_LIMITED_CHILD_H_
#define FPLAB_TOOLS_SCAN_LIMITED_CHILD_H_

#include <sys/resource.h>
#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace fplab::tools {

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

// Whether LoadLimits::memory is applied in this build: not under a sanitizer.
bool LimitsMemory();

// In the child: a session of its own that dies with its parent, signals as a new program finds them, standard streams
// closed off.
void LeaveParent();

// In the child.
void ApplyLimits(const LoadLimits& limits);

// In the parent: kills `child` and its process group, waits for it, and kills what came of it beside
// `children_before`, which is ChildrenOf(getpid()) from before the fork.
void EndChild(pid_t child, const std::vector<pid_t>& children_before, int& status, rusage& used);

// Adopts orphans for its lifetime, so that a daemon that the child makes is among this process's children.
class Subreaper {
 public:
  Subreaper();
  ~Subreaper();
  Subreaper(const Subreaper&) = delete;
  Subreaper& operator=(const Subreaper&) = delete;

 private:
  int was_ = 0;
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_LIMITED_CHILD_H_
