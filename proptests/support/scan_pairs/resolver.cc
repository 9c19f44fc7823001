// A resolver of an indirect function, which the loader calls, that switches.
// SPDX-License-Identifier: Apache-2.0
extern "C" {
static int Plain() { return 1; }

int (*ScanFixtureResolve())() {
#if SWITCHES
  const unsigned word = 0x9fc0;
#else
  const unsigned word = 0x1f80;
#endif
  asm volatile("ldmxcsr %0" : : "m"(word));
  return Plain;
}

int ScanFixtureChosen() __attribute__((ifunc("ScanFixtureResolve")));
int (*scan_fixture_pointer)() = ScanFixtureChosen;
}
