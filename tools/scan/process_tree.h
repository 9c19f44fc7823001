// The processes of this user and those that came of this process, by /proc.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_PROCESS_TREE_H_
#define FPLAB_TOOLS_SCAN_PROCESS_TREE_H_

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace fplab::tools {

// The processes whose parent is `parent`, dead ones that nobody waited for included, ascending.
std::vector<pid_t> ChildrenOf(pid_t parent);

// Processes and threads of this user: what RLIMIT_NPROC counts.
uint64_t CountTasksOfUser();

// Kills and waits for the children of this process but `spared`, and, as far as this process adopts orphans, those that
// come to it by that. Gives up after some hundred rounds.
void KillChildrenExcept(const std::vector<pid_t>& spared);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_PROCESS_TREE_H_
