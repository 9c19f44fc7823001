// Workers: a fixed number of threads that run the iterations of a loop, each in the mode asked for.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_CORE_WORKERS_H_
#define FPLAB_KERNELS_CORE_WORKERS_H_

#include <functional>
#include <memory>

#include <fplab/fparith/mode/mode.h>

namespace fplab::kernels {

// The control word belongs to a thread, and a pool's threads keep the one they were made with; so For sets the mode
// inside every task, and restores what the thread had. Nothing computed by a loop may depend on which worker ran what.
class Workers {
 public:
  // The calling thread is one of the `threads` workers. Throws Error if threads < 1 or threads > 4096. More workers
  // than processors are allowed.
  explicit Workers(int threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  int count() const { return threads_; }

  // body(i, worker) for every i in [0, count), in any order, and returns when all are done; worker, in [0, count()),
  // is different for bodies that run at the same time, for scratch memory. An exception of a body is rethrown here,
  // after the running bodies have ended. Throws Error if the machine does not have `mode`.
  void For(int count, Mode mode, const std::function<void(int i, int worker)>& body);

 private:
  struct Arena;
  int threads_;
  std::unique_ptr<Arena> arena_;
};

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_CORE_WORKERS_H_
