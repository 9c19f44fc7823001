// Ctrl-C as a question that long work asks: the first asks it to stop cleanly, the second ends the program at once.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_TERMINAL_INTERRUPT_H_
#define FPLAB_TOOLS_TERMINAL_INTERRUPT_H_

namespace fplab::tools {

// While it lives, SIGINT and SIGTERM are noted instead of ending the program.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  static bool Requested();
};

// Exit status of a program stopped by SIGINT, as shells have it.
inline constexpr int kInterrupted = 130;

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_TERMINAL_INTERRUPT_H_
