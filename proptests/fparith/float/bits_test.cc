// The ground floor: bit patterns of binary32 and binary64, their text, and that Format says the same of them.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/float/bits.h>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/text/bits_text.h>
#include <fplab/fparith/text/float_text.h>
#include "proptests/support/float_generators.h"

namespace fplab {
namespace {

float Draw() { return FloatFromBits(static_cast<uint32_t>(*GenBits(kBinary32, Specials::kAll))); }

RC_GTEST_PROP(Bits, NextDownUndoesNextUpBelowInfinity, ()) {
  const float x = Draw();
  RC_PRE(IsFinite(x));
  const float back = NextDown(NextUp(x));
  // -min_subnormal goes up to -0, and down from there.
  RC_ASSERT(Rank(back) == Rank(x));
  RC_ASSERT(UlpDistance(x, NextUp(x)) == 1u);
}

RC_GTEST_PROP(Bits, UlpIsTheGapToTheNextMagnitude, ()) {
  const float x = Draw();
  RC_PRE(IsFinite(x) && Magnitude(x) != kBinary32.MaxFinite());
  const double magnitude = FloatFromBits(Magnitude(x)), next = FloatFromBits(Magnitude(x) + 1);
  RC_ASSERT(static_cast<double>(Ulp(x)) == next - magnitude);  // exact: both are multiples of the ulp
}

RC_GTEST_PROP(Bits, FormatAndLayoutClassifyEveryBinary32Alike, ()) {
  const float x = Draw();
  const uint64_t bits = ToBits(x);
  RC_ASSERT(kBinary32.IsNan(bits) == IsNan(x));
  RC_ASSERT(kBinary32.IsInfinite(bits) == IsInfinite(x));
  RC_ASSERT(kBinary32.IsZero(bits) == IsZero(x));
  RC_ASSERT(kBinary32.IsSubnormal(bits) == IsSubnormal(x));
  RC_ASSERT(kBinary32.IsNormal(bits) == IsNormal(x));
  RC_ASSERT(kBinary32.Rank(bits) == Rank(x));
  RC_ASSERT(model::NextUp(kBinary32, bits) == ToBits(NextUp(x)) || IsNan(x));
  RC_ASSERT(HexFloat(kBinary32, bits) == HexFloat(x));
  RC_ASSERT(HexBits(kBinary32, bits) == HexBits(x));
  RC_ASSERT(BitFields(kBinary32, bits) == BitFields(x));
}

TEST(Bits, EdgesOfBinary32) {
  const float smallest = FloatFromBits(1), largest = FloatFromBits(0x7f7fffff);
  EXPECT_EQ(ToBits(NextUp(-smallest)), 0x80000000u);
  EXPECT_EQ(ToBits(NextUp(0.0f)), 1u);
  EXPECT_EQ(ToBits(NextUp(-0.0f)), 1u);
  EXPECT_EQ(ToBits(NextDown(0.0f)), 0x80000001u);
  EXPECT_TRUE(IsInfinite(NextUp(largest)));
  EXPECT_TRUE(IsInfinite(NextUp(NextUp(largest))));
  EXPECT_EQ(UlpDistance(-smallest, smallest), 2u);
  EXPECT_EQ(UlpDistance(-0.0f, 0.0f), 0u);
  EXPECT_EQ(UlpDistance(-largest, largest), 2u * 0x7f7fffffu);
  EXPECT_EQ(ToBits(Ulp(0.0f)), 1u);
  EXPECT_EQ(Ulp(1.0f), 0x1p-23f);
  EXPECT_EQ(Ulp(largest), 0x1p104f);
  EXPECT_FALSE(SameBits(0.0f, -0.0f));
  EXPECT_TRUE(SameBits(FloatFromBits(0x7fc00000), FloatFromBits(0xff812345)));
}

TEST(Bits, TextOfEdges) {
  EXPECT_EQ(HexFloat(FloatFromBits(1)), "0x0.000002p-126");
  EXPECT_EQ(HexFloat(FloatFromBits(0x80800000)), "-0x1p-126");
  EXPECT_EQ(HexFloat(1.5), "0x1.8p+0");
  EXPECT_EQ(HexFloat(-0.0f), "-0x0p+0");
  EXPECT_EQ(HexFloat(FloatFromBits(0xff800000)), "-inf");
  EXPECT_EQ(HexBits(1.0f), "0x3f800000");
  EXPECT_EQ(BitFields(FloatFromBits(0x00400000)), "0 00000000 10000000000000000000000");
  EXPECT_EQ(fmt::format("{}", Shown(FloatFromBits(0x00400000))), "0x0.8p-126 [0x00400000]");
}

TEST(FloatText, LiteralsAreCorrectlyRoundedAndSayWhetherTheyAreExact) {
  bool exact = false;
  EXPECT_EQ(ParseFloat(kBinary32, "0.1", Rounding::kNearestEven, &exact), 0x3dcccccdu);
  EXPECT_FALSE(exact);
  EXPECT_EQ(ParseFloat(kBinary32, "0.1", Rounding::kTowardZero), 0x3dccccccu);
  EXPECT_EQ(ParseFloat(kBinary32, "-0x1.8p-126", Rounding::kNearestEven, &exact), 0x80c00000u);
  EXPECT_TRUE(exact);
  EXPECT_EQ(ParseFloat(kBinary32, "1e-40"), 0x000116c2u);
  EXPECT_EQ(ParseFloat(kBinary32, "0x1p-150"), 0u);  // a tie with zero, which is even
  EXPECT_EQ(ParseFloat(kBinary32, "0x1.000001p-150"), 1u);
  EXPECT_EQ(ParseFloat(kBinary64, "9007199254740993"), ParseFloat(kBinary64, "9007199254740992"));
  EXPECT_EQ(ParseFloat(kBinary64, "1e-999999999999"), 0u);
  EXPECT_EQ(ParseFloat(kBinary64, "-0"), kBinary64.SignMask());
  // More digits than any float has decide a tie: 1 + 2^-24 + 10^-1000.
  EXPECT_EQ(ParseFloat(kBinary32, "1.000000059604644775390625" + std::string(1000, '0') + "1"), 0x3f800001u);
  EXPECT_EQ(ParseFloat(kBinary32, "1.000000059604644775390625"), 0x3f800000u);
}

TEST(FloatText, DecimalsThatTheFormatHasAreExactInEveryDirection) {
  const std::pair<const char*, float> exact_ones[] = {
      {"1", 1.0f}, {"3", 3.0f}, {"0.375", 0.375f}, {"12e1", 120.0f}, {"-16777216", -0x1p24f}, {"5e-1", 0.5f}};
  for (const auto& [text, value] : exact_ones) {
    for (Rounding rounding : kAllRoundings) {
      bool exact = false;
      EXPECT_EQ(ParseFloat(kBinary32, text, rounding, &exact), ToBits(value)) << text << " " << Name(rounding);
      EXPECT_TRUE(exact) << text;
    }
  }
}

TEST(FloatText, WhatIsNoFiniteNumberIsRefusedInOneLine) {
  for (const char* text :
       {"",   "-",  ".",    "e5",   "1e",   "1e+",  "0x",    "0x.p1",  "1.2.3", "nan",           "inf",    "1_000",
        " 1", "1f", "1e5x", "1e5/", "1e5:", "1e.5", "1e5.0", "0x1p1f", "1e39",  "-3.4028236e38", "0x1p128"}) {
    try {
      ParseFloat(kBinary32, text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    }
  }
  EXPECT_THROW(ParseFloat(kBinary32, std::string(5000, '1')), Error);
  EXPECT_THROW(ParseFloat(kE4M3, "465"), Error);
}

TEST(FloatText, WordsAreReadInAnyCapitalsAndKeepTheirSign) {
  for (const Format& format : {kBinary16, kBinary32, kBinary64, kE5M2}) {
    for (const char* text : {"inf", "INF", "Infinity", "+inf", "+INFINITY", "iNf"}) {
      EXPECT_EQ(ParseNumber(format, text).bits, format.Infinity()) << text;
    }
    EXPECT_EQ(ParseNumber(format, "-Infinity").bits, format.Negate(format.Infinity()));
  }
  for (const Format& format : kNamedFormats) {
    EXPECT_EQ(ParseNumber(format, "NaN").bits, format.CanonicalNan());
    EXPECT_EQ(ParseNumber(format, "-nan").bits, format.Negate(format.CanonicalNan()));
    EXPECT_FALSE(ParseNumber(format, "-nan").overflow);
  }
  EXPECT_THROW(ParseNumber(kE4M3, "inf"), Error);
  for (const char* text : {"in", "inff", "infinit", "--inf", "nan0", "1e", "", "-", " nan"}) {
    EXPECT_THROW(ParseNumber(kBinary32, text), Error) << text;
  }
}

RC_GTEST_PROP(FloatText, NumbersBeyondMaxFiniteAreWhatAnOperationThatOverflowsGives, ()) {
  const Format format = *rc::gen::elementOf(kNamedFormats);
  const Rounding rounding = *rc::gen::elementOf(kAllRoundings);
  const bool negative = *rc::gen::arbitrary<bool>();
  const std::string sign = negative ? "-" : "";
  const std::string zeros(static_cast<size_t>(*rc::gen::inRange(1, 40)), '0');
  const ReadNumber read = ParseNumber(format, sign + ExactDecimal(format, format.MaxFinite()) + zeros, rounding);
  const uint64_t max = negative ? format.Negate(format.MaxFinite()) : format.MaxFinite();
  const uint64_t ten = ParseFloat(format, "10");
  const model::Outcome product = model::Mul(format, {Mode{rounding, false, false}}, max, ten);
  RC_ASSERT(read.overflow);
  RC_ASSERT(!read.exact);
  RC_ASSERT(read.bits == product.bits);
  RC_ASSERT((product.flags & model::kOverflow) != 0);
}

RC_GTEST_PROP(FloatText, NumbersInRangeAreReadAsLiterals, ()) {
  const Format format = *rc::gen::elementOf(kNamedFormats);
  const Rounding rounding = *rc::gen::elementOf(kAllRoundings);
  const std::string text = Decimal(format, *GenBits(format));
  bool exact = false;
  const uint64_t bits = ParseFloat(format, text, Rounding::kNearestEven, &exact);
  RC_ASSERT(ParseNumber(format, text).bits == bits);
  RC_ASSERT(ParseNumber(format, text, rounding).exact == exact);
}

TEST(FloatText, ALongTextIsQuotedUpToAWholeCharacter) {
  for (size_t before = 50; before < 64; ++before) {
    try {
      ParseFloat(kBinary32, std::string(before, '1') + "\u00e9\u20ac\U0001f600" + std::string(80, '1'));
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).find("\\x"), std::string::npos) << error.what();
    }
  }
}

TEST(FloatText, DecimalsOfEveryEightBitValueAndOfStratifiedOthersReadBack) {
  for (const Format& format : {kE4M3, kE5M2}) {
    for (uint64_t bits = 0; bits < 256; ++bits) {
      if (!format.IsFinite(bits)) continue;
      EXPECT_EQ(ParseFloat(format, Decimal(format, bits)), bits);
    }
  }
  for (const Format& format : kNamedFormats) {
    FloatGenerator generator(format, Specials::kFiniteOnly, 3);
    for (int i = 0; i < 2000; ++i) {
      const uint64_t bits = generator.One();
      EXPECT_EQ(ParseFloat(format, Decimal(format, bits)), bits) << Decimal(format, bits);
      bool exact = false;
      EXPECT_EQ(ParseFloat(format, HexFloat(format, bits), Rounding::kNearestEven, &exact), bits);
      EXPECT_TRUE(exact);
    }
  }
  EXPECT_EQ(Decimal(kE4M3, kE4M3.MaxFinite()), "448");
  EXPECT_EQ(Decimal(kBinary32, 1), "1e-45");
  EXPECT_EQ(Decimal(kBinary64, kBinary64.MaxFinite()), "1.7976931348623157e+308");
  EXPECT_EQ(ExactDecimal(kBinary32, 0x3dcccccd), "0.100000001490116119384765625");
}

TEST(Formats, NamesParseBackAndOthersAreRefused) {
  for (const Format& format : kNamedFormats) EXPECT_EQ(ParseFormat(Name(format)), format);
  EXPECT_EQ(ParseFormat("e8p24"), kBinary32);
  EXPECT_EQ(ParseFormat("e4p4fn"), kE4M3);
  EXPECT_EQ(Name(ParseFormat("e6p10")), "e6p10");
  EXPECT_EQ(Name(ParseFormat("e5m3")), "e5p4");
  for (const char* name :
       {"",       "f8",     "F32",        "e1p4",           "e12p4",   "e5p1",     "e5p54",  "e5p",
        "e5p11x", "e05p11", "e5m53",      "e99999999999p3", "e5p4m3",  "e4m3fz",   "e4m3uz", "e5p3b31",
        "e5p3b0", "e4p4b",  "e11p5b1025", "e4m3satfn",      "e2m1sat", "e5p3fsat", "sat",    "e8m0"}) {
    EXPECT_THROW(ParseFormat(name), Error) << name;
  }
}

TEST(Formats, NamesOfEveryKindParseBack) {
  for (const Format& format : kSmallFormats) EXPECT_EQ(ParseFormat(Name(format)), format) << Name(format);
  for (const char* name : {"e6p10sat", "f16sat", "e4m3sat", "e4m3fnuzsat", "e2p3f", "e2p3fn", "e2p3fnuz", "e2p2fn",
                           "e5p3b20", "e5p3b20fnuzsat", "e4m3b11fnuzsat", "e11p53fnuz", "e8p2b100f", "e3m4sat"}) {
    EXPECT_EQ(Name(ParseFormat(name)), name);
  }
  const struct {
    const char* other;
    const char* name;
  } same[] = {{"e4m3fn", "e4m3"},       {"e4p4b8fnuz", "e4m3fnuz"}, {"e4p4b11fnuz", "e4m3b11fnuz"},
              {"e4p4", "e4p4"},         {"e5m10", "f16"},           {"e2m1fn", "e2m1"},
              {"e3m2fn", "e3m2"},       {"e2m3fn", "e2m3"},         {"e2p2f", "e2m1"},
              {"e4m3fnsat", "e4m3sat"}, {"e5p3b15", "e5m2"},        {"e3p5", "e3m4"}};
  for (const auto& [other, name] : same) EXPECT_EQ(Name(ParseFormat(other)), name) << other;
  EXPECT_THROW(RequireFormat({5, 3, SpecialValues::kFiniteOnly, true}), Error);
  EXPECT_THROW(RequireFormat({5, 3, SpecialValues::kInfinityAndNans, false, 16}), Error);
}

}  // namespace
}  // namespace fplab
