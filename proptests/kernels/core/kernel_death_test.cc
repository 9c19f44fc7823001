// Bad use of a kernel: a wrong view aborts with a message that names the argument, a mode the machine lacks throws.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/kernels/layers/elementwise.h>
#include <fplab/kernels/layers/exp_log.h>
#include <fplab/kernels/layers/loss.h>
#include <fplab/kernels/layers/member_columns.h>
#include <fplab/kernels/layers/nonlinearity.h>
#include <fplab/kernels/layers/optimizer_step.h>
#include <fplab/kernels/layers/reductions.h>
#include <fplab/kernels/layers/select.h>
#include <fplab/kernels/matmul/matmul.h>
#include <fplab/kernels/matmul/prepared_matmul.h>
#include <fplab/kernels/random/gaussian_noise.h>
#include <fplab/kernels/random/random.h>

namespace fplab::kernels {
namespace {

class KernelDeathTest : public testing::Test {
 protected:
  PanelMatrix a{4, 6}, b{4, 40}, c{6, 40};
  std::vector<float> row = std::vector<float>(64);
  std::vector<int32_t> labels = std::vector<int32_t>(64);
};

TEST_F(KernelDeathTest, MatmulNamesTheOperandThatIsNull) {
  const ConstPanelView no_a = {nullptr, 4, 6, 4 * 32}, no_b = {nullptr, 4, 40, 4 * 32};
  const PanelView no_c = {nullptr, 6, 40, 6 * 32};
  const ConstPanelView no_init = no_c;
  EXPECT_DEATH(MatmulTransposed(no_a, b.view(), c.view(), {}), "matmul: a is null");
  EXPECT_DEATH(MatmulTransposed(a.view(), no_b, c.view(), {}), "matmul: b is null");
  EXPECT_DEATH(MatmulTransposed(a.view(), b.view(), no_c, {}), "matmul: c is null");
  EXPECT_DEATH(MatmulTransposedFrom(no_init, a.view(), b.view(), c.view(), {}), "matmul: init is null");
  EXPECT_DEATH(Matmul({nullptr, 1, 4, 4}, b.view(), {row.data(), 1, 40, 40}, {}), "matmul: a is null");
  EXPECT_DEATH(Matmul({row.data(), 1, 4, 4}, b.view(), {nullptr, 1, 40, 40}, {}), "matmul: c is null");
  EXPECT_DEATH(Matmul({row.data(), 1, 4, 4}, no_b, {row.data() + 8, 1, 40, 40}, {}), "matmul: b is null");
}

TEST_F(KernelDeathTest, MatmulNamesTheShapeThatDoesNotFit) {
  PanelMatrix short_a(3, 6), narrow_c(6, 39), low_c(5, 40);
  EXPECT_DEATH(MatmulTransposed(short_a.view(), b.view(), c.view(), {}), "a and b must have the same number of rows");
  EXPECT_DEATH(MatmulTransposed(a.view(), b.view(), narrow_c.view(), {}), "c must be a.cols x b.cols");
  EXPECT_DEATH(MatmulTransposed(a.view(), b.view(), low_c.view(), {}), "c must be a.cols x b.cols");
  EXPECT_DEATH(MatmulTransposedFrom(low_c.view(), a.view(), b.view(), c.view(), {}), "init must have the shape of c");
  EXPECT_DEATH(Matmul({row.data(), 1, 5, 5}, b.view(), {row.data() + 8, 1, 40, 40}, {}), "b must have a.cols rows");
  EXPECT_DEATH(Matmul({row.data(), 1, 4, 4}, b.view(), {row.data() + 8, 1, 39, 40}, {}), "c must be a.rows x b.cols");
  EXPECT_DEATH(Matmul({row.data(), 1, 4, 3}, b.view(), {row.data() + 8, 1, 40, 40}, {}), "matmul: a has a stride less");
  EXPECT_DEATH(Matmul({row.data(), 1, 4, 4}, b.view(), {row.data() + 8, 1, 40, 39}, {}), "matmul: c has a stride less");
}

TEST_F(KernelDeathTest, MatmulRefusesMisalignedPanelsAndNegativeSizes) {
  ConstPanelView shifted = a.view();
  shifted.data += 1;
  EXPECT_DEATH(MatmulTransposed(shifted, b.view(), c.view(), {}), "matmul: a is not aligned");
  const ConstPanelView negative = {a.view().data, -4, 6, 128}, negative_b = {b.view().data, -4, 40, 128};
  EXPECT_DEATH(MatmulTransposed(negative, negative_b, c.view(), {}), "negative");
}

TEST_F(KernelDeathTest, MatmulRefusesAnOutputThatOverlapsAnInput) {
  PanelMatrix square(8, 8), tall(64, 32);
  const PanelView s = square.view();
  EXPECT_DEATH(MatmulTransposed(s, b.view().Rows(0, 0), s, {}), "same number of rows");
  EXPECT_DEATH(MatmulTransposed(s, PanelMatrix(8, 8).view(), s, {}), "matmul: output c overlaps a");
  EXPECT_DEATH(MatmulTransposed(PanelMatrix(8, 8).view(), s, s, {}), "matmul: output c overlaps b");
  const PanelView half = tall.view().Rows(0, 32), shifted = tall.view().Rows(1, 32);
  const PanelMatrix k(5, 32);
  EXPECT_DEATH(MatmulTransposedFrom(half, k.view(), k.view(), shifted, {}), "c overlaps init and is not init itself");
  std::vector<float> x(64);
  const PanelMatrix w(4, 4);
  EXPECT_DEATH(Matmul({x.data(), 4, 4, 4}, w.view(), {x.data() + 15, 4, 4, 4}, {}), "matmul: output c overlaps a");
  EXPECT_DEATH(Matmul({x.data(), 4, 4, 4}, w.view(), {const_cast<float*>(w.view().data), 4, 4, 4}, {}),
               "matmul: output c overlaps b");
}

TEST_F(KernelDeathTest, MatmulAcceptsBandsOfOneMatrixThatAreApart) {
  PanelMatrix both(24, 70);
  const PanelView x = both.view().Rows(0, 8), y = both.view().Rows(8, 16);
  const PanelMatrix w(8, 16);
  MatmulTransposed(w.view(), x, y, {});
  std::vector<float> wide(4 * 8);  // columns 0..3 are a, columns 4..7 are c
  Matmul({wide.data(), 4, 4, 8}, PanelMatrix(4, 4).view(), {wide.data() + 4, 4, 4, 8}, {});
  EXPECT_DEATH(Matmul({wide.data(), 4, 4, 8}, PanelMatrix(4, 4).view(), {wide.data() + 3, 4, 4, 8}, {}), "overlaps a");
  EXPECT_DEATH(Matmul({wide.data() + 4, 4, 4, 8}, PanelMatrix(4, 4).view(), {wide.data() + 1, 4, 4, 8}, {}),
               "overlaps a");
}

TEST_F(KernelDeathTest, APreparedMatmulNamesTheArgument) {
  const PreparedMatmul product(MatmulLayout::kPanels, 6, 40, 4, {});
  const float *left = a.view().data, *right = b.view().data;
  float* out = c.view().data;
  EXPECT_DEATH(product(nullptr, right, out), "prepared matmul: a is null");
  EXPECT_DEATH(product(left, nullptr, out), "prepared matmul: b is null");
  EXPECT_DEATH(product(left, right, nullptr), "prepared matmul: c is null");
  EXPECT_DEATH(product(left + 1, right, out), "prepared matmul: a is not aligned");
  EXPECT_DEATH(product(left, right, out + 8), "prepared matmul: c is not aligned");
  EXPECT_DEATH(product(out, right, out), "prepared matmul: output c overlaps a");
  EXPECT_DEATH(product(left, out + 128, out), "prepared matmul: output c overlaps b");
  const PreparedMatmul rows(MatmulLayout::kRowMajor, 1, 40, 4, {});
  EXPECT_DEATH(rows(row.data(), right + 1, row.data() + 8), "prepared matmul: b is not aligned");
  EXPECT_DEATH(rows(row.data(), right, row.data() + 3), "prepared matmul: output c overlaps a");
  rows(row.data() + 1, right, row.data() + 5);
  EXPECT_DEATH(PreparedMatmul(MatmulLayout::kRowMajor, 6, -1, 4, {}), "prepared matmul: m, n or k is negative");
  constexpr int kMost = std::numeric_limits<int>::max();
  EXPECT_DEATH(PreparedMatmul(MatmulLayout::kPanels, kMost, 1, kMost, {}),
               "prepared matmul: a has a size that overflows");
  EXPECT_DEATH(PreparedMatmul(MatmulLayout::kRowMajor, 1, kMost, kMost, {}),
               "prepared matmul: b has a size that overflows");
}

TEST_F(KernelDeathTest, SizesThatOverflowAreRefused) {
  constexpr ptrdiff_t kHuge = ptrdiff_t{1} << 60;
  const PanelView far_c = {c.view().data, 6, 70, kHuge};
  EXPECT_DEATH(MatmulTransposed(a.view(), {a.view().data, 4, 70, kHuge}, far_c, {}), "b has a size that overflows");
  EXPECT_DEATH(AddBias(PanelMatrix(4, 70).view(), row.data(), {a.view().data, 4, 70, kHuge}, {}),
               "out has a size that overflows");
  EXPECT_DEATH(Matmul({row.data(), 3, 4, kHuge}, b.view(), {row.data() + 8, 3, 40, 40}, {}),
               "a has a size that overflows");
  EXPECT_DEATH(PanelMatrix(-1, 4), "panel matrix: negative");
  EXPECT_DEATH(AddBias({a.view().data, 4, 70, 64}, row.data(), PanelMatrix(4, 70).view(), {}),
               "panel_stride is too small");
}

TEST_F(KernelDeathTest, OverlapIsRefusedByEveryKernelThatWrites) {
  PanelMatrix tall(16, 40);
  const PanelView x = tall.view().Rows(0, 8), shifted = tall.view().Rows(4, 8);
  std::vector<float> bias(16);
  float* array = row.data();
  EXPECT_DEATH(AddBias(x, bias.data(), shifted, {}), "add bias: output out overlaps an input");
  EXPECT_DEATH(AddBias(x, x.data + 4, x, {}), "add bias: output out overlaps bias");
  EXPECT_DEATH(AddBiasScale(x, bias.data(), 2.0f, shifted, {}), "add bias and scale: output out overlaps an input");
  EXPECT_DEATH(Add(x, shifted, shifted, {}), "add: output out overlaps an input");
  EXPECT_DEATH(Subtract(shifted, x, shifted, {}), "subtract: output out overlaps an input");
  EXPECT_DEATH(Scale(x, 2.0f, shifted, {}), "scale: output out overlaps an input");
  EXPECT_DEATH(Scale(array, 2.0f, array + 1, 8, {}), "scale: output out overlaps in");
  EXPECT_DEATH(Exp(array, array + 7, 8, BestIsa()), "exp: output out overlaps in");
  EXPECT_DEATH(Log(array + 7, array, 8, BestIsa()), "log: output out overlaps in");
  EXPECT_DEATH(ZeroWhereZero(x, shifted, BestIsa()), "zero where zero: output x overlaps gate");
  EXPECT_DEATH(Transpose(x.Panels(0, 1), {x.data, 32, 8, 1024}), "transpose: output `to` overlaps `from`");
  EXPECT_DEATH(SoftmaxCrossEntropyGradient(x, labels.data(), bias.data(), shifted, BestIsa()),
               "loss: output gradient overlaps logits");
  EXPECT_DEATH(SoftmaxCrossEntropy(x, labels.data(), x.data + 32, BestIsa()), "loss: output loss overlaps logits");
  EXPECT_DEATH(ColumnSums(x, x.data, BestIsa()), "column sums: output out overlaps x");
  const AdamStep adam = {0.1f, 0.9f, 0.999f, 1e-8f, 1, 1};
  EXPECT_DEATH(Adam(adam, array, array + 8, array + 16, array + 17, 8, BestIsa()), "adam: output overlaps another");
  EXPECT_DEATH(SgdMomentum(0.1f, 0.9f, array, array + 7, array + 16, 8, BestIsa()), "sgd: output overlaps another");
  EXPECT_DEATH(MoveAverage(0.9f, array, array, 8, BestIsa()), "average: output overlaps another");
}

TEST_F(KernelDeathTest, ElementwiseNamesTheArgument) {
  PanelMatrix other(4, 7);
  const PanelView null = {nullptr, 4, 6, 128};
  EXPECT_DEATH(AddBias(a.view(), row.data(), other.view(), {}), "add bias: out must have the shape of in");
  EXPECT_DEATH(AddBias(a.view(), nullptr, a.view(), {}), "bias is null");
  EXPECT_DEATH(AddBias(a.view(), row.data(), null, {}), "null");
  EXPECT_DEATH(AddBiasScale(a.view(), row.data(), 1.0f, other.view(), {}), "scale: out must have the shape of in");
  EXPECT_DEATH(Add(a.view(), other.view(), a.view(), {}), "add: a and b must have one shape");
  EXPECT_DEATH(Subtract(a.view(), a.view(), other.view(), {}), "subtract: out must have the shape of a");
  EXPECT_DEATH(Scale(a.view(), 1.0f, other.view(), {}), "scale: out must have the shape of in");
  EXPECT_DEATH(Scale(nullptr, 1.0f, row.data(), 1, {}), "scale: an array with elements is null");
  EXPECT_DEATH(Scale(row.data(), 1.0f, nullptr, 1, {}), "scale: an array with elements is null");
}

TEST_F(KernelDeathTest, ActivationsNameTheArgument) {
  PanelMatrix other(4, 7), tall(16, 40);
  const PanelView null = {nullptr, 4, 6, 128}, x = tall.view().Rows(0, 8), shifted = tall.view().Rows(4, 8);
  const PanelView no_rows = {nullptr, 0, 6, 0}, misaligned = {a.view().data + 1, 3, 6, 96};
  float* factors = row.data();
  const Isa isa = BestIsa();
  for (Nonlinearity activation : {Nonlinearity::kLinear, Nonlinearity::kElu}) {
    EXPECT_DEATH(ApplyNonlinearity(activation, a.view(), other.view(), isa),
                 "activate: out must have the shape of the input");
    EXPECT_DEATH(ApplyNonlinearity(activation, null, a.view(), isa), "activate: in is null");
    EXPECT_DEATH(ApplyNonlinearity(activation, a.view(), null, isa), "activate: out is null");
    EXPECT_DEATH(ApplyNonlinearity(activation, misaligned, misaligned, isa), "activate: in is not aligned");
    EXPECT_DEATH(ApplyNonlinearity(activation, x, shifted, isa), "activate: output overlaps the input");
    EXPECT_DEATH(MultiplyByDerivative(activation, a.view(), other.view(), isa),
                 "multiply by derivative: delta must have");
    EXPECT_DEATH(MultiplyByDerivative(activation, x, shifted, isa),
                 "multiply by derivative: output overlaps the input");
  }
  EXPECT_DEATH(NormaliseColumns(a.view(), other.view(), factors, isa), "normalise: out must have the shape");
  EXPECT_DEATH(NormaliseColumns(a.view(), a.view(), nullptr, isa), "normalise: factors is null");
  EXPECT_DEATH(NormaliseColumns(no_rows, no_rows, factors, isa), "normalise: input has no rows");
  EXPECT_DEATH(NormaliseColumns(x, shifted, factors, isa), "normalise: output overlaps the input");
  EXPECT_DEATH(NormaliseColumns(x, x, x.data + 32, isa), "normalise: output factors overlaps in");
  EXPECT_DEATH(NormaliseColumns(b.view(), x.Rows(0, 4), x.data + 32, isa), "normalise: output out overlaps factors");
  EXPECT_DEATH(NormaliseColumnsBackward(x, factors, shifted, isa), "normalise backward: output overlaps the input");
  EXPECT_DEATH(NormaliseColumnsBackward(b.view(), x.data, x.Rows(0, 4), isa), "delta overlaps factors");
}

TEST_F(KernelDeathTest, GroupedOperationsNameTheArgument) {
  PanelMatrix other(4, 7), tall(16, 40);
  const PanelView null = {nullptr, 4, 6, 128}, x = tall.view().Rows(0, 8), shifted = tall.view().Rows(4, 8);
  std::vector<float> values(200), columns(64);
  const auto grouped = [&](int rows, int width = 32, ptrdiff_t stride = 1) {
    return MemberView{values.data(), rows, width, stride};
  };
  float* t = columns.data();
  EXPECT_DEATH(MemberDots(a.view(), grouped(5), t, {}), "grouped dots: b has another number of rows");
  EXPECT_DEATH(MemberDots(a.view(), grouped(4, 3), t, {}), "grouped dots: b has a width that is not a power of two");
  EXPECT_DEATH(MemberDots(a.view(), grouped(4, 0), t, {}), "grouped dots: b has a width that is not a power of two");
  EXPECT_DEATH(MemberDots(a.view(), grouped(4, 64), t, {}), "grouped dots: b has a width that is not a power of two");
  EXPECT_DEATH(MemberDots(a.view(), grouped(4, 8, 3), t, {}), "grouped dots: b has a stride less than");
  EXPECT_DEATH(MemberDots(a.view(), grouped(4, 8, ptrdiff_t{1} << 61), t, {}), "b has a size that overflows");
  EXPECT_DEATH(MemberDots(a.view(), MemberView{nullptr, 4}, t, {}), "grouped dots: b is null");
  EXPECT_DEATH(MemberDots(null, grouped(4), t, {}), "grouped dots: x is null");
  EXPECT_DEATH(MemberDots(a.view(), grouped(4), nullptr, {}), "grouped dots: out is null");
  EXPECT_DEATH(MemberDots(x, grouped(8), x.data + 8, {}), "grouped dots: output out overlaps x");
  EXPECT_DEATH(MemberDots(x, grouped(8), values.data() + 7, {}), "grouped dots: output out overlaps b");
  EXPECT_DEATH(MemberUpdate(a.view(), grouped(4), t, other.view(), {}), "grouped update: out must have the shape");
  EXPECT_DEATH(MemberUpdate(a.view(), grouped(4), t, null, {}), "grouped update: out is null");
  EXPECT_DEATH(MemberUpdate(a.view(), grouped(4), nullptr, a.view(), {}), "grouped update: t is null");
  EXPECT_DEATH(MemberUpdate(x, grouped(8), t, shifted, {}), "grouped update: output out overlaps an input");
  EXPECT_DEATH(MemberUpdate(x, grouped(8), x.data + 4, x, {}), "grouped update: output out overlaps t");
  EXPECT_DEATH(AddBias(x, grouped(8), shifted, {}), "add grouped bias: output out overlaps an input");
  EXPECT_DEATH(AddBias(x, MemberView{x.data + 4, 8}, x, {}),
               "add grouped bias: output out overlaps the grouped matrix");
  EXPECT_DEATH(AddBiasScale(x, grouped(8), 2.0f, shifted, {}), "add grouped bias and scale: output out overlaps an");
  EXPECT_DEATH(AddBiasScale(x, grouped(7), 2.0f, x, {}), "add grouped bias and scale: bias has another number");
}

TEST_F(KernelDeathTest, MovesNameTheArgument) {
  const PanelView null = {nullptr, 4, 6, 128}, misaligned = {a.view().data + 1, 3, 6, 96};
  float* rows = row.data();
  EXPECT_DEATH(ToPanels(nullptr, 6, a.view()), "to panels: rows is null");
  EXPECT_DEATH(ToPanels(rows, 6, null), "to panels: panels is null");
  EXPECT_DEATH(ToPanels(rows, 6, misaligned), "to panels: panels is not aligned");
  EXPECT_DEATH(ToPanels(rows, 5, a.view()), "to panels: rows has a stride less than its columns");
  EXPECT_DEATH(ToPanels(rows, ptrdiff_t{1} << 61, a.view()), "to panels: rows has a size that overflows");
  EXPECT_DEATH(ToPanels(a.view().data + 4, 6, a.view()), "to panels: output overlaps the input");
  EXPECT_DEATH(FromPanels(a.view(), nullptr, 6), "from panels: rows is null");
  EXPECT_DEATH(FromPanels(null, rows, 6), "from panels: panels is null");
  EXPECT_DEATH(FromPanels(a.view(), rows, -6), "from panels: rows has a stride less than its columns");
  EXPECT_DEATH(FromPanels(a.view(), a.view().data, 32), "from panels: output overlaps the input");
  ToPanels(rows, 0, a.view().Rows(2, 1));
  ToPanels(nullptr, 0, a.view().Rows(0, 0));
}

TEST_F(KernelDeathTest, ReductionsNameTheArgument) {
  const ConstPanelView null = {nullptr, 4, 6, 128};
  EXPECT_DEATH(Sum(nullptr, 1, BestIsa()), "sum: x is null");
  EXPECT_DEATH(ColumnSums(null, row.data(), BestIsa()), "column sums: x is null");
  EXPECT_DEATH(ColumnSums(a.view(), nullptr, BestIsa()), "column sums: out is null");
  EXPECT_DEATH(CountZeros(null, BestIsa()), "count zeros: x is null");
  EXPECT_DEATH(CountCorrect(a.view(), nullptr, BestIsa()), "count correct: labels is null");
  EXPECT_DEATH(CountCorrect(null, labels.data(), BestIsa()), "count correct: logits is null");
  EXPECT_DEATH(CountCorrect({nullptr, 0, 6, 0}, labels.data(), BestIsa()), "count correct: logits have no rows");
}

TEST_F(KernelDeathTest, ViewsThatAreNoPanelsAreRefusedByEveryKernelThatReadsThem) {
  const Isa isa = BestIsa();
  float* x = row.data();
  // Not aligned; negative; panels that overlap.
  const PanelView misaligned = {a.view().data + 1, 3, 6, 96}, negative = {a.view().data, -4, 6, 128},
                  narrow = {b.view().data, 4, 40, 64};
  PanelMatrix other(3, 6), four(4, 40);
  EXPECT_DEATH(ColumnSums(misaligned, x, isa), "column sums: x is not aligned");
  EXPECT_DEATH(ColumnSums(negative, x, isa), "column sums: x has negative rows");
  EXPECT_DEATH(ColumnSums(narrow, x, isa), "column sums: x has panels that overlap");
  EXPECT_DEATH(CountZeros(misaligned, isa), "count zeros: x is not aligned");
  EXPECT_DEATH(CountZeros(negative, isa), "count zeros: x has negative rows");
  EXPECT_DEATH(CountCorrect(misaligned, labels.data(), isa), "count correct: logits is not aligned");
  EXPECT_DEATH(CountCorrect(narrow, labels.data(), isa), "count correct: logits has panels that overlap");
  EXPECT_DEATH(SoftmaxCrossEntropy(misaligned, labels.data(), x, isa), "loss: logits is not aligned");
  EXPECT_DEATH(SoftmaxCrossEntropy(narrow, labels.data(), x, isa), "loss: logits has panels that overlap");
  EXPECT_DEATH(SoftmaxCrossEntropyGradient(other.view(), labels.data(), x, misaligned, isa),
               "loss: gradient is not aligned");
  PanelMatrix same(4, 6);
  float* inside = same.view().data + 32;
  EXPECT_DEATH(SoftmaxCrossEntropyGradient(a.view(), labels.data(), inside, same.view(), isa),
               "loss: output gradient overlaps loss");
  EXPECT_DEATH(SoftmaxCrossEntropyGradient(a.view(), reinterpret_cast<int32_t*>(inside), x, same.view(), isa),
               "loss: output gradient overlaps labels");
  EXPECT_DEATH(ZeroWhereZero(misaligned, other.view(), isa), "zero where zero: gate is not aligned");
  EXPECT_DEATH(ZeroWhereZero(other.view(), misaligned, isa), "zero where zero: x is not aligned");
  EXPECT_DEATH(CountDifferences(misaligned, other.view(), labels.data(), isa), "count differences: a is not aligned");
  EXPECT_DEATH(CountDifferences(other.view(), misaligned, labels.data(), isa), "count differences: b is not aligned");
  EXPECT_DEATH(CountDifferences(a.view(), a.view(), nullptr, isa), "count differences: counts is null");
  EXPECT_DEATH(CountDifferences(a.view(), a.view(), reinterpret_cast<int32_t*>(a.view().data) + 5, isa),
               "count differences: output counts overlaps a");
  EXPECT_DEATH(AntitheticDelta(x, x + 32, misaligned, other.view(), 1, other.view(), isa),
               "antithetic delta: deviate is not aligned");
  EXPECT_DEATH(AntitheticDelta(x, x + 32, other.view(), misaligned, 1, other.view(), isa),
               "antithetic delta: change is not aligned");
  EXPECT_DEATH(AntitheticDelta(x, x + 32, other.view(), other.view(), 1, misaligned, isa),
               "antithetic delta: delta is not aligned");
  EXPECT_DEATH(AntitheticDelta(x, x + 32, four.view(), four.view(), 1, four.view(), isa), "more than one panel");
  EXPECT_DEATH(AntitheticDelta(nullptr, x, a.view(), a.view(), 1, a.view(), isa), "loss or flipped_loss is null");
  EXPECT_DEATH(AntitheticDelta(x, a.view().data + 31, a.view(), a.view(), 1, a.view(), isa), "delta overlaps a loss");
}

TEST_F(KernelDeathTest, NoiseNamesTheArgument) {
  const Isa isa = BestIsa();
  constexpr size_t kLength = size_t{1} << 34;
  std::vector<float> values(256);
  float *x = values.data(), *y = x + 64, *z = y + 64;
  EXPECT_DEATH(PerturbByNormals({}, 1, nullptr, y, z, 1, isa), "perturb: an array is null");
  EXPECT_DEATH(PerturbByNormals({}, 1, x, nullptr, z, 1, isa), "perturb: an array is null");
  EXPECT_DEATH(PerturbByNormals({}, 1, x, y, nullptr, 1, isa), "perturb: an array is null");
  EXPECT_DEATH(PerturbByNormals({}, 1, x, y, z, kLength + 1, isa), "perturb: a stream has 2\\^34 numbers");
  EXPECT_DEATH(PerturbByNormals({}, 1, x, x + 63, z, 64, isa), "perturb: output plus overlaps center");
  EXPECT_DEATH(PerturbByNormals({}, 1, x, y, x + 1, 64, isa), "perturb: output minus overlaps center");
  EXPECT_DEATH(PerturbByNormals({}, 1, x, y, y, 64, isa), "perturb: output plus overlaps minus");
  EXPECT_DEATH(PerturbByNormals({}, 1, x, y, y + 63, 64, isa), "perturb: output plus overlaps minus");
  EXPECT_DEATH(SumOfNormals({}, x, 3, 0, nullptr, 1, isa), "sum of normals: null array");
  EXPECT_DEATH(SumOfNormals({}, nullptr, 3, 0, y, 1, isa), "sum of normals: null array");
  EXPECT_DEATH(SumOfNormals({}, x, -1, 0, y, 1, isa), "sum of normals: `first` must be a multiple of 64, streams >= 0");
  EXPECT_DEATH(SumOfNormals({}, x, 3, 32, y, 1, isa), "sum of normals: `first` must be a multiple of 64");
  EXPECT_DEATH(SumOfNormals({}, x, 3, kLength, y, 1, isa), "sum of normals: a stream has 2\\^34 numbers");
  EXPECT_DEATH(SumOfNormals({}, x, 65, 0, y, 1, isa), "sum of normals: output sum overlaps weights");
  // What the checks allow.
  PerturbByNormals({}, 1, x, x, z, 64, isa);
  PerturbByNormals({}, 1, x, y, x, 64, isa);
  PerturbByNormals({}, 1, nullptr, nullptr, nullptr, 0, isa);
  SumOfNormals({}, x, 64, 0, y, 1, isa);
  SumOfNormals({}, nullptr, 0, kLength - 64, y, 64, isa);
  SumOfNormals({}, nullptr, 3, 0, nullptr, 0, isa);
}

TEST_F(KernelDeathTest, LossAndOptimizersNameTheArgument) {
  PanelMatrix other(4, 7);
  const AdamStep adam = {0.1f, 0.9f, 0.999f, 1e-8f, 1, 1};
  float* x = row.data();
  EXPECT_DEATH(SoftmaxCrossEntropy({nullptr, 0, 6, 0}, labels.data(), x, BestIsa()), "loss: logits have no rows");
  EXPECT_DEATH(SoftmaxCrossEntropy(a.view(), nullptr, x, BestIsa()), "loss: labels or loss is null");
  EXPECT_DEATH(SoftmaxCrossEntropyGradient(a.view(), labels.data(), x, other.view(), BestIsa()),
               "loss: gradient must have the shape of logits");
  EXPECT_DEATH(SoftmaxCrossEntropyGradient(a.view(), labels.data(), x, {nullptr, 4, 6, 128}, BestIsa()),
               "loss: gradient is null");
  EXPECT_DEATH(Adam(adam, nullptr, x, x + 8, x + 16, 1, BestIsa()), "adam: an array with elements is null");
  EXPECT_DEATH(SgdMomentum(0.1f, 0.9f, x, nullptr, x, 1, BestIsa()), "sgd: an array with elements is null");
  EXPECT_DEATH(MoveAverage(0.9f, x, nullptr, 1, BestIsa()), "average: an array with elements is null");
}

TEST_F(KernelDeathTest, ArraysOfNumbersNameTheArgument) {
  EXPECT_DEATH(FillBits({}, nullptr, 1, BestIsa()), "random: out is null");
  EXPECT_DEATH(FillNormals({}, 1.0f, row.data(), (size_t{1} << 34) + 1, BestIsa()), "a stream has 2\\^34 numbers");
  EXPECT_DEATH(Exp(nullptr, row.data(), 1, BestIsa()), "exp: an array with elements is null");
  EXPECT_DEATH(Log(row.data(), nullptr, 1, BestIsa()), "log: an array with elements is null");
  EXPECT_DEATH(Transpose(a.view(), b.view()), "transpose: `to` must be from.cols x from.rows");
}

TEST_F(KernelDeathTest, AnInstructionSetOfAnotherMachineAborts) {
  for (Isa isa : {Isa::kNeon, Isa::kAvx2, Isa::kAvx512}) {
    if (IsSupported(isa)) continue;
    EXPECT_DEATH(Scale(row.data(), 1.0f, row.data(), 1, {isa, kIeee}), "isa: this machine does not have");
    EXPECT_THROW(ParseIsa(Name(isa)), Error);
  }
  EXPECT_THROW(ParseIsa("avx3"), Error);
  EXPECT_THROW(ParseIsa(""), Error);
  EXPECT_EQ(ParseIsa("best"), BestIsa());
  for (Isa isa : SupportedIsas()) EXPECT_EQ(ParseIsa(Name(isa)), isa);
}

TEST(KernelModes, AModeThatTheMachineLacksIsRefusedByNameAndNothingIsWritten) {
  const Execution away = {BestIsa(), {Rounding::kNearestAway, false, false}};
  PanelMatrix a(2, 3), b(2, 5), c(3, 5);
  std::array<float, 16> x = {};
  for (float& v : c.buffer()) v = 7.0f;
  const auto expect_refused = [](auto&& call) {
    try {
      call();
      ADD_FAILURE() << "was accepted";
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("nearest-away"), std::string::npos) << error.what();
    }
  };
  expect_refused([&] { MatmulTransposed(a.view(), b.view(), c.view(), away); });
  expect_refused([&] { PreparedMatmul(MatmulLayout::kPanels, 3, 5, 2, away); });
  expect_refused([&] { MatmulTransposedFrom(c.view(), a.view(), b.view(), c.view(), away); });
  expect_refused([&] { Matmul({x.data(), 1, 2, 2}, b.view(), {x.data() + 8, 1, 5, 5}, away); });
  expect_refused([&] { AddBias(c.view(), x.data(), c.view(), away); });
  expect_refused([&] { AddBiasScale(c.view(), x.data(), 2.0f, c.view(), away); });
  expect_refused([&] { Add(c.view(), c.view(), c.view(), away); });
  expect_refused([&] { Subtract(c.view(), c.view(), c.view(), away); });
  expect_refused([&] { Scale(c.view(), 2.0f, c.view(), away); });
  expect_refused([&] { Scale(x.data(), 2.0f, x.data(), 16, away); });
  for (float v : c.buffer()) ASSERT_EQ(v, 7.0f);
  EXPECT_EQ(CurrentMode(), kIeee);
}

}  // namespace
}  // namespace fplab::kernels
