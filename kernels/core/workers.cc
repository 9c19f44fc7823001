// Workers on oneTBB.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/core/workers.h>

#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>

#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#endif

namespace fplab::kernels {
namespace {

// The order that oneTBB gives a loop's caller and its bodies. ThreadSanitizer has to be told of it: it does not see
// into the library.
class LoopOrder {
 public:
#ifdef __SANITIZE_THREAD__
  LoopOrder() { __tsan_release(&begin_); }
  void BodyBegins() { __tsan_acquire(&begin_); }
  void BodyEnds() { __tsan_release(&end_); }
  void LoopEnded() { __tsan_acquire(&end_); }

 private:
  char begin_ = 0, end_ = 0;
#else
  void BodyBegins() {}
  void BodyEnds() {}
  void LoopEnded() {}
#endif
};

}  // namespace

struct Workers::Arena {
  explicit Arena(int threads)
      : limit(tbb::global_control::max_allowed_parallelism, static_cast<size_t>(threads)), arena(threads) {}

  tbb::global_control limit;  // by default the library starts no more threads than there are processors
  tbb::task_arena arena;
};

Workers::Workers(int threads) : threads_(threads) {
  constexpr int kMost = 4096;
  if (threads < 1 || threads > kMost) throw Error("threads: found {}, expected 1 to {}", threads, kMost);
  if (threads > 1) arena_ = std::make_unique<Arena>(threads);
}

Workers::~Workers() = default;

void Workers::For(int count, Mode mode, const std::function<void(int i, int worker)>& body) {
  RequireHardwareSupport(mode);
  const auto run = [&](int i, int worker) {
    const ScopedMode guard(mode);
    body(i, worker);
  };
  if (!arena_) {
    for (int i = 0; i < count; ++i) run(i, 0);
    return;
  }
  LoopOrder order;
  arena_->arena.execute([&] {
    tbb::parallel_for(
        tbb::blocked_range<int>(0, count, 1),
        [&](const tbb::blocked_range<int>& range) {
          order.BodyBegins();
          for (int i = range.begin(); i < range.end(); ++i) run(i, tbb::this_task_arena::current_thread_index());
          order.BodyEnds();
        },
        tbb::simple_partitioner());
  });
  order.LoopEnded();
}

}  // namespace fplab::kernels
