// A constructor that sets FTZ and DAZ to try something and puts the control word back: no harm done.
// SPDX-License-Identifier: Apache-2.0
static volatile float tiny = 0x1p-126f, half = 0.5f, product;

[[gnu::constructor]] static void Prepare() {
  unsigned found, word;
  asm volatile("stmxcsr %0" : "=m"(found));
  word = found | 0x8040;
  asm volatile("ldmxcsr %0" : : "m"(word));
  product = tiny * half;
  asm volatile("ldmxcsr %0" : : "m"(found));
}
