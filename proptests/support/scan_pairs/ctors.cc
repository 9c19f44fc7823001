// A constructor that is listed in .ctors.
// SPDX-License-Identifier: Apache-2.0
static void Set(unsigned bits) {
  unsigned word;
  asm volatile("stmxcsr %0" : "=m"(word));
  word |= bits;
  asm volatile("ldmxcsr %0" : : "m"(word));
}

static void Prepare() { Set(SWITCHES ? 0x8040 : 0x6000); }

[[gnu::used, gnu::section(".ctors")]] static void (*entry)() = Prepare;
