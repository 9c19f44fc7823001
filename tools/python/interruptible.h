// Long work that Ctrl-C stops.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PYTHON_INTERRUPTIBLE_H_
#define FPLAB_TOOLS_PYTHON_INTERRUPTIBLE_H_

#include <atomic>
#include <functional>

namespace fplab::python {

// Runs work(stop) on another thread, without the GIL, and returns when it has ended. Meanwhile this thread, which holds
// the GIL when it calls, sees to Python's signals every few hundredths of a second: once a handler raises, `stop` is
// set, and when the work has ended the handler's exception is thrown (pybind11::error_already_set). An exception of the
// work is thrown here.
void RunInterruptibly(const std::function<void(const std::atomic<bool>& stop)>& work);

}  // namespace fplab::python

#endif  // FPLAB_TOOLS_PYTHON_INTERRUPTIBLE_H_
