// The outputs after changed inputs equal their definition, one model operation after the other, in every pair of modes,
// on every ISA, for every shape.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/matmul/updated_product.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/model/fma_chain.h>
#include <fplab/kernels/layers/elementwise.h>
#include <fplab/kernels/matmul/matmul.h>
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

struct Shape {
  int inputs, units, outputs, samples;
};

struct Problem {
  Problem(uint64_t seed, Palette palette, Shape size, std::vector<InputBlock> which, bool scaled)
      : shape(size), blocks(std::move(which)) {
    WordSource source(seed);
    // Under kUnderflow sums are around min normal, and so should their start and what is added to them be.
    const Palette sums = palette == Palette::kUnderflow ? Palette::kSubnormal : palette;
    before = DrawPanels(source, sums, shape.units, shape.samples);
    weight = DrawPanels(source, palette, shape.inputs, shape.units);
    change = DrawPanels(source, palette, shape.inputs, shape.samples);
    next = DrawPanels(source, palette, shape.units, shape.outputs);
    bias = DrawFloats(source, sums, static_cast<size_t>(shape.units));
    step = {bias.data(), scaled, DrawFloat(source, palette), DrawFloat(source, palette), kIeee};
  }

  UpdatedLayer Layer(Mode step_mode) const {
    UpdatedLayer layer{before.view(), weight.view(), step, next.view()};
    layer.step.mode = step_mode;
    return layer;
  }

  float Hidden(const InputBlock& block, int j, int c, Mode mode, Mode step_mode) const {
    float z = before.At(j, c);
    for (int i = block.first; i < block.first + block.count; ++i) {
      z = model::FmaFloat(weight.At(i, j), change.At(i, c), z, mode);
    }
    if (!step.scaled) return model::AddFloat(z, bias[static_cast<size_t>(j)], step_mode);
    const float sum =
        model::AddFloat(model::MulFloat(z, step.down, step_mode), bias[static_cast<size_t>(j)], step_mode);
    return model::MulFloat(sum, step.up, step_mode);
  }

  // The definition: M x 32 a block.
  PanelMatrix Expected(Mode mode, Mode step_mode) const {
    PanelMatrix out(shape.outputs, static_cast<int>(blocks.size()) * kPanelWidth);
    for (size_t b = 0; b < blocks.size(); ++b) {
      for (int c = 0; c < shape.samples; ++c) {
        std::vector<float> hidden;
        for (int j = 0; j < shape.units; ++j) hidden.push_back(Hidden(blocks[b], j, c, mode, step_mode));
        for (int o = 0; o < shape.outputs; ++o) {
          float acc = 0;
          for (int j = 0; j < shape.units; ++j) acc = model::FmaFloat(next.At(j, o), hidden[j], acc, mode);
          out.At(o, static_cast<int>(b) * kPanelWidth + c) = acc;
        }
      }
    }
    return out;
  }

  Shape shape;
  std::vector<InputBlock> blocks;
  PanelMatrix before, weight, change, next;
  std::vector<float> bias;
  ElementwiseStep step;
};

void CheckOnEveryIsa(const Problem& p, Mode mode, Mode step_mode) {
  const PanelMatrix want = p.Expected(mode, step_mode);
  for (Isa isa : SupportedIsas()) {
    PanelMatrix out(want.rows(), want.cols());
    UpdatedProducts(p.Layer(step_mode), p.blocks, p.change.view(), out.view(), {isa, mode});
    for (size_t b = 0; b < p.blocks.size(); ++b) {
      const auto samples = [&](const PanelMatrix& matrix) {
        ConstPanelView panel = matrix.view().Panels(static_cast<int>(b), 1);
        panel.cols = p.shape.samples;
        return panel;
      };
      std::string difference;
      ASSERT_TRUE(SameMatrix(samples(out), samples(want), &difference))
          << "block " << b << " on " << Name(isa) << " in modes " << Name(mode) << " and " << Name(step_mode) << ": "
          << difference;
    }
  }
  EXPECT_EQ(CurrentMode(), kIeee);
}

TEST(UpdatedProducts, EqualTheDefinitionInEveryPairOfModesForEveryKindOfOperand) {
  const std::vector<InputBlock> blocks = {{0, 4}, {4, 4}, {6, 2}, {9, 1}};
  const std::vector<Mode> modes = HardwareModes();
  uint64_t seed = 0;
  for (Palette palette : kPalettes) {
    for (Mode mode : modes) {
      for (Mode step_mode : modes) {
        SCOPED_TRACE(std::string(Name(palette)));
        ++seed;
        CheckOnEveryIsa(Problem(seed, palette, {10, 35, 10, 9}, blocks, seed % 2 == 0), mode, step_mode);
      }
    }
  }
}

TEST(UpdatedProducts, EqualTheDefinitionForEveryShape) {
  const Mode flush = HardwareFlushModes().back();
  uint64_t seed = 100;
  for (int units : {1, 2, 31, 32, 33, 64, 65, 97, 130}) {
    for (int outputs : {0, 1, 5, 10, 17, 32}) {
      for (int samples : {1, 8, 17, 32}) {
        SCOPED_TRACE(testing::Message() << units << " units, " << outputs << " outputs, " << samples << " samples");
        ++seed;
        const std::vector<InputBlock> blocks = {{3, 1 + static_cast<int>(seed % 4)}, {0, 2}};
        CheckOnEveryIsa(Problem(seed, Palette::kSubnormal, {7, units, outputs, samples}, blocks, seed % 2 == 0), kIeee,
                        flush);
      }
    }
  }
}

TEST(UpdatedProducts, EqualTheDefinitionForBlocksOfAnySizeThatShareInputs) {
  const Mode flush = HardwareFlushModes().back();
  for (int count = 1; count <= 19; ++count) {
    SCOPED_TRACE(testing::Message() << count << " inputs a block");
    const std::vector<InputBlock> blocks = {{0, count}, {20 - count, count}, {(20 - count) / 2, count}};
    CheckOnEveryIsa(Problem(300 + static_cast<uint64_t>(count), Palette::kUnderflow, {20, 70, 3, 32}, blocks, false),
                    kIeee, flush);
  }
  const Problem none(400, Palette::kOrdinary, {4, 70, 3, 32}, {}, false);
  CheckOnEveryIsa(none, kIeee, flush);
}

// The three calls that it stands for.
TEST(UpdatedProducts, EqualRankUpdateElementwiseLayerAndProductOneAfterTheOther) {
  const Mode flush = HardwareFlushModes().back();
  for (Isa isa : SupportedIsas()) {
    for (bool scaled : {false, true}) {
      const Problem p(7, Palette::kUnderflow, {16, 200, 10, 32}, {{0, 4}, {4, 4}, {8, 8}}, scaled);
      PanelMatrix out(10, 3 * kPanelWidth);
      UpdatedProducts(p.Layer(flush), p.blocks, p.change.view(), out.view(), {isa, kIeee});
      for (int b = 0; b < 3; ++b) {
        const auto [first, count] = p.blocks[static_cast<size_t>(b)];
        PanelMatrix z(200, 32), want(10, 32);
        MatmulTransposedFrom(p.before.view(), p.weight.view().Rows(first, count), p.change.view().Rows(first, count),
                             z.view(), {isa, kIeee});
        if (scaled) {
          Scale(z.view(), p.step.down, z.view(), {isa, flush});
          AddBiasScale(z.view(), p.bias.data(), p.step.up, z.view(), {isa, flush});
        } else {
          AddBias(z.view(), p.bias.data(), z.view(), {isa, flush});
        }
        MatmulTransposed(p.next.view(), z.view(), want.view(), {isa, kIeee});
        std::string difference;
        EXPECT_TRUE(SameMatrix(out.view().Panels(b, 1), want.view(), &difference)) << Name(isa) << ": " << difference;
      }
    }
  }
}

TEST(UpdatedProducts, TheRankUpdateAloneEqualsTheProductThatGoesOnWithTheChains) {
  uint64_t seed = 500;
  for (Palette palette : kPalettes) {
    for (Mode mode : HardwareModes()) {
      const Problem p(++seed, palette, {13, 3 + 9 * static_cast<int>(seed % 5), 1, 30}, {{0, 2}, {2, 1}, {4, 9}},
                      false);
      for (Isa isa : SupportedIsas()) {
        PanelMatrix out(p.shape.units, 3 * kPanelWidth);
        RankUpdates(p.before.view(), p.weight.view(), p.blocks, p.change.view(), out.view(), {isa, mode});
        for (int b = 0; b < 3; ++b) {
          const auto [first, count] = p.blocks[static_cast<size_t>(b)];
          PanelMatrix want(p.shape.units, 30);
          MatmulTransposedFrom(p.before.view(), p.weight.view().Rows(first, count), p.change.view().Rows(first, count),
                               want.view(), {Isa::kFallback, mode});
          PanelView found = out.view().Panels(b, 1);
          found.cols = 30;
          std::string difference;
          ASSERT_TRUE(SameMatrix(found, want.view(), &difference))
              << Name(isa) << " in mode " << Name(mode) << ": " << difference;
        }
      }
    }
  }
}

TEST(UpdatedProducts, NothingOutsideTheOutputIsWritten) {
  const Problem p(9, Palette::kUnderflow, {8, 40, 10, 32}, {{0, 4}, {4, 4}}, false);
  for (Isa isa : SupportedIsas()) {
    PanelMatrix wide(16, 4 * kPanelWidth);
    for (float& x : wide.buffer()) x = FloatFromBits(kCanaryBits);
    UpdatedProducts(p.Layer(kIeee), p.blocks, p.change.view(), wide.view().Rows(3, 10).Panels(1, 2), {isa, kIeee});
    for (int r = 0; r < wide.rows(); ++r) {
      for (int c = 0; c < wide.cols(); ++c) {
        const bool inside = r >= 3 && r < 13 && c >= 32 && c < 96;
        ASSERT_EQ(ToBits(wide.At(r, c)) == kCanaryBits, !inside) << Name(isa) << " (" << r << ", " << c << ")";
      }
    }
  }
}

TEST(UpdatedProductsDeathTest, WrongArgumentsAbortAndAreNamed) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  const Problem p(10, Palette::kOrdinary, {8, 40, 10, 32}, {{0, 4}}, false);
  PanelMatrix out(10, 32);
  const UpdatedLayer right = p.Layer(kIeee);
  const auto call = [&](const UpdatedLayer& layer, std::vector<InputBlock> blocks) {
    UpdatedProducts(layer, blocks, p.change.view(), out.view(), {});
  };
  call(right, {{4, 4}});
  EXPECT_DEATH(call(right, {{4, 5}}), "updated products: a block is empty or not within");
  EXPECT_DEATH(call(right, {{-1, 2}}), "updated products: a block is empty or not within");
  EXPECT_DEATH(call(right, {{2, 0}}), "updated products: a block is empty or not within");
  EXPECT_DEATH(call(right, {{0, 4}, {4, 4}}), "updated products: out must have a panel for each block");
  UpdatedLayer wrong = right;
  wrong.step.bias = nullptr;
  EXPECT_DEATH(call(wrong, {{0, 4}}), "updated products: bias is null");
  wrong = right;
  wrong.before = right.before.Rows(0, 39);
  EXPECT_DEATH(call(wrong, {{0, 4}}), "updated products: weight must have a column for each row");
  wrong = right;
  wrong.before.rows = wrong.weight.cols = wrong.next.rows = 0;
  EXPECT_DEATH(call(wrong, {{0, 4}}), "updated products: before has no rows");
  const PanelView over = {const_cast<float*>(right.next.data), 10, 32, 320};
  EXPECT_DEATH(UpdatedProducts(right, p.blocks, p.change.view(), over, {}),
               "updated products: output out overlaps an input");
}

}  // namespace
}  // namespace fplab::kernels
