// Spirals: the same bits everywhere, and no linear problem; and the cosine and sine that they are drawn with.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/spirals.h>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include <fplab/fparith/mode/control_word.h>
#include <fplab/nets/files/sha256.h>
#include <fplab/nets/random/cos_sin.h>
#include "proptests/support/nearest.h"

namespace fplab::nets {
namespace {

std::string Digest(const Dataset& data) {
  Sha256 hash;
  hash.Update(data.x.data(), data.x.size() * sizeof(float));
  hash.Update(data.y.data(), data.y.size());
  return hash.HexDigest();
}

TEST(Spirals, ThePointsAreThoseOfEveryMachineInEveryMode) {
  TrainTest data;
  {
    ScopedMode down({Rounding::kDown, true, true});
    data = MakeSpirals();
  }
  EXPECT_EQ(Digest(data.train), "4399dc9b14267dbccffddeffca122904f882cbf6b5d09460c9d7839e505a48da");
  EXPECT_EQ(Digest(data.test), "9629dd54aa9d9089af48a7ee69e02baa29f366e73d3763808d26bcbfc2efd13b");
}

TEST(Spirals, TwoClassesOfPointsInThePlane) {
  const TrainTest data = MakeSpirals();
  EXPECT_EQ(data.train.count(), 4000);
  EXPECT_EQ(data.test.count(), 1000);
  for (const Dataset& part : {data.train, data.test}) {
    EXPECT_EQ(part.features, 2);
    EXPECT_EQ(part.image_width, 0);
    EXPECT_EQ(part.x.size(), 2 * part.y.size());
    EXPECT_NEAR(static_cast<double>(std::count(part.y.begin(), part.y.end(), 1)), part.count() / 2.0,
                part.count() / 20.0);
    for (float x : part.x) EXPECT_LT(std::fabs(x), 1.1f);
  }
}

TEST(Spirals, NeighboursTellTheClassesApartAndAStraightLineDoesNot) {
  const TrainTest data = MakeSpirals();
  EXPECT_GT(NearestNeighbourAccuracy(data.train, data.test), 0.99);
  EXPECT_LT(NearestNeighbourAccuracy(ClassMeans(data.train), data.test), 0.75);
}

RC_GTEST_PROP(CosSinOfTurns, AgreesWithTheLibraryAndIsExactAtQuarters, ()) {
  const double turns = *rc::gen::inRange(-(1 << 30), 1 << 30) / static_cast<double>(1 << 28);
  const CosSin ours = CosSinOfTurns(turns);
  const double angle = 6.283185307179586 * turns;
  // The library's argument, up to 8 pi, is rounded: that alone is 2^-49.
  RC_ASSERT(std::fabs(ours.cosine - std::cos(angle)) < 0x1p-47);
  RC_ASSERT(std::fabs(ours.sine - std::sin(angle)) < 0x1p-47);
  const int quarters = *rc::gen::inRange(-9, 10);
  const CosSin exact = CosSinOfTurns(quarters / 4.0);
  RC_ASSERT(std::fabs(exact.cosine) + std::fabs(exact.sine) == 1.0);
}

}  // namespace
}  // namespace fplab::nets
