// A chain of multiplications for the clock, /proc/stat for the others.
// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/machine_watch.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "bench/suites/machine.h"

namespace fplab::tools {
namespace {

// What repetitions of one benchmark differ by on a quiet machine.
constexpr double kClockMoved = 0.05;
constexpr double kOthersWorked = 0.1;  // of a processor
constexpr double kShortest = 0.2;      // seconds between looks that tell others' work: /proc/stat counts in hundredths

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

}  // namespace

std::optional<MachineWatch::Times> MachineWatch::TimesNow() {
  std::FILE* file = std::fopen("/proc/stat", "r");
  if (file == nullptr) return std::nullopt;
  std::array<unsigned long long, 8> t{};  // user nice system idle iowait irq softirq steal
  const int found = std::fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &t[0], &t[1], &t[2], &t[3], &t[4],
                                &t[5], &t[6], &t[7]);
  std::fclose(file);
  rusage usage{};
  if (found != 8 || getrusage(RUSAGE_SELF, &usage) != 0) return std::nullopt;
  const auto ticks = static_cast<double>(t[0] + t[1] + t[2] + t[5] + t[6] + t[7]);
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  return Times{wall, ticks / static_cast<double>(sysconf(_SC_CLK_TCK)),
               Seconds(usage.ru_utime) + Seconds(usage.ru_stime)};
}

void MachineWatch::Look() {
  Reading reading{bench::ChainRate(), std::nullopt};
  const std::optional<Times> now = TimesNow();
  if (!last_ || !now) {
    last_ = now;
  } else if (now->wall - last_->wall >= kShortest) {
    const double others = (now->busy - last_->busy) - (now->own - last_->own);
    reading.others = std::max(0.0, others / (now->wall - last_->wall));
    last_ = now;
  }
  Add(reading);
}

std::vector<std::string> MachineWatch::Warnings() const {
  std::vector<std::string> warnings;
  if (readings_.empty()) return warnings;
  const auto [least, greatest] =
      std::minmax_element(readings_.begin(), readings_.end(),
                          [](const Reading& a, const Reading& b) { return a.chain_rate < b.chain_rate; });
  const double moved = 1 - least->chain_rate / greatest->chain_rate;
  if (moved > kClockMoved) warnings.push_back(fmt::format("the clock moved by {:.0f} % during the run", 100 * moved));
  double most = 0;
  for (const Reading& reading : readings_) most = std::max(most, reading.others.value_or(0));
  if (most > kOthersWorked) warnings.push_back(fmt::format("other work took up to {:.2f} of a processor", most));
  return warnings;
}

BenchJson MachineWatch::Json() const {
  BenchJson json = {{"looks", readings_.size()}};
  if (!readings_.empty()) {
    double least = readings_[0].chain_rate, greatest = least;
    std::optional<double> others;
    for (const Reading& reading : readings_) {
      least = std::min(least, reading.chain_rate);
      greatest = std::max(greatest, reading.chain_rate);
      if (reading.others) others = std::max(others.value_or(0), *reading.others);
    }
    json["chain_rate_least"] = least;
    json["chain_rate_greatest"] = greatest;
    json["others_most"] = others ? BenchJson(*others) : BenchJson();
  }
  json["warnings"] = Warnings();
  return json;
}

}  // namespace fplab::tools
