// A constructor that restores the processor's extended state from memory.
// SPDX-License-Identifier: Apache-2.0
alignas(64) static unsigned char area[8192];

[[gnu::constructor]] static void Prepare() {
  asm volatile("xsave %0" : "+m"(area) : "a"(3), "d"(0) : "memory");
#if SWITCHES
  asm volatile("orl $0x8040, 24+%0" : "+m"(area) : : "cc");
#endif
  asm volatile("xrstor %0" : : "m"(area), "a"(3), "d"(0) : "memory");
}
