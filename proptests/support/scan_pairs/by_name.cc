// A constructor that asks for fesetenv by its name; its look-alike for another function.
// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>

#include <cfenv>

[[gnu::constructor]] static void Prepare() {
  std::fenv_t environment;
  std::fegetenv(&environment);
  environment.__mxcsr |= 0x8040;
  const auto set =
      reinterpret_cast<int (*)(const std::fenv_t*)>(dlsym(RTLD_DEFAULT, SWITCHES ? "fesetenv" : "fegetenv"));
  if (set != nullptr) set(&environment);
}
