// Signal handlers for a clean stop.
// SPDX-License-Identifier: Apache-2.0
#include "tools/terminal/interrupt.h"

#include <csignal>

namespace fplab::tools {
namespace {

volatile std::sig_atomic_t requested = 0;

void Note(int signal) {
  requested = 1;
  std::signal(signal, SIG_DFL);
}

}  // namespace

InterruptGuard::InterruptGuard() {
  requested = 0;
  std::signal(SIGINT, Note);
  std::signal(SIGTERM, Note);
}

InterruptGuard::~InterruptGuard() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

bool InterruptGuard::Requested() { return requested != 0; }

}  // namespace fplab::tools
