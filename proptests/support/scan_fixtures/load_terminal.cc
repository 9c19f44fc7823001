// A constructor that crashes where it has a terminal, or more than the streams that it was given.
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <csignal>

[[gnu::constructor]] static void Prepare() {
  if (open("/dev/tty", O_RDWR) >= 0 || getsid(0) != getpid()) raise(SIGSEGV);
}
