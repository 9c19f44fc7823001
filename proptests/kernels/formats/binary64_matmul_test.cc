// Double-precision products: every element is the chain of the exact model, in every mode, on every ISA.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/formats/binary64_matmul.h>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/text/bits_text.h>
#include "proptests/support/format_data.h"
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

const uint64_t kCanary64 = 0x7ff5c3e1a5b4d2f7;

double Draw(WordSource& source, Palette palette) {
  return DoubleFromBits(DrawPattern(source, kBinary64, kBinary64, palette));
}

PanelMatrix64 Draw(WordSource& source, Palette palette, int rows, int cols) {
  PanelMatrix64 matrix(rows, cols);
  for (double& x : matrix.buffer()) x = DoubleFromBits(0x7ff0000000000001);  // padding is never passed on
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < cols; ++c) matrix.At(r, c) = Draw(source, palette);
  }
  return matrix;
}

// Operands of c = a b, `a` in both layouts.
struct Problem {
  Problem(uint64_t seed, Palette palette, int m, int n, int k)
      : rows(m), cols(n), steps(k), a(static_cast<size_t>(m) * k), a_panels(k, m), b(k, n), init(m, n) {
    WordSource source(seed);
    a_panels = Draw(source, palette, k, m);
    for (int i = 0; i < m; ++i) {
      for (int j = 0; j < k; ++j) a[static_cast<size_t>(i) * k + j] = a_panels.At(j, i);
    }
    b = Draw(source, palette, k, n);
    init = Draw(source, palette == Palette::kUnderflow ? Palette::kSubnormal : palette, m, n);
  }

  // The definition, one model operation after the other.
  PanelMatrix64 Chain(Mode mode, bool from_init) const {
    const model::Environment environment = model::HardwareEnvironment(mode);
    PanelMatrix64 c(rows, cols);
    for (int i = 0; i < rows; ++i) {
      for (int j = 0; j < cols; ++j) {
        uint64_t acc = from_init ? ToBits(init.At(i, j)) : 0;
        for (int k = 0; k < steps; ++k) {
          acc = model::Fma(kBinary64, environment, ToBits(a_panels.At(k, i)), ToBits(b.At(k, j)), acc).bits;
        }
        c.At(i, j) = DoubleFromBits(acc);
      }
    }
    return c;
  }

  int rows, cols, steps;
  std::vector<double> a;
  PanelMatrix64 a_panels, b, init;
};

std::string FirstDifference(const PanelMatrix64& found, const PanelMatrix64& expected) {
  for (int i = 0; i < expected.rows(); ++i) {
    for (int j = 0; j < expected.cols(); ++j) {
      if (SameBits(found.At(i, j), expected.At(i, j))) continue;
      return fmt::format("({}, {}): found {}, expected {}", i, j, Shown(found.At(i, j)), Shown(expected.At(i, j)));
    }
  }
  return "";
}

PanelMatrix64 InPanels(const Problem& p, const Execution& execution) {
  PanelMatrix64 c(p.rows, p.cols);
  MatmulTransposed(p.a_panels.view(), p.b.view(), c.view(), execution);
  return c;
}

PanelMatrix64 Prepared(const Problem& p, const Execution& execution) {
  PanelMatrix64 c(p.rows, p.cols);
  const PreparedMatmul64 product(p.rows, p.cols, p.steps, execution);
  product(p.a_panels.buffer().data(), p.b.buffer().data(), c.buffer().data());
  return c;
}

// Rows of c three apart from each other; the gaps must stay as they are.
PanelMatrix64 RowMajor(const Problem& p, const Execution& execution) {
  const ptrdiff_t stride = p.cols + 3;
  std::vector<double> rows(static_cast<size_t>(p.rows * stride), DoubleFromBits(kCanary64));
  if (p.rows > 0) rows.resize(rows.size() - 3);  // the sanitizer sees a write behind the last element
  Matmul({p.a.data(), p.rows, p.steps, p.steps}, p.b.view(), {rows.data(), p.rows, p.cols, stride}, execution);
  for (size_t i = 0; i < rows.size(); ++i) {
    const bool between = static_cast<ptrdiff_t>(i) % stride >= p.cols;
    EXPECT_TRUE(!between || ToBits(rows[i]) == kCanary64) << "written between two rows";
  }
  PanelMatrix64 c(p.rows, p.cols);
  ToPanels(rows.data(), stride, c.view());
  return c;
}

PanelMatrix64 FromInit(const Problem& p, const Execution& execution) {
  PanelMatrix64 c(p.rows, p.cols);
  MatmulTransposedFrom(p.init.view(), p.a_panels.view(), p.b.view(), c.view(), execution);
  return c;
}

PanelMatrix64 FromItself(const Problem& p, const Execution& execution) {
  PanelMatrix64 c = p.init;
  MatmulTransposedFrom(c.view(), p.a_panels.view(), p.b.view(), c.view(), execution);
  return c;
}

// "" if all kernels return the chain's bits in `mode` on `isas`.
std::string FirstFault(const Problem& p, Mode mode, const std::vector<Isa>& isas = SupportedIsas()) {
  struct Kernel {
    const char* name;
    PanelMatrix64 (*run)(const Problem&, const Execution&);
    bool from_init;
  };
  constexpr Kernel kKernels[] = {{"MatmulTransposed", InPanels, false},
                                 {"PreparedMatmul64", Prepared, false},
                                 {"Matmul", RowMajor, false},
                                 {"MatmulTransposedFrom", FromInit, true},
                                 {"MatmulTransposedFrom in place", FromItself, true}};
  const PanelMatrix64 chain = p.Chain(mode, false), chain_from_init = p.Chain(mode, true);
  for (const Kernel& kernel : kKernels) {
    for (Isa isa : isas) {
      const std::string fault = FirstDifference(kernel.run(p, {isa, mode}), kernel.from_init ? chain_from_init : chain);
      if (!fault.empty()) {
        return fmt::format("{} on {} in mode {}, {} x {} x {}: {}", kernel.name, Name(isa), Name(mode), p.rows, p.cols,
                           p.steps, fault);
      }
    }
  }
  return CurrentMode() == kIeee ? "" : "the control word was not restored";
}

// The instruction sets with a fused multiply-add: the fallback computes by the model that is the judge here.
std::vector<Isa> FastIsas() {
  std::vector<Isa> isas = SupportedIsas();
  isas.erase(isas.begin());
  return isas;
}

// The edges of every tile: 6, 8, 12 and 16 rows; 4, 8 and 16 columns.
constexpr int kEdges[] = {0, 1, 4, 5, 6, 7, 8, 9, 12, 13, 16, 17, 31, 33};

TEST(Binary64Matmul, EqualsTheChainOnEveryTileEdge) {
  uint64_t seed = 1;
  const std::vector<Mode> modes = HardwareModes();
  for (int m : kEdges) {
    for (int n : kEdges) {
      const Problem problem(seed, kPalettes[seed % std::size(kPalettes)], m, n, 5);
      EXPECT_EQ(FirstFault(problem, modes[seed % modes.size()]), "");
      ++seed;
    }
  }
}

TEST(Binary64Matmul, EqualsTheChainForEveryModeAndKindOfOperand) {
  for (Palette palette : kPalettes) {
    for (Mode mode : HardwareModes()) EXPECT_EQ(FirstFault(Problem(7, palette, 7, 17, 11), mode), "") << Name(palette);
  }
}

// A chain goes on from one block of 128 or 512 steps to the next.
TEST(Binary64Matmul, EqualsTheChainAtTheEdgesOfABlockOfSteps) {
  for (int k : {0, 1, 2, 127, 128, 129, 257, 511, 512, 513, 1027}) {
    const Problem problem(static_cast<uint64_t>(k), Palette::kUnderflow, 3, 21, k);
    EXPECT_EQ(FirstFault(problem, kIeee, FastIsas()), "");
    EXPECT_EQ(FirstFault(Problem(5, Palette::kOrdinary, 2, 16, k), kIeee, FastIsas()), "");
  }
}

TEST(Binary64Matmul, OperandsOfTheseTestsTellTheModesApart) {
  const Problem problem(7, Palette::kUnderflow, 7, 17, 11);
  const std::vector<Mode> modes = HardwareModes();
  for (size_t a = 0; a < modes.size(); ++a) {
    for (size_t b = 0; b < a; ++b) {
      EXPECT_NE(FirstDifference(problem.Chain(modes[a], true), problem.Chain(modes[b], true)), "")
          << Name(modes[a]) << " and " << Name(modes[b]);
    }
  }
}

TEST(Binary64Matmul, DividedAmongWorkersItHasTheBitsOfTheUndividedProduct) {
  for (int threads : {2, 3}) {
    Workers workers(threads);
    struct Shape {
      int m, n, k;
    };
    for (const Shape& s : {Shape{0, 5, 3}, {12, 32, 50}, {1, 1021, 600}, {1021, 10, 127}, {97, 251, 64}}) {
      const Problem p(static_cast<uint64_t>(s.n), Palette::kUnderflow, s.m, s.n, s.k);
      for (Mode mode : HardwareFlushModes()) {
        const Execution execution = {BestIsa(), mode};
        PanelMatrix64 c(s.m, s.n);
        MatmulTransposed(workers, p.a_panels.view(), p.b.view(), c.view(), execution);
        EXPECT_EQ(FirstDifference(c, InPanels(p, execution)), "") << threads << " workers, " << Name(mode);
        std::vector<double> rows(static_cast<size_t>(s.m) * s.n);
        Matmul(workers, {p.a.data(), s.m, s.k, s.k}, p.b.view(), {rows.data(), s.m, s.n, s.n}, execution);
        ToPanels(rows.data(), s.n, c.view());
        EXPECT_EQ(FirstDifference(c, InPanels(p, execution)), "") << threads << " workers, row-major";
      }
    }
  }
}

TEST(Binary64Matmul, ARowOfABatchEqualsTheRowAlone) {
  const Problem batch(11, Palette::kUnderflow, 65, 47, 301);
  for (Isa isa : FastIsas()) {
    const PanelMatrix64 all = InPanels(batch, {isa, kIeee});
    EXPECT_EQ(FirstDifference(RowMajor(batch, {isa, kIeee}), all), "");
    std::vector<double> row(static_cast<size_t>(batch.cols));
    for (int i = 0; i < batch.rows; ++i) {
      Matmul({batch.a.data() + static_cast<ptrdiff_t>(i) * batch.steps, 1, batch.steps, batch.steps}, batch.b.view(),
             {row.data(), 1, batch.cols, batch.cols}, {isa, kIeee});
      for (int j = 0; j < batch.cols; ++j) ASSERT_TRUE(SameBits(row[j], all.At(i, j))) << i << ", " << j;
    }
  }
}

TEST(Binary64Matmul, RefusesWhatDoesNotFit) {
  PanelMatrix64 a(4, 5), b(4, 6), c(5, 6), short_b(3, 6);
  EXPECT_DEATH(MatmulTransposed(a.view(), short_b.view(), c.view(), {}), "the same number of rows");
  EXPECT_DEATH(MatmulTransposed(a.view(), b.view(), a.view(), {}), "c must be");
  PanelMatrix64 square(8, 8);
  EXPECT_DEATH(MatmulTransposed(square.view(), square.view(), square.view(), {}), "c overlaps a");
  PanelView64 shifted = c.view();
  ++shifted.data;
  EXPECT_DEATH(MatmulTransposed(a.view(), b.view(), shifted, {}), "c is not aligned to 64 bytes");
  EXPECT_DEATH(PreparedMatmul64(5, -6, 4, {}), "is negative");
  const PreparedMatmul64 product(5, 6, 4, {});
  EXPECT_DEATH(product(a.buffer().data(), nullptr, c.buffer().data()), "b is null");
  EXPECT_DEATH(product(a.buffer().data(), b.buffer().data(), a.buffer().data()), "c overlaps a");
  EXPECT_THROW(MatmulTransposed(a.view(), b.view(), c.view(), {BestIsa(), {Rounding::kNearestAway, false, false}}),
               Error);
}

RC_GTEST_PROP(Binary64Matmul, EqualsTheChainForRandomShapesModesAndOperands, ()) {
  const int m = *rc::gen::inRange(0, 35).as("M"), n = *rc::gen::inRange(0, 35).as("N");
  const int k = *rc::gen::inRange(0, 20).as("K");
  const Palette palette = *rc::gen::elementOf(std::vector<Palette>(std::begin(kPalettes), std::end(kPalettes)));
  const Mode mode = *rc::gen::elementOf(HardwareModes());
  RC_ASSERT(FirstFault(Problem(*rc::gen::arbitrary<uint64_t>().as("seed"), palette, m, n, k), mode) == "");
}

}  // namespace
}  // namespace fplab::kernels
