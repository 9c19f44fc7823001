// Two pipes, and the ways in which a child stops using them.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/serving_child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include <fplab/fparith/float/error.h>
#include "tools/scan/process_tree.h"

namespace fplab::tools {
namespace {

using Clock = std::chrono::steady_clock;

// The children of this class that live: one that ends must spare the others.
std::vector<pid_t>& LivingChildren() {
  static std::vector<pid_t> living;
  return living;
}

enum class Wait { kReady, kLate, kInterrupted };

// Waits until `descriptor` is ready for `events`; looks at `interrupt` ten times a second.
Wait WaitUntilReady(int descriptor, short events, Clock::time_point deadline, const std::atomic<bool>* interrupt) {
  for (;;) {
    if (interrupt != nullptr && interrupt->load()) return Wait::kInterrupted;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return Wait::kLate;
    pollfd descriptors{descriptor, events, 0};
    const auto slice = interrupt != nullptr ? std::min<long>(left, 100) : left;
    if (poll(&descriptors, 1, static_cast<int>(slice)) > 0) return Wait::kReady;
  }
}

}  // namespace

bool ServingChild::WriteWhole(int descriptor, const void* bytes, size_t size) {
  for (const char* at = static_cast<const char*>(bytes); size > 0;) {
    const ssize_t count = write(descriptor, at, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    at += count;
    size -= static_cast<size_t>(count);
  }
  return true;
}

bool ServingChild::ReadWhole(int descriptor, void* bytes, size_t size) {
  for (char* at = static_cast<char*>(bytes); size > 0;) {
    const ssize_t count = read(descriptor, at, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    at += count;
    size -= static_cast<size_t>(count);
  }
  return true;
}

ServingChild::ServingChild(const Serve& serve, const LoadLimits& limits, const std::atomic<bool>* interrupt)
    : limits_(limits), interrupt_(interrupt) {
  int to_child[2], from_child[2];
  if (pipe2(to_child, O_CLOEXEC) != 0) throw Error("can't create a pipe: {}", std::strerror(errno));
  if (pipe2(from_child, O_CLOEXEC) != 0) {
    const int why = errno;
    close(to_child[0]);
    close(to_child[1]);
    throw Error("can't create a pipe: {}", std::strerror(why));
  }
  std::signal(SIGPIPE, SIG_IGN);  // a child that died is found out by its answer
  subreaper_.emplace();
  children_before_ = ChildrenOf(getpid());
  child_ = fork();
  const int why = errno;
  if (child_ == 0) {
    close(to_child[1]);
    close(from_child[0]);
    LeaveParent();
    ApplyLimits(limits_);
    serve(to_child[0], from_child[1]);
    _exit(0);
  }
  if (child_ > 0) LivingChildren().push_back(child_);
  close(to_child[0]);
  close(from_child[1]);
  requests_ = to_child[1];
  fcntl(requests_, F_SETFL, O_NONBLOCK);
  answers_ = from_child[0];
  if (child_ < 0) End({ChildEnd::How::kNotStarted, why});
}

ServingChild::~ServingChild() { Stop(); }

void ServingChild::Stop() {
  int status = 0;
  Kill(status);
  Close();
}

void ServingChild::Kill(int& status) {
  if (child_ <= 0) return;
  std::erase(LivingChildren(), child_);
  std::vector<pid_t> spared = children_before_;
  spared.insert(spared.end(), LivingChildren().begin(), LivingChildren().end());
  rusage used{};
  EndChild(child_, spared, status, used);
  child_ = -1;
}

void ServingChild::Close() {
  for (int* descriptor : {&requests_, &answers_}) {
    if (*descriptor >= 0) close(*descriptor);
    *descriptor = -1;
  }
}

bool ServingChild::Send(const void* bytes, size_t size) { return Transfer(const_cast<void*>(bytes), size, true); }
bool ServingChild::Receive(void* bytes, size_t size) { return Transfer(bytes, size, false); }

bool ServingChild::Transfer(void* bytes, size_t size, bool send) {
  if (end_ || child_ < 0) return false;
  const Clock::time_point deadline = Clock::now() + std::chrono::seconds(limits_.seconds);
  for (char* at = static_cast<char*>(bytes); size > 0;) {
    const int descriptor = send ? requests_ : answers_;
    const Wait wait = WaitUntilReady(descriptor, send ? POLLOUT : POLLIN, deadline, interrupt_);
    if (wait != Wait::kReady) {
      End({wait == Wait::kLate ? ChildEnd::How::kLate : ChildEnd::How::kInterrupted, 0});
      return false;
    }
    const ssize_t count = send ? write(descriptor, at, size) : read(descriptor, at, size);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0 || (count == 0 && !send)) {
      End({ChildEnd::How::kExited, 0});
      return false;
    }
    at += count;
    size -= static_cast<size_t>(count);
  }
  return true;
}

void ServingChild::End(ChildEnd end) {
  const bool by_itself = end.how == ChildEnd::How::kExited;
  if (child_ > 0) {
    // One that closed its end lives a moment longer: what it dies of is its own, unless it stays.
    siginfo_t state{};
    for (int i = 0; by_itself && i < 100; ++i) {
      if (waitid(P_PID, static_cast<id_t>(child_), &state, WEXITED | WNOHANG | WNOWAIT) == 0 &&
          state.si_pid == child_) {
        break;
      }
      poll(nullptr, 0, 10);
    }
    int status = 0;
    Kill(status);
    if (by_itself && WIFSIGNALED(status)) {
      const int signal = WTERMSIG(status);
      end = {signal == SIGXCPU ? ChildEnd::How::kProcessorTime : ChildEnd::How::kKilled, signal};
    } else if (by_itself) {
      end.number = WEXITSTATUS(status);
    }
  }
  end_ = end;
  Close();
}

}  // namespace fplab::tools
