// Workers: a fixed number of threads that run the iterations of a loop, each in the mode asked for.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_CORE_WORKERS_H_
#define FPLAB_KERNELS_CORE_WORKERS_H_

#include <atomic>
#include <functional>
#include <memory>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/mode/mode.h>

namespace fplab::kernels {

// The threads are this object's own: it takes none from another pool of the process (of another Workers, or of a
// library of the host program) and limits none. Between loops they look for the next one for some 200 microseconds,
// giving way to whatever else wants the processor, and then sleep.
//
// The control word belongs to a thread, and a pool's threads keep the one they were made with; so For sets the mode
// inside every task, with every exception masked, and gives the thread its own state back, sticky flags included.
// Nothing computed by a loop may depend on which worker ran what.
//
// In the child of a fork, which has none of its parent's threads, the first loop starts threads anew; the memory of the
// parent's is not freed there.
class FPLAB_EXPORT Workers {
 public:
  // Throws Error if threads < 1 or threads > 4096.
  static void RequireCount(int threads);

  // The calling thread is one of the `threads` workers, the others are started here. More workers than processors are
  // allowed: they take turns. Throws Error as RequireCount does, or if the system refuses to start a thread.
  explicit Workers(int threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  int count() const { return threads_; }

  // body(i, worker) for every i in [0, count), in any order, and returns when all are done; worker, in [0, count()),
  // is different for bodies that run at the same time, for scratch memory; the caller is worker 0. An exception of a
  // body is rethrown here, after the running bodies have ended; iterations that had not begun are left out. Throws
  // Error if the machine does not have `mode`.
  //
  // One loop at a time (checked): a body may run a loop of other workers, but not of these, nor may two threads. A body
  // may fork, but not return in the child (checked).
  void For(int count, Mode mode, const std::function<void(int i, int worker)>& body);

 private:
  class Pool;
  void StartAnew();

  int threads_;
  int made_in_;  // how many forks deep
  std::atomic<bool> looping_ = false;
  std::unique_ptr<Pool> pool_;  // none for one worker
};

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_CORE_WORKERS_H_
