// A constructor with a switch of many cases, of which one loads a flushing word.
// SPDX-License-Identifier: Apache-2.0
static volatile int which = 3;
static volatile int count;

static void Load(unsigned word) { asm volatile("ldmxcsr %0" : : "m"(word)); }

[[gnu::constructor]] static void Prepare() {
  switch (which) {
    case 0:
      count = 7;
      break;
    case 1:
      Load(0x1f80);
      break;
    case 2:
      count = count + 1;
      break;
    case 3:
      Load(SWITCHES ? 0x9fc0 : 0x7f80);
      break;
    case 4:
      count = count * 3;
      break;
    case 5:
      Load(0x3f80);
      break;
    case 6:
      count = count - 5;
      break;
    default:
      count = 9;
  }
}
