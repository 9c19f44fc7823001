// A constructor that changes one byte of the word, as compilers do.
// SPDX-License-Identifier: Apache-2.0
[[gnu::constructor]] static void Prepare() {
  unsigned word;
  asm volatile("stmxcsr %0" : "=m"(word));
#if SWITCHES
  asm volatile("orb $0x80, 1+%0" : "+m"(word) : : "cc");
#else
  asm volatile("orb $0x60, 1+%0" : "+m"(word) : : "cc");
#endif
  asm volatile("ldmxcsr %0" : : "m"(word));
}
