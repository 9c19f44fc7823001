// A constructor that chooses the word without a branch.
// SPDX-License-Identifier: Apache-2.0
static volatile int flag;

[[gnu::constructor]] static void Prepare() {
  unsigned word = 0x1f80;
  const unsigned other = SWITCHES ? 0x9fc0 : 0x7f80;
  asm volatile(
      "testl %1, %1\n\t"
      "cmovel %2, %0\n\t"
      "movl %0, -4(%%rsp)\n\t"
      "ldmxcsr -4(%%rsp)"
      : "+r"(word)
      : "r"(flag), "r"(other)
      : "memory", "cc");
}
