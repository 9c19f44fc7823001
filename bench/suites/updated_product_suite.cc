// Benchmarks of the outputs after changed inputs, on the post's network: the kernel that visits each slice once, and
// the three kernels that it stands for. SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <memory>
#include <vector>

#include <fplab/fparith/mode/control_word.h>
#include <fplab/kernels/layers/elementwise.h>
#include <fplab/kernels/matmul/matmul.h>
#include <fplab/kernels/matmul/subnormal_cost.h>
#include <fplab/kernels/matmul/updated_product.h>
#include <fplab/kernels/random/random.h>
#include "bench/suites/suite.h"

namespace fplab::bench {
namespace {

constexpr int kUnits = 512, kOutputs = 10, kBlock = 4, kTogether = 16;

// Blocks of four of 512 inputs, 16 blocks a call, at the post's scale where that costs no more than another.
struct Work {
  explicit Work(kernels::Isa which)
      : isa(which),
        weight(kUnits, kUnits),
        next(kUnits, kOutputs),
        before(kUnits, kernels::kPanelWidth),
        change(kUnits, kernels::kPanelWidth),
        slice(kSlice, kernels::kPanelWidth),
        out(kOutputs, kTogether * kernels::kPanelWidth),
        bias(kUnits) {
    const float scale = kernels::SubnormalSlowdown(isa) < kernels::kSlowSubnormals ? 0x1p-125f : 1.0f;
    uint64_t key = 0;
    const auto fill = [&](kernels::PanelMatrix& matrix, float deviation) {
      kernels::FillNormals({++key, {}}, deviation, matrix.buffer().data(), matrix.buffer().size(), isa);
    };
    fill(weight, 0.06f);
    fill(next, 0.06f);
    fill(before, scale);
    fill(change, scale);
  }

  kernels::Execution execution() const { return {isa, kIeee}; }
  Mode step_mode() const { return HardwareSupports(kFtzDaz) ? kFtzDaz : kIeee; }

  // One group of blocks, in one visit of each slice.
  void Fused() {
    const auto constant = [](const kernels::PanelMatrix& matrix) { return matrix.view(); };
    const kernels::UpdatedLayer layer{
        constant(before), constant(weight), {bias.data(), false, 1, 1, step_mode()}, constant(next)};
    UpdatedProducts(layer, NextBlocks(), constant(change), out.view(), execution());
  }

  // The same bits by a rank update, an element-wise layer and a product a slice.
  void Separate() {
    const std::vector<kernels::InputBlock>& group = NextBlocks();
    for (int b = 0; b < kTogether; ++b) {
      const auto [first, count] = group[static_cast<size_t>(b)];
      const kernels::PanelView to = out.view().Panels(b, 1);
      for (int unit = 0; unit < kUnits; unit += kSlice) {
        const auto constant = [](const kernels::PanelMatrix& matrix) { return matrix.view(); };
        const kernels::ConstPanelView part =
            constant(weight).Panels(unit / kernels::kPanelWidth, kernels::PanelCount(kSlice)).Rows(first, count);
        MatmulTransposedFrom(constant(before).Rows(unit, kSlice), part, constant(change).Rows(first, count),
                             slice.view(), execution());
        AddBias(slice.view(), bias.data() + unit, slice.view(), {isa, step_mode()});
        const kernels::ConstPanelView above = constant(next).Rows(unit, kSlice);
        if (unit == 0) {
          MatmulTransposed(above, slice.view(), to, execution());
        } else {
          MatmulTransposedFrom(to, above, slice.view(), to, execution());
        }
      }
    }
  }

  static double OperationsOfACall() {
    return 2.0 * kTogether * kUnits * (kBlock + kOutputs) * static_cast<double>(kernels::kPanelWidth);
  }

 private:
  static constexpr int kSlice = 128;

  const std::vector<kernels::InputBlock>& NextBlocks() {
    blocks.clear();
    for (int b = 0; b < kTogether; ++b) blocks.push_back({(first_input + b * kBlock) % kUnits, kBlock});
    first_input = (first_input + kTogether * kBlock) % kUnits;
    return blocks;
  }

  kernels::Isa isa;
  kernels::PanelMatrix weight, next, before, change, slice, out;
  kernels::AlignedBuffer bias;
  std::vector<kernels::InputBlock> blocks;
  int first_input = 0;
};

void Register(const char* who, void (Work::*call)(), kernels::Isa isa) {
  const std::string name = fmt::format("updated-product/{}/{}", who, Name(isa));
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    Work work(isa);
    for (auto _ : state) {
      (work.*call)();
      benchmark::ClobberMemory();
    }
    state.counters["FLOPS"] = benchmark::Counter(
        Work::OperationsOfACall(), benchmark::Counter::kIsIterationInvariantRate, benchmark::Counter::kIs1000);
  });
}

}  // namespace

void RegisterUpdatedProduct() {
  for (kernels::Isa isa : kernels::SupportedIsas()) {
    if (isa == kernels::Isa::kFallback) continue;
    Register("fused", &Work::Fused, isa);
    Register("separate", &Work::Separate, isa);
  }
}

}  // namespace fplab::bench
