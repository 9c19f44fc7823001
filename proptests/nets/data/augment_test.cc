// Random shifts of training images: what moves where, how offsets are drawn, and what is refused.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/augment.h>

#include <gtest/gtest.h>

#include <map>

#include <fplab/fparith/float/bits.h>
#include <fplab/nets/training/trainer.h>
#include "proptests/support/network_data.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

std::vector<float> Shifted(const std::vector<float>& image, int width, Offset offset) {
  std::vector<float> out(image.size(), 7.0f);
  ShiftImage(image, width, offset, out);
  return out;
}

TEST(ShiftImage, MovesAPixelRightAndDownAndFillsWithZeros) {
  const std::vector<float> image = {1, 2, 3,  //
                                    4, 5, 6};
  EXPECT_EQ(Shifted(image, 3, {0, 0}), image);
  EXPECT_EQ(Shifted(image, 3, {1, 0}), (std::vector<float>{0, 1, 2, 0, 4, 5}));
  EXPECT_EQ(Shifted(image, 3, {-1, 0}), (std::vector<float>{2, 3, 0, 5, 6, 0}));
  EXPECT_EQ(Shifted(image, 3, {0, 1}), (std::vector<float>{0, 0, 0, 1, 2, 3}));
  EXPECT_EQ(Shifted(image, 3, {0, -1}), (std::vector<float>{4, 5, 6, 0, 0, 0}));
  EXPECT_EQ(Shifted(image, 3, {-2, 1}), (std::vector<float>{0, 0, 0, 3, 0, 0}));
  EXPECT_EQ(Shifted({9}, 1, {0, 0}), (std::vector<float>{9}));
}

TEST(ShiftImage, LeavesOnlyPositiveZerosOnceTheImageIsOut) {
  for (Offset offset : {Offset{3, 0}, {-3, 0}, {0, 2}, {0, -2}, {100, 100}, {-100, 1}, {1, -100}}) {
    for (float pixel : Shifted({1, 2, 3, 4, 5, 6}, 3, offset)) EXPECT_EQ(ToBits(pixel), 0u);
  }
}

TEST(ShiftImage, IsTheDefinitionForEveryOffsetOfAnImageOfAnyShape) {
  for (const auto& [width, height] : {std::pair{5, 3}, {1, 7}, {7, 1}, {4, 4}}) {
    std::vector<float> image;
    for (int i = 0; i < width * height; ++i) image.push_back(static_cast<float>(i + 1));
    for (int down = -height - 1; down <= height + 1; ++down) {
      for (int right = -width - 1; right <= width + 1; ++right) {
        const std::vector<float> found = Shifted(image, width, {right, down});
        for (int y = 0; y < height; ++y) {
          for (int x = 0; x < width; ++x) {
            const int from_x = x - right, from_y = y - down;
            const bool inside = from_x >= 0 && from_x < width && from_y >= 0 && from_y < height;
            const float expected = inside ? image[static_cast<size_t>(from_y * width + from_x)] : 0.0f;
            ASSERT_EQ(found[static_cast<size_t>(y * width + x)], expected);
          }
        }
      }
    }
  }
}

TEST(DrawOffsets, TakesEveryCellOfTheSquareAboutEquallyOften) {
  for (int shift : {1, 2, 5}) {
    std::map<std::pair<int, int>, int> cells;
    const int side = 2 * shift + 1, count = 1000 * side * side;
    for (const Offset& offset : DrawOffsets({shift, 0}, count, 1, 0, 1, kernels::BestIsa())) {
      EXPECT_LE(std::abs(offset.right), shift);
      EXPECT_LE(std::abs(offset.down), shift);
      ++cells[{offset.right, offset.down}];
    }
    EXPECT_EQ(cells.size(), static_cast<size_t>(side) * static_cast<size_t>(side));
    // 1000 expected a cell with a standard deviation below 32: six of them either way.
    for (const auto& [cell, times] : cells) EXPECT_NEAR(times, 1000, 192);
  }
}

TEST(DrawOffsets, AreAFunctionOfSeedEpochAndSampleOnEveryIsa) {
  const AugmentConfig config{2, 0};
  const std::vector<Offset> expected = DrawOffsets(config, 301, 5, 3, 9, kernels::BestIsa());
  for (kernels::Isa isa : kernels::SupportedIsas())
    EXPECT_EQ(DrawOffsets(config, 301, 5, 3, 9, isa), expected) << Name(isa);
  EXPECT_NE(DrawOffsets(config, 301, 6, 3, 9, kernels::BestIsa()), expected);
  EXPECT_NE(DrawOffsets(config, 301, 5, 4, 9, kernels::BestIsa()), expected);
  // A sample moves alike however many there are.
  const std::vector<Offset> more = DrawOffsets(config, 1000, 5, 3, 9, kernels::BestIsa());
  EXPECT_EQ(std::vector<Offset>(more.begin(), more.begin() + 301), expected);
  EXPECT_TRUE(DrawOffsets(config, 0, 5, 3, 9, kernels::BestIsa()).empty());
}

TEST(DrawOffsets, MoveNothingWithoutAShiftAndInTheLastCleanEpochs) {
  EXPECT_TRUE(DrawOffsets({0, 0}, 10, 1, 0, 3, kernels::BestIsa()).empty());
  for (int epoch = 0; epoch < 5; ++epoch) {
    EXPECT_EQ(DrawOffsets({1, 2}, 10, 1, epoch, 5, kernels::BestIsa()).empty(), epoch >= 3);
    EXPECT_FALSE(DrawOffsets({1, 0}, 10, 1, epoch, 5, kernels::BestIsa()).empty());
    EXPECT_TRUE(DrawOffsets({1, 6}, 10, 1, epoch, 5, kernels::BestIsa()).empty());
  }
}

TEST(Gather, WithOffsetsIsGatheringImagesThatWereMovedBefore) {
  Dataset data = RandomData(70, 12, 3, 20);
  data.image_width = 4;
  data.image_height = 3;
  const std::vector<Offset> offsets = DrawOffsets({1, 0}, data.count(), 1, 0, 1, kernels::BestIsa());
  Dataset moved = data;
  for (int i = 0; i < data.count(); ++i) {
    ShiftImage(data.Sample(i), 4, offsets[static_cast<size_t>(i)], {moved.x.data() + i * 12, 12});
  }
  std::vector<int> indices;
  for (int i = 0; i < 37; ++i) indices.push_back(i * 11 % 70);
  for (int threads : {1, 2}) {
    kernels::Workers workers(threads);
    Batch found(12, 37), expected(12, 37);
    Gather(data, indices, workers, found, offsets);
    Gather(moved, indices, workers, expected);
    EXPECT_EQ(FirstDifference(found.rows.buffer(), expected.rows.buffer()), -1);
    EXPECT_EQ(FirstDifference(found.columns.buffer(), expected.columns.buffer()), -1);
    EXPECT_EQ(found.labels, expected.labels);
  }
}

TEST(Augment, WhatCanNotBeMovedIsRefusedInOneLine) {
  Dataset data = RandomData(5, 12, 2, 30);
  EXPECT_EQ(ErrorOf([&] { RequireFit(AugmentConfig{}, data); }), "(no error)");
  EXPECT_EQ(ErrorOf([&] {
              RequireFit({1, 0}, data);
            }),
            "shift: found 1, but the samples of random are not images: expected 0");
  data.image_width = 4;
  data.image_height = 3;
  EXPECT_EQ(ErrorOf([&] { RequireFit({2, 0}, data); }), "(no error)");
  EXPECT_EQ(ErrorOf([&] {
              RequireFit({3, 0}, data);
            }),
            "shift: found 3, expected less than 3, the smaller side of the images of random");
  EXPECT_EQ(ErrorOf([] { Validate(AugmentConfig{-1, 0}); }), "shift: found -1, expected at least 0 pixels");
  EXPECT_EQ(ErrorOf([] { Validate(AugmentConfig{1, -1}); }), "clean epochs: found -1, expected at least 0");

  TrainConfig config;
  config.network.layers = {12, 4, 2};
  config.augment.shift = 4;
  EXPECT_TRUE(ErrorOf([&] { RequireTrainable(config, {data, data, ""}); }).starts_with("shift: found 4"));
}

}  // namespace
}  // namespace fplab::nets
