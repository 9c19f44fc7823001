// The machine that a measurement ran on.
// SPDX-License-Identifier: Apache-2.0
#include "bench/suites/machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace fplab::bench {

std::string CompilerName() {
#if defined(__clang__)
  return fmt::format("Clang {}", __clang_version__);
#else
  return fmt::format("GCC {}", __VERSION__);
#endif
}

double LoadAverage() {
  double load = -1;
  return getloadavg(&load, 1) == 1 ? load : -1;
}

uint64_t ReadTicks() {
#if defined(__x86_64__)
  return __rdtsc();
#elif defined(__aarch64__)
  uint64_t ticks;
  asm volatile("mrs %0, cntvct_el0" : "=r"(ticks));
  return ticks;
#else
  return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

double TicksPerNanosecond() {
  static const double rate = [] {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    const uint64_t first = ReadTicks();
    while (Clock::now() - start < std::chrono::milliseconds(50)) {
    }
    const uint64_t last = ReadTicks();
    return static_cast<double>(last - first) / std::chrono::duration<double, std::nano>(Clock::now() - start).count();
  }();
  return rate;
}

double ChainRate() {
  using Clock = std::chrono::steady_clock;
  constexpr int kChain = 1000;
  double best = 0;
  for (int measurement = 0; measurement < 5; ++measurement) {
    uint64_t x = 3;
    int64_t multiplications = 0;
    const auto start = Clock::now();
    double nanoseconds = 0;
    do {
      for (int i = 0; i < kChain; ++i) {
        x *= 0x9e3779b97f4a7c15u;
        asm volatile("" : "+r"(x));  // each is done
      }
      multiplications += kChain;
      nanoseconds = std::chrono::duration<double, std::nano>(Clock::now() - start).count();
    } while (nanoseconds < 5e5);
    best = std::max(best, static_cast<double>(multiplications) / nanoseconds);
  }
  return best;
}

}  // namespace fplab::bench
