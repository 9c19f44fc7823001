// Nonlinearity functions and normalisation: near the correctly rounded result, exact at the edges, the same bits on
// every ISA.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/layers/nonlinearity.h>

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/text/bits_text.h>
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

constexpr Nonlinearity kFunctions[] = {Nonlinearity::kLinear, Nonlinearity::kElu, Nonlinearity::kTanh};

// The function in binary64, whose error of a few ulps of binary64 does not show here.
double Exact(Nonlinearity function, double z) {
  if (function == Nonlinearity::kTanh) return std::tanh(z);
  return function == Nonlinearity::kLinear || z > 0 ? z : std::expm1(z);
}

PanelMatrix Row(const std::vector<float>& x) {
  PanelMatrix matrix(1, static_cast<int>(x.size()));
  ToPanels(x.data(), 0, matrix.view());
  return matrix;
}

std::vector<float> Apply(Nonlinearity function, const std::vector<float>& x, Isa isa = BestIsa()) {
  PanelMatrix matrix = Row(x);
  ApplyNonlinearity(function, matrix.view(), matrix.view(), isa);
  std::vector<float> out(x.size());
  FromPanels(matrix.view(), out.data(), 0);
  return out;
}

// Every exponent and sign with random fractions, the neighbours of powers of two, of the points where the reduction
// changes its integer, and many numbers in the range that matters.
std::vector<float> DenseSample() {
  WordSource source(29);
  std::vector<float> x;
  const auto add_around = [&x](float centre) {
    for (uint32_t i = 0; i < 17; ++i) x.push_back(FloatFromBits(ToBits(centre) + i - 8));
  };
  for (uint32_t field = 0; field < 512; ++field) {
    if ((field & 255) != 0) add_around(FloatFromBits(field << 23));
    for (int i = 0; i < 50; ++i) x.push_back(FloatFromBits(field << 23 | source.Below(1u << 23)));
  }
  for (int k = 0; k <= 40; ++k) {
    add_around(-(static_cast<float>(k) + 0.5f) * 0.6931472f);
    add_around((static_cast<float>(k) + 0.5f) * 0.3465736f);
  }
  for (int i = 0; i < 40000; ++i) x.push_back(-20.0f + 40.0f * static_cast<float>(source.Below(1u << 24)) * 0x1p-24f);
  return x;
}

void ExpectWithin(Nonlinearity function, uint32_t ulps) {
  const std::vector<float> x = DenseSample(), y = Apply(function, x);
  for (size_t i = 0; i < x.size(); ++i) {
    const auto correct = static_cast<float>(Exact(function, x[i]));
    if (IsNan(correct)) {
      ASSERT_TRUE(IsNan(y[i])) << HexBits(x[i]);
    } else {
      ASSERT_LE(UlpDistance(y[i], correct), ulps) << HexBits(x[i]) << " gave " << HexBits(y[i]);
    }
  }
}

// exp(x) - 1 is 2^k p + (2^k - 1), |p| < 0.42: p is wrong by at most 1.5 ulps of its own (polynomial 1/4, its rounding
// 1/2, reduction 1/2), which count at most as much in the result, and the sum rounds once.
TEST(Nonlinearity, EluIsWithinTwoUlps) { ExpectWithin(Nonlinearity::kElu, 2); }
// -t / (2 + t) magnifies the relative error of t by 2 / (2 + t), so by at most 2 where t, near -1, is best known; the
// sum and the quotient round once each.
TEST(Nonlinearity, TanhIsWithinThreeUlps) { ExpectWithin(Nonlinearity::kTanh, 3); }
TEST(Nonlinearity, LinearChangesNoBit) {
  const std::vector<float> x = DenseSample(), y = Apply(Nonlinearity::kLinear, x);
  for (size_t i = 0; i < x.size(); ++i) ASSERT_EQ(ToBits(x[i]), ToBits(y[i]));
}

TEST(Nonlinearity, EdgesAreExact) {
  constexpr float kInf = INFINITY;
  const std::vector<float> x = {0.0f,  -0.0f,           0x1p-149f,        -0x1p-149f, kInf,
                                -kInf, 0x1.fffffep127f, -0x1.fffffep127f, NAN};
  const std::vector<float> elu = {0.0f, -0.0f, 0x1p-149f, -0x1p-149f, kInf, -1.0f, 0x1.fffffep127f, -1.0f, NAN};
  const std::vector<float> tanh = {0.0f, -0.0f, 0x1p-149f, -0x1p-149f, 1.0f, -1.0f, 1.0f, -1.0f, NAN};
  for (Isa isa : SupportedIsas()) {
    const std::vector<float> found_elu = Apply(Nonlinearity::kElu, x, isa);
    const std::vector<float> found_tanh = Apply(Nonlinearity::kTanh, x, isa);
    for (size_t i = 0; i < x.size(); ++i) {
      EXPECT_TRUE(SameBits(found_elu[i], elu[i])) << Name(isa) << " " << HexBits(x[i]) << " " << HexBits(found_elu[i]);
      EXPECT_TRUE(SameBits(found_tanh[i], tanh[i]))
          << Name(isa) << " " << HexBits(x[i]) << " " << HexBits(found_tanh[i]);
    }
  }
}

TEST(Nonlinearity, TanhIsOddAndNeverBeyondOne) {
  std::vector<float> x = DenseSample();
  const std::vector<float> y = Apply(Nonlinearity::kTanh, x);
  for (float& v : x) v = -v;
  const std::vector<float> mirrored = Apply(Nonlinearity::kTanh, x);
  for (size_t i = 0; i < x.size(); ++i) {
    EXPECT_TRUE(SameBits(mirrored[i], -y[i])) << HexBits(x[i]);
    EXPECT_FALSE(std::fabs(y[i]) > 1) << HexBits(x[i]);
  }
}

TEST(Nonlinearity, DerivativesFollowFromTheOutput) {
  std::vector<float> z;
  for (int i = -1600; i <= 1600; ++i) z.push_back(static_cast<float>(i) * 0x1p-6f);
  for (Nonlinearity function : kFunctions) {
    PanelMatrix output = Row(Apply(function, z));
    std::vector<float> ones(z.size(), 1.0f);
    PanelMatrix delta = Row(ones);
    MultiplyByDerivative(function, output.view(), delta.view(), BestIsa());
    for (size_t i = 0; i < z.size(); ++i) {
      const double x = z[i];
      const double derivative = function == Nonlinearity::kLinear || (function == Nonlinearity::kElu && x > 0) ? 1
                                : function == Nonlinearity::kElu ? std::exp(x)
                                                                 : 1 - std::tanh(x) * std::tanh(x);
      // Three ulps of an output below 1, times |d f' / d f| <= 2, and a rounding.
      EXPECT_NEAR(delta.At(0, static_cast<int>(i)), derivative, 0x1p-21) << x;
    }
  }
}

TEST(Normalise, ColumnsGetTheRootMeanSquareOneAndZerosStayZeros) {
  WordSource source(3);
  for (int rows : {1, 2, 31, 100}) {
    for (int cols : {1, 32, 37}) {
      PanelMatrix in = DrawPanels(source, Palette::kOrdinary, rows, cols);
      for (int r = 0; r < rows; ++r) in.At(r, cols - 1) = 0.0f;
      PanelMatrix out(rows, cols);
      AlignedBuffer factors(static_cast<size_t>(PanelCount(cols)) * kPanelWidth);
      NormaliseColumns(in.view(), out.view(), factors.data(), BestIsa());
      for (int c = 0; c < cols; ++c) {
        double square = 0;
        for (int r = 0; r < rows; ++r) square += static_cast<double>(in.At(r, c)) * in.At(r, c);
        const double factor = 1 / std::sqrt(square / rows + kNormaliseFloor);
        // The chain rounds once a row, the rest of the factor and the product five times.
        const double error = (rows + 8) * 0x1p-24;
        EXPECT_NEAR(factors[static_cast<size_t>(c)], factor, factor * error);
        for (int r = 0; r < rows; ++r) {
          EXPECT_NEAR(out.At(r, c), in.At(r, c) * factor, std::fabs(in.At(r, c) * factor) * error);
        }
      }
    }
  }
}

TEST(Normalise, BackwardTakesAwayWhatLiesAlongTheOutput) {
  WordSource source(4);
  for (int rows : {1, 5, 64}) {
    const int cols = 33;
    PanelMatrix in = DrawPanels(source, Palette::kOrdinary, rows, cols), out(rows, cols);
    PanelMatrix delta = DrawPanels(source, Palette::kOrdinary, rows, cols);
    AlignedBuffer factors(2 * kPanelWidth);
    NormaliseColumns(in.view(), out.view(), factors.data(), BestIsa());
    PanelMatrix found = delta;
    NormaliseColumnsBackward(out.view(), factors.data(), found.view(), BestIsa());
    for (int c = 0; c < cols; ++c) {
      double dot = 0, magnitude = 0;
      for (int r = 0; r < rows; ++r) {
        dot += static_cast<double>(out.At(r, c)) * delta.At(r, c);
        magnitude += std::fabs(static_cast<double>(out.At(r, c)) * delta.At(r, c));
      }
      const double factor = factors[static_cast<size_t>(c)];
      for (int r = 0; r < rows; ++r) {
        const double along = out.At(r, c) / static_cast<double>(rows);
        const double error = (std::fabs(delta.At(r, c)) + std::fabs(along) * magnitude) * factor * (rows + 4) * 0x1p-24;
        EXPECT_NEAR(found.At(r, c), factor * (delta.At(r, c) - along * dot), error);
      }
    }
  }
}

TEST(Nonlinearity, EveryFunctionGivesTheSameBitsOnEveryIsaInEveryAmbientMode) {
  WordSource source(7);
  const PanelMatrix in = DrawPanels(source, Palette::kEverything, 45, 67);
  const PanelMatrix delta = DrawPanels(source, Palette::kMixed, 45, 67);
  for (Nonlinearity function : kFunctions) {
    std::vector<PanelMatrix> first;
    for (Isa isa : SupportedIsas()) {
      for (Mode mode : HardwareFlushModes()) {
        PanelMatrix output(45, 67), normal(45, 67), back = delta, through = delta;
        AlignedBuffer factors(3 * kPanelWidth);
        {
          const ScopedMode guard(mode);
          ApplyNonlinearity(function, in.view(), output.view(), isa);
          NormaliseColumns(output.view(), normal.view(), factors.data(), isa);
          NormaliseColumnsBackward(normal.view(), factors.data(), back.view(), isa);
          MultiplyByDerivative(function, output.view(), through.view(), isa);
        }
        if (first.empty()) first = {output, normal, back, through};
        std::string difference;
        const PanelMatrix* found[] = {&output, &normal, &back, &through};
        for (size_t i = 0; i < first.size(); ++i) {
          EXPECT_TRUE(SameMatrix(found[i]->view(), first[i].view(), &difference))
              << Name(isa) << " " << i << difference;
        }
      }
    }
  }
}

}  // namespace
}  // namespace fplab::kernels
