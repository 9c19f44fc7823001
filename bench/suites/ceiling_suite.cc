// Benchmarks of the ceiling.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <utility>
#include <vector>

#include "bench/suites/ceiling.h"
#include "bench/suites/shared_workers.h"
#include "bench/suites/suite.h"

namespace fplab::bench {
namespace {

void MeasureCeiling(benchmark::State& state, kernels::Isa isa, int threads) {
  constexpr int64_t kRounds = 20000;  // some 100 microseconds
  kernels::Workers& workers = SharedWorkers(threads);
  std::vector<float> sinks(static_cast<size_t>(threads) * 16);
  std::vector<double> operations(static_cast<size_t>(threads));
  for (auto _ : state) {
    workers.For(threads, kIeee, [&](int i, int) { operations[i] = RunCeiling(isa, kRounds, &sinks[16 * i]); });
    benchmark::DoNotOptimize(sinks.data());
    benchmark::ClobberMemory();
  }
  state.counters["FLOPS"] = benchmark::Counter(operations[0] * threads, benchmark::Counter::kIsIterationInvariantRate,
                                               benchmark::Counter::kIs1000);
}

}  // namespace

void RegisterCeiling() {
  static bool registered = false;
  if (std::exchange(registered, true)) return;
  for (kernels::Isa isa : kernels::SupportedIsas()) {
    if (!HasCeiling(isa)) continue;
    for (int threads : {1, 2}) {
      const std::string name = fmt::format("ceiling/{}/threads:{}", Name(isa), threads);
      auto* added = benchmark::RegisterBenchmark(
          name.c_str(), [isa, threads](benchmark::State& state) { MeasureCeiling(state, isa, threads); });
      if (threads > 1) added->UseRealTime();
    }
  }
}

}  // namespace fplab::bench
