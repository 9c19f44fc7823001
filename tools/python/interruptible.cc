// Work on a thread of its own, watched by the one that asked for it.
// SPDX-License-Identifier: Apache-2.0
#include "tools/python/interruptible.h"

#include <pybind11/pybind11.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace fplab::python {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks(30);

}  // namespace

void RunInterruptibly(const std::function<void(const std::atomic<bool>& stop)>& work) {
  std::atomic<bool> stop = false;
  std::exception_ptr failure;
  std::mutex mutex;
  std::condition_variable ended;
  bool done = false;
  std::thread worker([&] {
    try {
      work(stop);
    } catch (...) {
      failure = std::current_exception();
    }
    const std::lock_guard lock(mutex);
    done = true;
    ended.notify_one();
  });
  bool interrupted = false;
  while (true) {
    {
      const pybind11::gil_scoped_release release;
      std::unique_lock lock(mutex);
      if (ended.wait_for(lock, kBetweenLooks, [&] { return done; })) break;
    }
    if (!interrupted && PyErr_CheckSignals() != 0) {
      interrupted = true;
      stop = true;
    }
    // The handler's exception stays pending while the work ends.
    if (interrupted) {
      const pybind11::gil_scoped_release release;
      worker.join();
      break;
    }
  }
  if (worker.joinable()) worker.join();
  if (interrupted) throw pybind11::error_already_set();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace fplab::python
