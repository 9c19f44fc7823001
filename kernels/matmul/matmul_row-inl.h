// The product of one row and a matrix: as many columns at a time as hide the latency of the multiply-add.
// SPDX-License-Identifier: Apache-2.0
#if defined(FPLAB_KERNELS_MATMUL_MATMUL_ROW_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef FPLAB_KERNELS_MATMUL_MATMUL_ROW_INL_H_
#undef FPLAB_KERNELS_MATMUL_MATMUL_ROW_INL_H_
#else
#define FPLAB_KERNELS_MATMUL_MATMUL_ROW_INL_H_
#endif

#include <fplab/kernels/core/fma-inl.h>
#include <fplab/kernels/core/panel.h>
#include <fplab/kernels/matmul/matmul_plan.h>
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Eight chains on x86: two units of latency 4. Their weights come from memory, once each.
constexpr int kRowPanels = HWY_MAX(1, 8 * HWY_LANES(float) / kPanelWidth);

// c[j] = the chain over k of a[k], b(k, j) for the columns of kRowPanels panels.
HWY_NOINLINE void RowTile(const float* HWY_RESTRICT a, const float* HWY_RESTRICT b, ptrdiff_t panel_stride,
                          size_t steps, float* HWY_RESTRICT c) {
  const hn::ScalableTag<float> d;
  constexpr int kStep = HWY_LANES(float);
  constexpr int kPanelVecs = kPanelWidth / kStep;
  hn::Vec<decltype(d)> acc[kRowPanels][kPanelVecs];
  HWY_UNROLL(8)
  for (int p = 0; p < kRowPanels; ++p) {
    HWY_UNROLL(8)
    for (int v = 0; v < kPanelVecs; ++v) acc[p][v] = hn::Zero(d);
  }
  HWY_UNROLL(2)
  for (size_t k = 0; k < steps; ++k, b += kPanelWidth) {
    const auto av = hn::Set(d, a[k]);
    HWY_UNROLL(8)
    for (int p = 0; p < kRowPanels; ++p) {
      HWY_UNROLL(8)
      for (int v = 0; v < kPanelVecs; ++v) {
        acc[p][v] = Fma(d, av, hn::Load(d, b + p * panel_stride + v * kStep), acc[p][v]);
      }
    }
  }
  HWY_UNROLL(8)
  for (int p = 0; p < kRowPanels; ++p) {
    HWY_UNROLL(8)
    for (int v = 0; v < kPanelVecs; ++v) hn::StoreU(acc[p][v], d, c + p * kPanelWidth + v * kStep);
  }
}

// RowTile as a TileFunction of contiguous panels.
void ContiguousRowTile(const float* a, ptrdiff_t, const float* b, size_t steps, const float*, ptrdiff_t, float* c,
                       ptrdiff_t, int) {
  RowTile(a, b, static_cast<ptrdiff_t>(steps) * kPanelWidth, steps, c);
}

// How many of the first panels of a product of m rows and n columns RowTile covers, kRowPanels at a time.
HWY_INLINE int RowPanels(int m, int n) {
  return m == 1 && HWY_LANES(float) > 1 ? n / kPanelWidth / kRowPanels * kRowPanels : 0;
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#endif  // FPLAB_KERNELS_MATMUL_MATMUL_ROW_INL_H_
