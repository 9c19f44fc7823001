// Transposing a matrix in panels: blocks of eight by eight turned in registers, through Highway.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/core/panel.h>

#include <fplab/kernels/core/targets.h>  // before any Highway header
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fplab/kernels/core/transpose.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
// After highway.h.

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// The side of a block: eight floats of 256 bits on every x86, four of NEON. The fallback moves one float at a time.
constexpr int kSide = HWY_MIN(8, HWY_LANES(float));

// to(c, r) = from(r, c) for one block, the rows of both a panel's width apart.
HWY_INLINE void TransposeBlock(const float* HWY_RESTRICT from, float* HWY_RESTRICT to) {
#if HWY_TARGET == HWY_SCALAR
  *to = *from;
#else
  const hn::FixedTag<float, kSide> d;
  const hn::RepartitionToWide<hn::RebindToUnsigned<decltype(d)> > wide;
  using V = hn::Vec<decltype(d)>;
  V rows[kSide];
  HWY_UNROLL(8)
  for (int i = 0; i < kSide; ++i) rows[i] = hn::Load(d, from + i * kPanelWidth);

  // Within blocks of 128 bits: pairs of two rows, then pairs of pairs, that is columns of four rows.
  V columns[kSide];
  HWY_UNROLL(2)
  for (int half = 0; half < kSide; half += 4) {
    const auto low01 = hn::BitCast(wide, hn::InterleaveLower(d, rows[half], rows[half + 1]));
    const auto low23 = hn::BitCast(wide, hn::InterleaveLower(d, rows[half + 2], rows[half + 3]));
    const auto high01 = hn::BitCast(wide, hn::InterleaveUpper(d, rows[half], rows[half + 1]));
    const auto high23 = hn::BitCast(wide, hn::InterleaveUpper(d, rows[half + 2], rows[half + 3]));
    columns[half] = hn::BitCast(d, hn::InterleaveLower(wide, low01, low23));
    columns[half + 1] = hn::BitCast(d, hn::InterleaveUpper(wide, low01, low23));
    columns[half + 2] = hn::BitCast(d, hn::InterleaveLower(wide, high01, high23));
    columns[half + 3] = hn::BitCast(d, hn::InterleaveUpper(wide, high01, high23));
  }
  if constexpr (kSide == 4) {
    HWY_UNROLL(4)
    for (int i = 0; i < 4; ++i) hn::Store(columns[i], d, to + i * kPanelWidth);
  } else {
    HWY_UNROLL(4)
    for (int i = 0; i < 4; ++i) {
      hn::Store(hn::ConcatLowerLower(d, columns[i + 4], columns[i]), d, to + i * kPanelWidth);
      hn::Store(hn::ConcatUpperUpper(d, columns[i + 4], columns[i]), d, to + (i + 4) * kPanelWidth);
    }
  }
#endif
}

// The first `rows` rows and `cols` columns of a square of a panel's width, which stays in the first-level cache.
void TransposeSquare(const float* from, int rows, int cols, float* to) {
  const int whole_rows = rows / kSide * kSide, whole_cols = cols / kSide * kSide;
  for (int c = 0; c < whole_cols; c += kSide) {
    for (int r = 0; r < whole_rows; r += kSide) TransposeBlock(from + r * kPanelWidth + c, to + c * kPanelWidth + r);
  }
  for (int c = 0; c < cols; ++c) {
    for (int r = c < whole_cols ? whole_rows : 0; r < rows; ++r) to[c * kPanelWidth + r] = from[r * kPanelWidth + c];
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>

#include <fplab/kernels/core/check_arguments.h>
#include <fplab/kernels/core/dispatch.h>

namespace fplab::kernels {

void Transpose(ConstPanelView from, PanelView to) {
  FPLAB_CHECK(to.rows == from.cols && to.cols == from.rows, "transpose: `to` must be from.cols x from.rows");
  CheckView(from, "transpose", "from");
  CheckView(to, "transpose", "to");
  CheckApart("transpose", ExtentOf(to), ExtentOf(from), "`to` overlaps `from`");
  const auto transpose = FPLAB_CHOOSE(TransposeSquare, BestIsa());  // moves, of no mode: every one has the same bits
  for (int p = 0; p < from.panels(); ++p) {
    const int cols = std::min(kPanelWidth, from.cols - p * kPanelWidth);
    for (int q = 0; q < to.panels(); ++q) {
      const int rows = std::min(kPanelWidth, from.rows - q * kPanelWidth);
      transpose(from.Panel(p) + ptrdiff_t{q} * kPanelWidth * kPanelWidth, rows, cols,
                to.Panel(q) + ptrdiff_t{p} * kPanelWidth * kPanelWidth);
    }
  }
}

}  // namespace fplab::kernels
#endif  // HWY_ONCE
