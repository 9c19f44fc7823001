// Signal handlers for a clean stop.
// SPDX-License-Identifier: Apache-2.0
#include "tools/terminal/interrupt.h"

namespace fplab::tools {
namespace {

std::atomic<int> noted = 0;
std::atomic<bool> requested = false;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free,
              "a signal handler may touch no others");

void Note(int signal) {
  requested = true;
  if (noted.exchange(signal) == 0) return;
  ::signal(signal, SIG_DFL);
  ::raise(signal);  // delivered when this handler returns
}

}  // namespace

InterruptGuard::InterruptGuard() {
  noted = 0;
  requested = false;
  struct sigaction note = {};
  note.sa_handler = Note;
  note.sa_flags = SA_RESTART;
  sigemptyset(&note.sa_mask);
  for (size_t i = 0; i < kSignals.size(); ++i) {
    ::sigaction(kSignals[i], nullptr, &found_[i]);
    const bool ignored = (found_[i].sa_flags & SA_SIGINFO) == 0 && found_[i].sa_handler == SIG_IGN;
    if (!ignored) ::sigaction(kSignals[i], &note, nullptr);
  }
}

InterruptGuard::~InterruptGuard() {
  for (size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &found_[i], nullptr);
}

bool InterruptGuard::Requested() { return noted != 0; }

const std::atomic<bool>& InterruptGuard::Flag() { return requested; }

int InterruptGuard::Status() {
  const int signal = noted;
  return signal == 0 ? 0 : 128 + signal;
}

}  // namespace fplab::tools
