// What one row of a batch cannot do without: reading all weights from memory.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <fplab/kernels/core/aligned_buffer.h>
#include <fplab/kernels/layers/reductions.h>
#include <fplab/kernels/random/random.h>
#include "bench/suites/suite.h"

namespace fplab::bench {

std::vector<MatmulShape> BatchShapes(bool quick) {
  std::vector<MatmulShape> shapes;
  for (const int m : {1, 2, 8, 32, 100, 512}) {
    if (quick && (m == 2 || m == 32)) continue;
    shapes.push_back({"batch", m, kBatchWidth, kBatchWidth, 1});
  }
  return shapes;
}

void RegisterRead() {
  constexpr size_t kFloats = size_t{kBatchWidth} * kBatchWidth;
  benchmark::RegisterBenchmark(fmt::format("read/floats:{}", kFloats).c_str(), [](benchmark::State& state) {
    kernels::AlignedBuffer floats(kFloats);
    kernels::FillNormals({1, {}}, 1.0f, floats.data(), kFloats, kernels::BestIsa());
    for (auto _ : state) benchmark::DoNotOptimize(kernels::Sum(floats.data(), kFloats, kernels::BestIsa()));
    state.counters["bytes_per_second"] =
        benchmark::Counter(sizeof(float) * double{kFloats}, benchmark::Counter::kIsIterationInvariantRate);
  });
}

}  // namespace fplab::bench
