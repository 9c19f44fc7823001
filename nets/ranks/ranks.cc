// Exchanges in terms of one: every rank sends pieces to every other.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/ranks/ranks.h>

#include <chrono>
#include <cstring>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/mode/guest.h>

namespace fplab::nets {

size_t BytesOf(const Pieces& pieces) {
  size_t bytes = 0;
  for (const std::span<std::byte> piece : pieces) bytes += piece.size();
  return bytes;
}

ItemRange ItemsOf(int rank, int ranks, int count) {
  const auto bound = [&](int r) { return static_cast<int>(int64_t{count} * r / ranks); };
  return {bound(rank), bound(rank + 1)};
}

Ranks::Ranks(int rank, int count) : rank_(rank), count_(count) {
  FPLAB_CHECK(count >= 1 && rank >= 0 && rank < count, "ranks: no such rank");
}

void Ranks::Exchange(const std::vector<Pieces>& send, const std::vector<Pieces>& receive) {
  const auto ranks = static_cast<size_t>(count_), own = static_cast<size_t>(rank_);
  FPLAB_CHECK(send.size() == ranks && receive.size() == ranks, "exchange: an element for every rank");
  if (count_ == 1) return;
  const auto start = std::chrono::steady_clock::now();
  AsGuest([&] { Move(send, receive); });
  ++cost_.exchanges;
  for (size_t r = 0; r < ranks; ++r) {
    if (r == own) continue;
    cost_.sent += static_cast<int64_t>(BytesOf(send[r]));
    cost_.received += static_cast<int64_t>(BytesOf(receive[r]));
  }
  cost_.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void Ranks::Share(const std::vector<Pieces>& of_rank) {
  if (count_ == 1) return;
  Exchange(std::vector<Pieces>(of_rank.size(), of_rank[static_cast<size_t>(rank_)]), of_rank);
}

void Ranks::FromFirst(const Pieces& pieces) {
  if (count_ == 1) return;
  std::vector<Pieces> send(static_cast<size_t>(count_)), receive(send.size());
  if (IsFirst()) {
    send.assign(send.size(), pieces);
  } else {
    receive.front() = pieces;
  }
  Exchange(send, receive);
}

std::string Ranks::FromFirst(std::string text) {
  uint64_t size = text.size();
  FromFirst({PieceOf(&size, 1)});
  text.resize(size);
  FromFirst({PieceOf(text.data(), text.size())});
  return text;
}

std::vector<std::string> Ranks::Gather(std::string_view text) {
  std::vector<uint64_t> sizes(static_cast<size_t>(count_));
  sizes[static_cast<size_t>(rank_)] = text.size();
  std::vector<Pieces> pieces(sizes.size());
  for (size_t r = 0; r < sizes.size(); ++r) pieces[r] = {PieceOf(&sizes[r], 1)};
  Share(pieces);
  std::vector<std::string> texts(sizes.size());
  for (size_t r = 0; r < sizes.size(); ++r) {
    texts[r].resize(sizes[r]);
    pieces[r] = {PieceOf(texts[r].data(), texts[r].size())};
  }
  texts[static_cast<size_t>(rank_)] = text;
  pieces[static_cast<size_t>(rank_)] = {PieceOf(texts[static_cast<size_t>(rank_)].data(), text.size())};
  Share(pieces);
  return texts;
}

}  // namespace fplab::nets
