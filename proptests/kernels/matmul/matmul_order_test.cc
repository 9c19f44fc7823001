// Proof of order: the accumulation tree of the compiled kernels, found from their outputs alone, is the chain.
//
// The method is FPRev's (Xie et al., "FPRev: revealing floating-point accumulation orders by numerical testing", 2024).
// Products are all 1 but for +M at step i and -M at step j, with M so large that M + n rounds to M: every 1 that is
// added before the two meet is lost, so the result counts the products that join the sum after they met. In the chain
// over K steps from +0 they meet at step max(i, j), and the result is K - 1 - max(i, j); any other order of additions
// gives another count for some pair.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <vector>

#include <fplab/kernels/core/workers.h>
#include <fplab/kernels/matmul/matmul.h>
#include <fplab/kernels/matmul/parallel_matmul.h>
#include <fplab/kernels/matmul/prepared_matmul.h>
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

// M = kHuge * kHuge = 2^60 swallows any sum of ones here; both factors are exact.
constexpr float kHuge = 0x1p30f;

using Product = std::function<void(ConstPanelView left, ConstPanelView right, PanelView c)>;

Product PanelProduct(Isa isa) {
  return [isa](ConstPanelView left, ConstPanelView right, PanelView c) {
    MatmulTransposed(left, right, c, {isa, kIeee});
  };
}

Product RowMajorProduct(Isa isa) {
  return [isa](ConstPanelView left, ConstPanelView right, PanelView c) {
    std::vector<float> a(static_cast<size_t>(left.rows) * left.cols), out(static_cast<size_t>(c.rows) * c.cols);
    for (int i = 0; i < left.cols; ++i) {
      for (int k = 0; k < left.rows; ++k) a[static_cast<size_t>(i) * left.rows + k] = left.At(k, i);
    }
    Matmul({a.data(), left.cols, left.rows, left.rows}, right, {out.data(), c.rows, c.cols, c.cols}, {isa, kIeee});
    ToPanels(out.data(), c.cols, c);
  };
}

Product PreparedProduct(Isa isa) {
  return [isa](ConstPanelView left, ConstPanelView right, PanelView c) {
    PreparedMatmul(MatmulLayout::kPanels, left.cols, right.cols, left.rows, {isa, kIeee})(left.data, right.data,
                                                                                          c.data);
  };
}

Product ParallelProduct(Isa isa, Workers& workers) {
  return [isa, &workers](ConstPanelView left, ConstPanelView right, PanelView c) {
    MatmulTransposed(workers, left, right, c, {isa, kIeee});
  };
}

PanelMatrix Ones(int rows, int cols) {
  PanelMatrix matrix(rows, cols);
  for (float& x : matrix.buffer()) x = 1.0f;
  return matrix;
}

void SetRow(PanelMatrix& matrix, int row, float value) {
  for (int c = 0; c < matrix.cols(); ++c) matrix.At(row, c) = value;
}

// For pairs i < j, all of them up to K = 20 and a sample with the neighbours of each i beyond: every element of the
// M x N product shows the chain.
void CheckOrder(const Product& product, int m, int n, int steps) {
  PanelMatrix left = Ones(steps, m), right = Ones(steps, n), c(m, n);
  const int stride = std::max(1, steps / 20);
  for (int i = 0; i < steps; i += stride) {
    SetRow(left, i, kHuge);
    SetRow(right, i, kHuge);
    for (int j = i + 1; j < steps; j += j == i + 1 ? 1 : stride) {
      SetRow(left, j, kHuge);
      SetRow(right, j, -kHuge);
      product(left.view(), right.view(), c.view());
      const auto expected = static_cast<float>(steps - 1 - j);
      for (int row = 0; row < m; ++row) {
        for (int column = 0; column < n; ++column) {
          ASSERT_EQ(c.At(row, column), expected) << "+M at step " << i << ", -M at step " << j << ", K = " << steps
                                                 << ", element (" << row << ", " << column << ")";
        }
      }
      SetRow(left, j, 1.0f);
      SetRow(right, j, 1.0f);
    }
    SetRow(left, i, 1.0f);
    SetRow(right, i, 1.0f);
  }
}

constexpr int kSteps[] = {2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 20, 33, 64, 127};

TEST(MatmulOrder, EveryLengthOfSumIsAccumulatedAsTheChain) {
  for (Isa isa : SupportedIsas()) {
    SCOPED_TRACE(std::string(Name(isa)));
    for (int steps : kSteps) {
      CheckOrder(PanelProduct(isa), 12, 32, steps);
      CheckOrder(RowMajorProduct(isa), 12, 32, steps);
      CheckOrder(PreparedProduct(isa), 12, 32, steps);
    }
  }
}

TEST(MatmulOrder, EveryEdgeOfTheOutputIsAccumulatedAsTheChain) {
  for (Isa isa : SupportedIsas()) {
    SCOPED_TRACE(std::string(Name(isa)));
    for (int m : {1, 2, 5, 6, 7, 11, 13, 25, 33}) {
      for (int n : {1, 7, 8, 9, 15, 17, 31, 33, 65}) {
        CheckOrder(PanelProduct(isa), m, n, 9);
        CheckOrder(RowMajorProduct(isa), m, n, 9);
        CheckOrder(PreparedProduct(isa), m, n, 9);
      }
    }
  }
}

TEST(MatmulOrder, TheShapesOfTheNetworkAreAccumulatedAsTheChain) {
  for (Isa isa : SupportedIsas()) {
    if (isa == Isa::kFallback) continue;  // the same code as for short sums, and slow
    SCOPED_TRACE(std::string(Name(isa)));
    CheckOrder(PanelProduct(isa), 12, 10, 784);
    CheckOrder(RowMajorProduct(isa), 12, 10, 784);
    CheckOrder(RowMajorProduct(isa), 1, 64, 512);
  }
}

TEST(MatmulOrder, EveryNumberOfThreadsAccumulatesAsTheChain) {
  for (Isa isa : SupportedIsas()) {
    for (int threads : {1, 2, 3}) {
      SCOPED_TRACE(testing::Message() << Name(isa) << ", " << threads << " threads");
      Workers workers(threads);
      CheckOrder(ParallelProduct(isa, workers), 13, 97, 17);
      if (isa != Isa::kFallback) CheckOrder(ParallelProduct(isa, workers), 97, 300, 40);  // enough work to be divided
    }
  }
}

// A start value is the first operand of the chain: it meets +M at step 0 before any 1 does.
TEST(MatmulOrder, TheStartValueEntersTheChainFirst) {
  for (Isa isa : SupportedIsas()) {
    PanelMatrix left = Ones(10, 7), right = Ones(10, 33), c(7, 33), init = Ones(7, 33);
    for (float& x : init.buffer()) x = kHuge * kHuge;
    SetRow(left, 6, kHuge);
    SetRow(right, 6, -kHuge);
    MatmulTransposedFrom(init.view(), left.view(), right.view(), c.view(), {isa, kIeee});
    for (int i = 0; i < 7; ++i) {
      for (int j = 0; j < 33; ++j) ASSERT_EQ(c.At(i, j), 3.0f) << Name(isa);
    }
  }
}

// The method sees other orders: two accumulators, as a vectorised dot product has them.
TEST(MatmulOrder, AnotherOrderIsSeen) {
  const Product two_sums = [](ConstPanelView left, ConstPanelView right, PanelView c) {
    for (int i = 0; i < left.cols; ++i) {
      for (int j = 0; j < right.cols; ++j) {
        float even = 0.0f, odd = 0.0f;
        for (int k = 0; k < left.rows; ++k) (k % 2 == 0 ? even : odd) += left.At(k, i) * right.At(k, j);
        c.At(i, j) = even + odd;
      }
    }
  };
  testing::TestPartResultArray failures;
  {
    testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &failures);
    CheckOrder(two_sums, 1, 1, 8);
  }
  EXPECT_GT(failures.size(), 0);
}

}  // namespace
}  // namespace fplab::kernels
