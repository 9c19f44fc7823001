// The wide model at the precision of formats that the narrow model has, judged by that, bit by bit and flag by flag;
// and what the narrow model can't tell: names, encodings, order.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <utility>

#include <fplab/fparith/model/model.h>
#include <fplab/fparith/model/wide.h>
#include <fplab/fparith/text/float_text.h>
#include "proptests/support/float_generators.h"
#include "proptests/support/wide_generators.h"

namespace fplab::model {
namespace {

constexpr Rounding kRoundings[] = {Rounding::kNearestEven, Rounding::kNearestAway, Rounding::kTowardZero,
                                   Rounding::kUp,          Rounding::kDown,        Rounding::kToOdd};

// Formats of IEEE's kind, from the least to the largest.
constexpr Format kFormats[] = {{2, 2},  kE5M2,   {4, 4},    {3, 9},  kBinary16, kBfloat16,
                               {11, 2}, {2, 53}, kBinary32, {6, 30}, kBinary64};

WideFormat Widened(const Format& format) { return {format.exponent_bits, format.precision}; }

// Environments in which the narrow model flushes nothing.
std::vector<Environment> GradualEnvironments() {
  std::vector<Environment> environments;
  for (const Rounding rounding : kRoundings) {
    for (const Tininess tininess : {Tininess::kBeforeRounding, Tininess::kAfterRounding}) {
      environments.push_back({{rounding, false, false}, tininess});
    }
  }
  return environments;
}

void ExpectSame(const Format& format, const WideOutcome& wide, const Outcome& narrow, const std::string& of) {
  const auto bits = static_cast<uint64_t>(wide.bits);
  ASSERT_EQ(static_cast<uint64_t>(wide.bits >> 64), 0u) << of;
  ASSERT_TRUE(format.SameBits(bits, narrow.bits))
      << Name(format) << " " << of << ": " << HexFloat(format, bits) << ", not " << HexFloat(format, narrow.bits);
  ASSERT_EQ(wide.flags, narrow.flags & kIeeeFlags) << Name(format) << " " << of;
}

void ExpectAllOperationsAreTheNarrowOnes(const Format& format, const Environment& e, uint64_t a, uint64_t b,
                                         uint64_t c) {
  const WideFormat wide = Widened(format);
  const std::string of = fmt::format("{:#x} {:#x} {:#x} {} {}", a, b, c, Name(e.mode), Name(e.tininess));
  ExpectSame(format, Add(wide, e, a, b), Add(format, e, a, b), "add " + of);
  ExpectSame(format, Sub(wide, e, a, b), Sub(format, e, a, b), "sub " + of);
  ExpectSame(format, Mul(wide, e, a, b), Mul(format, e, a, b), "mul " + of);
  ExpectSame(format, Div(wide, e, a, b), Div(format, e, a, b), "div " + of);
  ExpectSame(format, Sqrt(wide, e, a), Sqrt(format, e, a), "sqrt " + of);
  ExpectSame(format, Fma(wide, e, a, b, c), Fma(format, e, a, b, c), "fma " + of);
  ExpectSame(format, X86Min(wide, a, b), X86Min(format, e, a, b), "min " + of);
  ExpectSame(format, X86Max(wide, a, b), X86Max(format, e, a, b), "max " + of);
  ExpectSame(format, MinNum(wide, a, b), MinNum(format, e, a, b), "min_num " + of);
  ExpectSame(format, MaxNum(wide, a, b), MaxNum(format, e, a, b), "max_num " + of);
  ExpectSame(format, Minimum(wide, a, b), Minimum(format, e, a, b), "minimum " + of);
  ExpectSame(format, Maximum(wide, a, b), Maximum(format, e, a, b), "maximum " + of);
  ExpectSame(format, MinimumNumber(wide, a, b), MinimumNumber(format, e, a, b), "minimum_number " + of);
  ExpectSame(format, MaximumNumber(wide, a, b), MaximumNumber(format, e, a, b), "maximum_number " + of);
}

TEST(WideModel, ReturnsTheBitsAndFlagsOfTheNarrowModelInItsFormats) {
  constexpr int kCases = 3000;
  for (const Format& format : kFormats) {
    FloatGenerator generator(format, Specials::kAll, 41);
    for (int i = 0; i < kCases; ++i) {
      const uint64_t a = generator.One(), b = generator.Partner(a), c = generator.Addend(a, b);
      for (const Environment& environment : GradualEnvironments()) {
        ExpectAllOperationsAreTheNarrowOnes(format, environment, a, b, c);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(WideModel, ReturnsTheBitsAndFlagsOfTheNarrowModelForEveryPairOfAFormatOfEightBits) {
  constexpr Format kFormat{4, 4};
  const std::vector<Environment> environments = GradualEnvironments();
  for (uint64_t a = 0; a <= kFormat.Mask(); ++a) {
    for (uint64_t b = 0; b <= kFormat.Mask(); ++b) {
      const Environment& environment = environments[(a * 7 + b) % environments.size()];
      ExpectAllOperationsAreTheNarrowOnes(kFormat, environment, a, b, (a * 31 + b * 17) & kFormat.Mask());
      if (HasFatalFailure()) return;
    }
  }
}

TEST(WideModel, ConvertsAmongTheNarrowFormatsAsTheNarrowModelDoes) {
  constexpr int kCases = 1000;
  for (const Format& from : kFormats) {
    FloatGenerator generator(from, Specials::kAll, 43);
    for (int i = 0; i < kCases; ++i) {
      const uint64_t a = generator.One();
      for (const Environment& environment : GradualEnvironments()) {
        for (const Format& to : kFormats) {
          const Outcome expected = Convert(from, to, environment, a);
          const std::string of = fmt::format("{:#x} of {} in {}", a, Name(from), Name(environment.mode));
          ExpectSame(to, Convert(Widened(from), Widened(to), environment, a), expected, "wide to wide " + of);
          ExpectSame(to, Convert(from, Widened(to), environment, a), expected, "narrow to wide " + of);
          const Outcome narrowed = Convert(Widened(from), to, environment, WideBits{a});
          ExpectSame(to, {narrowed.bits, narrowed.flags}, expected, "wide to narrow " + of);
          if (HasFatalFailure()) return;
        }
      }
    }
  }
}

TEST(WideModel, NarrowsToFormatsOfEveryKindAsTheNarrowModelDoes) {
  std::vector<Format> targets(kSmallFormats.begin(), kSmallFormats.end());
  targets.push_back(kE4M3);
  FloatGenerator generator(kBinary16, Specials::kAll, 47);
  for (int i = 0; i < 20000; ++i) {
    const uint64_t a = generator.One();
    for (const Format& to : targets) {
      const Environment environment = GradualEnvironments()[generator.random().Below(12)];
      const Outcome expected = Convert(kBinary16, to, environment, a);
      const WideBits wide = Convert(kBinary16, kBinary128, environment, a).bits;
      const Outcome found = Convert(kBinary128, to, environment, wide);
      ASSERT_TRUE(to.SameBits(found.bits, expected.bits)) << fmt::format("{:#x} to {}", a, Name(to));
      const bool signaling = kBinary16.IsSignalingNan(a);  // it has become quiet on the way
      if (!signaling) {
        ASSERT_EQ(found.flags, expected.flags & kIeeeFlags) << fmt::format("{:#x} to {}", a, Name(to));
      }
    }
  }
}

TEST(WideModel, ConvertsIntegersAsTheNarrowModelDoes) {
  using enum IntegerType;
  RandomBits random(53);
  for (int i = 0; i < 20000; ++i) {
    const uint64_t any = random() >> random.Below(64), value = random.Below(2) != 0 ? any : 0 - any;
    for (const Environment& environment : GradualEnvironments()) {
      for (const IntegerType type : {kInt32, kUint32, kInt64, kUint64}) {
        for (const Format& format : {kBinary16, kBinary32, kBinary64}) {
          ExpectSame(format, FromInteger(Widened(format), environment, type, value),
                     FromInteger(format, environment, type, value), fmt::format("{:#x}", value));
          if (HasFatalFailure()) return;
        }
      }
    }
  }
}

TEST(WideModel, FlushesNothingWhateverTheMode) {
  const Environment flushing{kFtzDaz};
  const WideBits tiny = kX87.MinSubnormal();
  EXPECT_EQ(Add(kX87, flushing, tiny, 0).bits, tiny);
  EXPECT_EQ(Convert(kBinary32, kX87, flushing, 1).bits, Convert(kBinary32, kX87, {kIeee}, 1).bits);
  const WideBits min = Convert(kBinary32, kX87, {kIeee}, kBinary32.MinSubnormal()).bits;
  EXPECT_EQ(Convert(kX87, kBinary32, flushing, min), (Outcome{kBinary32.MinSubnormal(), 0}));
}

TEST(WideModel, RoundsOnceAndThatOfTheWidestHasRoomForEveryProductOfBinary64) {
  FloatGenerator generator(kBinary64, Specials::kFiniteOnly, 59);
  for (int i = 0; i < 20000; ++i) {
    const uint64_t a = generator.One(), b = generator.Partner(a);
    const Environment environment{kIeee};
    const auto wide = [&](uint64_t x) { return Convert(kBinary64, kBinary128, environment, x).bits; };
    const WideOutcome product = Mul(kBinary128, environment, wide(a), wide(b));
    ASSERT_EQ(product.flags, 0) << fmt::format("{:#x} {:#x}", a, b);
    const Outcome narrowed = Convert(kBinary128, kBinary64, environment, product.bits);
    const Outcome expected = Mul(kBinary64, environment, a, b);
    ASSERT_EQ(narrowed.bits, expected.bits) << fmt::format("{:#x} {:#x}", a, b);
    ASSERT_EQ(narrowed.flags, expected.flags & kIeeeFlags);
  }
}

TEST(WideFormat, NamesAreReadBackAndThoseOfNarrowFormatsAreNoneOfIts) {
  EXPECT_EQ(Name(kX87), "x87");
  EXPECT_EQ(Name(kBinary128), "f128");
  for (const char* name : {"x87", "f128", "e12p10", "e5p54", "e15p2", "e2p113"}) {
    const auto found = FindWideFormat(name);
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(Name(*found), name);
  }
  EXPECT_EQ(FindWideFormat("e15m63"), kX87);
  EXPECT_EQ(FindWideFormat("e15p64"), kX87);
  EXPECT_EQ(FindWideFormat("e15m112"), kBinary128);
  for (const char* name : {"f64", "e8p24", "e11p53", "e5m2", "e16p20", "e15p114", "e15m113", "e1p60", "e15p1",
                           "e15p64fn", "e15p64sat", "x", "e15", "e15p", "e15p064", "e15p64m63", "f80", ""}) {
    EXPECT_FALSE(FindWideFormat(name)) << name;
  }
}

TEST(WideFormat, TheEncodingOfX87StoresTheLeadingBit) {
  const auto encoding = [](WideBits bits) { return ShowWide(kX87, bits); };
  EXPECT_EQ(encoding(0), "0x0'0000000000000000");
  EXPECT_EQ(encoding(kX87.One()), "0x3fff'8000000000000000");
  EXPECT_EQ(encoding(kX87.MinSubnormal()), "0x0'0000000000000001");
  EXPECT_EQ(encoding(kX87.MinNormal()), "0x1'8000000000000000");
  EXPECT_EQ(encoding(kX87.MaxFinite()), "0x7ffe'ffffffffffffffff");
  EXPECT_EQ(encoding(kX87.WithSign(true, kX87.Infinity())), "0xffff'8000000000000000");
  EXPECT_EQ(encoding(kX87.CanonicalNan()), "0x7fff'c000000000000000");
  EXPECT_EQ(kX87.EncodingWidth(), 80);
  EXPECT_EQ(ShowWide(kBinary128, kBinary128.One()), "0x3fff000000000000'0000000000000000");
}

TEST(WideFormat, OrdersItsValuesAndTakesBothZerosForOne) {
  WideGenerator generator(kBinary128, 61);
  for (int i = 0; i < 10000; ++i) {
    const WideBits a = generator.One(), b = generator.Partner(a);
    if (kBinary128.IsNan(a) || kBinary128.IsNan(b)) continue;
    const WideBits difference = Sub(kBinary128, {kIeee}, a, b).bits;
    const bool same = kBinary128.IsZero(difference) || kBinary128.IsNan(difference);
    ASSERT_EQ(kBinary128.IsLess(a, b), !same && kBinary128.SignBit(difference))
        << ShowWide(kBinary128, a) << " " << ShowWide(kBinary128, b);
  }
}

}  // namespace
}  // namespace fplab::model
