// Functions that statements call: right ones, one that is wrong where something flushes, and ones that misbehave.
// SPDX-License-Identifier: Apache-2.0
#include <sys/types.h>
#include <unistd.h>

#include <cstdlib>

extern "C" {

float lerp(float a, float b, float t) { return a + t * (b - a); }
double lerp_of_doubles(double a, double b, double t) { return a + t * (b - a); }

float first_of_eight(float a, float, float, float, float, float, float, float) { return a; }
float last_of_eight(float, float, float, float, float, float, float, float h) { return h; }

// Guards a quotient by a difference: the guard is false where the difference flushes.
float guarded(float a, float b) { return a == b ? 1 : a - b == 0 ? 2 : 1; }

float leaves_a_mode(float a) {
#if defined(__x86_64__)
  __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() ^ 0x8040u);
#endif
  return a * 1.0f;
}

float crashes(float a) {
  *static_cast<volatile int*>(nullptr) = 1;
  return a;
}

float exits(float) { std::exit(0); }

float hangs(float) {
  for (;;) pause();
}

float forks(float a) {
  static const pid_t child = fork();
  while (child == 0) pause();
  return a;
}

}  // extern "C"
