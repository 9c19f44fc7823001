// The machine that a measurement ran on.
// SPDX-License-Identifier: Apache-2.0
#include "bench/suites/machine.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace fplab::bench {

std::string CpuName() {
  std::string name = "unknown", details;
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line) && !line.empty();) {  // the first processor
    const size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    const std::string key = line.substr(0, line.find_last_not_of(" \t:", colon) + 1), value = line.substr(colon + 2);
    if (key == "model name") name = value;
    if (key == "cpu family" || key == "model")
      details += fmt::format("{}{} {}", details.empty() ? "" : ", ", key, value);
  }
  return details.empty() ? name : fmt::format("{} ({})", name, details);
}

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

}  // namespace fplab::bench
