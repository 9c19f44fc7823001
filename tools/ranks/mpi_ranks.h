// MpiRanks: ranks over MPI; the one file that knows it.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_RANKS_MPI_RANKS_H_
#define FPLAB_TOOLS_RANKS_MPI_RANKS_H_

#include <memory>
#include <vector>

#include <fplab/nets/ranks/ranks.h>

namespace fplab::tools {

// MPI is asked by one thread; the floating-point mode is each thread's own, so MPI's threads never see it.
class MpiRanks final : public nets::Ranks {
 public:
  // Begins MPI. Once in a process.
  static std::unique_ptr<MpiRanks> Begin();
  // Ends it; all ranks do together.
  static void Finish(std::unique_ptr<MpiRanks> ranks);

  void SetPatience(double seconds) { patience_ = seconds; }
  [[noreturn]] void Abort(int status);

 private:
  MpiRanks(int rank, int count);

  // Waits in turns of asking, so that a rank that does not answer is noticed: throws Error that names it after
  // `patience_` seconds, or soon after this process was asked to stop.
  void Move(const std::vector<nets::Pieces>& send, const std::vector<nets::Pieces>& receive) override;

  struct Messages;  // of one exchange
  void Wait(Messages& messages);

  double patience_ = 60;
  std::vector<std::vector<std::byte>> outgoing_, incoming_;  // small pieces of each rank, joined
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_RANKS_MPI_RANKS_H_
