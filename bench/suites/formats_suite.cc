// Benchmarks of products in other formats and of general products, beside their ceilings and peers.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstring>
#include <functional>
#include <memory>
#include <random>
#include <type_traits>
#include <vector>

#include <fplab/kernels/formats/bfloat16_dot.h>
#include <fplab/kernels/formats/binary64_matmul.h>
#include <fplab/kernels/formats/gemm.h>
#include "bench/peers/format_peers.h"
#include "bench/peers/peers.h"
#include "bench/suites/ceiling.h"
#include "bench/suites/suite.h"

namespace fplab::bench {
namespace {

// Ordinary numbers: 1 to 2 with signs; of int8 -128 to 127.
template <typename T>
std::vector<T> Ordinary(size_t count, unsigned seed) {
  std::minstd_rand random(seed);
  std::vector<T> values(count);
  for (T& x : values) {
    const auto bits = static_cast<uint32_t>(random());
    if constexpr (std::is_same_v<T, kernels::Bfloat16>) {
      x.bits = static_cast<uint16_t>(0x3f80 | (bits >> 8 & 0x7f) | bits << 15);
    } else if constexpr (std::is_same_v<T, kernels::Binary16>) {
      x.bits = static_cast<uint16_t>(0x3c00 | (bits >> 8 & 0x3ff) | bits << 15);
    } else if constexpr (std::is_same_v<T, int8_t>) {
      x = static_cast<int8_t>(bits >> 8);
    } else {
      x = static_cast<T>((bits & 1 ? 1.0 : -1.0) * (1.0 + (bits >> 8 & 0xfffff) * 0x1p-20));
    }
  }
  return values;
}

template <typename T>
struct Square {
  explicit Square(int size) : n(size), a(Ordinary<T>(Elements(), 1)), b(Ordinary<T>(Elements(), 2)), c(Elements()) {}

  size_t Elements() const { return static_cast<size_t>(n) * static_cast<size_t>(n); }
  kernels::GemmFactor<T> A(bool turned = false) const { return {{a.data(), n, n, n}, turned}; }
  kernels::GemmFactor<T> B(bool turned = false) const { return {{b.data(), n, n, n}, turned}; }
  kernels::BasicMatrixView<kernels::GemmSum<T>> C() { return {c.data(), n, n, n}; }

  int n;
  std::vector<T> a, b;
  std::vector<kernels::GemmSum<T>> c;
};

using Call = std::function<void()>;
using Plan = std::function<Call(int size, kernels::Isa isa)>;

template <typename T>
Plan PlainGemm(bool turned = false, double alpha = 1, double beta = 0) {
  return [=](int size, kernels::Isa isa) -> Call {
    return [=, square = std::make_shared<Square<T>>(size)] {
      using Sum = kernels::GemmSum<T>;
      kernels::Gemm<T>(static_cast<Sum>(alpha), square->A(turned), square->B(turned), static_cast<Sum>(beta),
                       square->C(), {isa, kIeee});
    };
  };
}

template <typename T>
Plan GemmByPacked() {
  return [](int size, kernels::Isa isa) -> Call {
    const auto square = std::make_shared<Square<T>>(size);
    return [=, packed = kernels::PackedFactor<T>(square->B(), isa)] {
      kernels::PackedGemm<T>(1, square->A(), packed, 0, square->C(), {isa, kIeee});
    };
  };
}

Call PanelsOfDoubles(int size, kernels::Isa isa) {
  struct Panels {
    explicit Panels(int n) : a(n, n), b(n, n), c(n, n) {}
    kernels::PanelMatrix64 a, b, c;
  };
  const auto panels = std::make_shared<Panels>(size);
  const std::vector<double> values = Ordinary<double>(static_cast<size_t>(size) * size, 3);
  kernels::ToPanels(values.data(), size, panels->a.view());
  kernels::ToPanels(values.data(), size, panels->b.view());
  return [=] { kernels::MatmulTransposed(panels->a.view(), panels->b.view(), panels->c.view(), {isa, kIeee}); };
}

// By the processor's own instruction, which is not the chain.
Call DotOfBfloat16(int size, kernels::Isa isa) {
  if (isa != kernels::Isa::kAvx512) return {};
  return [square = std::make_shared<Square<kernels::Bfloat16>>(size)] {
    kernels::Bfloat16DotGemm(square->A(), square->B(), square->C());
  };
}

// A hundred small products, one after the other in memory.
constexpr int kBatch = 100;

struct Batch {
  explicit Batch(int size)
      : n(size),
        next(ptrdiff_t{size} * size),
        a(Ordinary<float>(static_cast<size_t>(next * kBatch), 1)),
        b(Ordinary<float>(static_cast<size_t>(next * kBatch), 2)),
        c(static_cast<size_t>(next * kBatch)) {}
  int n;
  ptrdiff_t next;
  std::vector<float> a, b, c;
};

Call BatchOfFloats(int size, kernels::Isa isa) {
  return [isa, batch = std::make_shared<Batch>(size)] {
    const int n = batch->n;
    kernels::BatchedGemm<float>({kBatch, batch->next, batch->next, batch->next}, 1, {{batch->a.data(), n, n, n}},
                                {{batch->b.data(), n, n, n}}, 0, {batch->c.data(), n, n, n}, {isa, kIeee});
  };
}

void Register(const std::string& name, double operations, const std::function<Call()>& plan) {
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    const Call call = plan();
    if (!call) return state.SkipWithError("declines this format");
    call();
    for (auto _ : state) {
      call();
      benchmark::ClobberMemory();
    }
    state.counters["FLOPS"] = benchmark::Counter(operations, benchmark::Counter::kIsIterationInvariantRate);
  });
}

// A peer's product of squares; none if it declines.
Call PeersSquare(const FormatPeer& peer, int size) {
  const size_t elements = static_cast<size_t>(size) * static_cast<size_t>(size);
  struct Memory {
    std::vector<double> a, b, c;
  };
  const auto memory = std::make_shared<Memory>();
  memory->c.resize(elements);
  const auto fill = [&](const auto& values) {
    const size_t bytes = values.size() * sizeof(values[0]);
    for (std::vector<double>* to : {&memory->a, &memory->b}) {
      to->resize(elements);
      std::memcpy(to->data(), values.data(), bytes);
    }
  };
  if (peer.format == "binary64") fill(Ordinary<double>(elements, 1));
  if (peer.format == "bfloat16") fill(Ordinary<kernels::Bfloat16>(elements, 1));
  if (peer.format == "int8") fill(Ordinary<int8_t>(elements, 1));
  const FormatGemm gemm = peer.plan(size, size, size);
  if (!gemm(memory->a.data(), memory->b.data(), memory->c.data())) return {};
  return [=] { gemm(memory->a.data(), memory->b.data(), memory->c.data()); };
}

Call PeersBatch(const Peer& peer, int size) {
  const Gemm gemm = peer.plan(size, size, size, 1);
  if (!gemm) return {};
  return [gemm, batch = std::make_shared<Batch>(size)] {
    for (ptrdiff_t i = 0; i < kBatch; ++i) {
      const ptrdiff_t at = i * batch->next;
      gemm(batch->a.data() + at, batch->b.data() + at, batch->c.data() + at);
    }
  };
}

void RegisterFormatCeilings(kernels::Isa isa) {
  for (const auto& [arithmetic, name] : {std::pair{Arithmetic::kBinary32, "binary32"},
                                         {Arithmetic::kBinary64, "binary64"},
                                         {Arithmetic::kInt8, "int8"}}) {
    if (!HasCeiling(isa, arithmetic)) continue;
    benchmark::RegisterBenchmark(fmt::format("formats/ceiling/{}/{}", name, Name(isa)).c_str(),
                                 [isa, arithmetic = arithmetic](benchmark::State& state) {
                                   float sink = 0;
                                   double operations = 0;
                                   for (auto _ : state) {
                                     operations = RunCeiling(isa, 20000, &sink, arithmetic);
                                     benchmark::DoNotOptimize(sink);
                                   }
                                   state.counters["FLOPS"] =
                                       benchmark::Counter(operations, benchmark::Counter::kIsIterationInvariantRate);
                                 });
  }
}

}  // namespace

std::vector<FormatProduct> FormatProducts(bool quick) {
  const std::vector<int> squares = quick ? std::vector<int>{256, 512} : std::vector<int>{256, 384, 512, 768, 1024};
  std::vector<FormatProduct> products;
  for (int size : squares) {
    for (const char* product : {"gemm", "gemm-turned", "gemm-alpha-beta", "packed"}) {
      products.push_back({"binary32", product, size, "binary32"});
    }
    for (const char* product : {"gemm", "packed", "panels"})
      products.push_back({"binary64", product, size, "binary64"});
    for (const char* product : {"gemm", "packed"}) {
      products.push_back({"bfloat16", product, size, "binary32"});
      products.push_back({"binary16", product, size, "binary32"});
      products.push_back({"int8", product, size, "int8"});
    }
  }
  for (int size : squares) {
    if (kernels::HasBfloat16Dot()) products.push_back({"bfloat16", "dot", size, "binary32"});
  }
  for (int size : {8, 16, 32, 64}) products.push_back({"binary32", "batch", size, "binary32"});
  return products;
}

void RegisterFormats(bool quick) {
  struct Contestant {
    std::string name;  // "binary64/packed"
    Plan plan;
  };
  const std::vector<Contestant> contestants = {{"binary32/gemm", PlainGemm<float>()},
                                               {"binary32/gemm-turned", PlainGemm<float>(true)},
                                               {"binary32/gemm-alpha-beta", PlainGemm<float>(false, 0.7, 0.3)},
                                               {"binary32/packed", GemmByPacked<float>()},
                                               {"binary32/batch", BatchOfFloats},
                                               {"binary64/gemm", PlainGemm<double>()},
                                               {"binary64/packed", GemmByPacked<double>()},
                                               {"binary64/panels", PanelsOfDoubles},
                                               {"bfloat16/gemm", PlainGemm<kernels::Bfloat16>()},
                                               {"bfloat16/packed", GemmByPacked<kernels::Bfloat16>()},
                                               {"bfloat16/dot", DotOfBfloat16},
                                               {"binary16/gemm", PlainGemm<kernels::Binary16>()},
                                               {"binary16/packed", GemmByPacked<kernels::Binary16>()},
                                               {"int8/gemm", PlainGemm<int8_t>()},
                                               {"int8/packed", GemmByPacked<int8_t>()}};
  for (kernels::Isa isa : kernels::SupportedIsas()) {
    if (isa == kernels::Isa::kFallback) continue;
    RegisterFormatCeilings(isa);
    for (const FormatProduct& p : FormatProducts(quick)) {
      for (const Contestant& contestant : contestants) {
        if (contestant.name != p.format + "/" + p.product) continue;
        Register(fmt::format("formats/{}/{}/{}/n:{}", p.format, p.product, Name(isa), p.size), p.Operations(),
                 [plan = contestant.plan, size = p.size, isa] { return plan(size, isa); });
      }
    }
  }
  for (const FormatProduct& p : FormatProducts(quick)) {
    if (p.product == "batch" || p.product == "gemm") {
      for (const Peer& peer : LoadPeers().present) {
        if (p.format != "binary32") continue;
        const auto square = [&peer, p]() -> Call {
          const Gemm gemm = peer.plan(p.size, p.size, p.size, 1);
          if (!gemm) return {};
          return [gemm, s = std::make_shared<Square<float>>(p.size)] { gemm(s->a.data(), s->b.data(), s->c.data()); };
        };
        const auto batch = [&peer, p] { return PeersBatch(peer, p.size); };
        Register(fmt::format("formats/binary32/{}/{}/n:{}", p.product, peer.name, p.size), p.Operations(),
                 p.product == "batch" ? std::function<Call()>(batch) : std::function<Call()>(square));
      }
    }
    for (const FormatPeer& peer : LoadFormatPeers()) {
      if (p.product != "gemm" || peer.format != p.format) continue;
      Register(fmt::format("formats/{}/gemm/{}/n:{}", p.format, peer.name, p.size), p.Operations(),
               [&peer, size = p.size] { return PeersSquare(peer, size); });
    }
  }
}

double FormatProduct::Operations() const { return 2.0 * size * size * size * (product == "batch" ? kBatch : 1); }

}  // namespace fplab::bench
