// Ranks: the processes that work on one training together, and what they exchange. By default there is one.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_RANKS_RANKS_H_
#define FPLAB_NETS_RANKS_RANKS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fplab/fparith/float/export.h>

namespace fplab::nets {

// Places in memory, one after the other.
using Pieces = std::vector<std::span<std::byte>>;
FPLAB_EXPORT size_t BytesOf(const Pieces& pieces);

template <typename T>
std::span<std::byte> PieceOf(T* data, size_t count) {
  return std::as_writable_bytes(std::span<T>(data, count));
}

// What this rank has moved since it began; what it keeps is not moved.
struct ExchangeCost {
  int64_t exchanges = 0;
  int64_t sent = 0, received = 0;  // bytes
  double seconds = 0;              // in exchanges, waiting for the others included

  friend ExchangeCost operator-(ExchangeCost a, const ExchangeCost& b) {
    return {a.exchanges - b.exchanges, a.sent - b.sent, a.received - b.received, a.seconds - b.seconds};
  }
  ExchangeCost& operator+=(const ExchangeCost& b) {
    exchanges += b.exchanges, sent += b.sent, received += b.received, seconds += b.seconds;
    return *this;
  }
};

// The first and one past the last of the `count` items in order that are rank's, of `ranks`: shares differ by one.
struct ItemRange {
  int first = 0, last = 0;

  int count() const { return last - first; }
  bool Has(int item) const { return first <= item && item < last; }
};
FPLAB_EXPORT ItemRange ItemsOf(int rank, int ranks, int count);

// Bytes are moved and never added up on the way: what is computed from them is the same on every rank, and for any
// number of them. Every function that exchanges is called by all ranks, in the same order and with what fits: as many
// bytes as one sends, the other expects. One thread of a process calls them. Throws Error where a rank is lost.
class FPLAB_EXPORT Ranks {
 public:
  Ranks(int rank, int count);
  virtual ~Ranks() = default;
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  int count() const { return count_; }
  int rank() const { return rank_; }
  bool IsFirst() const { return rank_ == 0; }
  const ExchangeCost& cost() const { return cost_; }

  // Of `count` items in order, this rank's.
  ItemRange Own(int items) const { return ItemsOf(rank_, count_, items); }

  // What is in send[r] here is then in receive[rank()] of rank r. Own elements are ignored.
  void Exchange(const std::vector<Pieces>& send, const std::vector<Pieces>& receive);

  // of_rank[r]: what rank r has for all. Afterwards all have all.
  void Share(const std::vector<Pieces>& of_rank);

  // What the first rank has in `pieces`, all have then.
  void FromFirst(const Pieces& pieces);

  // The same of a text of any length.
  std::string FromFirst(std::string text);

  // Every rank's text, by rank.
  std::vector<std::string> Gather(std::string_view text);

 private:
  // The moving itself. Elements of this rank are ignored, empty pieces and messages are neither sent nor expected.
  virtual void Move(const std::vector<Pieces>& send, const std::vector<Pieces>& receive) = 0;

  const int rank_, count_;
  ExchangeCost cost_;
};

// A process by itself.
class FPLAB_EXPORT OneRank final : public Ranks {
 public:
  OneRank() : Ranks(0, 1) {}

 private:
  void Move(const std::vector<Pieces>&, const std::vector<Pieces>&) override {}
};

}  // namespace fplab::nets

#endif  // FPLAB_NETS_RANKS_RANKS_H_
