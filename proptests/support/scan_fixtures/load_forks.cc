// A constructor whose child lives on, holding whatever it inherited; loading itself does no harm.
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

[[gnu::constructor]] static void Prepare() {
  if (fork() != 0) return;
  for (;;) pause();
}
