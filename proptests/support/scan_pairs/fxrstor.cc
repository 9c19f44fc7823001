// A constructor that restores the processor's state from memory; its look-alike from what it saved there.
// SPDX-License-Identifier: Apache-2.0
alignas(16) static unsigned char area[512];

[[gnu::constructor]] static void Prepare() {
  alignas(16) unsigned char saved[512];
  asm volatile("fxsave %0" : "=m"(saved));
#if SWITCHES
  asm volatile("orl $0x8040, 24+%0" : "+m"(saved) : : "cc");
#endif
  asm volatile("fxrstor %0" : : "m"(saved));
  area[0] = saved[0];
}
