// Element-wise layers equal their scalar definitions in every mode, on every ISA, and write nothing else.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/layers/elementwise.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/model/fma_chain.h>
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

struct Inputs {
  Inputs(uint64_t seed, Palette palette, int rows, int cols) {
    WordSource source(seed);
    a = DrawPanels(source, palette, rows, cols);
    b = DrawPanels(source, palette, rows, cols);
    bias = DrawFloats(source, palette, static_cast<size_t>(rows));
    factor = DrawFloat(source, palette);
  }
  PanelMatrix a, b;
  std::vector<float> bias;
  float factor;
};

// A kernel on a whole matrix, and its definition for one element.
struct Layer {
  const char* name;
  void (*run)(const Inputs& in, ConstPanelView a, PanelView out, Execution execution);
  float (*define)(const Inputs& in, int row, int col, Mode mode);
};

const Layer kLayers[] = {
    {"AddBias",
     [](const Inputs& in, ConstPanelView a, PanelView out, Execution e) { AddBias(a, in.bias.data(), out, e); },
     [](const Inputs& in, int r, int c, Mode mode) { return model::AddFloat(in.a.At(r, c), in.bias[r], mode); }},
    {"AddBiasScale",
     [](const Inputs& in, ConstPanelView a, PanelView out, Execution e) {
       AddBiasScale(a, in.bias.data(), in.factor, out, e);
     },
     [](const Inputs& in, int r, int c, Mode mode) {
       return model::MulFloat(model::AddFloat(in.a.At(r, c), in.bias[r], mode), in.factor, mode);
     }},
    {"Add", [](const Inputs& in, ConstPanelView a, PanelView out, Execution e) { Add(a, in.b.view(), out, e); },
     [](const Inputs& in, int r, int c, Mode mode) { return model::AddFloat(in.a.At(r, c), in.b.At(r, c), mode); }},
    {"Subtract",
     [](const Inputs& in, ConstPanelView a, PanelView out, Execution e) { Subtract(a, in.b.view(), out, e); },
     [](const Inputs& in, int r, int c, Mode mode) { return model::SubFloat(in.a.At(r, c), in.b.At(r, c), mode); }},
    {"Scale", [](const Inputs& in, ConstPanelView a, PanelView out, Execution e) { Scale(a, in.factor, out, e); },
     [](const Inputs& in, int r, int c, Mode mode) { return model::MulFloat(in.a.At(r, c), in.factor, mode); }},
};

void CheckLayers(const Inputs& in, Mode mode) {
  const int rows = in.a.rows(), cols = in.a.cols();
  for (const Layer& layer : kLayers) {
    PanelMatrix want(rows, cols);
    for (int r = 0; r < rows; ++r) {
      for (int c = 0; c < cols; ++c) want.At(r, c) = layer.define(in, r, c, mode);
    }
    for (Isa isa : SupportedIsas()) {
      PanelMatrix out(rows, cols), in_place = in.a;
      layer.run(in, in.a.view(), out.view(), {isa, mode});
      layer.run(in, in_place.view(), in_place.view(), {isa, mode});
      std::string difference;
      EXPECT_TRUE(SameMatrix(out.view(), want.view(), &difference))
          << layer.name << " on " << Name(isa) << " in mode " << Name(mode) << ": " << difference;
      EXPECT_TRUE(SameMatrix(in_place.view(), want.view(), &difference))
          << layer.name << " in place on " << Name(isa) << " in mode " << Name(mode) << ": " << difference;
    }
  }
  EXPECT_EQ(CurrentMode(), kIeee);
}

TEST(Elementwise, EqualsTheScalarDefinitionForEveryModeAndKindOfOperand) {
  uint64_t seed = 0;
  for (Palette palette : kPalettes) {
    for (Mode mode : HardwareModes()) {
      SCOPED_TRACE(std::string(Name(palette)));
      for (int repeat = 0; repeat < 5; ++repeat) CheckLayers(Inputs(++seed, palette, 19, 45), mode);
    }
  }
}

TEST(Elementwise, EqualsTheScalarDefinitionForEveryShape) {
  for (int rows : {0, 1, 2, 13}) {
    for (int cols : {0, 1, 7, 8, 15, 16, 17, 31, 32, 33, 65}) {
      SCOPED_TRACE(testing::Message() << rows << " x " << cols);
      for (Mode mode : HardwareFlushModes()) CheckLayers(Inputs(5, Palette::kSubnormal, rows, cols), mode);
    }
  }
}

// What the post's network does to each layer: with the scale 2^-125, values below 0.5 vanish and no other changes.
TEST(Elementwise, BiasAndScaleOfThePostIsAHardShrinkAtOneHalf) {
  if (!HardwareSupports(kFtzDaz)) GTEST_SKIP() << "this machine does not flush";
  for (Isa isa : SupportedIsas()) {
    PanelMatrix x(1, 6);
    const float values[] = {0.5f, 0x1.fffffep-2f, -0.5f, -0x1.fffffep-2f, 1.5f, 0.0f};
    for (int c = 0; c < 6; ++c) x.At(0, c) = values[c];
    const float bias[] = {0.0f};
    AddBiasScale(x.view(), bias, 0x1p-125f, x.view(), {isa, kFtzDaz});
    const uint32_t want[] = {0x00800000, 0x00000000, 0x80800000, 0x80000000, 0x01400000, 0x00000000};
    for (int c = 0; c < 6; ++c) EXPECT_EQ(ToBits(x.At(0, c)), want[c]) << Name(isa) << " " << values[c];
  }
}

TEST(Elementwise, PartsOfAMatrixAreWrittenAndTheRestIsNot) {
  const Inputs in(8, Palette::kUnderflow, 9, 70);
  for (const Layer& layer : kLayers) {
    for (Isa isa : SupportedIsas()) {
      PanelMatrix out(20, 150);
      for (float& x : out.buffer()) x = FloatFromBits(kCanaryBits);
      PanelView part = out.view().Rows(4, 9).Panels(1, 3);
      part.cols = 70;
      layer.run(in, in.a.view(), part, {isa, kIeee});
      for (int r = 0; r < 20; ++r) {
        for (int c = 0; c < 5 * kPanelWidth; ++c) {
          if (r >= 4 && r < 13 && c >= 32 && c < 128) continue;
          ASSERT_EQ(ToBits(out.view().At(r, c)), kCanaryBits) << layer.name << " on " << Name(isa);
        }
      }
      for (int r = 0; r < 9; ++r) {
        for (int c = 0; c < 70; ++c) ASSERT_TRUE(SameBits(part.At(r, c), layer.define(in, r, c, kIeee))) << layer.name;
      }
    }
  }
}

TEST(Elementwise, ScaleOfAnArrayEqualsTheScalarDefinitionAndWritesNothingElse) {
  WordSource source(3);
  for (Isa isa : SupportedIsas()) {
    for (Mode mode : HardwareModes()) {
      for (size_t count = 0; count < 40; ++count) {
        // Odd addresses too: an array is not aligned.
        const std::vector<float> in = DrawFloats(source, kPalettes[count % std::size(kPalettes)], count + 1);
        const float factor = DrawFloat(source, Palette::kSubnormal);
        std::vector<float> out(count + 3, FloatFromBits(kCanaryBits));
        Scale(in.data() + 1, factor, out.data() + 1, count, {isa, mode});
        EXPECT_EQ(ToBits(out[0]), kCanaryBits);
        EXPECT_EQ(ToBits(out[count + 1]), kCanaryBits);
        for (size_t i = 0; i < count; ++i) {
          ASSERT_TRUE(SameBits(out[i + 1], model::MulFloat(in[i + 1], factor, mode))) << Name(isa) << " " << Name(mode);
        }
      }
    }
  }
}

}  // namespace
}  // namespace fplab::kernels
