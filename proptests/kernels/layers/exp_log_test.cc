// exp and log: within 1 ulp of correctly rounded, exact at the special cases, the same bits on every ISA.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/layers/exp_log.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/text/bits_text.h>
#include "proptests/support/kernel_data.h"
#include "proptests/support/transcendental_judge.h"

namespace fplab::kernels {
namespace {

using ArrayFunction = void (*)(const float*, float*, size_t, Isa);

ArrayFunction KernelOf(Transcendental function) { return function == Transcendental::kExp ? Exp : Log; }

std::vector<float> Evaluate(Transcendental function, const std::vector<float>& x, Isa isa) {
  std::vector<float> out(x.size());
  KernelOf(function)(x.data(), out.data(), x.size(), isa);
  return out;
}

// Every exponent and sign, the neighbours of powers of two, of the thresholds of exp, of 1, and of the points where the
// kernels change reduction; random fractions between.
std::vector<float> DenseSample() {
  WordSource source(17);
  std::vector<float> x;
  const auto add_around = [&x](float centre) {
    for (uint32_t i = 0; i < 33; ++i) x.push_back(FloatFromBits(ToBits(centre) + i - 16));
  };
  for (uint32_t field = 0; field < 512; ++field) {
    add_around(FloatFromBits(field << 23));
    for (int i = 0; i < 150; ++i) x.push_back(FloatFromBits(field << 23 | source.Below(1u << 23)));
  }
  for (float centre : {88.72284f, -87.33655f, -103.27893f, -103.97208f, -104.0f, 89.0f, 0.70710678f, 1.41421356f}) {
    add_around(centre);
  }
  for (int k = -150; k <= 128; ++k) add_around((static_cast<float>(k) + 0.5f) * 0.6931472f);
  for (int i = 0; i < 60000; ++i) x.push_back(-104.5f + 194.0f * static_cast<float>(source.Below(1u << 24)) * 0x1p-24f);
  for (int i = 0; i < 20000; ++i) x.push_back(FloatFromBits(0x3f000000 + source.Below(0x01000000)));
  return x;
}

void CheckAccuracy(Transcendental function) {
  const std::vector<float> x = DenseSample();
  const std::vector<float> y = Evaluate(function, x, BestIsa());
  for (size_t i = 0; i < x.size(); ++i) {
    RoundedResult correct = CorrectlyRounded(function, x[i]);
    if (HaveMpfr()) {
      const float decided = CorrectlyRoundedByMpfr(function, x[i]);
      ASSERT_TRUE(SameBits(decided, correct.low)) << "the judges disagree at " << HexBits(x[i]);
      correct = {decided, decided};
    }
    ASSERT_LE(UlpsFromCorrect(y[i], correct), 1u)
        << HexBits(x[i]) << " gave " << HexBits(y[i]) << ", expected " << HexBits(correct.low);
  }
}

TEST(Transcendental, ExpIsWithinOneUlpOfCorrectlyRounded) { CheckAccuracy(Transcendental::kExp); }
TEST(Transcendental, LogIsWithinOneUlpOfCorrectlyRounded) { CheckAccuracy(Transcendental::kLog); }

TEST(Transcendental, AreTheSameBitsOnEveryIsaInEveryAmbientMode) {
  const std::vector<float> x = DenseSample();
  for (Transcendental function : {Transcendental::kExp, Transcendental::kLog}) {
    const std::vector<float> want = Evaluate(function, x, Isa::kFallback);
    for (Isa isa : SupportedIsas()) {
      for (Mode mode : HardwareFlushModes()) {
        std::vector<float> found;
        {
          const ScopedMode guard(mode);
          found = Evaluate(function, x, isa);
        }
        std::string difference;
        EXPECT_TRUE(SameArray(found, want, &difference)) << Name(isa) << " under " << Name(mode) << difference;
      }
    }
  }
}

TEST(Transcendental, EveryCountGivesTheSameElementsAndWritesNoMoreAlsoInPlace) {
  WordSource source(5);
  const std::vector<float> x = DrawFloats(source, Palette::kEverything, 70);
  for (Transcendental function : {Transcendental::kExp, Transcendental::kLog}) {
    const std::vector<float> want = Evaluate(function, x, Isa::kFallback);
    for (Isa isa : SupportedIsas()) {
      for (size_t count = 0; count < 70; ++count) {
        std::vector<float> out(x.begin(), x.begin() + static_cast<ptrdiff_t>(count));
        out.push_back(FloatFromBits(kCanaryBits));
        KernelOf(function)(out.data(), out.data(), count, isa);
        EXPECT_EQ(ToBits(out[count]), kCanaryBits);
        for (size_t i = 0; i < count; ++i) ASSERT_TRUE(SameBits(out[i], want[i])) << Name(isa) << " " << count;
      }
    }
  }
}

struct Special {
  uint32_t x, exp, log;
};

constexpr uint32_t kNan = 0x7fc00000, kInf = 0x7f800000, kMinusInf = 0xff800000, kOne = 0x3f800000;
constexpr Special kSpecials[] = {
    {0x00000000, kOne, kMinusInf},
    {0x80000000, kOne, kMinusInf},  // zeros of both signs
    {kInf, kInf, kInf},
    {kMinusInf, 0x00000000, kNan},
    {kNan, kNan, kNan},
    {0xffc00001, kNan, kNan},
    {0x7f800001, kNan, kNan},
    {kOne, 0x402df854, 0x00000000},
    {0x00000001, kOne, 0xc2ce8ed0},
    {0x80000001, kOne, kNan},
    {0x7f7fffff, kInf, 0x42b17218},
    {0xff7fffff, 0x00000000, kNan},
    {0xbf800000, 0x3ebc5ab2, kNan},        // -1
    {0x42b17218, kInf, 0x408f895c},        // just above log(max finite)
    {0x42b17217, 0x7f7fff84, 0x408f895b},  // just below
    {0xc2cff1b5, 0x00000000, kNan},        // just below log(min subnormal / 2)
    {0xc2cff1b4, 0x00000001, kNan},        // just above
};

TEST(Transcendental, SpecialCasesAreExact) {
  for (Isa isa : SupportedIsas()) {
    for (const Special& special : kSpecials) {
      const float x = FloatFromBits(special.x);
      const float exp = Evaluate(Transcendental::kExp, {x}, isa)[0], log = Evaluate(Transcendental::kLog, {x}, isa)[0];
      EXPECT_TRUE(SameBits(exp, FloatFromBits(special.exp)))
          << Name(isa) << " exp " << HexBits(x) << " = " << HexBits(exp);
      EXPECT_TRUE(SameBits(log, FloatFromBits(special.log)))
          << Name(isa) << " log " << HexBits(x) << " = " << HexBits(log);
    }
  }
}

TEST(Transcendental, ExpUnderflowsGraduallyAndLogReadsSubnormals) {
  WordSource source(23);
  std::vector<float> small, subnormal;
  for (int i = 0; i < 20000; ++i) {
    small.push_back(-87.0f - 17.5f * static_cast<float>(source.Below(1u << 24)) * 0x1p-24f);
    subnormal.push_back(FloatFromBits(1 + (source.Below(0x7fffff) >> source.Below(22))));
  }
  const std::vector<float> exp = Evaluate(Transcendental::kExp, small, BestIsa());
  const std::vector<float> log = Evaluate(Transcendental::kLog, subnormal, BestIsa());
  int subnormal_results = 0;
  for (size_t i = 0; i < small.size(); ++i) {
    subnormal_results += IsSubnormal(exp[i]) ? 1 : 0;
    ASSERT_LE(UlpsFromCorrect(exp[i], CorrectlyRounded(Transcendental::kExp, small[i])), 1u) << HexBits(small[i]);
    ASSERT_LE(UlpsFromCorrect(log[i], CorrectlyRounded(Transcendental::kLog, subnormal[i])), 1u)
        << HexBits(subnormal[i]);
  }
  EXPECT_GT(subnormal_results, 15000);
}

}  // namespace
}  // namespace fplab::kernels
