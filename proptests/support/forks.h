// Children of a test by fork: how they end, and whether they can start threads at all.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_FORKS_H_
#define FPLAB_PROPTESTS_SUPPORT_FORKS_H_

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <thread>

#include "proptests/support/sanitizers.h"

namespace fplab {

// Runs `body` in a child of this process, which is killed if it has not ended after minutes. Returns the exit status
// that body gives, or minus the signal that ended the child.
inline int InChild(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(300);
    _exit(body());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

// Whether the child of a process with threads can start threads: ThreadSanitizer ends such a child, and QEMU's
// emulation of a process aborts in it.
inline bool ChildrenStartThreads() {
  if (kThreadSanitizer) return false;
  std::atomic<bool> stop = false;
  std::thread alive([&] { stop.wait(false); });
  const bool started = InChild([] {
                         std::thread([] {}).join();
                         return 7;
                       }) == 7;
  stop = true;
  stop.notify_all();
  alive.join();
  return started;
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_FORKS_H_
