// A constructor that sets FTZ and DAZ as fast-math start-up routines do, under a name that says nothing.
// SPDX-License-Identifier: Apache-2.0
[[gnu::constructor]] static void Prepare() {
  unsigned word;
  asm volatile("stmxcsr %0" : "=m"(word));
  word |= 0x8040;
  asm volatile("ldmxcsr %0" : : "m"(word));
}
