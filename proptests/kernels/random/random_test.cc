// Philox, normal deviates and signs: published vectors, the documented layout, and the statistics they must have.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/random/random.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

constexpr Stream kStream = {0x0123456789abcdef, {1, 0x80000000, 77}};
constexpr size_t kSample = size_t{1} << 20;

std::vector<uint32_t> Bits(const Stream& stream, size_t count, Isa isa) {
  std::vector<uint32_t> out(count);
  FillBits(stream, out.data(), count, isa);
  return out;
}

std::vector<float> Normals(const Stream& stream, float deviation, size_t count, Isa isa) {
  std::vector<float> out(count);
  FillNormals(stream, deviation, out.data(), count, isa);
  return out;
}

// Mean of the products of powers of two samples, in binary64.
double Mean(const std::vector<float>& x, int power) {
  double sum = 0;
  for (float v : x) sum += std::pow(static_cast<double>(v), power);
  return sum / static_cast<double>(x.size());
}

double Correlation(const std::vector<float>& x, const std::vector<float>& y) {
  double xy = 0, xx = 0, yy = 0;
  for (size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    xy += static_cast<double>(x[i]) * y[i];
    xx += static_cast<double>(x[i]) * x[i];
    yy += static_cast<double>(y[i]) * y[i];
  }
  return xy / std::sqrt(xx * yy);
}

// Six standard errors of an estimate whose terms have the given variance: a right generator fails for one seed in 5e8,
// and the seeds are fixed.
double SixSigma(double variance, size_t count) { return 6 * std::sqrt(variance / static_cast<double>(count)); }

TEST(Philox, MatchesThePublishedKnownAnswers) {
  // Random123's kat_vectors, philox4x32 with 10 rounds.
  const std::array<uint32_t, 4> zeros = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
  const std::array<uint32_t, 4> ones = {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd};
  const std::array<uint32_t, 4> pi = {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1};
  constexpr uint32_t kF = 0xffffffff;
  EXPECT_EQ(Philox4x32({0, 0, 0, 0}, {0, 0}), zeros);
  EXPECT_EQ(Philox4x32({kF, kF, kF, kF}, {kF, kF}), ones);
  EXPECT_EQ(Philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}), pi);
}

TEST(FillBits, HasTheDocumentedLayoutOnEveryIsa) {
  const std::array<uint32_t, 2> key = {static_cast<uint32_t>(kStream.key), static_cast<uint32_t>(kStream.key >> 32)};
  for (Isa isa : SupportedIsas()) {
    const std::vector<uint32_t> bits = Bits(kStream, 64 * 5, isa);
    for (uint32_t i = 0; i < bits.size(); ++i) {
      const uint32_t block = i / 64, word = i % 64 / 16, lane = i % 16;
      const auto want =
          Philox4x32({16 * block + lane, kStream.words[0], kStream.words[1], kStream.words[2]}, key)[word];
      ASSERT_EQ(bits[i], want) << Name(isa) << " element " << i;
    }
  }
}

TEST(FillBits, GivesTheSameElementsForEveryCountAndWritesNoMore) {
  for (Isa isa : SupportedIsas()) {
    const std::vector<uint32_t> all = Bits(kStream, 300, isa);
    for (size_t count = 0; count <= 200; ++count) {
      std::vector<uint32_t> out(count + 2, kCanaryBits);
      FillBits(kStream, out.data() + 1, count, isa);
      ASSERT_EQ(out.front(), kCanaryBits);
      ASSERT_EQ(out.back(), kCanaryBits);
      ASSERT_TRUE(std::equal(out.begin() + 1, out.end() - 1, all.begin())) << Name(isa) << " " << count;
    }
  }
}

TEST(FillBits, StreamsOfOtherKeysAndWordsHaveNothingInCommon) {
  const std::vector<uint32_t> base = Bits(kStream, 1 << 16, BestIsa());
  for (int changed = 0; changed < 5; ++changed) {
    Stream other = kStream;
    if (changed < 3) other.words[changed] ^= 1;
    if (changed == 3) other.key ^= 1;
    if (changed == 4) other.key ^= uint64_t{1} << 32;
    const std::vector<uint32_t> bits = Bits(other, base.size(), BestIsa());
    int equal_bits = 0;
    for (size_t i = 0; i < base.size(); ++i) equal_bits += 32 - std::popcount(base[i] ^ bits[i]);
    EXPECT_NEAR(static_cast<double>(equal_bits) / (32.0 * static_cast<double>(base.size())), 0.5,
                SixSigma(0.25, 32 * base.size()))
        << changed;
  }
}

// Box-Muller of the words that FillBits gives, in binary64. The kernel's radius is off by at most 1 ulp of the
// logarithm (halved by the square root), the square root's and two products' roundings: 2.5 units of 2^-23 relative;
// its sine and cosine by 2^-23 absolute, one product more: 4 units of 2^-23, times the radius.
TEST(FillNormals, AreTheBoxMullerTransformOfTheWords) {
  constexpr size_t kCount = 64 * 2000;
  const std::vector<uint32_t> bits = Bits(kStream, kCount, BestIsa());
  const std::vector<float> normals = Normals(kStream, 2.0f, kCount, BestIsa());
  for (size_t i = 0; i < kCount; ++i) {
    if (i % 32 >= 16) continue;  // the other element of each pair follows
    const double uniform = static_cast<double>((bits[i] >> 8) + 1) * 0x1p-24;
    const double radius = 2 * std::sqrt(-2 * std::log(uniform));
    const double angle = 2 * std::numbers::pi * (bits[i + 16] * 0x1p-32);
    const double bound = 4 * 0x1p-23 * radius;
    ASSERT_NEAR(normals[i], radius * std::cos(angle), bound) << i;
    ASSERT_NEAR(normals[i + 16], radius * std::sin(angle), bound) << i;
  }
}

TEST(FillNormals, AreTheSameBitsOnEveryIsaForEveryCountInEveryAmbientMode) {
  const std::vector<float> all = Normals(kStream, 0.3f, 3000, Isa::kFallback);
  for (Isa isa : SupportedIsas()) {
    for (Mode mode : HardwareModes()) {
      std::vector<float> found;
      {
        const ScopedMode guard(mode);
        found = Normals(kStream, 0.3f, all.size(), isa);
      }
      std::string difference;
      EXPECT_TRUE(SameArray(found, all, &difference)) << Name(isa) << " under " << Name(mode) << difference;
    }
    for (size_t count : {0, 1, 15, 16, 17, 63, 64, 65, 127, 1000}) {
      std::vector<float> out(count + 1, FloatFromBits(kCanaryBits));
      FillNormals(kStream, 0.3f, out.data(), count, isa);
      EXPECT_EQ(ToBits(out[count]), kCanaryBits);
      for (size_t i = 0; i < count; ++i) ASSERT_EQ(ToBits(out[i]), ToBits(all[i])) << Name(isa);
    }
  }
}

TEST(FillNormals, FromANumberOnAreThoseOfTheStreamFromThereOn) {
  const std::vector<float> all = Normals(kStream, 0.3f, 3000, BestIsa());
  for (Isa isa : SupportedIsas()) {
    for (const size_t first : {size_t{0}, size_t{64}, size_t{1984}}) {
      for (size_t count : {0, 1, 63, 64, 65, 1000}) {
        std::vector<float> out(count + 1, FloatFromBits(kCanaryBits));
        FillNormalsFrom(kStream, 0.3f, first, out.data(), count, isa);
        EXPECT_EQ(ToBits(out[count]), kCanaryBits);
        for (size_t i = 0; i < count; ++i) ASSERT_EQ(ToBits(out[i]), ToBits(all[first + i])) << Name(isa);
      }
    }
  }
  float one = 0;
  EXPECT_DEATH(FillNormalsFrom(kStream, 1, 32, &one, 1, BestIsa()), "multiple of 64");
  EXPECT_DEATH(FillNormalsFrom(kStream, 1, size_t{1} << 34, &one, 1, BestIsa()), "2\\^34 numbers");
}

TEST(FillNormals, HaveTheMomentsOfTheNormalDistribution) {
  for (uint64_t key : {uint64_t{1}, uint64_t{2}, ~uint64_t{0}}) {
    const std::vector<float> x = Normals({key, {}}, 1.0f, kSample, BestIsa());
    // Variances of one term: of x 1, of x^2 2, of x^3 15, of x^4 96, of x^6 10395 - 225.
    EXPECT_NEAR(Mean(x, 1), 0, SixSigma(1, kSample));
    EXPECT_NEAR(Mean(x, 2), 1, SixSigma(2, kSample));
    EXPECT_NEAR(Mean(x, 3), 0, SixSigma(15, kSample));
    EXPECT_NEAR(Mean(x, 4), 3, SixSigma(96, kSample));
    EXPECT_NEAR(Mean(x, 6), 15, SixSigma(10170, kSample));
  }
}

TEST(FillNormals, HaveTheNormalDistributionFunction) {
  std::vector<float> x = Normals(kStream, 1.0f, kSample, BestIsa());
  std::sort(x.begin(), x.end());
  double distance = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double phi = 0.5 * std::erfc(-static_cast<double>(x[i]) * std::numbers::sqrt2 / 2);
    distance = std::max(distance, std::abs(phi - static_cast<double>(i) / kSample));
    distance = std::max(distance, std::abs(phi - static_cast<double>(i + 1) / kSample));
  }
  // Dvoretzky, Kiefer, Wolfowitz and Massart: P(distance > e) <= 2 exp(-2 n e^2), here 1e-9.
  EXPECT_LT(distance, std::sqrt(std::log(2e9) / (2.0 * kSample)));
  // 2^24 steps of the uniform: no deviate beyond sqrt(2 * 24 ln 2), and a million reach 4.
  EXPECT_LE(std::max(x.back(), -x.front()), 5.77f);
  EXPECT_GT(std::min(x.back(), -x.front()), 4.0f);
}

TEST(FillNormals, AreNotCorrelatedWithTheirNeighboursPartnersOrOtherStreams) {
  const std::vector<float> x = Normals(kStream, 1.0f, kSample, BestIsa());
  for (ptrdiff_t lag : {1, 2, 8, 16, 32, 64}) {
    EXPECT_LT(std::abs(Correlation(x, {x.begin() + lag, x.end()})), SixSigma(1, kSample - lag)) << "lag " << lag;
  }
  std::vector<float> squares(x);
  for (float& v : squares) v = v * v - 1;
  EXPECT_LT(std::abs(Correlation(squares, {squares.begin() + 16, squares.end()})), SixSigma(1, kSample - 16));
  for (uint32_t word : {0u, 1u, 2u}) {
    Stream other = kStream;
    ++other.words[word];
    EXPECT_LT(std::abs(Correlation(x, Normals(other, 1.0f, kSample, BestIsa()))), SixSigma(1, kSample));
  }
}

TEST(FillSigns, AreTheTopBitsOfTheWordsOnEveryIsa) {
  const float magnitude = FloatFromBits(0x00000003);  // a subnormal: no arithmetic may touch it
  for (Isa isa : SupportedIsas()) {
    for (size_t count : {0, 1, 63, 64, 65, 1000}) {
      const std::vector<uint32_t> bits = Bits(kStream, count, isa);
      std::vector<float> signs(count + 1, FloatFromBits(kCanaryBits));
      FillSigns(kStream, magnitude, signs.data(), count, isa);
      EXPECT_EQ(ToBits(signs[count]), kCanaryBits);
      for (size_t i = 0; i < count; ++i) ASSERT_EQ(ToBits(signs[i]), (bits[i] & 0x80000000u) | 3u) << Name(isa);
    }
  }
}

TEST(FillSigns, AreBalanced) {
  std::vector<float> x(kSample);
  FillSigns(kStream, 1.0f, x.data(), x.size(), BestIsa());
  EXPECT_NEAR(Mean(x, 1), 0, SixSigma(1, kSample));
}

}  // namespace
}  // namespace fplab::kernels
