// SlowRanks: ranks with a slower link between them, so that what one would bring can be measured without having it.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_RANKS_SLOW_RANKS_H_
#define FPLAB_TOOLS_RANKS_SLOW_RANKS_H_

#include <vector>

#include <fplab/nets/ranks/ranks.h>

namespace fplab::tools {

struct Link {
  double latency = 0;    // seconds until the first byte of a message is there
  double bandwidth = 0;  // bytes a second into a rank, of all its messages together; 0: no limit
  double message = 0;    // seconds that each message takes a rank besides
};

// Exchanges by `ranks`, each held up for as long as `link` would take for it after all have begun it.
class SlowRanks final : public nets::Ranks {
 public:
  SlowRanks(nets::Ranks& ranks, Link link) : Ranks(ranks.rank(), ranks.count()), ranks_(ranks), link_(link) {}

 private:
  void Move(const std::vector<nets::Pieces>& send, const std::vector<nets::Pieces>& receive) override;

  nets::Ranks& ranks_;
  const Link link_;
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_RANKS_SLOW_RANKS_H_
