// The exchange, then the time that is left of what the link takes.
// SPDX-License-Identifier: Apache-2.0
#include "tools/ranks/slow_ranks.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace fplab::tools {

void SlowRanks::Move(const std::vector<nets::Pieces>& send, const std::vector<nets::Pieces>& receive) {
  ranks_.Exchange(send, receive);
  const auto there = std::chrono::steady_clock::now();
  size_t in = 0, out = 0;
  for (size_t r = 0; r < receive.size(); ++r) {
    if (static_cast<int>(r) == rank()) continue;
    in += nets::BytesOf(receive[r]);
    out += nets::BytesOf(send[r]);
  }
  double seconds = link_.latency + link_.message * (count() - 1);
  if (link_.bandwidth > 0) seconds += static_cast<double>(std::max(in, out)) / link_.bandwidth;
  // A processor that has slept takes its time to wake, by more than a link does: a link's wait is spent awake.
  const auto end =
      there + std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(seconds));
  constexpr auto kAwake = std::chrono::milliseconds(200);
  if (end - there > kAwake) std::this_thread::sleep_for(end - there - kAwake);
  while (std::chrono::steady_clock::now() < end) {
  }
}

}  // namespace fplab::tools
