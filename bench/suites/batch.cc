// Rows alone and in batches, compared by their bits.
// SPDX-License-Identifier: Apache-2.0
#include "bench/suites/batch.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <functional>

#include <fplab/kernels/core/panel.h>
#include <fplab/kernels/matmul/matmul.h>
#include <fplab/kernels/random/random.h>
#include "bench/peers/peers.h"

namespace fplab::bench {
namespace {

// c (m x size) = a (m x size) w, row-major; false if the contestant declines.
using Product = std::function<bool(int m, const float* a, float* c)>;

BatchInvariance Judge(const std::string& who, int size, const std::vector<float>& rows, const Product& product) {
  BatchInvariance invariance{who, {}};
  const auto width = static_cast<size_t>(size);
  for (const int batch : {2, 8, 100}) {
    std::vector<float> together(static_cast<size_t>(batch) * width), alone(width);
    if (!product(batch, rows.data(), together.data())) continue;
    BatchDifference difference{batch, batch * size, 0};
    for (size_t i = 0; i < static_cast<size_t>(batch); ++i) {
      if (!product(1, rows.data() + i * width, alone.data())) break;
      for (size_t j = 0; j < width; ++j) {
        const bool same = std::bit_cast<uint32_t>(alone[j]) == std::bit_cast<uint32_t>(together[i * width + j]);
        difference.differing += same ? 0 : 1;
      }
    }
    invariance.batches.push_back(difference);
  }
  return invariance;
}

}  // namespace

bool BatchInvariance::Holds() const {
  return std::all_of(batches.begin(), batches.end(), [](const BatchDifference& d) { return d.differing == 0; });
}

std::vector<BatchInvariance> MeasureInvariance(int size, kernels::Isa isa) {
  const auto count = static_cast<size_t>(size) * static_cast<size_t>(size);
  std::vector<float> weights(count), rows(static_cast<size_t>(100) * static_cast<size_t>(size));
  kernels::FillNormals({1, {}}, 1.0f, weights.data(), weights.size(), isa);
  kernels::FillNormals({2, {}}, 1.0f, rows.data(), rows.size(), isa);
  kernels::PanelMatrix panels(size, size);
  kernels::ToPanels(weights.data(), size, panels.view());
  std::vector<BatchInvariance> all = {Judge("ours", size, rows, [&](int m, const float* a, float* c) {
    kernels::Matmul({a, m, size, size}, panels.view(), {c, m, size, size}, {isa, kIeee});
    return true;
  })};
  for (const Peer& peer : LoadPeers().present) {
    all.push_back(Judge(peer.name, size, rows, [&](int m, const float* a, float* c) {
      const Gemm gemm = peer.plan(m, size, size, 1);
      if (gemm) gemm(a, weights.data(), c);
      return static_cast<bool>(gemm);
    }));
  }
  return all;
}

}  // namespace fplab::bench
