// Threads of the kernels, kept from one call to the next.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PYTHON_BORROWED_WORKERS_H_
#define FPLAB_TOOLS_PYTHON_BORROWED_WORKERS_H_

#include <memory>

#include <fplab/kernels/core/workers.h>

namespace fplab::python {

// Workers for one call, which no other call has meanwhile: those of an earlier call with as many threads that has
// ended, or new ones. Made and destroyed with the GIL held, which guards the ones that are kept; threads start in
// microseconds, but there are small products. Throws Error as Workers does.
class BorrowedWorkers {
 public:
  explicit BorrowedWorkers(int threads);
  ~BorrowedWorkers();
  BorrowedWorkers(const BorrowedWorkers&) = delete;
  BorrowedWorkers& operator=(const BorrowedWorkers&) = delete;

  kernels::Workers& get() const { return *workers_; }

 private:
  std::unique_ptr<kernels::Workers> workers_;
};

}  // namespace fplab::python

#endif  // FPLAB_TOOLS_PYTHON_BORROWED_WORKERS_H_
