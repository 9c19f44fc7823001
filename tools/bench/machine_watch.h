// MachineWatch: what happens to the machine while a benchmark runs: its clock, and the work of others.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_BENCH_MACHINE_WATCH_H_
#define FPLAB_TOOLS_BENCH_MACHINE_WATCH_H_

#include <optional>
#include <string>
#include <vector>

#include "tools/bench/bench_json.h"

namespace fplab::tools {

// Not thread-safe. A look takes some milliseconds of the calling thread.
class MachineWatch {
 public:
  // One reading: bench::ChainRate, and since the last look the processors that others kept busy (of all processes and
  // of hosts that took time away, without this process's own); nullopt where the system does not say.
  struct Reading {
    double chain_rate;
    std::optional<double> others;
  };

  void Look();
  // As Look does with a reading from elsewhere.
  void Add(const Reading& reading) { readings_.push_back(reading); }

  // "the clock moved by 12 % during the run"; "other work took 0.40 of a processor". Empty: nothing to warn of.
  std::vector<std::string> Warnings() const;
  // {looks, chain_rate_least, chain_rate_greatest, others_most: null if unknown, warnings[]}.
  BenchJson Json() const;

 private:
  struct Times {
    double wall, busy, own;  // seconds
  };
  static std::optional<Times> TimesNow();

  std::vector<Reading> readings_;
  std::optional<Times> last_;
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_BENCH_MACHINE_WATCH_H_
