// A constructor that leaves a daemon behind: a grandchild in a session of its own, whose parent is gone.
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

[[gnu::constructor]] static void Prepare() {
  if (fork() != 0) return;
  setsid();
  if (fork() != 0) _exit(0);
  for (;;) pause();
}
