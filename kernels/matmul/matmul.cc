// Matrix products in panels: loops over register tiles, argument checks, dispatch.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/matmul/matmul.h>

#include <fplab/kernels/core/targets.h>  // before any Highway header
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fplab/kernels/matmul/matmul.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
// After highway.h.
#include <fplab/kernels/matmul/matmul_row-inl.h>
#include <fplab/kernels/matmul/matmul_tile-inl.h>

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {

// The left factor is cut into blocks of rows that stay in the second-level cache (1 MiB on Zen 4) while every panel of
// b goes by. Which rows are in one block changes no bit.
constexpr ptrdiff_t kBlockFloats = 128 * 1024;

// Into how many blocks to cut a left factor of `floats` floats.
HWY_INLINE int Blocks(ptrdiff_t floats) {
  return floats <= kBlockFloats ? 1 : static_cast<int>((floats - 1) / kBlockFloats + 1);
}

// Item i of `count` is in block i * blocks / count: this is the first item of a block.
HWY_INLINE int FirstOfBlock(int block, int blocks, int count) {
  return block == 0 ? 0 : static_cast<int>((static_cast<int64_t>(count) * block + blocks - 1) / blocks);
}

// Chains longer than kUncut go on from c after every kMostSteps: a panel of b of so many rows stays in the caches
// beside a block of the left factor, however long the chains are. What c holds meanwhile are their values, to the bit.
constexpr int kUncut = 1024, kMostSteps = 512;

HWY_INLINE int StepBlocks(int k) { return k <= kUncut ? 1 : (k - 1) / kMostSteps + 1; }

// Where a tile of c begins: in row `row`, in column `column` of panel p of b. Rows of MatmulTransposed are counted from
// the start of panel q of the left factor, others from the first.
struct Place {
  int q, row, p, column;
};

// each(q, p, step, steps) for the pairs of a panel of the left factor and one of the right in the order they are
// computed, and the steps of the chains that are taken at a time: K of them in step_blocks parts.
template <class Each>
HWY_INLINE void ForEachPanelPair(int m, int n, int k, int step_blocks, const Each& each) {
  const int panels = PanelCount(m), right_panels = PanelCount(n);
  const int most_steps = FirstOfBlock(1, step_blocks, k);
  const int blocks = HWY_MIN(panels, Blocks(static_cast<ptrdiff_t>(most_steps) * panels * kPanelWidth));
  for (int block = 0; block < blocks; ++block) {
    const int first = FirstOfBlock(block, blocks, panels), end = FirstOfBlock(block + 1, blocks, panels);
    for (int part = 0; part < step_blocks; ++part) {
      const int step = FirstOfBlock(part, step_blocks, k), steps = FirstOfBlock(part + 1, step_blocks, k) - step;
      for (int p = 0; p < right_panels; ++p) {
        for (int q = first; q < end; ++q) each(q, p, step, steps);
      }
    }
  }
}

// each(tile, place) for the tiles of such a pair.
template <class Each>
HWY_INLINE void ForEachTileOfPair(int m, int n, int q, int p, const Each& each) {
  const int cols = HWY_MIN(kPanelWidth, n - p * kPanelWidth);
  for (Runs run(HWY_MIN(kPanelWidth, m - q * kPanelWidth), MostRows(cols)); run.Next();) {
    TilesAcross</*kPanelLeft=*/true>(run.count, cols, [&](TileFunction* tile, int column) HWY_ATTR {
      each(tile, Place{q, run.first, p, column});
    });
  }
}

// each(tile, place) for the tiles of MatmulTransposed in the order they are computed. M x N outputs, K steps.
template <class Each>
HWY_INLINE void ForEachTile(int m, int n, int k, const Each& each) {
  ForEachPanelPair(m, n, k, /*step_blocks=*/1,
                   [&](int q, int p, int, int) HWY_ATTR { ForEachTileOfPair(m, n, q, p, each); });
}

// How many links of the chains a pair of panels is given at a time. An AVX2 tile reads a cache line of each factor a
// step and uses a part of one, so all the tiles of a pair take the steps that a first-level cache of 32 KiB holds
// before the next: the chains wait in c meanwhile, which changes no bit of them. With few tiles that is not worth the
// stores, nor with AVX-512, whose tiles use more of what they read.
HWY_INLINE int StepsAtOnce(int m, int q, int k) {
  constexpr int kStepsInCache = 128, kFewRows = 2 * kMaxRows;
  if (HWY_TARGET != HWY_AVX2 || k <= kStepsInCache || m - q * kPanelWidth <= kFewRows) return k;
  const int parts = (k - 1) / kStepsInCache + 1;
  return (k - 1) / parts + 1;
}

void TransposedProduct(const ConstPanelView& a, const ConstPanelView& b, const PanelView& c,
                       const ConstPanelView& init) {
  ForEachPanelPair(a.cols, b.cols, a.rows, StepBlocks(a.rows), [&](int q, int p, int step, int count) HWY_ATTR {
    const float* from = step > 0 ? c.Panel(p) : init.data == nullptr ? nullptr : init.Panel(p);
    const int most = StepsAtOnce(a.cols, q, count), end = step + count;
    do {
      const int steps = HWY_MIN(most, end - step);
      const ptrdiff_t first = static_cast<ptrdiff_t>(step) * kPanelWidth;
      ForEachTileOfPair(a.cols, b.cols, q, p, [&](TileFunction* tile, const Place& at) HWY_ATTR {
        const ptrdiff_t place = (static_cast<ptrdiff_t>(q) * kPanelWidth + at.row) * kPanelWidth + at.column;
        tile(a.Panel(q) + first + at.row, 1, b.Panel(p) + first + at.column, static_cast<size_t>(steps),
             from == nullptr ? nullptr : from + place, kPanelWidth, c.Panel(p) + place, kPanelWidth, kPanelWidth);
      });
      from = c.Panel(p);
      step += steps;
    } while (step < end);
  });
}

// each(tile, place, step, steps) for the tiles of Matmul, from panel `first_panel` of b on.
template <class Each>
HWY_INLINE void ForEachRowMajorTile(int m, int n, int k, int step_blocks, int first_panel, const Each& each) {
  const int most = MostRows(n);
  const int runs = m / most + (m % most != 0 ? 1 : 0);
  const int blocks = HWY_MIN(runs, Blocks(static_cast<ptrdiff_t>(m) * FirstOfBlock(1, step_blocks, k)));
  for (int block = 0; block < blocks; ++block) {
    const int first = most * FirstOfBlock(block, blocks, runs);
    const int end = static_cast<int>(HWY_MIN(m, static_cast<int64_t>(most) * FirstOfBlock(block + 1, blocks, runs)));
    for (int part = 0; part < step_blocks; ++part) {
      const int step = FirstOfBlock(part, step_blocks, k), steps = FirstOfBlock(part + 1, step_blocks, k) - step;
      for (int p = first_panel; p < PanelCount(n); ++p) {
        const int cols = HWY_MIN(kPanelWidth, n - p * kPanelWidth);
        for (Runs run(end - first, most); run.Next();) {
          TilesAcross</*kPanelLeft=*/false>(run.count, cols, [&](TileFunction* tile, int column) HWY_ATTR {
            each(tile, Place{0, first + run.first, p, column}, step, steps);
          });
        }
      }
    }
  }
}

void RowMajorProduct(const ConstMatrixView& a, const ConstPanelView& b, const MatrixView& c) {
  const int row_panels = RowPanels(a.rows, b.cols);
  for (int p = 0; p < row_panels; p += kRowPanels) {
    RowTile(a.data, b.Panel(p), b.panel_stride, static_cast<size_t>(a.cols), c.data + p * kPanelWidth);
  }
  const auto part = [&](TileFunction* tile, const Place& at, int step, int steps) HWY_ATTR {
    const int first_col = at.p * kPanelWidth + at.column;
    float* const out = c.data + at.row * c.stride + first_col;
    // A tile that reaches beyond the last column could not go on from c: its chains wait until all can be taken.
    if (b.cols - at.p * kPanelWidth < kPanelWidth) {
      if (step + steps < a.cols) return;
      steps = a.cols;
      step = 0;
    }
    tile(a.data + at.row * a.stride + step, a.stride,
         b.Panel(at.p) + static_cast<ptrdiff_t>(step) * kPanelWidth + at.column, static_cast<size_t>(steps),
         step > 0 ? out : nullptr, c.stride, out, c.stride, b.cols - first_col);
  };
  ForEachRowMajorTile(a.rows, b.cols, a.cols, StepBlocks(a.cols), row_panels, part);
}

// Step number *count of a plan, if there is room for it.
HWY_INLINE void AddStep(const TileStep& step, TileStep* steps, size_t room, size_t* count) {
  if (*count < room) steps[*count] = step;
  ++*count;
}

void TransposedPlan(int m, int n, int k, TileStep* steps, size_t room, size_t* count) {
  const ptrdiff_t panel = static_cast<ptrdiff_t>(k) * kPanelWidth;
  ForEachTile(m, n, k, [&](TileFunction* tile, const Place& at) HWY_ATTR {
    const ptrdiff_t row = static_cast<ptrdiff_t>(at.q) * kPanelWidth + at.row;
    const ptrdiff_t c = (static_cast<ptrdiff_t>(at.p) * m + row) * kPanelWidth + at.column;
    AddStep({tile, at.q * panel + at.row, at.p * panel + at.column, c, kPanelWidth}, steps, room, count);
  });
}

void RowMajorPlan(int m, int n, int k, TileStep* steps, size_t room, size_t* count) {
  const ptrdiff_t panel = static_cast<ptrdiff_t>(k) * kPanelWidth;
  const int row_panels = RowPanels(m, n);
  for (int p = 0; p < row_panels; p += kRowPanels) {
    AddStep({&ContiguousRowTile, 0, p * panel, p * kPanelWidth, n}, steps, room, count);
  }
  ForEachRowMajorTile(m, n, k, /*step_blocks=*/1, row_panels,
                      [&](TileFunction* tile, const Place& at, int, int) HWY_ATTR {
                        const int first_col = at.p * kPanelWidth + at.column;
                        AddStep({tile, static_cast<ptrdiff_t>(at.row) * k, at.p * panel + at.column,
                                 static_cast<ptrdiff_t>(at.row) * n + first_col, n - first_col},
                                steps, room, count);
                      });
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <fplab/kernels/core/dispatch.h>
#include <fplab/kernels/matmul/check_matmul.h>

namespace fplab::kernels {

size_t PlanTransposed(int m, int n, int k, Isa isa, TileStep* steps, size_t room) {
  size_t count = 0;
  FPLAB_CHOOSE(TransposedPlan, isa)(m, n, k, steps, room, &count);
  return count;
}

size_t PlanRowMajor(int m, int n, int k, Isa isa, TileStep* steps, size_t room) {
  size_t count = 0;
  FPLAB_CHOOSE(RowMajorPlan, isa)(m, n, k, steps, room, &count);
  return count;
}

namespace {

// Operands without elements may be null, and a null pointer must not be moved: those of an empty sum stand here
// instead, where nothing is read.
alignas(64) constexpr float kUnread[kPanelWidth] = {};

ConstPanelView Unread(const ConstPanelView& v) { return {kUnread, v.rows, v.cols, 0}; }
ConstMatrixView Unread(const ConstMatrixView& v) { return {kUnread, v.rows, v.cols, 0}; }

void RunTransposed(const ConstPanelView& a, const ConstPanelView& b, const PanelView& c, const ConstPanelView& init,
                   const Execution& execution) {
  const auto product = FPLAB_CHOOSE(TransposedProduct, execution.isa);
  if (a.rows > 0) return RunKernel(product, execution.mode, a, b, c, init);
  RunKernel(product, execution.mode, Unread(a), Unread(b), c, init);
}

}  // namespace

void MatmulTransposed(const ConstPanelView& a, const ConstPanelView& b, const PanelView& c,
                      const Execution& execution) {
  CheckTransposedMatmul<float>("matmul", a, b, c);
  RunTransposed(a, b, c, ConstPanelView{}, execution);
}

void MatmulTransposedFrom(const ConstPanelView& init, const ConstPanelView& a, const ConstPanelView& b,
                          const PanelView& c, const Execution& execution) {
  CheckTransposedMatmulFrom<float>("matmul", init, a, b, c);
  RunTransposed(a, b, c, init, execution);
}

void Matmul(const ConstMatrixView& a, const ConstPanelView& b, const MatrixView& c, const Execution& execution) {
  CheckRowMajorMatmul<float>("matmul", a, b, c);
  const auto product = FPLAB_CHOOSE(RowMajorProduct, execution.isa);
  if (a.cols > 0) return RunKernel(product, execution.mode, a, b, c);
  RunKernel(product, execution.mode, Unread(a), Unread(b), c);
}

}  // namespace fplab::kernels
#endif  // HWY_ONCE
