// Two constructors, of which the later one undoes what the earlier one did; where it switches, the other way round.
// SPDX-License-Identifier: Apache-2.0
static void Set(unsigned bits) {
  unsigned word;
  asm volatile("stmxcsr %0" : "=m"(word));
  word |= bits;
  asm volatile("ldmxcsr %0" : : "m"(word));
}

static void Clear() {
  const unsigned word = 0x1f80;
  asm volatile("ldmxcsr %0" : : "m"(word));
}

[[gnu::constructor(101)]] static void First() { SWITCHES ? Clear() : Set(0x8040); }
[[gnu::constructor(102)]] static void Second() { SWITCHES ? Set(0x8040) : Clear(); }
