// A constructor that loads a constant control word with FTZ set.
// SPDX-License-Identifier: Apache-2.0
[[gnu::constructor]] static void Prepare() {
  const unsigned word = 0x9f80;
  asm volatile("ldmxcsr %0" : : "m"(word));
}
