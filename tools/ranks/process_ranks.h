// ProcessRanks: the processes that a launcher (mpirun, srun) has started together, of which this is one.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_RANKS_PROCESS_RANKS_H_
#define FPLAB_TOOLS_RANKS_PROCESS_RANKS_H_

#include <memory>

#include <fplab/nets/ranks/ranks.h>

namespace fplab::tools {

// Which of how many processes this is, by what the launcher says in the environment; one of one where it says nothing.
struct Launch {
  int rank = 0, count = 1;
};
Launch LaunchOfProcess();

// Joins the others while it lives; one in a process, made by main before there are other threads. A process that was
// started by itself is one rank and touches no MPI.
class ProcessRanks {
 public:
  // Throws Error, on the first rank only (the others then wait to be ended), where this fplab was built without MPI:
  // each process would do the same work over the same folder.
  ProcessRanks();
  ~ProcessRanks();
  ProcessRanks(const ProcessRanks&) = delete;
  ProcessRanks& operator=(const ProcessRanks&) = delete;

  // Of the one that lives; a process by itself where none does.
  static nets::Ranks& Get();

  // For how long an exchange waits for a rank that does not answer, in seconds; 0: for ever. Until it is called, 60.
  static void SetPatience(double seconds);

  // Ends this rank and, where there are several, all others, which may know nothing of what is wrong: does not return
  // then. `status` is the exit status.
  static int End(int status);
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_RANKS_PROCESS_RANKS_H_
