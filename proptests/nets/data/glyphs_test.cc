// Glyphs: the same bits from any number of threads and in any mode, ten classes, and not a linear problem.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/glyphs.h>

#include <gtest/gtest.h>

#include <algorithm>

#include <fplab/fparith/mode/control_word.h>
#include <fplab/nets/files/sha256.h>
#include "proptests/support/nearest.h"

namespace fplab::nets {
namespace {

std::string Digest(const Dataset& data) {
  Sha256 hash;
  hash.Update(data.x.data(), data.x.size() * sizeof(float));
  hash.Update(data.y.data(), data.y.size());
  return hash.HexDigest();
}

TEST(Glyphs, TheImagesAreThoseOfEveryMachine) {
  const TrainTest data = MakeGlyphs({.train_count = 1000, .test_count = 1000});
  EXPECT_EQ(Digest(data.train), "9283d0e4a5927254442e62f62dd06ae3781c08f72d2ad0028defc03dac1928c0");
  EXPECT_EQ(Digest(data.test), "be7b8150c2c9939239958a691d99f585c1afea383f7f53657a70903a2719256b");
  EXPECT_EQ(data.source, "generated");
}

TEST(Glyphs, NeitherThreadsNorTheModeOfTheCallerChangeABit) {
  const TrainTest one = MakeGlyphs({.train_count = 700, .test_count = 7});
  for (int threads : {1, 2, 3, 64}) {
    kernels::Workers workers(threads);
    const TrainTest many = MakeGlyphs({.train_count = 700, .test_count = 7, .workers = &workers});
    EXPECT_EQ(Digest(many.train), Digest(one.train)) << threads;
    EXPECT_EQ(Digest(many.test), Digest(one.test)) << threads;
  }
  TrainTest upward;
  {
    ScopedMode up({Rounding::kUp, true, true});
    upward = MakeGlyphs({.train_count = 700, .test_count = 7});
  }
  EXPECT_EQ(Digest(upward.train), Digest(one.train));
}

TEST(Glyphs, AnImageDoesNotDependOnHowManyAreAskedFor) {
  const TrainTest few = MakeGlyphs({.train_count = 10, .test_count = 20});
  const TrainTest more = MakeGlyphs({.train_count = 50, .test_count = 30});
  EXPECT_TRUE(std::equal(few.train.x.begin(), few.train.x.end(), more.train.x.begin()));
  EXPECT_TRUE(std::equal(few.test.y.begin(), few.test.y.end(), more.test.y.begin()));
  EXPECT_NE(Digest(few.train), Digest(MakeGlyphs({.train_count = 0, .test_count = 10}).test));
  EXPECT_EQ(MakeGlyphs({.train_count = 0, .test_count = 0}).train.count(), 0);
}

TEST(Glyphs, EveryClassOccursAndEveryImageHasInkInTheUnitInterval) {
  const Dataset data = MakeGlyphs({.train_count = 2000, .test_count = 0}).train;
  EXPECT_EQ(data.features, data.image_width * data.image_height);
  for (uint8_t digit = 0; digit < 10; ++digit) {
    const auto count = std::count(data.y.begin(), data.y.end(), digit);
    EXPECT_GT(count, 140) << int{digit};
    EXPECT_LT(count, 260) << int{digit};
  }
  for (int i = 0; i < data.count(); ++i) {
    const auto [low, high] = std::minmax_element(data.Sample(i).begin(), data.Sample(i).end());
    EXPECT_GE(*low, 0.0f);
    EXPECT_GT(*high, 0.4f) << i;
    EXPECT_LE(*high, 1.0f);
  }
}

TEST(Glyphs, ALinearClassifierStaysClearlyBelowANonlinearOne) {
  const TrainTest data = MakeGlyphs({.train_count = 4000, .test_count = 400});
  const double linear = NearestNeighbourAccuracy(ClassMeans(data.train), data.test);
  const double nonlinear = NearestNeighbourAccuracy(data.train, data.test);
  EXPECT_GT(linear, 0.4);
  EXPECT_GT(nonlinear, linear + 0.1) << linear;
}

}  // namespace
}  // namespace fplab::nets
