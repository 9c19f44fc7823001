// A library whose start-up code does what LOAD_FAULT says.
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace {

int* volatile nowhere = nullptr;

[[gnu::constructor]] void Load() {
  enum { exits, crashes, hangs, prints, flushes };
  switch (LOAD_FAULT) {
    case exits:
      std::exit(3);
    case crashes:
      *nowhere = 1;
      break;
    case hangs:
      for (;;) pause();
    case prints:
      std::printf("hello from a library\n");
      std::fprintf(stderr, "and on standard error\n");
      break;
    case flushes:
      __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | 0x8040u);
      break;
  }
}

}  // namespace

extern "C" float half(float x) { return x / 2; }
