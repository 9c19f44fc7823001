// A constructor that loads one of two words, by a flag; its look-alike has the same paths and no flushing word.
// SPDX-License-Identifier: Apache-2.0
static volatile int flag;

[[gnu::constructor]] static void Prepare() {
  const unsigned plain = 0x1f80, other = SWITCHES ? 0x9fc0 : 0x7f80;  // 0x7f80 rounds towards zero
  asm volatile(
      "testl %0, %0\n\t"
      "je 1f\n\t"
      "movl %1, -4(%%rsp)\n\t"
      "jmp 2f\n"
      "1: movl %2, -4(%%rsp)\n"
      "2: ldmxcsr -4(%%rsp)"
      :
      : "r"(flag), "r"(plain), "r"(other)
      : "memory", "cc");
}
