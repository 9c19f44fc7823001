// The fused multiply-add built from binary64 operations equals the model's, in every mode of the machine.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/model/fma_chain.h>
#include <fplab/fparith/text/bits_text.h>
#include <fplab/kernels/core/scalar_fma.h>
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

struct Operands {
  float a, b, c;
};

[[gnu::noinline]] void FmaOfAll(const Operands* in, float* out, size_t count) {
  for (size_t i = 0; i < count; ++i) out[i] = FmaByBinary64(in[i].a, in[i].b, in[i].c);
}

std::vector<float> ComputeUnder(Mode mode, const std::vector<Operands>& in) {
  std::vector<float> out(in.size());
  void (*volatile compute)(const Operands*, float*, size_t) = FmaOfAll;
  const ScopedMode guard(mode);
  compute(in.data(), out.data(), in.size());
  return out;
}

void CheckAgainstModel(const std::vector<Operands>& in) {
  for (Mode mode : HardwareModes()) {
    const std::vector<float> out = ComputeUnder(mode, in);
    for (size_t i = 0; i < in.size(); ++i) {
      const auto [a, b, c] = in[i];
      const float want = model::FmaFloat(a, b, c, mode);
      ASSERT_TRUE(SameBits(out[i], want)) << fmt::format("{}: fma({}, {}, {}) gave {}, expected {}", Name(mode),
                                                         Shown(a), Shown(b), Shown(c), Shown(out[i]), Shown(want));
    }
  }
}

TEST(FmaByBinary64, EqualsTheModelOnEveryMixOfOperands) {
  WordSource source(1);
  std::vector<Operands> in;
  for (Palette a : kPalettes) {
    for (Palette b : kPalettes) {
      for (Palette c : kPalettes) {
        for (int i = 0; i < 5000; ++i) in.push_back({DrawFloat(source, a), DrawFloat(source, b), DrawFloat(source, c)});
      }
    }
  }
  CheckAgainstModel(in);
}

// c is the negated product, give or take a few ulps and exponents: cancellation, and ties decided by far-off bits.
TEST(FmaByBinary64, EqualsTheModelWhereTheProductNearlyCancels) {
  WordSource source(2);
  std::vector<Operands> in;
  while (in.size() < 1000000) {
    const float a = DrawFloat(source, Palette::kMixed), b = DrawFloat(source, Palette::kMixed);
    const uint32_t product = ToBits(model::MulFloat(a, b, kIeee));
    if (!IsFinite(FloatFromBits(product))) continue;
    const uint32_t exponents = source.Below(3) == 0 ? (source.Below(60) - 30) << 23 : 0;
    const uint32_t sign = source.Below(4) == 0 ? 0 : 0x80000000u;
    in.push_back({a, b, FloatFromBits((product ^ sign) + exponents + source.Below(5) - 2)});
  }
  CheckAgainstModel(in);
}

// The exact result lies within a few units of 2^-150 of min normal, or of a subnormal tie.
TEST(FmaByBinary64, EqualsTheModelAroundMinNormal) {
  WordSource source(3);
  std::vector<Operands> in;
  while (in.size() < 1000000) {
    const float c = FloatFromBits(source.Below(2) << 31 | (0x00800000 + source.Below(9) - 4) >> source.Below(3));
    const uint32_t field = 20 + source.Below(70);  // a * b between 2^-149 and 2^-190 or so
    const uint32_t other = 127 + 127 - 150 - field - source.Below(40) + 4;
    if (other == 0 || other > 254) continue;
    const float a = FloatFromBits(source.Below(2) << 31 | field << 23 | (source.Below(4) == 0 ? source.Below(8) : 0));
    const float b = FloatFromBits(other << 23 | (source.Below(2) == 0 ? 0x7fffff - source.Below(3) : source.Below(3)));
    in.push_back({a, b, c});
  }
  CheckAgainstModel(in);
}

struct Named {
  uint32_t a, b, c;
  uint32_t ieee, ftz;  // expected bits
};

// Results just under min normal, where definitions of flushing part, with x86's rule (flushed if tiny after rounding).
constexpr Named kBoundaryVectors[] = {
    {0x3f7fffff, 0x00800000, 0x00000000, 0x00800000, 0x00000000},  // min normal (1 - 2^-24): IEEE rounds up
    {0x19800000, 0x9a000000, 0x00800000, 0x00800000, 0x00800000},  // min normal (1 - 2^-25): tie, to min normal
    {0x19800000, 0x9a400000, 0x00800000, 0x00800000, 0x00000000},  // min normal (1 - 1.5 2^-25)
    {0x19800000, 0x99800000, 0x00800000, 0x00800000, 0x00800000},  // min normal (1 - 2^-26)
    {0x00ffffff, 0x3f000000, 0x00000000, 0x00800000, 0x00000000},  // (2 min normal - ulp) / 2
    {0x00800000, 0x3f000000, 0x00000000, 0x00400000, 0x00000000},  // min normal / 2, exact
    {0x00800001, 0x3f800000, 0x80800000, 0x00000001, 0x00000000},  // min normal + ulp - min normal, exact
    {0x0d800000, 0x2b800000, 0x00800000, 0x00800200, 0x00800200},  // 2^-100 2^-40 + min normal: product not flushed
    {0x3effffff, 0x00ffffff, 0x80ffffff, 0x80800000, 0x80800000},  // QEMU's case: exact is -min normal (1 - 2^-48)
};

TEST(FmaByBinary64, EqualsTheModelOnTheNamedBoundaryVectors) {
  std::vector<Operands> in;
  for (const Named& v : kBoundaryVectors) {
    const float a = FloatFromBits(v.a), b = FloatFromBits(v.b), c = FloatFromBits(v.c);
    in.push_back({a, b, c});
    in.push_back({FloatFromBits(v.a ^ 0x80000000), b, FloatFromBits(v.c ^ 0x80000000)});
  }
  CheckAgainstModel(in);
}

#if defined(__x86_64__)
TEST(FmaByBinary64, GivesThePublishedBitsOnTheNamedBoundaryVectors) {
  for (const Named& v : kBoundaryVectors) {
    for (uint32_t mirror : {0u, 0x80000000u}) {
      const Operands in = {FloatFromBits(v.a ^ mirror), FloatFromBits(v.b), FloatFromBits(v.c ^ mirror)};
      // it.
      EXPECT_EQ(ToBits(ComputeUnder(kIeee, {in})[0]), v.ieee ^ mirror) << HexBits(in.a) << " " << HexBits(in.b);
      EXPECT_EQ(ToBits(ComputeUnder(kFtz, {in})[0]), v.ftz ^ mirror) << HexBits(in.a) << " " << HexBits(in.b);
    }
  }
}
#endif

}  // namespace
}  // namespace fplab::kernels
