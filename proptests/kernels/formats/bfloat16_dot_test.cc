// VDPBF16PS: the model is what the manual says, the instruction is the model, and neither is the chain.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/formats/bfloat16_dot.h>

#include <gtest/gtest.h>

#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/mode/guest.h>
#include "proptests/support/format_data.h"
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

constexpr Bfloat16 kZero = {0}, kOne = {0x3f80}, kMinSubnormal = {0x0001}, kMinNormal = {0x0080}, kHalf = {0x3f00};

std::vector<Bfloat16> Draw(WordSource& source, Palette palette, size_t count) {
  std::vector<Bfloat16> values(count);
  for (Bfloat16& x : values) x.bits = static_cast<uint16_t>(DrawPattern(source, kBfloat16, kBinary32, palette));
  return values;
}

TEST(Bfloat16Dot, TheModelAddsTheOddProductFirst) {
  // 2^30 swallows the 1 that meets it first.
  const Bfloat16 huge = {0x4e80}, minus_one = {0xbf80};
  EXPECT_EQ(ToBits(Widen(huge)), ToBits(0x1p30f));
  EXPECT_EQ(Bfloat16DotModel(1.0f, minus_one, kOne, huge, huge), 0.0f);
  EXPECT_EQ(Bfloat16DotModel(0x1p30f, minus_one, kOne, huge, kOne), 0.0f);
  EXPECT_EQ(Bfloat16DotModel(-0x1p30f, kOne, kOne, kOne, huge), 1.0f);
}

TEST(Bfloat16Dot, TheModelFlushesOperandsSumsAndResultsAndRoundsToNearestWhateverTheControlWordSays) {
  for (Mode mode : HardwareModes()) {
    float of_operand = 1, of_sum = 1, of_result = 1, rounded = 0;
    {
      const ScopedMode guard(mode);
      of_operand = Bfloat16DotModel(0.0f, kMinSubnormal, kZero, kOne, kZero);
      of_sum = Bfloat16DotModel(0x1p-130f, kZero, kZero, kZero, kZero);
      of_result = Bfloat16DotModel(0.0f, kMinNormal, kZero, kHalf, kZero);
      rounded = Bfloat16DotModel(0x1p30f, kOne, kZero, kOne, kZero);
    }
    EXPECT_EQ(ToBits(of_operand), 0u) << Name(mode);
    EXPECT_EQ(ToBits(of_sum), 0u) << Name(mode);
    EXPECT_EQ(ToBits(of_result), 0u) << Name(mode);
    EXPECT_EQ(ToBits(rounded), ToBits(0x1p30f)) << Name(mode);
  }
}

// "" if the instruction's product is the model's for operands of the palette, called in `mode`.
std::string FirstDifference(uint64_t seed, Palette palette, int m, int n, int k, Mode mode) {
  WordSource source(seed);
  const std::vector<Bfloat16> a = Draw(source, palette, static_cast<size_t>(m) * k);
  const std::vector<Bfloat16> b = Draw(source, palette, static_cast<size_t>(k) * n);
  std::vector<float> found(static_cast<size_t>(m) * n), expected(found);
  const bool turn = seed % 2 != 0;  // the same elements, read as the transpose of the transpose
  const GemmFactor<Bfloat16> left =
      turn ? GemmFactor<Bfloat16>{{a.data(), k, m, m}, true} : GemmFactor<Bfloat16>{{a.data(), m, k, k}, false};
  {
    const ScopedMode guard(mode);
    Bfloat16DotGemm(left, {{b.data(), k, n, n}}, {found.data(), m, n, n});
  }
  for (int i = 0; i < m; ++i) {
    for (int j = 0; j < n; ++j) {
      const auto at_a = [&](int step) { return step < k ? a[turn ? step * m + i : i * k + step] : kZero; };
      const auto at_b = [&](int step) { return step < k ? b[step * n + j] : kZero; };
      float sum = 0;
      for (int step = 0; step < k; step += 2) {
        sum = Bfloat16DotModel(sum, at_a(step), at_a(step + 1), at_b(step), at_b(step + 1));
      }
      expected[static_cast<size_t>(i) * n + j] = sum;
    }
  }
  std::string difference;
  return SameArray(found, expected, &difference) ? "" : difference;
}

TEST(Bfloat16Dot, TheInstructionIsTheModelInEveryModeForEveryKindOfOperand) {
  if (!HasBfloat16Dot()) GTEST_SKIP() << "this machine does not have AVX512_BF16";
  uint64_t seed = 1;
  for (Palette palette : kPalettes) {
    for (Mode mode : HardwareModes()) {
      for (int m : {1, 5, 12, 13, 16, 33}) {
        for (int k : {0, 1, 2, 7, 16}) {
          EXPECT_EQ(FirstDifference(++seed, palette, m, 17, k, mode), "") << Name(palette) << ", " << Name(mode);
        }
      }
    }
  }
}

TEST(Bfloat16Dot, IsNotTheChain) {
  // On the chain 2^30 swallows the second 1, which the instruction adds after -2^30 has met it.
  const Bfloat16 huge = {0x4e80}, minus_huge = {0xce80};
  const std::vector<Bfloat16> a = {kOne, huge, kOne, minus_huge}, b(4, kOne);
  float chain = 0;
  Gemm<Bfloat16>(1, {{a.data(), 1, 4, 4}}, {{b.data(), 4, 1, 1}}, 0, {&chain, 1, 1, 1}, {});
  const float first = Bfloat16DotModel(0, a[0], a[1], b[0], b[1]);
  EXPECT_EQ(chain, 0.0f);
  EXPECT_EQ(Bfloat16DotModel(first, a[2], a[3], b[2], b[3]), 1.0f);
}

TEST(Bfloat16Dot, IsRefusedByNameWhereItIsMissing) {
  if (HasBfloat16Dot()) GTEST_SKIP() << "this machine has AVX512_BF16";
  float c = 0;
  try {
    Bfloat16DotGemm({{&kOne, 1, 1, 1}}, {{&kOne, 1, 1, 1}}, {&c, 1, 1, 1});
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("AVX512_BF16"), std::string::npos);
  }
}

}  // namespace
}  // namespace fplab::kernels
