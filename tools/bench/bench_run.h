// Running registered Google Benchmarks inside the program, repetitions interleaved, and keeping what they counted.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_BENCH_BENCH_RUN_H_
#define FPLAB_TOOLS_BENCH_BENCH_RUN_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tools/bench/sample.h"

namespace fplab::tools {

class BenchRun {
 public:
  // How often each benchmark is repeated, and the least time of one repetition in seconds.
  BenchRun(int repetitions, double seconds);

  // Runs the registered benchmarks whose names match the regular expression, each repetition of all before the next,
  // in random order. May be called again; samples accumulate.
  void Run(const std::string& filter);

  // The counter of a benchmark, by its registered name.
  Sample Get(const std::string& name, const std::string& counter) const;
  std::vector<std::string> Names() const;  // of all that ran, in the order of registration

 private:
  std::map<std::string, std::map<std::string, Sample>> samples_;
  std::map<int64_t, std::string> names_;  // by the number that the benchmark got when it was registered
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_BENCH_BENCH_RUN_H_
