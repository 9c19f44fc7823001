// A constructor that changes the word's second byte in a register, as compilers do.
// SPDX-License-Identifier: Apache-2.0
[[gnu::constructor]] static void Prepare() {
  unsigned word;
  asm volatile("stmxcsr %0" : "=m"(word));
#if SWITCHES
  asm volatile("movl %0, %%eax\n\tor $0x80, %%ah\n\tmovl %%eax, %0" : "+m"(word) : : "eax", "cc");
#else
  asm volatile("movl %0, %%eax\n\tand $0x9f, %%ah\n\tmovl %%eax, %0" : "+m"(word) : : "eax", "cc");
#endif
  asm volatile("ldmxcsr %0" : : "m"(word));
}
