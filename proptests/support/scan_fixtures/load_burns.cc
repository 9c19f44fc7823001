// A constructor that computes for ever and ignores the signal that says so.
// SPDX-License-Identifier: Apache-2.0
#include <csignal>

static volatile unsigned counter;

[[gnu::constructor]] static void Prepare() {
  std::signal(SIGXCPU, SIG_IGN);
  for (;;) counter = counter + 1;
}
