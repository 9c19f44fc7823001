// Benchmarks of the element-wise layers, the array functions and the optimiser, beside a copy of the same size.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstring>
#include <vector>

#include <fplab/fparith/mode/control_word.h>
#include <fplab/kernels/layers/elementwise.h>
#include <fplab/kernels/layers/exp_log.h>
#include <fplab/kernels/layers/loss.h>
#include <fplab/kernels/layers/optimizer_step.h>
#include <fplab/kernels/layers/reductions.h>
#include <fplab/kernels/random/random.h>
#include "bench/suites/suite.h"

namespace fplab::bench {
namespace {

// The mode of the post's element-wise layers, where the machine has it.
Mode LayerMode() { return HardwareSupports(kFtzDaz) ? kFtzDaz : kIeee; }

// Matrices of ten rows (classes, for the loss) and `count` elements in all.
struct Data {
  static constexpr int kRows = 10;

  explicit Data(int count) : a(kRows, count / kRows), b(a), c(a), d(a), bias(kRows) {
    kernels::FillNormals({1, {}}, 1.0f, a.buffer().data(), a.buffer().size(), kernels::BestIsa());
    kernels::FillNormals({2, {}}, 1.0f, b.buffer().data(), b.buffer().size(), kernels::BestIsa());
    kernels::FillNormals({3, {}}, 1.0f, bias.data(), bias.size(), kernels::BestIsa());
    labels.resize(static_cast<size_t>(kernels::PanelCount(a.cols())) * kernels::kPanelWidth);
    loss.resize(labels.size());
  }
  size_t count() const { return a.buffer().size(); }

  kernels::PanelMatrix a, b, c, d;
  std::vector<float> bias, loss;
  std::vector<int32_t> labels;
};

struct Operation {
  const char* name;
  int bytes;       // read and written for each element, by need
  int multiplies;  // multiplications and multiply-adds for each element; those of a column or a row are left out
  void (*run)(Data& data, kernels::Isa isa);
};

const Operation kOperations[] = {
    {"AddBias", 8, 0,
     [](Data& x, kernels::Isa isa) {
       kernels::AddBias(x.a.view(), x.bias.data(), x.c.view(), {isa, LayerMode()});
     }},
    {"AddBiasScale", 8, 1,
     [](Data& x, kernels::Isa isa) {
       kernels::AddBiasScale(x.a.view(), x.bias.data(), 0x1p-125f, x.c.view(), {isa, LayerMode()});
     }},
    {"AddBiasScale-in-place", 8, 1,
     [](Data& x, kernels::Isa isa) {
       kernels::AddBiasScale(x.c.view(), x.bias.data(), 0.5f, x.c.view(), {isa, LayerMode()});
     }},
    {"Add", 12, 0,
     [](Data& x, kernels::Isa isa) {
       Add(x.a.view(), x.b.view(), x.c.view(), {isa, LayerMode()});
     }},
    {"Scale", 8, 1,
     [](Data& x, kernels::Isa isa) {
       Scale(x.a.view(), 0x1p-125f, x.c.view(), {isa, LayerMode()});
     }},
    {"Exp", 8, 12,
     [](Data& x, kernels::Isa isa) { kernels::Exp(x.a.buffer().data(), x.c.buffer().data(), x.count(), isa); }},
    {"Log", 8, 14,
     [](Data& x, kernels::Isa isa) { kernels::Log(x.a.buffer().data(), x.c.buffer().data(), x.count(), isa); }},
    {"SoftmaxCrossEntropyGradient", 8, 13,
     [](Data& x, kernels::Isa isa) {
       kernels::SoftmaxCrossEntropyGradient(x.a.view(), x.labels.data(), x.loss.data(), x.c.view(), isa);
     }},
    {"Adam", 28, 7,
     [](Data& x, kernels::Isa isa) {
       const kernels::AdamStep step = {1e-4f, 0.9f, 0.999f, 1e-8f, 1.0f, 1.0f};
       kernels::Adam(step, x.a.buffer().data(), x.b.buffer().data(), x.c.buffer().data(), x.d.buffer().data(),
                     x.count(), isa);
     }},
    {"Sum", 4, 0,
     [](Data& x, kernels::Isa isa) { benchmark::DoNotOptimize(Sum(x.a.buffer().data(), x.count(), isa)); }},
    {"CountZeros", 4, 0,
     [](Data& x, kernels::Isa isa) { benchmark::DoNotOptimize(kernels::CountZeros(x.a.view(), isa)); }},
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
    for (kernels::Isa isa : kernels::SupportedIsas()) {
      if (isa == kernels::Isa::kFallback) continue;
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
