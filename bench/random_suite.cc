// Benchmarks of the random numbers, beside the standard library's normal deviates.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <random>
#include <vector>

#include "bench/suite.h"
#include "kernels/random.h"

namespace fplab::bench {
namespace {

constexpr size_t kCount = 8192;  // 32 KiB: in the second-level cache

void Count(benchmark::State& state) {
  state.SetItemsProcessed(static_cast<int64_t>(kCount) * static_cast<int64_t>(state.iterations()));
}

void MeasureBits(benchmark::State& state, Isa isa) {
  std::vector<uint32_t> out(kCount);
  Stream stream;
  for (auto _ : state) {
    ++stream.words[0];
    FillBits(stream, out.data(), kCount, isa);
    benchmark::ClobberMemory();
  }
  Count(state);
}

template <void Fill(const Stream&, float, float*, size_t, Isa)>
void MeasureFloats(benchmark::State& state, Isa isa) {
  std::vector<float> out(kCount);
  Stream stream;
  for (auto _ : state) {
    ++stream.words[0];
    Fill(stream, 1.0f, out.data(), kCount, isa);
    benchmark::ClobberMemory();
  }
  Count(state);
}

void MeasureStandardLibrary(benchmark::State& state) {
  std::vector<float> out(kCount);
  std::mt19937 generator(1);
  std::normal_distribution<float> normal;
  for (auto _ : state) {
    for (float& x : out) x = normal(generator);
    benchmark::ClobberMemory();
  }
  Count(state);
}

void Register(const char* function, void (*measure)(benchmark::State&, Isa)) {
  for (Isa isa : SupportedIsas()) {
    benchmark::RegisterBenchmark(fmt::format("random/{}/{}", function, Name(isa)).c_str(),
                                 [measure, isa](benchmark::State& state) { measure(state, isa); });
  }
}

}  // namespace

void RegisterRandom() {
  benchmark::RegisterBenchmark("random/std::normal_distribution<float>", MeasureStandardLibrary);
  Register("FillBits", MeasureBits);
  Register("FillNormals", MeasureFloats<FillNormals>);
  Register("FillSigns", MeasureFloats<FillSigns>);
}

}  // namespace fplab::bench
