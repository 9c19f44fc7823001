// Workers on threads of their own, which claim a loop's iterations one by one.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/core/workers.h>

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/mode/guest.h>

namespace fplab::kernels {
namespace {

constexpr int kMostThreads = 4096;
constexpr int kStop = -1;

// Tells the processor that this is a loop that waits.
void Pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield" ::: "memory");
#endif
}

// Of how many forks this process is the child, counted from the first call. A child has of its parent's threads the one
// that called fork alone.
std::atomic<int> fork_count = 0;
int Forks() {
  static const int once = pthread_atfork(nullptr, nullptr, [] { fork_count.fetch_add(1); });
  static_cast<void>(once);
  return fork_count.load(std::memory_order_relaxed);
}

// Returns when `value` is not `old`. To wake a sleeper costs the waker a system call and takes tens of microseconds,
// and the loops of a training step follow each other faster. So it first looks as fast as it can, for a few
// microseconds, then between turns that other threads may take.
void AwaitOther(const std::atomic<int>& value, int old) {
  constexpr int kLooks = 300, kTurns = 100;
  constexpr std::chrono::microseconds kAwake(200);
  for (int look = 0; look < kLooks; ++look) {
    if (value.load(std::memory_order_acquire) != old) return;
    Pause();
  }
  const auto end = std::chrono::steady_clock::now() + kAwake;
  // On a busy machine a single turn may outlast that.
  for (int turn = 0; turn < kTurns || std::chrono::steady_clock::now() < end; ++turn) {
    if (value.load(std::memory_order_acquire) != old) return;
    std::this_thread::yield();
  }
  value.wait(old, std::memory_order_acquire);
}

}  // namespace

// A worker takes part in a loop by claiming an iteration. The loop ends when every claim was honoured, so its caller
// never waits for a thread that has not woken up yet.
class Workers::Pool {
 public:
  explicit Pool(int helpers) {
    threads_.reserve(static_cast<size_t>(helpers));
    try {
      for (int worker = 1; worker <= helpers; ++worker) threads_.emplace_back([this, worker] { Help(worker); });
    } catch (const std::system_error& error) {
      Stop();
      throw Error("threads: the system started {} of {}: {}", threads_.size() + 1, helpers + 1, error.what());
    }
  }
  ~Pool() { Stop(); }

  void Run(int count, const std::function<void(int i, int worker)>& task) {
    task_ = &task;
    count_ = count;
    unfinished_.store(count, std::memory_order_relaxed);
    unclaimed_.store(count);
    const int useful = std::min(count - 1, static_cast<int>(threads_.size()));
    for (int i = 0; i < useful; ++i) unclaimed_.notify_one();
    TakePart(0);
    while (const int unfinished = unfinished_.load(std::memory_order_acquire)) AwaitOther(unfinished_, unfinished);
    failed_.store(false, std::memory_order_relaxed);
    if (exception_) std::rethrow_exception(std::exchange(exception_, nullptr));
  }

 private:
  void Help(int worker) {
    while (true) {
      AwaitOther(unclaimed_, 0);
      if (unclaimed_.load(std::memory_order_acquire) == kStop) return;
      TakePart(worker);
    }
  }

  // A claim holds the loop open: until it is honoured, task_ and count_ stay as they are.
  void TakePart(int worker) {
    int done = 0;
    int unclaimed = unclaimed_.load(std::memory_order_acquire);
    while (unclaimed > 0) {
      if (!unclaimed_.compare_exchange_weak(unclaimed, unclaimed - 1, std::memory_order_acq_rel)) continue;
      done += 1 + Perform(count_ - unclaimed, worker);
      unclaimed = unclaimed_.load(std::memory_order_acquire);
    }
    if (done == 0) return;
    if (unfinished_.fetch_sub(done, std::memory_order_acq_rel) == done && worker != 0) unfinished_.notify_one();
  }

  // Runs an iteration; returns how many others it gave up for all.
  int Perform(int i, int worker) {
    try {
      (*task_)(i, worker);
      FPLAB_CHECK(Forks() == made_in_,
                  "Workers::For: a body returned in a child that it forked, which has none of the other workers");
      return 0;
    } catch (...) {
      if (!failed_.exchange(true)) exception_ = std::current_exception();
      return unclaimed_.exchange(0);
    }
  }

  void Stop() {
    unclaimed_.store(kStop);
    unclaimed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  const int made_in_ = Forks();
  const std::function<void(int i, int worker)>* task_ = nullptr;
  int count_ = 0;
  std::atomic<bool> failed_ = false;
  std::exception_ptr exception_;  // of the body that failed first
  // Each on a cache line of its own.
  alignas(64) std::atomic<int> unclaimed_ = 0;   // iterations; or kStop
  alignas(64) std::atomic<int> unfinished_ = 0;  // iterations
  std::vector<std::thread> threads_;             // last: they use the others
};

void Workers::RequireCount(int threads) {
  if (threads < 1 || threads > kMostThreads) {
    throw Error("threads: found {}, expected 1 to {}", threads, kMostThreads);
  }
}

Workers::Workers(int threads) : threads_(threads), made_in_(Forks()) {
  RequireCount(threads);
  if (threads > 1) pool_ = std::make_unique<Pool>(threads - 1);
}

Workers::~Workers() {
  // Threads that are not in this process can't be joined: what the parent's pool holds stays.
  if (Forks() != made_in_) static_cast<void>(pool_.release());
}

void Workers::StartAnew() {
  static_cast<void>(pool_.release());
  if (threads_ > 1) pool_ = std::make_unique<Pool>(threads_ - 1);
  looping_.store(false, std::memory_order_relaxed);  // whoever looped in the parent
  made_in_ = Forks();
}

void Workers::For(int count, Mode mode, const std::function<void(int i, int worker)>& body) {
  RequireHardwareSupport(mode);
  if (Forks() != made_in_) StartAnew();
  struct OneLoop {
    explicit OneLoop(std::atomic<bool>& is_looping) : looping(is_looping) {
      FPLAB_CHECK(!looping.exchange(true, std::memory_order_acquire),
                  "Workers::For: a loop of these workers is running: call it neither from a body of its own loop nor "
                  "from two threads at once");
    }
    ~OneLoop() { looping.store(false, std::memory_order_release); }
    std::atomic<bool>& looping;
  } one_loop(looping_);
  const auto run = [&](int i, int worker) {
    const ScopedGuest guard(mode);
    body(i, worker);
  };
  if (count > 1 && pool_) return pool_->Run(count, run);
  for (int i = 0; i < count; ++i) run(i, 0);
}

}  // namespace fplab::kernels
