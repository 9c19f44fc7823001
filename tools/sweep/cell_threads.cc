// Starting, watching and joining; what is thrown on a thread is thrown again on the caller's.
// SPDX-License-Identifier: Apache-2.0
#include "tools/sweep/cell_threads.h"

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace fplab::tools {
namespace {

// While it lives, threads that are started leave all signals to the others.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

class Watched {
 public:
  Watched(size_t count, std::atomic<bool>& stop, const std::function<void(size_t)>& body)
      : count_(count), stop_(stop), body_(body) {}
  ~Watched() { Join(); }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  void Start(size_t threads) {
    const SignalsBlocked blocked;
    threads_.reserve(threads);
    for (size_t i = 0; i < threads; ++i) {
      {
        const std::lock_guard lock(mutex_);
        ++active_;
      }
      try {
        threads_.emplace_back([this] { TakeNumbers(); });
      } catch (...) {
        End(std::current_exception());
        return;
      }
    }
  }

  void Watch(const std::function<void()>& watch) {
    std::unique_lock lock(mutex_);
    while (active_ > 0) {
      changed_.wait_for(lock, std::chrono::milliseconds(100));
      lock.unlock();
      try {
        watch();
      } catch (...) {
        Note(std::current_exception());
        Join();
      }
      lock.lock();
    }
  }

  // Throws what was thrown first.
  void Finish() {
    Join();
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  void TakeNumbers() {
    try {
      while (!stop_) {
        const size_t number = next_.fetch_add(1);
        if (number >= count_) break;
        body_(number);
      }
      End(nullptr);
    } catch (...) {
      End(std::current_exception());
    }
  }

  void Note(std::exception_ptr thrown) {
    const std::lock_guard lock(mutex_);
    if (!thrown_) thrown_ = std::move(thrown);
    stop_ = true;
  }

  void End(std::exception_ptr thrown) {
    if (thrown) Note(std::move(thrown));
    const std::lock_guard lock(mutex_);
    --active_;
    changed_.notify_all();
  }

  void Join() {
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

  const size_t count_;
  std::atomic<bool>& stop_;
  const std::function<void(size_t)>& body_;
  std::atomic<size_t> next_ = 0;
  std::vector<std::thread> threads_;
  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  size_t active_ = 0;  // threads
  std::exception_ptr thrown_;
};

}  // namespace

void RunWatched(size_t count, int threads, std::atomic<bool>& stop, const std::function<void(size_t)>& body,
                const std::function<void()>& watch) {
  Watched watched(count, stop, body);
  watched.Start(std::min(static_cast<size_t>(threads), count));
  watched.Watch(watch);
  watched.Finish();
}

}  // namespace fplab::tools
