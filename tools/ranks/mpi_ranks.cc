// Point-to-point messages: large pieces as they lie, small ones joined.
// SPDX-License-Identifier: Apache-2.0
#include "tools/ranks/mpi_ranks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <mpi.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <set>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>
#include "tools/terminal/interrupt.h"

namespace fplab::tools {
namespace {

using Clock = std::chrono::steady_clock;
using nets::Pieces;

// From this size on, a copy costs more than a message of its own.
constexpr size_t kLargePiece = size_t{128} << 10;
// An int counts a message's bytes.
constexpr size_t kLargestMessage = size_t{1} << 30;

// After a signal has asked this process to stop, the others are waited for so much longer.
constexpr double kSecondsAfterSignal = 10;

double SecondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void Require(int status, const char* what) {
  if (status == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING];
  int length = 0;
  MPI_Error_string(status, text, &length);
  throw Error("MPI: {}: {}", what, std::string_view(text, static_cast<size_t>(length)));
}

}  // namespace

struct MpiRanks::Messages {
  std::vector<MPI_Request> requests;
  std::vector<int> peers;  // of each request

  void Send(std::span<std::byte> bytes, int peer, int& tag) {
    ForParts(bytes, [&](std::span<std::byte> part) {
      Require(MPI_Isend(part.data(), static_cast<int>(part.size()), MPI_BYTE, peer, tag++, MPI_COMM_WORLD, Next(peer)),
              "sending");
    });
  }
  void Receive(std::span<std::byte> bytes, int peer, int& tag) {
    ForParts(bytes, [&](std::span<std::byte> part) {
      Require(MPI_Irecv(part.data(), static_cast<int>(part.size()), MPI_BYTE, peer, tag++, MPI_COMM_WORLD, Next(peer)),
              "receiving");
    });
  }

 private:
  template <typename Body>
  void ForParts(std::span<std::byte> bytes, const Body& body) {
    for (; bytes.size() > kLargestMessage; bytes = bytes.subspan(kLargestMessage)) body(bytes.first(kLargestMessage));
    if (!bytes.empty()) body(bytes);
  }
  MPI_Request* Next(int peer) {
    peers.push_back(peer);
    return &requests.emplace_back(MPI_REQUEST_NULL);
  }
};

MpiRanks::MpiRanks(int rank, int count)
    : Ranks(rank, count), outgoing_(static_cast<size_t>(count)), incoming_(static_cast<size_t>(count)) {}

std::unique_ptr<MpiRanks> MpiRanks::Begin() {
  int provided = 0;
  Require(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "beginning");
  if (provided < MPI_THREAD_FUNNELED) throw Error("MPI: this library does not let a process have threads");
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  int rank = 0, count = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &count);
  return std::unique_ptr<MpiRanks>(new MpiRanks(rank, count));
}

void MpiRanks::Finish(std::unique_ptr<MpiRanks> ranks) {
  ranks.reset();
  MPI_Finalize();
}

void MpiRanks::Abort(int status) {
  MPI_Abort(MPI_COMM_WORLD, status);
  std::_Exit(status);
}

void MpiRanks::Move(const std::vector<Pieces>& send, const std::vector<Pieces>& receive) {
  Messages messages;
  const auto size_of_small = [](const Pieces& pieces) {
    size_t bytes = 0;
    for (const auto piece : pieces) bytes += piece.size() < kLargePiece ? piece.size() : 0;
    return bytes;
  };
  for (int peer = 0; peer < count(); ++peer) {
    if (peer == rank()) continue;
    const auto at = static_cast<size_t>(peer);
    int tag = 0;
    incoming_[at].resize(size_of_small(receive[at]));
    messages.Receive(incoming_[at], peer, tag);
    for (const auto piece : receive[at]) {
      if (piece.size() >= kLargePiece) messages.Receive(piece, peer, tag);
    }
  }
  for (int step = 1; step < count(); ++step) {  // not all to the same rank at once
    const int peer = (rank() + step) % count();
    const auto at = static_cast<size_t>(peer);
    int tag = 0;
    std::vector<std::byte>& joined = outgoing_[at];
    joined.resize(size_of_small(send[at]));
    size_t end = 0;
    for (const auto piece : send[at]) {
      if (piece.size() >= kLargePiece || piece.empty()) continue;
      std::memcpy(joined.data() + end, piece.data(), piece.size());
      end += piece.size();
    }
    messages.Send(joined, peer, tag);
    for (const auto piece : send[at]) {
      if (piece.size() >= kLargePiece) messages.Send(piece, peer, tag);
    }
  }
  Wait(messages);
  for (size_t r = 0; r < receive.size(); ++r) {
    size_t end = 0;
    for (const auto piece : receive[r]) {
      if (static_cast<int>(r) == rank() || piece.size() >= kLargePiece || piece.empty()) continue;
      std::memcpy(piece.data(), incoming_[r].data() + end, piece.size());
      end += piece.size();
    }
  }
}

void MpiRanks::Wait(Messages& messages) {
  const Clock::time_point start = Clock::now();
  Clock::time_point asked_to_stop{};
  for (int turn = 1;; ++turn) {
    int done = 0;
    Require(
        MPI_Testall(static_cast<int>(messages.requests.size()), messages.requests.data(), &done, MPI_STATUSES_IGNORE),
        "exchanging");
    if (done != 0) return;
    if (turn % 64 != 0) continue;
    const double seconds = SecondsSince(start);
    if (seconds > 50e-6) sched_yield();  // where ranks share a processor, the other is to get on
    if (InterruptGuard::Requested() && asked_to_stop == Clock::time_point{}) asked_to_stop = Clock::now();
    const bool stopping = asked_to_stop != Clock::time_point{} && SecondsSince(asked_to_stop) > kSecondsAfterSignal;
    if (!stopping && (patience_ <= 0 || seconds < patience_)) continue;
    std::set<int> silent;
    for (size_t i = 0; i < messages.requests.size(); ++i) {
      int answered = 0;
      MPI_Test(&messages.requests[i], &answered, MPI_STATUS_IGNORE);
      if (answered == 0) silent.insert(messages.peers[i]);
    }
    if (silent.empty()) return;
    throw Error("rank {} has not answered for {:.3g} s; the run ends here, its last checkpoint is good (--resume)",
                fmt::join(silent, ", "), seconds);
  }
}

}  // namespace fplab::tools
