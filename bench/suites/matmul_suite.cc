// Benchmarks of the matrix product: ours in both layouts on each instruction set, and the peers.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <random>

#include <fplab/kernels/matmul/matmul.h>
#include <fplab/kernels/matmul/parallel_matmul.h>
#include <fplab/kernels/matmul/prepared_matmul.h>
#include <fplab/kernels/random/random.h>
#include "bench/peers/peers.h"
#include "bench/suites/shared_workers.h"
#include "bench/suites/suite.h"

namespace fplab::bench {
namespace {

// A row-major and contiguous matrix, or one in panels, at a cache line of a page drawn at random: a store and a later
// load whose addresses agree in the last 12 bits wait for each other, which moves a short product's time by a sixth,
// and no contestant should owe its median to where the allocator put its operands.
class Scattered {
 public:
  Scattered(int rows, int cols) : rows_(rows), cols_(cols) {
    constexpr size_t kLines = 64, kLineFloats = 16;
    static std::minstd_rand random;
    const size_t offset = random() / 8 % kLines * kLineFloats;
    buffer_.resize(static_cast<size_t>(kernels::PanelCount(cols)) * kernels::kPanelWidth * rows + kLines * kLineFloats);
    data_ = buffer_.data() + offset;
  }

  float* data() const { return data_; }
  size_t size() const { return static_cast<size_t>(rows_) * cols_; }
  kernels::PanelView panels() const {
    return {data_, rows_, cols_, static_cast<ptrdiff_t>(rows_) * kernels::kPanelWidth};
  }

 private:
  int rows_, cols_;
  kernels::AlignedBuffer buffer_;
  float* data_;
};

// x (M x K) and w (K x N) as each contestant wants them. Normal deviates: no subnormals.
struct Operands {
  explicit Operands(const MatmulShape& s)
      : x(s.m, s.k), w(s.k, s.n), y(s.m, s.n), x_panels(s.k, s.m), w_panels(s.k, s.n), y_panels(s.n, s.m) {
    kernels::FillNormals({1, {}}, 1.0f, x.data(), x.size(), kernels::BestIsa());
    kernels::FillNormals({2, {}}, 1.0f, w.data(), w.size(), kernels::BestIsa());
    kernels::ToPanels(w.data(), s.n, w_panels.panels());
    kernels::AlignedBuffer rows(x.size());
    kernels::FillNormals({3, {}}, 1.0f, rows.data(), rows.size(), kernels::BestIsa());
    kernels::ToPanels(rows.data(), s.m, x_panels.panels());
  }

  Scattered x, w, y;
  Scattered x_panels, w_panels, y_panels;
};

void CountOperations(benchmark::State& state, const MatmulShape& s) {
  state.counters["FLOPS"] = benchmark::Counter(2.0 * s.m * s.n * s.k, benchmark::Counter::kIsIterationInvariantRate);
}

// y = x w, all row-major but w, which was packed before.
void RowMajorProduct(const MatmulShape& s, Operands& o, kernels::Isa isa) {
  const kernels::ConstMatrixView x = {o.x.data(), s.m, s.k, s.k};
  const kernels::MatrixView y = {o.y.data(), s.m, s.n, s.n};
  if (s.threads == 1) return kernels::Matmul(x, o.w_panels.panels(), y, {isa, kIeee});
  kernels::Matmul(SharedWorkers(s.threads), x, o.w_panels.panels(), y, {isa, kIeee});
}

// y^T = w^T x^T in panels, units as rows and the batch in the lanes.
void PanelProduct(const MatmulShape& s, Operands& o, kernels::Isa isa) {
  const kernels::ConstPanelView w = o.w_panels.panels(), x = o.x_panels.panels();
  if (s.threads == 1) return kernels::MatmulTransposed(w, x, o.y_panels.panels(), {isa, kIeee});
  kernels::MatmulTransposed(SharedWorkers(s.threads), w, x, o.y_panels.panels(), {isa, kIeee});
}

// One of our products, ready to be called. The operands outlive it.
using OurProduct = std::function<void()>(const MatmulShape&, Operands&, kernels::Isa);

std::function<void()> RowMajor(const MatmulShape& shape, Operands& operands, kernels::Isa isa) {
  return [&operands, shape, isa] { RowMajorProduct(shape, operands, isa); };
}
std::function<void()> Panels(const MatmulShape& shape, Operands& operands, kernels::Isa isa) {
  return [&operands, shape, isa] { PanelProduct(shape, operands, isa); };
}
std::function<void()> PreparedRows(const MatmulShape& shape, Operands& o, kernels::Isa isa) {
  return [&o, product = kernels::PreparedMatmul(kernels::MatmulLayout::kRowMajor, shape.m, shape.n, shape.k,
                                                {isa, kIeee})] { product(o.x.data(), o.w_panels.data(), o.y.data()); };
}
std::function<void()> PreparedPanels(const MatmulShape& shape, Operands& o, kernels::Isa isa) {
  return
      [&o, product = kernels::PreparedMatmul(kernels::MatmulLayout::kPanels, shape.n, shape.m, shape.k, {isa, kIeee})] {
        product(o.w_panels.data(), o.x_panels.data(), o.y_panels.data());
      };
}

void RegisterOurs(const MatmulShape& shape, const char* layout, OurProduct* plan, kernels::Isa isa) {
  const std::string name = fmt::format("matmul/ours-{}/{}/{}", layout, Name(isa), shape.Name());
  auto* added = benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    Operands operands(shape);
    const std::function<void()> product = plan(shape, operands, isa);
    product();
    for (auto _ : state) {
      product();
      benchmark::ClobberMemory();
    }
    CountOperations(state, shape);
  });
  if (shape.threads > 1) added->UseRealTime();
}

void RegisterPeer(const MatmulShape& shape, const Peer& peer) {
  const std::string name = fmt::format("matmul/{}/{}", peer.name, shape.Name());
  auto* added = benchmark::RegisterBenchmark(name.c_str(), [shape, &peer](benchmark::State& state) {
    const Gemm gemm = peer.plan(shape.m, shape.n, shape.k, shape.threads);
    if (!gemm) return state.SkipWithError("declines this shape");
    Operands operands(shape);
    gemm(operands.x.data(), operands.w.data(), operands.y.data());  // some generate code on the first call
    for (auto _ : state) {
      gemm(operands.x.data(), operands.w.data(), operands.y.data());
      benchmark::ClobberMemory();
    }
    CountOperations(state, shape);
  });
  if (shape.threads > 1) added->UseRealTime();
}

}  // namespace

std::string MatmulShape::Name() const { return fmt::format("m:{}/n:{}/k:{}/threads:{}", m, n, k, threads); }

std::vector<MatmulShape> MatmulShapes(bool quick) {
  struct Layer {
    int n, k;
  };
  std::vector<MatmulShape> shapes;
  for (int threads : {1, 2}) {
    for (Layer layer : {Layer{512, 784}, Layer{512, 512}, Layer{10, 512}}) {
      for (int m : {32, 64, 128, 256, 512, 1024}) {
        if (quick && m != 64 && m != 256) continue;
        if (threads == 2 && m < 128) continue;
        shapes.push_back({"network", m, layer.n, layer.k, threads});
      }
    }
  }
  for (int size : {16, 17, 31, 32, 61, 64, 127, 128, 251, 256, 509, 512, 1021, 1024}) {
    if (quick && size != 16 && size != 127 && size != 256 && size != 512) continue;
    shapes.push_back({"square", size, size, size, 1});
  }
  for (Layer layer : {Layer{10, 784}, Layer{512, 784}, Layer{512, 512}, Layer{10, 512}}) {
    for (int m : {1, 8}) {
      if (quick && layer.k != 784) continue;
      shapes.push_back({"skinny", m, layer.n, layer.k, 1});
    }
  }
  for (int m : {32, 128, 1024}) {
    if (!quick) shapes.push_back({"skinny", m, 10, 784, 1});
  }
  // 512 x 512 x 512 is a square and a layer: once is enough.
  const auto seen_before = [&](const MatmulShape& s) {
    return std::any_of(shapes.begin(), shapes.end(),
                       [&](const MatmulShape& other) { return &other < &s && other.Name() == s.Name(); });
  };
  std::vector<MatmulShape> once;
  std::copy_if(shapes.begin(), shapes.end(), std::back_inserter(once), std::not_fn(seen_before));
  return once;
}

bool HasPreparedContestants(const MatmulShape& s) {
  return s.threads == 1 && int64_t{s.m} * s.n * s.k <= int64_t{64} * 64 * 64;
}

void RegisterMatmul(const std::vector<MatmulShape>& shapes) {
  for (const MatmulShape& shape : shapes) {
    for (kernels::Isa isa : kernels::SupportedIsas()) {
      if (isa == kernels::Isa::kFallback) continue;
      RegisterOurs(shape, "row-major", RowMajor, isa);
      RegisterOurs(shape, "panels", Panels, isa);
      if (!HasPreparedContestants(shape)) continue;
      RegisterOurs(shape, "prepared-row-major", PreparedRows, isa);
      RegisterOurs(shape, "prepared-panels", PreparedPanels, isa);
    }
    for (const Peer& peer : LoadPeers().present) {
      if (peer.most_threads >= shape.threads) RegisterPeer(shape, peer);
    }
  }
}

}  // namespace fplab::bench
