// A constructor that keeps the word it found in static memory and loads it again; where it switches, another.
// SPDX-License-Identifier: Apache-2.0
static unsigned found, flushing = 0x9fc0;

[[gnu::constructor]] static void Prepare() {
  unsigned word = 0x9fc0;
  asm volatile("stmxcsr %0" : "=m"(found));
  asm volatile("ldmxcsr %0" : : "m"(word));
  asm volatile("ldmxcsr %0" : : "m"(SWITCHES ? flushing : found));
}
