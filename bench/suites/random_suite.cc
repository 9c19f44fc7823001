// Benchmarks of the random numbers, beside the standard library's normal deviates.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <random>
#include <vector>

#include <fplab/kernels/random/random.h>
#include "bench/suites/suite.h"

namespace fplab::bench {
namespace {

constexpr size_t kCount = 8192;  // 32 KiB: in the second-level cache

// A number is a word of Philox, whose rounds have ten wide products for it; a deviate is half a Box-Muller pair
// besides.
constexpr double kWordMultiplies = 10, kNormalMultiplies = kWordMultiplies + 14.5;

void Count(benchmark::State& state, double multiplies) {
  const auto total = static_cast<int64_t>(kCount) * static_cast<int64_t>(state.iterations());
  state.SetItemsProcessed(total);
  state.counters["multiplies"] =
      benchmark::Counter(static_cast<double>(total) * multiplies, benchmark::Counter::kIsRate);
}

void MeasureBits(benchmark::State& state, kernels::Isa isa, double multiplies) {
  std::vector<uint32_t> out(kCount);
  kernels::Stream stream;
  for (auto _ : state) {
    ++stream.words[0];
    kernels::FillBits(stream, out.data(), kCount, isa);
    benchmark::ClobberMemory();
  }
  Count(state, multiplies);
}

template <void Fill(const kernels::Stream&, float, float*, size_t, kernels::Isa)>
void MeasureFloats(benchmark::State& state, kernels::Isa isa, double multiplies) {
  std::vector<float> out(kCount);
  kernels::Stream stream;
  for (auto _ : state) {
    ++stream.words[0];
    Fill(stream, 1.0f, out.data(), kCount, isa);
    benchmark::ClobberMemory();
  }
  Count(state, multiplies);
}

void MeasureStandardLibrary(benchmark::State& state) {
  std::vector<float> out(kCount);
  std::mt19937 generator(1);
  std::normal_distribution<float> normal;
  for (auto _ : state) {
    for (float& x : out) x = normal(generator);
    benchmark::ClobberMemory();
  }
  Count(state, 0);
}

void Register(const char* function, void (*measure)(benchmark::State&, kernels::Isa, double), double multiplies) {
  for (kernels::Isa isa : kernels::SupportedIsas()) {
    benchmark::RegisterBenchmark(fmt::format("random/{}/{}", function, Name(isa)).c_str(),
                                 [=](benchmark::State& state) { measure(state, isa, multiplies); });
  }
}

}  // namespace

void RegisterRandom() {
  benchmark::RegisterBenchmark("random/std::normal_distribution<float>", MeasureStandardLibrary);
  Register("FillBits", MeasureBits, kWordMultiplies);
  Register("FillNormals", MeasureFloats<kernels::FillNormals>, kNormalMultiplies);
  Register("FillSigns", MeasureFloats<kernels::FillSigns>, kWordMultiplies);
}

}  // namespace fplab::bench
