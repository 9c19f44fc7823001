// A constructor that loads MXCSR by the instruction's VEX form.
// SPDX-License-Identifier: Apache-2.0
[[gnu::constructor]] static void Prepare() {
  const unsigned word = SWITCHES ? 0x9fc0 : 0x1f80;
  asm volatile("vldmxcsr %0" : : "m"(word));
}
