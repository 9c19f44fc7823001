// Benchmarks of the element-wise layers, the array functions and the optimiser, beside a copy of the same size.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstring>
#include <vector>

#include "bench/suite.h"
#include "fparith/control_word.h"
#include "kernels/elementwise.h"
#include "kernels/loss.h"
#include "kernels/optimizer_step.h"
#include "kernels/random.h"
#include "kernels/reduce.h"
#include "kernels/transcendental.h"

namespace fplab::bench {
namespace {

// The mode of the post's element-wise layers, where the machine has it.
Mode LayerMode() { return HardwareSupports(kFtzDaz) ? kFtzDaz : kIeee; }

// Matrices of ten rows (classes, for the loss) and `count` elements in all.
struct Data {
  static constexpr int kRows = 10;

  explicit Data(int count) : a(kRows, count / kRows), b(a), c(a), d(a), bias(kRows) {
    FillNormals({1, {}}, 1.0f, a.buffer().data(), a.buffer().size(), BestIsa());
    FillNormals({2, {}}, 1.0f, b.buffer().data(), b.buffer().size(), BestIsa());
    FillNormals({3, {}}, 1.0f, bias.data(), bias.size(), BestIsa());
    labels.resize(static_cast<size_t>(PanelCount(a.cols())) * kPanelWidth);
    loss.resize(labels.size());
  }
  size_t count() const { return a.buffer().size(); }

  PanelMatrix a, b, c, d;
  std::vector<float> bias, loss;
  std::vector<int32_t> labels;
};

struct Operation {
  const char* name;
  int bytes;       // read and written for each element, by need
  int multiplies;  // multiplications and multiply-adds for each element; those of a column or a row are left out
  void (*run)(Data& data, Isa isa);
};

const Operation kOperations[] = {
    {"AddBias", 8, 0,
     [](Data& x, Isa isa) {
       AddBias(x.a.view(), x.bias.data(), x.c.view(), {isa, LayerMode()});
     }},
    {"AddBiasScale", 8, 1,
     [](Data& x, Isa isa) {
       AddBiasScale(x.a.view(), x.bias.data(), 0x1p-125f, x.c.view(), {isa, LayerMode()});
     }},
    {"AddBiasScale-in-place", 8, 1,
     [](Data& x, Isa isa) {
       AddBiasScale(x.c.view(), x.bias.data(), 0.5f, x.c.view(), {isa, LayerMode()});
     }},
    {"Add", 12, 0,
     [](Data& x, Isa isa) {
       Add(x.a.view(), x.b.view(), x.c.view(), {isa, LayerMode()});
     }},
    {"Scale", 8, 1,
     [](Data& x, Isa isa) {
       Scale(x.a.view(), 0x1p-125f, x.c.view(), {isa, LayerMode()});
     }},
    {"Exp", 8, 12, [](Data& x, Isa isa) { Exp(x.a.buffer().data(), x.c.buffer().data(), x.count(), isa); }},
    {"Log", 8, 14, [](Data& x, Isa isa) { Log(x.a.buffer().data(), x.c.buffer().data(), x.count(), isa); }},
    {"SoftmaxCrossEntropyGradient", 8, 13,
     [](Data& x, Isa isa) {
       SoftmaxCrossEntropyGradient(x.a.view(), x.labels.data(), x.loss.data(), x.c.view(), isa);
     }},
    {"Adam", 28, 7,
     [](Data& x, Isa isa) {
       const AdamStep step = {1e-4f, 0.9f, 0.999f, 1e-8f, 1.0f, 1.0f};
       Adam(step, x.a.buffer().data(), x.b.buffer().data(), x.c.buffer().data(), x.d.buffer().data(), x.count(), isa);
     }},
    {"Sum", 4, 0, [](Data& x, Isa isa) { benchmark::DoNotOptimize(Sum(x.a.buffer().data(), x.count(), isa)); }},
    {"CountZeros", 4, 0, [](Data& x, Isa isa) { benchmark::DoNotOptimize(CountZeros(x.a.view(), isa)); }},
};

void Count(benchmark::State& state, size_t elements, int bytes, int multiplies) {
  const auto total = static_cast<int64_t>(elements) * static_cast<int64_t>(state.iterations());
  state.SetItemsProcessed(total);
  state.SetBytesProcessed(total * bytes);
  state.counters["multiplies"] =
      benchmark::Counter(static_cast<double>(total) * multiplies, benchmark::Counter::kIsRate);
}

void RegisterSize(int count) {
  const std::string copy = fmt::format("elementwise/copy/floats:{}", count);
  benchmark::RegisterBenchmark(copy.c_str(), [count](benchmark::State& state) {
    Data data(count);
    for (auto _ : state) {
      std::memcpy(data.c.buffer().data(), data.a.buffer().data(), data.count() * sizeof(float));
      benchmark::ClobberMemory();
    }
    Count(state, data.count(), 8, 0);
  });
  for (const Operation& operation : kOperations) {
    for (Isa isa : SupportedIsas()) {
      if (isa == Isa::kFallback) continue;
      const std::string name = fmt::format("elementwise/{}/{}/floats:{}", operation.name, Name(isa), count);
      benchmark::RegisterBenchmark(name.c_str(), [&operation, count, isa](benchmark::State& state) {
        Data data(count);
        for (auto _ : state) {
          operation.run(data, isa);
          benchmark::ClobberMemory();
        }
        Count(state, data.count(), operation.bytes, operation.multiplies);
      });
    }
  }
}

}  // namespace

void RegisterElementwise(bool quick) {
  // Two arrays of 10 KiB in the first-level cache; of 250 KiB in the second; of 80 MB (quick: 20 MB) in memory.
  for (int count : {2560, 64000, quick ? 5120000 : 20480000}) RegisterSize(count);
}

}  // namespace fplab::bench
