// A constructor that sets the C library's environment; its look-alike puts back the one it found.
// SPDX-License-Identifier: Apache-2.0
#include <cfenv>

[[gnu::constructor]] static void Prepare() {
  std::fenv_t environment;
  std::fegetenv(&environment);
  if (SWITCHES) environment.__mxcsr |= 0x8040;
  std::fesetround(FE_UPWARD);
  std::fesetenv(&environment);
}
