// A constructor that calls through a table of functions that flush for a while; where it switches, one does not
// restore. SPDX-License-Identifier: Apache-2.0
static volatile int which;
static volatile float tiny = 0x1p-126f, half = 0.5f, product;

static unsigned Read() {
  unsigned word;
  asm volatile("stmxcsr %0" : "=m"(word));
  return word;
}
static void Write(unsigned word) { asm volatile("ldmxcsr %0" : : "m"(word)); }

static void Flush() {
  const unsigned found = Read();
  Write(found | 0x8040);
  product = tiny * half;
  if (!SWITCHES) Write(found);
}
static void Keep() { product = tiny; }

static void (*volatile table[2])() = {Flush, Keep};

[[gnu::constructor]] static void Prepare() { table[which](); }
