// A function that switches, which a constructor calls; its look-alike has the function and calls another.
// SPDX-License-Identifier: Apache-2.0
static void Set(unsigned bits) {
  unsigned word;
  asm volatile("stmxcsr %0" : "=m"(word));
  word |= bits;
  asm volatile("ldmxcsr %0" : : "m"(word));
}

static volatile int counter;

extern "C" [[gnu::noinline]] void ScanFixtureSet() { Set(0x8040); }
extern "C" [[gnu::noinline]] void ScanFixtureCount() { counter = counter + 1; }

[[gnu::constructor]] static void Prepare() { SWITCHES ? ScanFixtureSet() : ScanFixtureCount(); }
