// Threads that take one number after another, watched by the thread that started them.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SWEEP_CELL_THREADS_H_
#define FPLAB_TOOLS_SWEEP_CELL_THREADS_H_

#include <atomic>
#include <cstddef>
#include <functional>

namespace fplab::tools {

// Calls body(i) once for each i below `count`, on `threads` threads (at least 1) that take them in order and leave all
// signals to others; meanwhile watch(), on the calling thread, some ten times a second. Returns when all have ended.
// Once `stop` is true no other number is taken; a body may look at it too. If a body or watch() throws, or a thread
// can't be started, `stop` becomes true, and the first exception is thrown here when all threads have ended.
void RunWatched(size_t count, int threads, std::atomic<bool>& stop, const std::function<void(size_t)>& body,
                const std::function<void()>& watch);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SWEEP_CELL_THREADS_H_
