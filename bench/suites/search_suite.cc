// Benchmarks of searches for counterexamples: cases a second, by vectors and case by case.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <fplab/fparith/identity/case_source.h>
#include <fplab/fparith/identity/search.h>
#include <fplab/kernels/search/search_accelerator.h>
#include "bench/suites/suite.h"

namespace fplab::bench {
namespace {

using statement::Target;

struct Asked {
  const char* statement;
  Format format;
};

// True of every operand, so that all of them are judged: a sixty-fourth of binary32, or all pairs of a few values.
constexpr Asked kEvery[] = {
    {"floor(a) <= a when a >= 1 and a < 256", kBinary32},      {"a*a/a*2 >= a when a >= 1 and a < 256", kBinary32},
    {"sqrt(a)/3*2+1 >= 0 when a >= 1 and a < 256", kBinary32}, {"a+b == b+a when a >= 1 and a < 2", kBinary16},
    {"a*b == b*a when a >= 1 and a < 2", kBfloat16},
};

// On one thread, from drawing the operands to the stratum of each case.
constexpr Asked kDrawn[] = {
    {"(a+b)-b == a", kBinary32},
    {"a*b/b == a", kBinary32},
    {"fma(a,b,c) == a*b+c", kBinary32},
    {"(a+b)-b == a", kBinary64},
};

void Every(benchmark::State& state, const Asked& asked, Target target, kernels::Isa isa) {
  const statement::Expression expression = statement::ParseExpression(asked.statement, asked.format);
  identity::SearchOptions options;
  options.modes = {kIeee};
  options.targets = {target};
  options.exhaustive_limit = uint64_t{1} << 33;
  options.accelerator = std::make_shared<kernels::SearchAccelerator>(1, isa);
  uint64_t judged = 0;
  for (auto _ : state) {
    const identity::SearchResult found = identity::Search(expression, options);
    judged += found.Judged();
    if (!found.exhaustive) state.SkipWithError("not every case was tried");
  }
  state.SetItemsProcessed(static_cast<int64_t>(judged));
}

void Drawn(benchmark::State& state, const Asked& asked, Target target, kernels::Isa isa) {
  const statement::Expression expression = statement::ParseExpression(asked.statement, asked.format);
  identity::SearchOptions options;
  options.cases = uint64_t{1} << 24;
  const auto blocks = kernels::SearchAccelerator(1, isa).Compile(expression, target, false);
  identity::CaseSource source(expression, options);
  statement::Cases cases(expression.variables.size(), std::vector<uint64_t>(identity::kBlockCases));
  std::array<uint64_t, identity::kBlockCases / 64> admitted, holds;
  std::array<uint8_t, identity::kBlockCases> strata;
  int64_t judged = 0;
  // Beyond the first operands and the plain draws, as most of a long search is.
  uint64_t chunk = source.Chunks() / 2;
  for (auto _ : state) {
    source.Start(chunk++ % source.Chunks());
    while (const size_t count = source.Fill(cases, identity::kBlockCases)) {
      blocks->Load(cases, 0, count);
      blocks->Admit(admitted.data());
      blocks->Claim(kIeee, holds.data());
      blocks->Classify(Rounding::kNearestEven, strata.data());
      benchmark::DoNotOptimize(strata);
      judged += static_cast<int64_t>(count);
    }
  }
  state.SetItemsProcessed(judged);
}

std::vector<kernels::Isa> VectorIsas() {
  std::vector<kernels::Isa> isas;
  for (const kernels::Isa isa : kernels::SupportedIsas()) {
    if (isa != kernels::Isa::kFallback) isas.push_back(isa);
  }
  return isas;
}

}  // namespace

void RegisterSearch() {
  for (const kernels::Isa isa : VectorIsas()) {
    for (const Target target : {Target::kModel, Target::kHardware}) {
      const auto name = [&](const char* kind, const Asked& asked) {
        return fmt::format("search/{}/{}, {}/{}/{}", kind, asked.statement, Name(asked.format), Name(target),
                           Name(isa));
      };
      const auto has = [&](const Asked& asked) {
        return target == Target::kModel || asked.format == kBinary32 || asked.format == kBinary64;
      };
      for (const Asked& asked : kEvery) {
        if (!has(asked)) continue;
        benchmark::RegisterBenchmark(name("every", asked).c_str(), Every, asked, target, isa)
            ->Unit(benchmark::kMillisecond);
      }
      for (const Asked& asked : kDrawn) {
        if (!has(asked)) continue;
        benchmark::RegisterBenchmark(name("drawn", asked).c_str(), Drawn, asked, target, isa);
      }
    }
  }
}

}  // namespace fplab::bench
