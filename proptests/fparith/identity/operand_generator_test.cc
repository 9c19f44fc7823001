// Where counterexamples are looked for: related operands stand in their relation, and every binade near it is drawn.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/operand_generator.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include <fplab/fparith/float/bits.h>
#include "proptests/support/moved_seed.h"

namespace fplab::identity {
namespace {

constexpr int kDraws = 20'000, kDrawsOfEvery = 200'000;
constexpr int kMinExponent = -149, kMaxExponent = 127, kMinNormal = -126, kPrecision = 24;

int ExponentOf(uint64_t bits) { return std::ilogb(FloatFromBits(static_cast<uint32_t>(bits))); }

// The binades of what is drawn in relation to `other`.
std::set<int> Binades(OperandGenerator::Relation relation, float other) {
  OperandGenerator generator(kBinary32, MovedSeed(5));
  std::set<int> found;
  for (int i = 0; i < kDraws; ++i) found.insert(ExponentOf(generator.Related(ToBits(other), relation)));
  return found;
}

// Those from `low` to `high` that binary32 has; beyond its ends stand its least subnormal and its greatest number.
std::set<int> From(int low, int high) {
  std::set<int> binades;
  for (int e = low; e <= high; ++e) binades.insert(std::clamp(e, kMinExponent, kMaxExponent));
  return binades;
}

TEST(OperandGenerator, DrawsTheSameWithEveryCompiler) {
  OperandGenerator generator(kBinary32, 1);
  uint64_t hash = 0;
  for (int i = 0; i < 10000; ++i) {
    const uint64_t value = generator.Value();
    const uint64_t related = generator.Related(value, generator.PickRelation());
    for (const uint64_t drawn : {value, related, generator.AnyPattern()}) hash = (hash ^ drawn) * 0x100000001b3u;
  }
  EXPECT_EQ(hash, 0x9981c704487db441u) << std::hex << hash;
}

TEST(OperandGenerator, DrawsEveryBinadeThatARelationAllowsAndNoOther) {
  using Relation = OperandGenerator::Relation;
  for (float other : {0x1p-149f, 0x1.8p-140f, 0x1.fffffcp-127f, 0x1p-126f, 0x1.8p-126f, -0x1p-125f, 1.0f, -3.5f,
                      0x1p100f, 0x1.fffffep127f}) {
    const int e = std::ilogb(other);
    EXPECT_EQ(Binades(Relation::kSameExponent, other), From(e - 1, e + 1)) << other;
    EXPECT_EQ(Binades(Relation::kNearExponent, other), From(e - kPrecision - 2, e + kPrecision + 2)) << other;
    EXPECT_EQ(Binades(Relation::kProductAtEdge, other), From(kMinNormal - e - 3, kMinNormal - e + 2)) << other;
    EXPECT_EQ(Binades(Relation::kProductAboveEdge, other), From(kMinNormal - e - 3, kMinNormal - e + kPrecision))
        << other;
    EXPECT_EQ(Binades(Relation::kQuotientAtEdge, other), From(e - kMinNormal - kPrecision, e - kMinNormal + 3))
        << other;
    EXPECT_EQ(Binades(Relation::kProductOne, other), From(-e - 1, -e + 1)) << other;
  }
}

TEST(OperandGenerator, ValuesAndPowersOfTwoAreOfEveryBinade) {
  OperandGenerator generator(kBinary32, MovedSeed(6));
  std::set<int> values, powers;
  for (int i = 0; i < kDrawsOfEvery; ++i) {
    const uint64_t value = generator.Value(), power = generator.PowerOfTwo();
    if (!kBinary32.IsZero(value)) values.insert(ExponentOf(value));
    powers.insert(ExponentOf(power));
    ASSERT_EQ(FloatFromBits(static_cast<uint32_t>(power)), std::ldexp(1.0f, ExponentOf(power)));
  }
  EXPECT_EQ(values, From(kMinExponent, kMaxExponent));
  EXPECT_EQ(powers, From(kMinExponent, kMaxExponent));
}

}  // namespace
}  // namespace fplab::identity
