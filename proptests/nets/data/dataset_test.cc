// The choice of data by name.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/dataset.h>

#include <gtest/gtest.h>

#include <set>

#include <fplab/fparith/mode/control_word.h>
#include "proptests/support/idx_files.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

TEST(LoadData, AnUnknownNameIsRefusedWithTheKnownOnes) {
  EXPECT_EQ(ErrorOf([] { LoadData("no-such-set"); }),
            "--data no-such-set: expected mnist, glyphs, spirals, or a folder or an .npz file that exists");
  EXPECT_TRUE(Contains(ErrorOf([] { LoadData(""); }), "expected mnist, glyphs, spirals"));
}

TEST(LoadData, AFolderWithoutTheFilesIsRefused) {
  const ScratchFolder scratch;
  EXPECT_TRUE(ErrorOf([&] {
                LoadData(scratch.path());
              }).starts_with(scratch.path().string() + ": no images and labels under names such as "));
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

// Two samples of two features in three classes.
Dataset Some() { return {"some", 2, 3, 2, 1, {0.5f, 1.0f, -0.0f, 2.0f}, {2, 0}}; }

TEST(DataDigest, IsOfEverythingButTheNameAndKnowsTheOrder) {
  const std::string digest = DataDigest(Some());
  Dataset renamed = Some();
  renamed.name = "other";
  EXPECT_EQ(DataDigest(renamed), digest);
  const std::vector<void (*)(Dataset&)> changes = {[](Dataset& d) { d.x[2] = 0.0f; },  // the sign of a zero
                                                   [](Dataset& d) { std::swap(d.x[0], d.x[1]); },
                                                   [](Dataset& d) { std::swap(d.y[0], d.y[1]); },
                                                   [](Dataset& d) { d.y[0] = 1; },
                                                   [](Dataset& d) { d.features = 4; },
                                                   [](Dataset& d) { d.classes = 4; },
                                                   [](Dataset& d) { std::swap(d.image_width, d.image_height); },
                                                   [](Dataset& d) {
                                                     d.y.pop_back();
                                                     d.x.resize(2);
                                                   }};
  std::set<std::string> digests = {digest};
  for (const auto change : changes) {
    Dataset data = Some();
    change(data);
    EXPECT_TRUE(digests.insert(DataDigest(data)).second);
  }
}

TEST(Dataset, WhatIsNoDataSetIsRefusedByName) {
  Validate(Some());
  const std::vector<std::pair<void (*)(Dataset&), const char*>> cases = {
      {[](Dataset& d) { d.x.pop_back(); }, "data: some has 3 values, expected 4: 2 samples of 2 features"},
      {[](Dataset& d) { d.x.push_back(0); }, "data: some has 5 values, expected 4: 2 samples of 2 features"},
      {[](Dataset& d) { d.y.push_back(0); }, "data: some has 4 values, expected 6: 3 samples of 2 features"},
      {[](Dataset& d) { d.y[1] = 255; }, "data: some: label 1 is 255, expected 0 to 2"},
      {[](Dataset& d) { d.y[0] = 3; }, "data: some: label 0 is 3, expected 0 to 2"},
      {[](Dataset& d) { d.features = 0; }, "data: some has 0 features, expected at least 1"},
      {[](Dataset& d) { d.features = -2; }, "data: some has -2 features, expected at least 1"},
      {[](Dataset& d) { d.classes = 0; }, "data: some has 0 classes, expected 1 to 256"},
      {[](Dataset& d) { d.classes = 257; }, "data: some has 257 classes, expected 1 to 256"}};
  for (const auto& [change, message] : cases) {
    Dataset data = Some();
    change(data);
    EXPECT_EQ(ErrorOf([&] { Validate(data); }), message);
  }
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
