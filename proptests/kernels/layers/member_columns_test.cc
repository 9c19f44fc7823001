// Grouped operations and noise made in registers equal their scalar definitions on every ISA.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/layers/member_columns.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/model/fma_chain.h>
#include <fplab/kernels/random/gaussian_noise.h>
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

// A grouped matrix with a stride wider than its values, and signaling NaNs where nothing may be read as a value.
struct Grouped {
  Grouped(WordSource& source, Palette palette, int rows, int width)
      : view{nullptr, rows, width, kPanelWidth / width + rows % 3} {
    values = DrawFloats(source, palette, static_cast<size_t>(rows * view.stride));
    values.resize(values.size() + kMemberSlack, FloatFromBits(kCanaryBits));
    view.data = values.data();
  }
  float At(int r, int c) const { return view.data[r * view.stride + c % kPanelWidth / view.width]; }

  std::vector<float> values;
  MemberView view;
};

void CheckGrouped(uint64_t seed, Palette palette, int rows, int cols, int width, Mode mode) {
  WordSource source(seed);
  const PanelMatrix x = DrawPanels(source, palette, rows, cols);
  const Grouped g(source, palette, rows, width);
  const size_t padded = static_cast<size_t>(PanelCount(cols)) * kPanelWidth;
  const std::vector<float> t = DrawFloats(source, palette, padded);
  const float factor = DrawFloat(source, palette);
  PanelMatrix update(rows, cols), bias(rows, cols), scaled(rows, cols);
  std::vector<float> dots(static_cast<size_t>(cols), 0.0f);
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < cols; ++c) {
      const auto i = static_cast<size_t>(c);
      dots[i] = model::FmaFloat(x.At(r, c), g.At(r, c), dots[i], mode);
      update.At(r, c) = model::FmaFloat(g.At(r, c), t[i], x.At(r, c), mode);
      bias.At(r, c) = model::AddFloat(x.At(r, c), g.At(r, c), mode);
      scaled.At(r, c) = model::MulFloat(bias.At(r, c), factor, mode);
    }
  }
  for (Isa isa : SupportedIsas()) {
    const Execution execution{isa, mode};
    const std::string what =
        fmt::format("{} rows, {} columns, width {}, {}, {}", rows, cols, width, Name(isa), Name(mode));
    std::string difference;
    std::vector<float> found(padded);
    MemberDots(x.view(), g.view, found.data(), execution);
    found.resize(static_cast<size_t>(cols));
    EXPECT_TRUE(SameArray(found, dots, &difference)) << "dots, " << what << ": " << difference;
    PanelMatrix out(rows, cols), in_place = x;
    MemberUpdate(x.view(), g.view, t.data(), out.view(), execution);
    MemberUpdate(in_place.view(), g.view, t.data(), in_place.view(), execution);
    EXPECT_TRUE(SameMatrix(out.view(), update.view(), &difference)) << "update, " << what << ": " << difference;
    EXPECT_TRUE(SameMatrix(in_place.view(), update.view(), &difference)) << "in place, " << what << ": " << difference;
    AddBias(x.view(), g.view, out.view(), execution);
    EXPECT_TRUE(SameMatrix(out.view(), bias.view(), &difference)) << "bias, " << what << ": " << difference;
    AddBiasScale(x.view(), g.view, factor, out.view(), execution);
    EXPECT_TRUE(SameMatrix(out.view(), scaled.view(), &difference)) << "scaled, " << what << ": " << difference;
  }
}

TEST(Grouped, EqualsTheScalarDefinitionForEveryWidthModeAndKindOfOperand) {
  uint64_t seed = 0;
  for (int width : {1, 2, 4, 8, 16, 32}) {
    for (Palette palette : kPalettes) {
      for (Mode mode : HardwareModes()) CheckGrouped(++seed, palette, 7, 45, width, mode);
    }
    for (int rows : {0, 1, 3}) {
      for (int cols : {0, 1, 31, 32, 33, 65}) CheckGrouped(++seed, Palette::kOrdinary, rows, cols, width, kIeee);
    }
  }
}

constexpr Stream kStream{77, {3, 4, 5}};

std::vector<float> Deviates(Stream stream, uint32_t further, float deviation, size_t count) {
  stream.words[2] += further;
  std::vector<float> values(count);
  FillNormals(stream, deviation, values.data(), count, BestIsa());
  return values;
}

TEST(GaussianNoise, PerturbedValuesAreCentresPlusAndMinusTheStreamsDeviates) {
  WordSource source(1);
  for (size_t count : {0, 1, 63, 64, 65, 200}) {
    const std::vector<float> center = DrawFloats(source, Palette::kOrdinary, count);
    const std::vector<float> noise = Deviates(kStream, 0, 0.02f, count);
    std::vector<float> sums, differences;
    for (size_t i = 0; i < count; ++i) {
      sums.push_back(model::AddFloat(center[i], noise[i], kIeee));
      differences.push_back(model::SubFloat(center[i], noise[i], kIeee));
    }
    for (Isa isa : SupportedIsas()) {
      // One past the end must stay as it is.
      std::vector<float> plus(count + 1, FloatFromBits(kCanaryBits)), minus = plus;
      PerturbByNormals(kStream, 0.02f, center.data(), plus.data(), minus.data(), count, isa);
      EXPECT_EQ(ToBits(plus[count]), kCanaryBits);
      EXPECT_EQ(ToBits(minus[count]), kCanaryBits);
      plus.resize(count);
      minus.resize(count);
      std::string difference;
      EXPECT_TRUE(SameArray(plus, sums, &difference)) << count << " on " << Name(isa) << ": " << difference;
      EXPECT_TRUE(SameArray(minus, differences, &difference)) << count << " on " << Name(isa) << ": " << difference;
    }
  }
}

TEST(GaussianNoise, TheWeightedSumIsTheChainOverTheStreamsFromAnyBlockOn) {
  const std::vector<float> weights = {0.5f, -3.0f, 0.0f, 1e-3f};
  for (int streams : {0, 1, 4}) {
    for (size_t first : {0, 64, 192}) {
      for (size_t count : {0, 1, 64, 131}) {
        std::vector<float> expected(count, 0.0f);
        for (int s = 0; s < streams; ++s) {
          const std::vector<float> noise = Deviates(kStream, static_cast<uint32_t>(s), 1.0f, first + count);
          for (size_t i = 0; i < count; ++i) {
            expected[i] = model::FmaFloat(weights[static_cast<size_t>(s)], noise[first + i], expected[i], kIeee);
          }
        }
        for (Isa isa : SupportedIsas()) {
          std::vector<float> sum(count + 1, FloatFromBits(kCanaryBits));
          SumOfNormals(kStream, weights.data(), streams, first, sum.data(), count, isa);
          EXPECT_EQ(ToBits(sum[count]), kCanaryBits);
          sum.resize(count);
          std::string difference;
          EXPECT_TRUE(SameArray(sum, expected, &difference)) << Name(isa) << ": " << difference;
        }
      }
    }
  }
}

}  // namespace
}  // namespace fplab::kernels
