// A constructor that takes no notice of alarms and waits for ever.
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <csignal>

[[gnu::constructor]] static void Prepare() {
  std::signal(SIGALRM, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  alarm(0);
  for (;;) pause();
}
