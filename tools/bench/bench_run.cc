// Running registered Google Benchmarks inside the program.
// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/bench_run.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <functional>
#include <utility>

namespace fplab::tools {
namespace {

// Keeps the repetitions and prints nothing.
class Collector : public benchmark::BenchmarkReporter {
 public:
  using Store = std::function<void(const Run& run, const std::string& counter, double value)>;

  explicit Collector(Store store) : store_(std::move(store)) {}

  bool ReportContext(const Context&) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      for (const auto& [counter, value] : run.counters) store_(run, counter, value.value);
    }
  }

 private:
  Store store_;
};

}  // namespace

BenchRun::BenchRun(int repetitions, double seconds) {
  std::vector<std::string> arguments = {"fplab", fmt::format("--benchmark_repetitions={}", repetitions),
                                        fmt::format("--benchmark_min_time={}", seconds),
                                        "--benchmark_enable_random_interleaving=true"};
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  int count = static_cast<int>(pointers.size());
  benchmark::Initialize(&count, pointers.data());
}

void BenchRun::Run(const std::string& filter) {
  Collector collector([this](const Collector::Run& run, const std::string& counter, double value) {
    const std::string& name = run.run_name.function_name;
    names_[run.family_index] = name;
    samples_[name][counter].values.push_back(value);
  });
  benchmark::RunSpecifiedBenchmarks(&collector, filter);
}

Sample BenchRun::Get(const std::string& name, const std::string& counter) const {
  const auto found = samples_.find(name);
  if (found == samples_.end()) return {};
  const auto value = found->second.find(counter);
  return value == found->second.end() ? Sample{} : value->second;
}

std::vector<std::string> BenchRun::Names() const {
  std::vector<std::string> names;
  for (const auto& [number, name] : names_) names.push_back(name);
  return names;
}

}  // namespace fplab::tools
