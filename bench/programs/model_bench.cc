// Speed of the exact model. The promise: 30 million binary32 additions or multiplications a second on one core.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/model/fma_chain.h>
#include <fplab/fparith/model/function.h>

namespace fplab {
namespace {

constexpr size_t kCount = 4096;

// Normal operands of related size: sign, the exponent within 32 of one's, any fraction. SplitMix64.
std::vector<uint64_t> MakeOperands(const Format& format, uint64_t seed) {
  std::vector<uint64_t> operands(kCount);
  for (uint64_t& bits : operands) {
    uint64_t z = seed += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    const int spread = format.exponent_bits > 6 ? 32 : 4;
    const auto field = static_cast<uint64_t>(format.Bias() + static_cast<int>(z % (2 * spread)) - spread);
    bits = (z & (format.SignMask() | format.FractionMask())) | field << format.FractionBits();
  }
  return operands;
}

void BM_Model(benchmark::State& state, model::Operation operation, const Format& format, Mode mode) {
  const model::Function function = model::Function::On(operation, format);
  const model::Environment environment{mode};
  const std::vector<uint64_t> a = MakeOperands(format, 1), b = MakeOperands(format, 2), c = MakeOperands(format, 3);
  for (auto _ : state) {
    uint64_t sum = 0;
    for (size_t i = 0; i < kCount; ++i) sum += Evaluate(function, environment, a[i], b[i], c[i]).bits;
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kCount));
}

void BM_ChainDot(benchmark::State& state) {
  std::vector<float> a(kCount), b(kCount);
  const std::vector<uint64_t> x = MakeOperands(kBinary32, 1), y = MakeOperands(kBinary32, 2);
  for (size_t i = 0; i < kCount; ++i) {
    a[i] = FloatFromBits(static_cast<uint32_t>(x[i]));
    b[i] = FloatFromBits(static_cast<uint32_t>(y[i]));
  }
  for (auto _ : state) benchmark::DoNotOptimize(model::ChainDot(a, b.data(), 1, kFtzDaz));
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kCount));
}

BENCHMARK_CAPTURE(BM_Model, f32_add, model::Operation::kAdd, kBinary32, kIeee);
BENCHMARK_CAPTURE(BM_Model, f32_mul, model::Operation::kMul, kBinary32, kIeee);
BENCHMARK_CAPTURE(BM_Model, f32_add_ftz_daz, model::Operation::kAdd, kBinary32, kFtzDaz);
BENCHMARK_CAPTURE(BM_Model, f32_mul_ftz_daz, model::Operation::kMul, kBinary32, kFtzDaz);
BENCHMARK_CAPTURE(BM_Model, f32_fma, model::Operation::kFma, kBinary32, kIeee);
BENCHMARK_CAPTURE(BM_Model, f32_div, model::Operation::kDiv, kBinary32, kIeee);
BENCHMARK_CAPTURE(BM_Model, f32_sqrt, model::Operation::kSqrt, kBinary32, kIeee);
BENCHMARK_CAPTURE(BM_Model, f64_add, model::Operation::kAdd, kBinary64, kIeee);
BENCHMARK_CAPTURE(BM_Model, f64_mul, model::Operation::kMul, kBinary64, kIeee);
BENCHMARK_CAPTURE(BM_Model, f64_fma, model::Operation::kFma, kBinary64, kIeee);
BENCHMARK_CAPTURE(BM_Model, e4m3_mul, model::Operation::kMul, kE4M3, kIeee);
BENCHMARK(BM_ChainDot);

}  // namespace
}  // namespace fplab

BENCHMARK_MAIN();
