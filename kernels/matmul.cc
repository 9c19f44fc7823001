// Matrix products in panels: loops over register tiles, argument checks, dispatch.
#include "kernels/matmul.h"

#include "kernels/targets.h"  // before any Highway header
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/matmul.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
// After highway.h.
#include "kernels/matmul_row-inl.h"
#include "kernels/matmul_tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace fplab {
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

// each(tile, q, row, p, column) for the tiles of c in the order they are computed: from row `row` of panel q of the
// left factor and column `column` of panel p of b on. M x N outputs, K steps.
template <class Each>
HWY_INLINE void ForEachTile(int m, int n, int k, const Each& each) {
  const int panels = PanelCount(m), right_panels = PanelCount(n);
  const int blocks = HWY_MIN(panels, Blocks(static_cast<ptrdiff_t>(k) * panels * kPanelWidth));
  for (int block = 0; block < blocks; ++block) {
    const int first = FirstOfBlock(block, blocks, panels), end = FirstOfBlock(block + 1, blocks, panels);
    for (int p = 0; p < right_panels; ++p) {
      const int cols = HWY_MIN(kPanelWidth, n - p * kPanelWidth);
      for (int q = first; q < end; ++q) {
        for (Runs run(HWY_MIN(kPanelWidth, m - q * kPanelWidth), MostRows(cols)); run.Next();) {
          TilesAcross</*kPanelLeft=*/true>(
              run.count, cols, [&](TileFunction* tile, int column) HWY_ATTR { each(tile, q, run.first, p, column); });
        }
      }
    }
  }
}

void TransposedProduct(const ConstPanelView& a, const ConstPanelView& b, const PanelView& c,
                       const ConstPanelView& init) {
  ForEachTile(a.cols, b.cols, a.rows, [&](TileFunction* tile, int q, int row, int p, int column) HWY_ATTR {
    const ptrdiff_t at = (static_cast<ptrdiff_t>(q) * kPanelWidth + row) * kPanelWidth + column;
    tile(a.Panel(q) + row, 1, b.Panel(p) + column, static_cast<size_t>(a.rows),
         init.data == nullptr ? nullptr : init.Panel(p) + at, kPanelWidth, c.Panel(p) + at, kPanelWidth);
  });
}

void Plan(int m, int n, int k, TileStep* steps, size_t room, size_t* count) {
  *count = 0;
  ForEachTile(m, n, k, [&](TileFunction* tile, int q, int row, int p, int column) HWY_ATTR {
    if (*count < room) {
      steps[*count] = {tile, static_cast<ptrdiff_t>(q) * k * kPanelWidth + row,
                       static_cast<ptrdiff_t>(p) * k * kPanelWidth + column,
                       (static_cast<ptrdiff_t>(p) * m + q * kPanelWidth + row) * kPanelWidth + column};
    }
    ++*count;
  });
}

// `rows` rows of c from row `first` on across panel p of b.
HWY_INLINE void RowMajorTile(const ConstMatrixView& a, const ConstPanelView& b, const MatrixView& c, int p, int first,
                             int rows) {
  const int col0 = p * kPanelWidth;
  const int cols = HWY_MIN(kPanelWidth, b.cols - col0);
  const auto steps = static_cast<size_t>(a.cols);
  const float* left = a.data + first * a.stride;
  float* out = c.data + first * c.stride + col0;
  const auto run_tiles = [&](float* to, ptrdiff_t stride) HWY_ATTR {
    TilesAcross</*kPanelLeft=*/false>(rows, cols, [&](TileFunction* tile, int column) HWY_ATTR {
      tile(left, a.stride, b.Panel(p) + column, steps, nullptr, 0, to + column, stride);
    });
  };
  if (cols % kLanes == 0) return run_tiles(out, c.stride);
  // The last vector is wider than the columns there are: compute beside, then copy these.
  HWY_ALIGN float edge[HWY_MAX(kMaxRows, kNarrowRows) * kPanelWidth];
  run_tiles(edge, kPanelWidth);
  const FloatTag d;
  const int whole = cols / kLanes * kLanes;
  for (int i = 0; i < rows; ++i, out += c.stride) {
    const float* row = edge + i * kPanelWidth;
    for (int j = 0; j < whole; j += kLanes) hn::StoreU(hn::Load(d, row + j), d, out + j);
    hn::SafeCopyN(static_cast<size_t>(cols - whole), d, row + whole, out + whole);
  }
}

void RowMajorProduct(const ConstMatrixView& a, const ConstPanelView& b, const MatrixView& c) {
  const int first_panel = a.rows == 1 && kLanes > 1 ? RowPanels(a.data, b, c.data) : 0;
  const int most = MostRows(b.cols);
  const int runs = a.rows / most + (a.rows % most != 0 ? 1 : 0);
  const int blocks = HWY_MIN(runs, Blocks(static_cast<ptrdiff_t>(a.rows) * a.cols));
  for (int block = 0; block < blocks; ++block) {
    const int first = most * FirstOfBlock(block, blocks, runs);
    const int end = HWY_MIN(a.rows, static_cast<int64_t>(most) * FirstOfBlock(block + 1, blocks, runs));
    for (int p = first_panel; p < b.panels(); ++p) {
      for (Runs run(end - first, most); run.Next();) RowMajorTile(a, b, c, p, first + run.first, run.count);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "kernels/check_view.h"
#include "kernels/dispatch.h"

namespace fplab {
namespace {

constexpr char kName[] = "matmul";

Extent ExtentOf(const ConstMatrixView& v) { return {v.data, v.cols, v.stride, v.rows}; }

void CheckMatrix(const ConstMatrixView& v, const char* argument) {
  CheckArgument(v.rows >= 0 && v.cols >= 0, kName, argument, "has negative rows or columns");
  if (v.rows == 0 || v.cols == 0) return;
  CheckArgument(v.data != nullptr, kName, argument, "is null");
  CheckArgument(v.stride >= v.cols, kName, argument, "has a stride less than its columns");
  CheckArgument(Addressable(v.cols, v.stride, v.rows), kName, argument, "has a size that overflows");
}

void Product(const ConstPanelView& init, const ConstPanelView& a, const ConstPanelView& b, const PanelView& c,
             const Execution& execution) {
  FPLAB_CHECK(a.rows == b.rows, "matmul: a and b must have the same number of rows (K)");
  FPLAB_CHECK(c.rows == a.cols && c.cols == b.cols, "matmul: c must be a.cols x b.cols (M x N)");
  CheckView(a, kName, "a");
  CheckView(b, kName, "b");
  CheckView(c, kName, "c");
  CheckApart(kName, ExtentOf(c), ExtentOf(a), "c overlaps a");
  CheckApart(kName, ExtentOf(c), ExtentOf(b), "c overlaps b");
  RunKernel(FPLAB_CHOOSE(TransposedProduct, execution.isa), execution.mode, a, b, c, init);
}

}  // namespace

size_t PlanTransposed(int m, int n, int k, Isa isa, TileStep* steps, size_t room) {
  size_t count = 0;
  FPLAB_CHOOSE(Plan, isa)(m, n, k, steps, room, &count);
  return count;
}

void MatmulTransposed(const ConstPanelView& a, const ConstPanelView& b, const PanelView& c,
                      const Execution& execution) {
  Product({}, a, b, c, execution);
}

void MatmulTransposedFrom(const ConstPanelView& init, const ConstPanelView& a, const ConstPanelView& b,
                          const PanelView& c, const Execution& execution) {
  FPLAB_CHECK(init.rows == c.rows && init.cols == c.cols, "matmul: init must have the shape of c");
  CheckView(init, kName, "init");
  CheckApartOrSame(kName, ExtentOf(c), ExtentOf(init), "c overlaps init and is not init itself");
  Product(init, a, b, c, execution);
}

void Matmul(const ConstMatrixView& a, const ConstPanelView& b, const MatrixView& c, const Execution& execution) {
  const ConstMatrixView out = {c.data, c.rows, c.cols, c.stride};
  FPLAB_CHECK(a.cols == b.rows, "matmul: b must have a.cols rows (K)");
  FPLAB_CHECK(c.rows == a.rows && c.cols == b.cols, "matmul: c must be a.rows x b.cols (M x N)");
  CheckMatrix(a, "a");
  CheckView(b, kName, "b");
  CheckMatrix(out, "c");
  CheckApart(kName, ExtentOf(out), ExtentOf(a), "c overlaps a");
  CheckApart(kName, ExtentOf(out), ExtentOf(b), "c overlaps b");
  RunKernel(FPLAB_CHOOSE(RowMajorProduct, execution.isa), execution.mode, a, b, c);
}

}  // namespace fplab
#endif  // HWY_ONCE
