// The shrinker: every step makes operands simpler, and what it ends at can be read.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <functional>
#include <vector>

#include <fplab/fparith/float/format.h>
#include <fplab/fparith/identity/shrink.h>
#include <fplab/fparith/model/model.h>
#include <fplab/proptests/property/simpler_operands.h>
#include "proptests/support/float_generators.h"

namespace fplab::proptests {
namespace {

using Tuple = std::vector<uint64_t>;

// What RapidCheck ends at: it takes the first simpler tuple that fails, and goes on from there.
Tuple Shrunk(const Format& format, Tuple operands, const std::function<bool(const Tuple&)>& fails) {
  while (true) {
    const std::vector<Tuple> simpler = SimplerOperands(format, operands);
    const auto next = std::find_if(simpler.begin(), simpler.end(), fails);
    if (next == simpler.end()) return operands;
    operands = *next;
  }
}

int SpecialsIn(const Format& format, const Tuple& operands) {
  int count = 0;  // a NaN may become an infinity, and that one with a minus sign the other
  for (const uint64_t bits : operands) {
    count += format.IsNan(bits) ? 3 : !format.IsInfinite(bits) ? 0 : format.SignBit(bits) ? 2 : 1;
  }
  return count;
}

RC_GTEST_PROP(SimplerOperands, EachHasFewerSpecialsOrIsLessComplex, ()) {
  const Format format = *rc::gen::elementOf(std::vector<Format>{kBinary16, kBinary32, kBinary64, kE4M3, kE2M1});
  const Tuple operands = {*GenBits(format, Specials::kAll), *GenBits(format, Specials::kAll)};
  const std::vector<statement::Type> types(2, statement::Type::Number(format));
  const identity::Complexity complexity = identity::ComplexityOf(types, operands);
  for (const Tuple& simpler : SimplerOperands(format, operands)) {
    RC_ASSERT(SpecialsIn(format, simpler) < SpecialsIn(format, operands) ||
              (SpecialsIn(format, simpler) == SpecialsIn(format, operands) &&
               identity::ComplexityOf(types, simpler) < complexity));
  }
}

TEST(SimplerOperands, OfPositiveZerosThereAreNone) {
  EXPECT_TRUE(SimplerOperands(kBinary32, {0, 0}).empty());
  EXPECT_TRUE(SimplerOperands(kBinary32, {}).empty());
  for (const Tuple& simpler : SimplerOperands(kBinary32, {0x80000000u})) EXPECT_EQ(simpler, Tuple{0});
  EXPECT_FALSE(SimplerOperands(kBinary32, {0x80000000u}).empty());
}

// Two different normal numbers whose difference is subnormal: 1.5 min normal and 2 min normal are the simplest there
// are. No operand can be changed alone.
TEST(SimplerOperands, LongSignificandsOfASubnormalDifferenceEndAtThreeBits) {
  const auto fails = [](const Tuple& operands) {
    const uint64_t difference = model::Sub(kBinary32, {kIeee}, operands[0], operands[1]).bits;
    return kBinary32.IsNormal(operands[0]) && kBinary32.IsNormal(operands[1]) && kBinary32.IsSubnormal(difference);
  };
  const Tuple operands = {0x8bffffffu, 0x8c000000u};  // -0x1.fffffep-104, -0x1p-103
  ASSERT_TRUE(fails(operands));
  EXPECT_EQ(Shrunk(kBinary32, operands, fails), (Tuple{0x00c00000, 0x01000000}));
}

TEST(SimplerOperands, AnOverflowingProductEndsAtPowersOfTwo) {
  const auto fails = [](const Tuple& operands) {
    return kBinary64.IsInfinite(model::Mul(kBinary64, {kIeee}, operands[0], operands[1]).bits);
  };
  for (const uint64_t bits : Shrunk(kBinary64, {0xffe123456789abcd, 0x7fe0fedcba987654}, fails)) {
    EXPECT_EQ(kBinary64.Fraction(bits), 0u);
    EXPECT_FALSE(kBinary64.SignBit(bits));
  }
}

TEST(SimplerOperands, ANanThatIsNeededStaysAndOneThatIsNotGoes) {
  const auto is_nan = [](const Tuple& operands) { return kBinary32.IsNan(operands[0]); };
  EXPECT_TRUE(kBinary32.IsNan(Shrunk(kBinary32, {0xffc12345u, 0x7f800000u}, is_nan)[0]));
  EXPECT_EQ(Shrunk(kBinary32, {0xffc12345u, 0x7f800000u}, is_nan)[1], 0u);
  const auto not_finite = [](const Tuple& operands) { return !kBinary32.IsFinite(operands[0]); };
  EXPECT_EQ(Shrunk(kBinary32, {0xffc12345u, 0xff800000u}, not_finite), (Tuple{kBinary32.Infinity(), 0}));
  const auto large = [](const Tuple& operands) { return kBinary32.Magnitude(operands[0]) > kBinary32.One(); };
  EXPECT_TRUE(kBinary32.IsFinite(Shrunk(kBinary32, {0xffc12345u}, large)[0]));
}

// From anywhere, whatever the stratum: differences that flush end at three bits or, where the operands are neighbours
// of a power of two, at as many.
RC_GTEST_PROP(SimplerOperands, DifferencesThatFlushEndAtFewBits, ()) {
  const auto fails = [](const Tuple& operands) {
    const uint64_t difference = model::Sub(kBinary32, {kIeee}, operands[0], operands[1]).bits;
    return kBinary32.IsNormal(operands[0]) && kBinary32.IsNormal(operands[1]) && kBinary32.IsSubnormal(difference);
  };
  FloatGenerator generator(kBinary32, Specials::kFiniteOnly, *rc::gen::arbitrary<uint64_t>());
  Tuple operands;
  do {
    const uint64_t a = generator.One();
    operands = {a, generator.Partner(a)};
  } while (!fails(operands));
  const Tuple shrunk = Shrunk(kBinary32, operands, fails);
  RC_ASSERT(std::popcount(kBinary32.Fraction(shrunk[0])) + std::popcount(kBinary32.Fraction(shrunk[1])) == 1);
  RC_ASSERT(!kBinary32.SignBit(shrunk[0]));
}

}  // namespace
}  // namespace fplab::proptests
