// Copies between barriers.
// SPDX-License-Identifier: Apache-2.0
#include "proptests/support/thread_ranks.h"

#include <barrier>
#include <cstring>
#include <memory>
#include <thread>

#include <fplab/fparith/float/check.h>

namespace fplab {
namespace {

using nets::Pieces;

struct Meeting {
  explicit Meeting(int count) : barrier(count), sends(static_cast<size_t>(count)) {}

  std::barrier<> barrier;
  std::vector<const std::vector<Pieces>*> sends;  // of each rank
};

std::vector<std::byte> Joined(const Pieces& pieces) {
  std::vector<std::byte> bytes;
  for (const auto piece : pieces) bytes.insert(bytes.end(), piece.begin(), piece.end());
  return bytes;
}

class ThreadRanks final : public nets::Ranks {
 public:
  ThreadRanks(int rank, int count, Meeting& meeting) : Ranks(rank, count), meeting_(meeting) {}

 private:
  void Move(const std::vector<Pieces>& send, const std::vector<Pieces>& receive) override {
    const auto own = static_cast<size_t>(rank());
    meeting_.sends[own] = &send;
    meeting_.barrier.arrive_and_wait();
    for (size_t r = 0; r < receive.size(); ++r) {
      if (r == own) continue;
      const std::vector<std::byte> bytes = Joined((*meeting_.sends[r])[own]);
      FPLAB_CHECK(bytes.size() == nets::BytesOf(receive[r]), "exchange: one sends what the other does not expect");
      size_t at = 0;
      for (const auto piece : receive[r]) {
        if (!piece.empty()) std::memcpy(piece.data(), bytes.data() + at, piece.size());
        at += piece.size();
      }
    }
    meeting_.barrier.arrive_and_wait();
  }

  Meeting& meeting_;
};

}  // namespace

void RunTogether(int count, const std::function<void(nets::Ranks&)>& body) {
  Meeting meeting(count);
  std::vector<std::jthread> threads;
  for (int r = 0; r < count; ++r) {
    threads.emplace_back([&meeting, &body, r, count] {
      ThreadRanks ranks(r, count, meeting);
      body(ranks);
    });
  }
}

}  // namespace fplab
