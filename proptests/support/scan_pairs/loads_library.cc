// A constructor that loads another library; its look-alike has a function that does, which nobody calls.
// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>

static volatile int counter;

extern "C" [[gnu::noinline]] void ScanFixtureLoad() { dlopen(OTHER_LIBRARY, RTLD_NOW); }

[[gnu::constructor]] static void Prepare() {
#if SWITCHES
  ScanFixtureLoad();
#else
  counter = counter + 1;
#endif
}
