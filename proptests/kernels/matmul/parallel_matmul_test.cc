// Matrix products divided among workers: the bits of the undivided product, for every shape and number of workers.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/matmul/parallel_matmul.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <climits>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/kernels/matmul/product_parts.h>
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

struct Shape {
  int m, n, k;
};
// Empty ones; too little to divide; rows or columns alone worth dividing; fewer panels than workers; primes.
constexpr Shape kShapes[] = {{0, 5, 3},       {5, 0, 3},     {3, 4, 0},     {12, 32, 50},   {1, 1021, 600},
                             {1021, 10, 127}, {61, 33, 509}, {2, 32, 9001}, {127, 127, 67}, {97, 251, 64}};

// "" if the divided products have the undivided ones' bits.
std::string FirstDifference(const Shape& shape, Workers& workers, const Execution& execution) {
  WordSource source(static_cast<uint64_t>(shape.m) * 31 + shape.n);
  const PanelMatrix left = DrawPanels(source, Palette::kUnderflow, shape.k, shape.m);
  const PanelMatrix right = DrawPanels(source, Palette::kUnderflow, shape.k, shape.n);
  const std::vector<float> rows = DrawFloats(source, Palette::kUnderflow, static_cast<size_t>(shape.m) * shape.k);
  PanelMatrix expected(shape.m, shape.n), found(shape.m, shape.n);
  MatmulTransposed(left.view(), right.view(), expected.view(), execution);
  MatmulTransposed(workers, left.view(), right.view(), found.view(), execution);
  std::string difference;
  if (!SameMatrix(found.view(), expected.view(), &difference)) return "panels: " + difference;

  const ConstMatrixView a = {rows.data(), shape.m, shape.k, shape.k};
  std::vector<float> want(static_cast<size_t>(shape.m) * shape.n), have(want);
  Matmul(a, right.view(), {want.data(), shape.m, shape.n, shape.n}, execution);
  Matmul(workers, a, right.view(), {have.data(), shape.m, shape.n, shape.n}, execution);
  return SameArray(have, want, &difference) ? "" : "row-major: " + difference;
}

TEST(ParallelMatmul, EqualsTheUndividedProductForEveryShapeModeAndNumberOfWorkers) {
  for (int threads : {1, 2, 3, 8}) {
    Workers workers(threads);
    for (const Shape& shape : kShapes) {
      for (Mode mode : HardwareFlushModes()) {
        EXPECT_EQ(FirstDifference(shape, workers, {BestIsa(), mode}), "")
            << fmt::format("{} x {} x {}, {} workers, {}", shape.m, shape.n, shape.k, threads, Name(mode));
      }
    }
  }
  EXPECT_EQ(CurrentMode(), kIeee);
}

TEST(ProductParts, ThereAreAsManyAsWorkersWithWorkForEach) {
  EXPECT_EQ(Parts(8, 0, 5, 3), 1);
  EXPECT_EQ(Parts(8, 1, 1, kLeastMultiplyAdds), 1);
  EXPECT_EQ(Parts(8, 1, 2, kLeastMultiplyAdds - 1), 1);
  EXPECT_EQ(Parts(8, 1, 2, kLeastMultiplyAdds), 2);
  EXPECT_EQ(Parts(8, 64, 64, 7 * (kLeastMultiplyAdds >> 12)), 7);
  EXPECT_EQ(Parts(8, 1024, 1024, 1024), 8);
  EXPECT_EQ(Parts(8, INT_MAX, INT_MAX, INT_MAX), 8);
  EXPECT_EQ(Parts(1, 1024, 1024, 1024), 1);
}

// By enumeration: the largest of the parts' shares.
double LargestShare(int units, int parts) {
  int largest = 0;
  for (int i = 0; i < parts; ++i) largest = std::max(largest, PartOfUnits(units, parts, i).size);
  return static_cast<double>(largest) / units;
}

TEST(ProductParts, AreNearlyEqualAndTheMoreEqualDivisionIsChosen) {
  for (int parts = 1; parts <= 9; ++parts) {
    for (int units = 0; units <= 40; ++units) {
      int next = 0;
      for (int i = 0; i < parts; ++i) {
        const PartOfUnits part(units, parts, i);
        EXPECT_EQ(part.first, next);
        EXPECT_TRUE(part.size == units / parts || part.size == Units(units, parts));
        next = part.first + part.size;
      }
      EXPECT_EQ(next, units);
      for (int others = 1; units > 0 && others <= 40; ++others) {
        EXPECT_EQ(DividesAsEqually(units, others, parts), LargestShare(units, parts) <= LargestShare(others, parts))
            << units << " or " << others << " units in " << parts << " parts";
      }
    }
  }
  EXPECT_TRUE(DividesAsEqually(3, 0, 2));
  EXPECT_FALSE(DividesAsEqually(0, 3, 2));
  EXPECT_TRUE(DividesAsEqually(INT_MAX, INT_MAX, 2));
}

TEST(ParallelMatmul, RefusesAnOutputThatOverlapsAnotherPartsOperand) {
  Workers workers(2);
  const PanelMatrix right(600, 600);
  std::vector<float> both(size_t{1500} * 600);
  const ConstMatrixView a = {both.data(), 600, 600, 600};
  // c begins in the last rows of a: the first part's rows of a and of c are apart.
  EXPECT_DEATH(Matmul(workers, a, right.view(), {both.data() + size_t{590} * 600, 600, 600, 600}, {}),
               "matmul: output c overlaps a");
  PanelMatrix square(600, 600);
  EXPECT_DEATH(MatmulTransposed(workers, square.view(), right.view(), square.view(), {}),
               "matmul: output c overlaps a");
}

TEST(ParallelMatmul, AModeThatTheMachineLacksIsRefusedAndNothingIsWritten) {
  Workers workers(2);
  const PanelMatrix left(128, 128), right(128, 128);
  PanelMatrix c(128, 128);
  for (float& x : c.buffer()) x = 7.0f;
  const Execution away = {BestIsa(), {Rounding::kNearestAway, false, false}};
  EXPECT_THROW(MatmulTransposed(workers, left.view(), right.view(), c.view(), away), Error);
  for (float x : c.buffer()) ASSERT_EQ(x, 7.0f);
}

}  // namespace
}  // namespace fplab::kernels
