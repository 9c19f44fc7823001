// A constructor that sets DAZ through a function it calls, which builds the word in registers, on one of two paths.
// SPDX-License-Identifier: Apache-2.0
static volatile int wanted = 1;

static unsigned Read() {
  unsigned word;
  asm volatile("stmxcsr %0" : "=m"(word));
  return word;
}

[[gnu::noinline]] static void Write(unsigned word) { asm volatile("ldmxcsr %0" : : "m"(word)); }

[[gnu::constructor]] static void Prepare() {
  if (wanted != 0) Write(Read() | (1u << 6));
}
