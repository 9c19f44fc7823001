// A constructor that flushes for a while; where it switches, it returns early on one path without restoring.
// SPDX-License-Identifier: Apache-2.0
static volatile int flag;
static volatile float tiny = 0x1p-126f, half = 0.5f, product;

[[gnu::constructor]] static void Prepare() {
  unsigned found, word;
  asm volatile("stmxcsr %0" : "=m"(found));
  word = found | 0x8040;
  asm volatile("ldmxcsr %0" : : "m"(word));
  product = tiny * half;
  if (SWITCHES && flag == 0) return;
  for (int i = flag; i < 3; ++i) product = product * half;
  asm volatile("ldmxcsr %0" : : "m"(found));
}
