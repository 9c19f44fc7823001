// exp and log of every binary32 number.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/kernels/core/workers.h>
#include <fplab/kernels/layers/exp_log.h>
#include "proptests/support/kernel_data.h"
#include "proptests/support/transcendental_judge.h"

namespace fplab::kernels {
namespace {

constexpr int kSliceBits = 16;  // 2^16 slices of 2^16 numbers

struct Tally {
  std::array<std::atomic<uint64_t>, 3> results = {};  // correctly rounded, 1 ulp off, more
  std::atomic<uint64_t> different = 0;                // bits that depend on the ISA
  std::atomic<uint32_t> example = 0;
};

void CheckSlice(Transcendental function, uint32_t slice, Tally& tally) {
  const auto kernel = function == Transcendental::kExp ? Exp : Log;
  std::vector<float> x(size_t{1} << kSliceBits), y(x.size()), other(x.size());
  for (uint32_t i = 0; i < x.size(); ++i) x[i] = FloatFromBits(slice << kSliceBits | i);
  kernel(x.data(), y.data(), x.size(), BestIsa());
  for (Isa isa : SupportedIsas()) {
    if (isa == BestIsa()) continue;
    kernel(x.data(), other.data(), x.size(), isa);
    for (size_t i = 0; i < x.size(); ++i) {
      if (!SameBits(y[i], other[i])) ++tally.different;
    }
  }
  std::array<uint64_t, 3> results = {};
  for (size_t i = 0; i < x.size(); ++i) {
    const uint32_t ulps = UlpsFromCorrect(y[i], CorrectlyRounded(function, x[i]));
    ++results[ulps < 2 ? ulps : 2];
    if (ulps >= 2) tally.example = ToBits(x[i]);
  }
  for (size_t i = 0; i < results.size(); ++i) tally.results[i] += results[i];
}

void CheckEveryNumber(Transcendental function) {
  Workers workers(2);
  Tally tally;
  workers.For(1 << (32 - kSliceBits), kIeee,
              [&](int slice, int) { CheckSlice(function, static_cast<uint32_t>(slice), tally); });
  std::printf("correctly rounded: %llu, 1 ulp off: %llu, more: %llu\n",
              static_cast<unsigned long long>(tally.results[0].load()),
              static_cast<unsigned long long>(tally.results[1].load()),
              static_cast<unsigned long long>(tally.results[2].load()));
  EXPECT_EQ(tally.results[0] + tally.results[1] + tally.results[2], uint64_t{1} << 32);
  EXPECT_EQ(tally.results[2], 0u) << std::hex << tally.example;
  EXPECT_EQ(tally.different, 0u);
}

TEST(TranscendentalExhaustive, ExpOfEveryNumberIsWithinOneUlpAndTheSameOnEveryIsa) {
  CheckEveryNumber(Transcendental::kExp);
}
TEST(TranscendentalExhaustive, LogOfEveryNumberIsWithinOneUlpAndTheSameOnEveryIsa) {
  CheckEveryNumber(Transcendental::kLog);
}

}  // namespace
}  // namespace fplab::kernels
