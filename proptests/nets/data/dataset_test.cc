// The choice of data by name.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/dataset.h>

#include <gtest/gtest.h>

#include <fplab/fparith/mode/control_word.h>
#include "proptests/support/idx_files.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

TEST(LoadData, AnUnknownNameIsRefusedWithTheKnownOnes) {
  EXPECT_EQ(ErrorOf([] { LoadData("no-such-set"); }),
            "--data no-such-set: expected mnist, glyphs, spirals or a folder that exists");
  EXPECT_TRUE(Contains(ErrorOf([] { LoadData(""); }), "expected mnist, glyphs, spirals"));
}

TEST(LoadData, AFolderWithoutTheFilesIsRefused) {
  const ScratchFolder scratch;
  EXPECT_EQ(ErrorOf([&] { LoadData(scratch.path()); }),
            scratch.path().string() + ": no file train-images-idx3-ubyte, plain or .gz");
}

TEST(LoadData, AFolderGivesItsImages) {
  const ScratchFolder scratch;
  Put(scratch / "train-images-idx3-ubyte", Idx({2, 1, 2}, std::string("\x00\xff\x80\x01", 4)));
  Put(scratch / "train-labels-idx1-ubyte", Idx({2}, std::string("\x01\x02")));
  Put(scratch / "t10k-images-idx3-ubyte", Idx({1, 1, 2}, "ab"));
  Put(scratch / "t10k-labels-idx1-ubyte", Idx({1}, std::string("\x03")));
  const TrainTest data = LoadData(scratch.path());
  EXPECT_EQ(data.train.x, (std::vector<float>{0.0f, 1.0f, 128 / 255.0f, 1 / 255.0f}));
  EXPECT_EQ(LoadData(scratch.path(), {.train_limit = 1}).train.x, (std::vector<float>{0.0f, 1.0f}));
}

TEST(LoadData, TheTrainLimitKeepsThatManyFirstSamples) {
  const TrainTest all = LoadData("spirals"), some = LoadData("spirals", {.train_limit = 10});
  EXPECT_EQ(some.train.count(), 10);
  EXPECT_EQ(some.train.x, std::vector<float>(all.train.x.begin(), all.train.x.begin() + 20));
  EXPECT_EQ(some.test.x, all.test.x);
  EXPECT_EQ(LoadData("spirals", {.train_limit = 1000000}).train.count(), all.train.count());
  EXPECT_TRUE(Contains(ErrorOf([] { LoadData("spirals", {.train_limit = -1}); }), "--train-limit -1"));
}

TEST(ScalePixels, IsCorrectlyRoundedInEveryMode) {
  const std::vector<uint8_t> pixels = {0, 1, 3, 77, 254, 255};
  std::vector<float> scaled;
  {
    ScopedMode up({Rounding::kUp, true, true});
    scaled = ScalePixels(pixels);
  }
  for (size_t i = 0; i < pixels.size(); ++i) EXPECT_EQ(scaled[i], static_cast<float>(pixels[i] / 255.0));
  EXPECT_TRUE(ScalePixels({}).empty());
}

}  // namespace
}  // namespace fplab::nets
