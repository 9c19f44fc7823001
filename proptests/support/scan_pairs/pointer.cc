// A constructor that calls through a table of functions; its look-alike through one without the function that switches.
// SPDX-License-Identifier: Apache-2.0
static void Set(unsigned bits) {
  unsigned word;
  asm volatile("stmxcsr %0" : "=m"(word));
  word |= bits;
  asm volatile("ldmxcsr %0" : : "m"(word));
}

static volatile int counter, which;

extern "C" [[gnu::noinline]] void ScanFixtureSet() { Set(0x8040); }
static void Count() { counter = counter + 1; }

static void (*volatile table[2])() = {SWITCHES ? ScanFixtureSet : Count, Count};

[[gnu::constructor]] static void Prepare() { table[which](); }
