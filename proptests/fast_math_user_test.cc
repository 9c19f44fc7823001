// A user's program compiled with -ffast-math: every public header does in it what it does elsewhere.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fplab/fparith.h>
#include <fplab/kernels.h>
#include <fplab/nets.h>

#ifndef __FAST_MATH__
#error "this test is about a translation unit compiled with -ffast-math"
#endif

namespace fplab {
namespace {

// From memory that the compiler can't see through, so that nothing is folded.
template <typename T>
T Opaque(T x) {
  volatile T kept = x;
  return kept;
}

TEST(FastMathUser, NansInfinitiesAndSignedZerosAreToldByTheirBits) {
  const float nan = Opaque(FloatFromBits(0x7fc00000)), infinity = Opaque(FloatFromBits(0x7f800000));
  const float minus_zero = Opaque(FloatFromBits(0x80000000));
  EXPECT_TRUE(IsNan(nan));
  EXPECT_FALSE(IsFinite(nan));
  EXPECT_TRUE(IsInfinite(infinity));
  EXPECT_TRUE(SignBit(minus_zero));
  EXPECT_FALSE(SameBits(minus_zero, Opaque(0.0f)));
  EXPECT_TRUE(SameBits(nan, Opaque(FloatFromBits(0xffc00001))));
}

TEST(FastMathUser, SubnormalsKeepTheirNeighboursAndUlps) {
  const float least = Opaque(FloatFromBits(1));
  EXPECT_EQ(ToBits(NextUp(least)), 2u);
  EXPECT_EQ(ToBits(NextDown(least)), 0u);
  EXPECT_EQ(ToBits(Ulp(least)), 1u);
  EXPECT_TRUE(IsSubnormal(least));
}

TEST(FastMathUser, TheModelAndTheKernelsReturnTheBitsThatTheyReturnElsewhere) {
  const float a = Opaque(0x1.fffffep-64f), b = Opaque(0x1.0p-63f);
  EXPECT_EQ(ToBits(model::MulFloat(a, b, kIeee)), 0x00800000u);
  EXPECT_EQ(ToBits(model::MulFloat(a, b, kFtz)), 0u);
  kernels::PanelMatrix left(1, 1), right(1, 1), product(1, 1);
  left.At(0, 0) = a;
  right.At(0, 0) = b;
  for (kernels::Isa isa : kernels::SupportedIsas()) {
    kernels::MatmulTransposed(left.view(), right.view(), product.view(), {isa, kIeee});
    EXPECT_EQ(ToBits(product.At(0, 0)), 0x00800000u) << Name(isa);
  }
}

TEST(FastMathUser, TheControlWordIsAsTheUserLeftIt) { EXPECT_EQ(CurrentMode(), kIeee); }

}  // namespace
}  // namespace fplab
