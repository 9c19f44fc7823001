// Matrix products: every element is the chain of the exact model, in every mode, on every ISA, for every shape.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/matmul/matmul.h>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/model/fma_chain.h>
#include <fplab/kernels/matmul/prepared_matmul.h>
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

// Operands of c = a b: `a` M x K and `b` K x N, in both layouts.
struct Problem {
  Problem(uint64_t seed, Palette palette, int m, int n, int k)
      : rows(m), cols(n), steps(k), left_panels(k, m), right(k, n), init(m, n) {
    WordSource source(seed);
    left = DrawFloats(source, palette, static_cast<size_t>(m) * k);
    left_panels = DrawPanels(source, Palette::kOrdinary, k, m);
    for (int i = 0; i < m; ++i) {
      for (int j = 0; j < k; ++j) left_panels.At(j, i) = left[static_cast<size_t>(i) * k + j];
    }
    right = DrawPanels(source, palette, k, n);
    // Under kUnderflow the sums are around min normal, and so should their start be.
    init = DrawPanels(source, palette == Palette::kUnderflow ? Palette::kSubnormal : palette, m, n);
  }

  // The definition, one model operation after the other.
  PanelMatrix Chain(Mode mode, bool from_init) const {
    PanelMatrix c(rows, cols);
    std::vector<float> column(static_cast<size_t>(steps));
    for (int j = 0; j < cols; ++j) {
      for (int k = 0; k < steps; ++k) column[k] = right.At(k, j);
      for (int i = 0; i < rows; ++i) {
        const float* row = left.data() + static_cast<size_t>(i) * steps;
        if (!from_init) {
          c.At(i, j) = model::ChainDot({row, static_cast<size_t>(steps)}, column.data(), 1, mode);
          continue;
        }
        float acc = init.At(i, j);
        for (int k = 0; k < steps; ++k) acc = model::FmaFloat(row[k], column[k], acc, mode);
        c.At(i, j) = acc;
      }
    }
    return c;
  }

  int rows, cols, steps;
  std::vector<float> left;
  PanelMatrix left_panels, right, init;
};

PanelMatrix RowMajorProduct(const Problem& p, Execution execution) {
  std::vector<float> c(static_cast<size_t>(p.rows) * p.cols);
  Matmul({p.left.data(), p.rows, p.steps, p.steps}, p.right.view(), {c.data(), p.rows, p.cols, p.cols}, execution);
  PanelMatrix panels(p.rows, p.cols);
  ToPanels(c.data(), p.cols, panels.view());
  return panels;
}

PanelMatrix PanelProduct(const Problem& p, Execution execution) {
  PanelMatrix c(p.rows, p.cols);
  MatmulTransposed(p.left_panels.view(), p.right.view(), c.view(), execution);
  return c;
}

PanelMatrix PreparedRowMajorProduct(const Problem& p, Execution execution) {
  std::vector<float> c(static_cast<size_t>(p.rows) * p.cols + 1);
  const PreparedMatmul product(MatmulLayout::kRowMajor, p.rows, p.cols, p.steps, execution);
  c.back() = FloatFromBits(kCanaryBits);
  product(p.left.data(), p.right.buffer().data(), c.data());
  EXPECT_EQ(ToBits(c.back()), kCanaryBits);
  PanelMatrix panels(p.rows, p.cols);
  ToPanels(c.data(), p.cols, panels.view());
  return panels;
}

PanelMatrix PreparedPanelProduct(const Problem& p, Execution execution) {
  PanelMatrix c(p.rows, p.cols);
  const PreparedMatmul product(MatmulLayout::kPanels, p.rows, p.cols, p.steps, execution);
  product(p.left_panels.buffer().data(), p.right.buffer().data(), c.buffer().data());
  return c;
}

// init lies in c itself.
PanelMatrix AccumulatedProduct(const Problem& p, Execution execution) {
  PanelMatrix c = p.init;
  MatmulTransposedFrom(c.view(), p.left_panels.view(), p.right.view(), c.view(), execution);
  return c;
}

PanelMatrix ProductFromInit(const Problem& p, Execution execution) {
  PanelMatrix c(p.rows, p.cols);
  MatmulTransposedFrom(p.init.view(), p.left_panels.view(), p.right.view(), c.view(), execution);
  return c;
}

// "" if all kernels return the chain's bits in `mode`.
std::string FirstDifference(const Problem& p, Mode mode, bool with_init) {
  struct Kernel {
    const char* name;
    PanelMatrix (*run)(const Problem&, Execution);
    bool from_init;
  };
  constexpr Kernel kKernels[] = {{"Matmul", RowMajorProduct, false},
                                 {"MatmulTransposed", PanelProduct, false},
                                 {"PreparedMatmul in rows", PreparedRowMajorProduct, false},
                                 {"PreparedMatmul in panels", PreparedPanelProduct, false},
                                 {"MatmulTransposedFrom", ProductFromInit, true},
                                 {"MatmulTransposedFrom in place", AccumulatedProduct, true}};
  const PanelMatrix zero_chain = p.Chain(mode, false);
  const PanelMatrix init_chain = with_init ? p.Chain(mode, true) : PanelMatrix();
  for (const Kernel& kernel : kKernels) {
    if (kernel.from_init && !with_init) continue;
    for (Isa isa : SupportedIsas()) {
      std::string difference;
      if (!SameMatrix(kernel.run(p, {isa, mode}).view(), (kernel.from_init ? init_chain : zero_chain).view(),
                      &difference)) {
        return fmt::format("{} on {} in mode {}, {} x {} x {}: {}", kernel.name, Name(isa), Name(mode), p.rows, p.cols,
                           p.steps, difference);
      }
    }
  }
  return CurrentMode() == kIeee ? "" : "the control word was not restored";
}

// The edges of every tile: 6, 8, 12 and 16 rows; 8, 16 and 32 columns.
constexpr int kEdges[] = {0, 1, 5, 6, 7, 8, 9, 11, 12, 13, 16, 17, 31, 32, 33, 63, 65};

TEST(Matmul, EqualsTheChainOnEveryTileEdgeInEveryMode) {
  uint64_t seed = 1;
  for (int m : kEdges) {
    for (int n : kEdges) {
      const Palette palette = kPalettes[seed % std::size(kPalettes)];
      const Problem problem(seed, palette, m, n, 13);
      for (Mode mode : HardwareModes()) EXPECT_EQ(FirstDifference(problem, mode, true), "") << Name(palette);
      ++seed;
    }
  }
}

// Without this the tests above could pass on kernels that forget the mode.
TEST(Matmul, OperandsOfTheseTestsTellTheModesApart) {
  const Problem problem(7, Palette::kUnderflow, 13, 41, 37);
  const std::vector<Mode> modes = HardwareModes();
  for (size_t a = 0; a < modes.size(); ++a) {
    for (size_t b = 0; b < a; ++b) {
      std::string difference;
      EXPECT_FALSE(SameMatrix(problem.Chain(modes[a], true).view(), problem.Chain(modes[b], true).view(), &difference))
          << Name(modes[a]) << " and " << Name(modes[b]);
    }
  }
}

TEST(Matmul, EqualsTheChainForEveryModeAndKindOfOperand) {
  for (Palette palette : kPalettes) {
    for (Mode mode : HardwareModes()) {
      const Problem problem(7, palette, 13, 41, 37);
      EXPECT_EQ(FirstDifference(problem, mode, true), "") << Name(palette);
    }
  }
}

TEST(Matmul, EqualsTheChainForEveryLengthOfTheChain) {
  for (int k = 0; k <= 67; ++k) {
    const Problem problem(static_cast<uint64_t>(k), kPalettes[static_cast<size_t>(k) % std::size(kPalettes)], 12, 33,
                          k);
    for (Mode mode : HardwareFlushModes()) EXPECT_EQ(FirstDifference(problem, mode, true), "");
  }
}

// Chains of more than 1,024 steps are left after every 512 or so, and gone on with from the output.
TEST(Matmul, EqualsTheChainWhereItIsLeftAndGoneOnWith) {
  for (int k : {1024, 1025, 1537, 2050}) {
    for (int n : {1, 15, 33}) {
      const Problem problem(static_cast<uint64_t>(k), Palette::kUnderflow, 13, n, k);
      for (Mode mode : {kIeee, kFtzDaz}) EXPECT_EQ(FirstDifference(problem, mode, true), "");
    }
  }
}

// Long chains are computed in parts, between which they wait in the output.
TEST(Matmul, EqualsTheChainWhereItsStepsAreTakenInParts) {
  for (int k : {127, 128, 129, 255, 257, 300}) {
    const Palette palette = k % 2 == 0 ? Palette::kUnderflow : Palette::kEverything;
    const Problem problem(static_cast<uint64_t>(k), palette, 34 + k % 15, 9, k);
    for (Mode mode : HardwareFlushModes()) EXPECT_EQ(FirstDifference(problem, mode, true), "");
  }
}

TEST(Matmul, EqualsTheChainOnTheShapesOfTheNetwork) {
  EXPECT_EQ(FirstDifference(Problem(1, Palette::kOrdinary, 13, 512, 784), kIeee, false), "");
  EXPECT_EQ(FirstDifference(Problem(2, Palette::kUnderflow, 37, 10, 512), kFtzDaz, false), "");
  EXPECT_EQ(FirstDifference(Problem(3, Palette::kUnderflow, 1, 512, 512), kIeee, false), "");
}

// One row has a kernel of its own, which covers 64 or 128 columns at a time.
TEST(Matmul, EqualsTheChainForOneRowOfManyColumns) {
  for (int n : {63, 64, 65, 127, 128, 129, 257}) {
    const Problem problem(static_cast<uint64_t>(n), Palette::kUnderflow, 1, n, 29);
    for (Mode mode : HardwareFlushModes()) EXPECT_EQ(FirstDifference(problem, mode, false), "");
  }
}

// A prepared product leaves the control word alone where it already asks for the product's mode.
TEST(Matmul, APreparedProductComputesInItsOwnModeWhateverTheCallersIs) {
  const Problem problem(7, Palette::kUnderflow, 13, 41, 37);
  for (Mode callers : HardwareModes()) {
    for (Mode mode : HardwareModes()) {
      const PanelMatrix expected = problem.Chain(mode, false);
      PanelMatrix found(13, 41);
      const PreparedMatmul product(MatmulLayout::kPanels, 13, 41, 37, {BestIsa(), mode});
      Mode afterwards;
      {
        const ScopedMode guard(callers);
        product(problem.left_panels.buffer().data(), problem.right.buffer().data(), found.buffer().data());
        afterwards = CurrentMode();
      }
      EXPECT_EQ(afterwards, callers);
      std::string difference;
      EXPECT_TRUE(SameMatrix(found.view(), expected.view(), &difference))
          << Name(mode) << " called in " << Name(callers) << ": " << difference;
    }
  }
}

// "" if every row of the batch's product is that of the row alone.
std::string FirstRowThatDiffersAlone(const Problem& batch, Isa isa) {
  const PanelMatrix all = RowMajorProduct(batch, {isa, kIeee}), panels = PanelProduct(batch, {isa, kIeee});
  std::string difference;
  if (!SameMatrix(all.view(), panels.view(), &difference)) return "the layouts differ: " + difference;
  for (auto* prepared : {PreparedRowMajorProduct, PreparedPanelProduct}) {
    const PanelMatrix product = prepared(batch, {isa, kIeee});
    if (!SameMatrix(product.view(), panels.view(), &difference)) return "a prepared product differs: " + difference;
  }
  std::vector<float> row(static_cast<size_t>(batch.cols));
  for (int i = 0; i < batch.rows; ++i) {
    Matmul({batch.left.data() + static_cast<ptrdiff_t>(i) * batch.steps, 1, batch.steps, batch.steps},
           batch.right.view(), {row.data(), 1, batch.cols, batch.cols}, {isa, kIeee});
    for (int j = 0; j < batch.cols; ++j) {
      if (!SameBits(row[j], all.At(i, j))) return fmt::format("{}: row {}, column {}", Name(isa), i, j);
    }
  }
  return "";
}

// The bits of a chain depend on nothing around it.
TEST(Matmul, ARowOfABatchEqualsTheRowAlone) {
  const Problem batch(11, Palette::kUnderflow, 65, 47, 50);
  for (Isa isa : SupportedIsas()) EXPECT_EQ(FirstRowThatDiffersAlone(batch, isa), "");
}

TEST(Matmul, ABatchCutIntoBlocksForTheCacheEqualsItsRowsAlone) {
  const Problem batch(12, Palette::kOrdinary, 285, 33, 950);  // more than twice 128 Ki floats on the left
  for (Isa isa : SupportedIsas()) {
    if (isa == Isa::kFallback) continue;  // the same blocks, at a hundredth of the speed
    EXPECT_EQ(FirstRowThatDiffersAlone(batch, isa), "");
  }
}

RC_GTEST_PROP(Matmul, EqualsTheChainForRandomShapesModesAndOperands, ()) {
  const int m = *rc::gen::inRange(0, 70).as("M"), n = *rc::gen::inRange(0, 70).as("N");
  const int k = *rc::gen::inRange(0, 40).as("K");
  const Palette palette = *rc::gen::elementOf(std::vector<Palette>(std::begin(kPalettes), std::end(kPalettes)));
  const Mode mode = *rc::gen::elementOf(HardwareModes());
  const auto seed = *rc::gen::arbitrary<uint64_t>().as("seed");
  RC_ASSERT(FirstDifference(Problem(seed, palette, m, n, k), mode, true) == "");
}

}  // namespace
}  // namespace fplab::kernels
