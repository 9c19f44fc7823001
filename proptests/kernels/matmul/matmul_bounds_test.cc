// Matrix products in strided and partial views: the right elements, and nothing written outside the output.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/model/fma_chain.h>
#include <fplab/kernels/matmul/matmul.h>
#include <fplab/kernels/matmul/matmul_plan.h>
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

constexpr int kSizes[] = {0, 1, 5, 7, 12, 13, 31, 32, 33, 65};

float Canary() { return FloatFromBits(kCanaryBits); }
bool IsCanary(float x) { return ToBits(x) == kCanaryBits; }

// The chain over `steps` steps of elements left(k) and right(k).
template <typename Left, typename Right>
float ChainOf(int steps, Left left, Right right) {
  std::vector<float> a(static_cast<size_t>(steps)), b(static_cast<size_t>(steps));
  for (int k = 0; k < steps; ++k) {
    a[k] = left(k);
    b[k] = right(k);
  }
  return model::ChainDot(a, b.data(), 1, kIeee);
}

// Checks a row-major product whose operand and output have `gap` floats between rows. The output ends with its last
// element, so that the sanitizer sees a write behind it; gaps and the floats before it are canaries.
void CheckStrided(int m, int n, int k, ptrdiff_t gap, Isa isa) {
  WordSource source(static_cast<uint64_t>(m) * 1000 + static_cast<uint64_t>(n));
  const ptrdiff_t a_stride = k + gap, c_stride = n + gap;
  const size_t a_count = m == 0 || k == 0 ? 0 : static_cast<size_t>((m - 1) * a_stride + k);
  const size_t c_count = m == 0 || n == 0 ? 0 : static_cast<size_t>((m - 1) * c_stride + n);
  constexpr size_t kBefore = 40;
  const std::vector<float> a = DrawFloats(source, Palette::kUnderflow, a_count);
  const PanelMatrix b = DrawPanels(source, Palette::kUnderflow, k, n);
  std::vector<float> memory(kBefore + c_count, Canary());
  float* c = memory.data() + kBefore;
  Matmul({a.data(), m, k, a_stride}, b.view(), {c, m, n, c_stride}, {isa, kIeee});

  for (size_t i = 0; i < kBefore; ++i) ASSERT_TRUE(IsCanary(memory[i])) << kBefore - i << " before the output";
  for (ptrdiff_t i = 0; i < static_cast<ptrdiff_t>(c_count); ++i) {
    const auto row = static_cast<int>(i / c_stride), column = static_cast<int>(i % c_stride);
    if (column >= n) {
      ASSERT_TRUE(IsCanary(c[i])) << "between row " << row << " and the next";
      continue;
    }
    const float want = ChainOf(
        k, [&](int step) { return a[row * a_stride + step]; }, [&](int step) { return b.At(step, column); });
    ASSERT_TRUE(SameBits(c[i], want)) << row << ", " << column;
  }
}

TEST(MatmulBounds, StridedRowsAreReadAndWrittenAndTheGapsAreNot) {
  for (Isa isa : SupportedIsas()) {
    for (int m : kSizes) {
      for (int n : kSizes) {
        for (ptrdiff_t gap : {0, 1, 19}) {
          SCOPED_TRACE(testing::Message() << Name(isa) << " " << m << " x " << n << ", gap " << gap);
          CheckStrided(m, n, 9, gap, isa);
        }
      }
    }
  }
}

TEST(MatmulBounds, ALongChainReadsNothingBesideItsOutputWhereItGoesOn) {
  for (Isa isa : SupportedIsas()) {
    for (int n : {1, 7, 9, 17, 33}) CheckStrided(7, n, 1100, 3, isa);
  }
}

// A K range of both operands, a panel range of one of them, and the rows and panels of a larger output.
struct Part {
  int step0, steps;
  int left_panel0, left_panels;
  int right_panel0, right_panels;
};

void CheckPart(const Part& part, Isa isa, bool accumulate) {
  WordSource source(99);
  const PanelMatrix left = DrawPanels(source, Palette::kUnderflow, 40, 77);
  const PanelMatrix right = DrawPanels(source, Palette::kUnderflow, 40, 109);
  const PanelMatrix before = DrawPanels(source, Palette::kUnderflow, 90, 150);
  const ConstPanelView a = left.view().Rows(part.step0, part.steps).Panels(part.left_panel0, part.left_panels);
  const ConstPanelView b = right.view().Rows(part.step0, part.steps).Panels(part.right_panel0, part.right_panels);

  PanelMatrix output = before;
  constexpr int kRow0 = 3, kPanel0 = 1;
  PanelView c = output.view().Rows(kRow0, a.cols).Panels(kPanel0, b.panels());
  c.cols = b.cols;
  if (accumulate) {
    MatmulTransposedFrom(c, a, b, c, {isa, kIeee});
  } else {
    MatmulTransposed(a, b, c, {isa, kIeee});
  }

  for (int i = 0; i < a.cols; ++i) {
    for (int j = 0; j < b.cols; ++j) {
      float want = accumulate ? before.At(kRow0 + i, kPanel0 * kPanelWidth + j) : 0.0f;
      for (int k = 0; k < a.rows; ++k) want = model::FmaFloat(a.At(k, i), b.At(k, j), want, kIeee);
      ASSERT_TRUE(SameBits(c.At(i, j), want)) << i << ", " << j;
    }
  }
  const int col0 = kPanel0 * kPanelWidth, col1 = (kPanel0 + b.panels()) * kPanelWidth;
  for (int r = 0; r < before.rows(); ++r) {
    for (int j = 0; j < PanelCount(before.cols()) * kPanelWidth; ++j) {
      if (r >= kRow0 && r < kRow0 + a.cols && j >= col0 && j < col1) continue;
      ASSERT_EQ(ToBits(output.view().At(r, j)), ToBits(before.view().At(r, j))) << "outside, at " << r << ", " << j;
    }
  }
}

TEST(MatmulBounds, PartsOfPanelMatricesAreReadAndWrittenAndTheRestIsNot) {
  constexpr Part kParts[] = {{0, 40, 0, 3, 0, 3}, {7, 20, 1, 2, 2, 1}, {39, 1, 2, 1, 1, 3},
                             {5, 0, 0, 2, 1, 2},  {0, 40, 1, 0, 0, 2}, {0, 40, 0, 1, 3, 1}};
  for (Isa isa : SupportedIsas()) {
    for (const Part& part : kParts) {
      for (bool accumulate : {false, true}) {
        SCOPED_TRACE(testing::Message() << Name(isa) << ", part " << &part - kParts << (accumulate ? ", from c" : ""));
        CheckPart(part, isa, accumulate);
      }
    }
  }
}

TEST(MatmulBounds, NoTileIsSpentOnWhatLiesBeyondTheLastRowOrColumn) {
  constexpr int kSteps = 3;
  for (Isa isa : SupportedIsas()) {
    for (int m : kSizes) {
      for (int n : kSizes) {
        std::vector<TileStep> tiles(PlanTransposed(m, n, kSteps, isa, nullptr, 0));
        PlanTransposed(m, n, kSteps, isa, tiles.data(), tiles.size());
        for (const TileStep& tile : tiles) {
          const ptrdiff_t panel = tile.c / (ptrdiff_t{m} * kPanelWidth);
          ASSERT_LT(panel * kPanelWidth + tile.c % kPanelWidth, n) << m << " x " << n << ", " << Name(isa);
        }
        tiles.resize(PlanRowMajor(m, n, kSteps, isa, nullptr, 0));
        PlanRowMajor(m, n, kSteps, isa, tiles.data(), tiles.size());
        for (const TileStep& tile : tiles) {
          ASSERT_LT(tile.c, ptrdiff_t{m} * n) << Name(isa);
          ASSERT_EQ(tile.c / n, tile.a / kSteps) << "in the row of its left factor, " << Name(isa);
        }
      }
    }
  }
}

TEST(MatmulBounds, EmptyMatricesOfEveryKindAreAccepted) {
  for (Isa isa : SupportedIsas()) {
    for (int m : {0, 3}) {
      for (int n : {0, 40}) {
        PanelMatrix a(0, m), b(0, n), c(m, n), init(m, n);
        for (float& x : c.buffer()) x = Canary();
        MatmulTransposed(a.view(), b.view(), c.view(), {isa, kIeee});
        for (int i = 0; i < m; ++i) {
          for (int j = 0; j < n; ++j) ASSERT_EQ(ToBits(c.At(i, j)), 0u) << "an empty chain is +0";
        }
        for (float& x : init.buffer()) x = -0.0f;
        MatmulTransposedFrom(init.view(), a.view(), b.view(), c.view(), {isa, kIeee});
        for (int i = 0; i < m; ++i) {
          for (int j = 0; j < n; ++j) ASSERT_EQ(ToBits(c.At(i, j)), 0x80000000u) << "an empty chain is its start";
        }
      }
    }
  }
}

}  // namespace
}  // namespace fplab::kernels
