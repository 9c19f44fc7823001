// The panel layout: where elements lie, and that moves between layouts keep every bit.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/core/panel.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

constexpr int kSizes[] = {0, 1, 2, 31, 32, 33, 64, 65};

// Bit patterns that name their place, signaling NaNs among them: a move is not an operation.
float Pattern(int row, int col) { return FloatFromBits(0x7f800001u + static_cast<uint32_t>(row * 1000 + col)); }

TEST(Panel, ElementsLieWhereTheHeaderSays) {
  PanelMatrix matrix(5, 70);
  matrix.At(3, 69) = 1.0f;
  EXPECT_EQ(matrix.buffer()[2 * 5 * 32 + 3 * 32 + 5], 1.0f);
  EXPECT_EQ(matrix.buffer().size(), 3u * 5 * 32);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(matrix.buffer().data()) % kAlignment, 0u);
}

TEST(Panel, RoundTripKeepsEveryBitAndZeroesThePadding) {
  for (int rows : kSizes) {
    for (int cols : kSizes) {
      const ptrdiff_t stride = cols + 3;
      std::vector<float> in(static_cast<size_t>(rows * stride)), out(in.size(), FloatFromBits(kCanaryBits));
      for (int r = 0; r < rows; ++r) {
        for (int c = 0; c < cols; ++c) in[r * stride + c] = Pattern(r, c);
      }
      PanelMatrix panels(rows, cols);
      for (float& x : panels.buffer()) x = 1.0f;
      ToPanels(in.data(), stride, panels.view());
      FromPanels(panels.view(), out.data(), stride);
      for (int r = 0; r < rows; ++r) {
        for (int c = 0; c < cols; ++c) {
          ASSERT_EQ(ToBits(panels.At(r, c)), ToBits(Pattern(r, c)));
          ASSERT_EQ(ToBits(out[r * stride + c]), ToBits(Pattern(r, c)));
        }
        for (int c = cols; c < stride; ++c) ASSERT_EQ(ToBits(out[r * stride + c]), kCanaryBits);
        for (int c = cols; c < panels.view().panels() * kPanelWidth; ++c) {
          ASSERT_EQ(ToBits(panels.view().At(r, c)), 0u) << rows << " x " << cols;
        }
      }
    }
  }
}

TEST(Panel, TransposeMovesEveryElementAndNothingElse) {
  for (int rows : kSizes) {
    for (int cols : kSizes) {
      PanelMatrix from(rows, cols), to(cols, rows);
      for (int r = 0; r < rows; ++r) {
        for (int c = 0; c < cols; ++c) from.At(r, c) = Pattern(r, c);
      }
      for (float& x : to.buffer()) x = FloatFromBits(kCanaryBits);
      Transpose(from.view(), to.view());
      for (int c = 0; c < cols; ++c) {
        for (int r = 0; r < rows; ++r) ASSERT_EQ(ToBits(to.At(c, r)), ToBits(Pattern(r, c))) << rows << " x " << cols;
        for (int r = rows; r < to.view().panels() * kPanelWidth; ++r) {
          ASSERT_EQ(ToBits(to.view().At(c, r)), kCanaryBits) << "padding of " << rows << " x " << cols;
        }
      }
    }
  }
}

TEST(Panel, PartsNameTheElementsOfTheWhole) {
  PanelMatrix matrix(9, 150);
  for (int r = 0; r < 9; ++r) {
    for (int c = 0; c < 150; ++c) matrix.At(r, c) = Pattern(r, c);
  }
  const PanelView part = matrix.view().Rows(2, 5).Panels(3, 2);
  EXPECT_EQ(part.rows, 5);
  EXPECT_EQ(part.cols, 150 - 3 * 32);
  for (int r = 0; r < part.rows; ++r) {
    for (int c = 0; c < part.cols; ++c) ASSERT_EQ(ToBits(part.At(r, c)), ToBits(Pattern(r + 2, c + 96)));
  }
}

}  // namespace
}  // namespace fplab::kernels
