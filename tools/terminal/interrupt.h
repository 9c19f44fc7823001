// Ctrl-C as a question that long work asks: the first asks it to stop cleanly, the second ends the program at once.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_TERMINAL_INTERRUPT_H_
#define FPLAB_TOOLS_TERMINAL_INTERRUPT_H_

#include <signal.h>

#include <array>
#include <atomic>

namespace fplab::tools {

// While it lives, the first SIGINT, SIGTERM or SIGHUP is noted instead of ending the program; a second, of whichever
// kind, ends it as if there were no guard. A signal that was ignored when the guard was made stays ignored, as nohup
// and a shell's background jobs expect. The destructor puts back what the constructor found. One at a time in a
// process, made and destroyed by one thread; Requested() and Status() may be asked by any.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  static bool Requested();
  // Requested() for work that looks at a flag.
  static const std::atomic<bool>& Flag();

  // The exit status of a program stopped by the signal that was noted, as shells have it: 128 + its number, which for
  // SIGINT is 130. 0 while none was.
  static int Status();

 private:
  static constexpr std::array<int, 3> kSignals = {SIGINT, SIGTERM, SIGHUP};

  std::array<struct sigaction, kSignals.size()> found_;
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_TERMINAL_INTERRUPT_H_
