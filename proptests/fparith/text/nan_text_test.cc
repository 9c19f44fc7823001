// NaNs as text: every one is read back as it was written, and what is none is left to others.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/text/nan_text.h>

#include <gtest/gtest.h>

#include <string>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/text/float_text.h>

namespace fplab {
namespace {

std::string ErrorOf(const Format& format, const std::string& text) {
  try {
    FindNan(format, text);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(NanText, EveryNanOfSmallFormatsIsReadBack) {
  for (const Format& format : {kE5M2, kE3M4, kBinary16, kBfloat16, kE4M3, kE5M2Fnuz, ParseFormat("e3p2")}) {
    for (uint64_t bits = 0; bits <= format.Mask(); ++bits) {
      if (!format.IsNan(bits)) continue;
      const std::string text = NanText(format, bits);
      EXPECT_EQ(FindNan(format, text), bits) << Name(format) << " " << text;
      EXPECT_EQ(ParseNumber(format, text).bits, bits) << Name(format) << " " << text;
    }
  }
}

TEST(NanText, TellsSignSignalingAndPayload) {
  EXPECT_EQ(NanText(kBinary32, 0x7fc00000), "nan");
  EXPECT_EQ(NanText(kBinary32, 0xffc00000), "-nan");
  EXPECT_EQ(NanText(kBinary32, 0x7fc00001), "nan(0x1)");
  EXPECT_EQ(NanText(kBinary32, 0xff80001f), "-snan(0x1f)");
  EXPECT_EQ(NanText(kBinary64, 0x7fffffffffffffff), "nan(0x7ffffffffffff)");
  EXPECT_EQ(NanText(kE4M3, 0xff), "-nan");
  EXPECT_EQ(NanText(kE4M3Fnuz, 0x80), "nan");
}

TEST(NanText, CapitalsSignsAndDecimalPayloadsAreRead) {
  EXPECT_EQ(FindNan(kBinary32, "NaN"), 0x7fc00000u);
  EXPECT_EQ(FindNan(kBinary32, "+SNaN(0X1F)"), 0x7f80001fu);
  EXPECT_EQ(FindNan(kBinary32, "-nan(10)"), 0xffc0000au);
  EXPECT_EQ(FindNan(kBinary32, "nan(0)"), 0x7fc00000u);
}

TEST(NanText, WhatIsNoNanIsLeftToOthers) {
  for (const char* text : {"", "-", "1", "inf", "na", "nan()", "nan(", "nan(0x)", "nan(-1)", "nan(a)", "nan(1)x",
                           "nano", "--nan", "snan 1", "nan(1"}) {
    EXPECT_EQ(FindNan(kBinary32, text), std::nullopt) << text;
  }
}

TEST(NanText, ANanThatTheFormatLacksIsRefused) {
  EXPECT_NE(ErrorOf(kBinary32, "nan(0x400000)").find("carries 0x3fffff at most"), std::string::npos);
  EXPECT_NE(ErrorOf(kBinary32, "nan(99999999999999999999999)").find("at most"), std::string::npos);
  EXPECT_NE(ErrorOf(kBinary32, "snan").find("a signaling NaN carries something"), std::string::npos);
  EXPECT_NE(ErrorOf(kE4M3, "nan(1)").find("e4m3 has one NaN"), std::string::npos);
  EXPECT_NE(ErrorOf(kE2M1, "-nan").find("e2m1 has no NaN"), std::string::npos);
}

}  // namespace
}  // namespace fplab
