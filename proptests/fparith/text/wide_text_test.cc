// Text of wide numbers, judged by that of the narrow formats and by the C library's.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/text/float_text.h>
#include <fplab/fparith/text/wide_text.h>
#include "proptests/support/float_generators.h"
#include "proptests/support/wide_generators.h"

namespace fplab {
namespace {

TEST(WideText, IsThatOfTheNarrowFormatsInTheirPrecision) {
  for (const Format& format : {kBinary16, kBfloat16, kBinary32, kBinary64}) {
    const WideFormat wide{format.exponent_bits, format.precision};
    FloatGenerator generator(format, Specials::kAll, 97);
    for (int i = 0; i < 3000; ++i) {
      const uint64_t a = generator.One();
      const std::string decimal = Decimal(format, a);
      ASSERT_EQ(Decimal(wide, a), decimal);
      ASSERT_EQ(HexFloat(wide, a), HexFloat(format, a));
      ASSERT_EQ(HexBits(wide, a), HexBits(format, a));
      if (!format.IsFinite(a)) continue;
      bool exact = false, narrow_exact = false;
      ASSERT_EQ(ParseFloat(wide, decimal, &exact), ParseFloat(format, decimal, Rounding::kNearestEven, &narrow_exact));
      ASSERT_EQ(exact, narrow_exact) << decimal;
    }
  }
}

TEST(WideText, DecimalAndHexFloatsReadBackAsTheSameNumber) {
  for (const WideFormat& format : {kX87, kBinary128, WideFormat{12, 60}}) {
    WideGenerator generator(format, 101);
    for (int i = 0; i < 60; ++i) {
      const WideBits a = generator.One();
      if (!format.IsFinite(a)) continue;
      bool exact = false;
      ASSERT_EQ(ParseFloat(format, HexFloat(format, a), &exact), a) << HexFloat(format, a);
      ASSERT_TRUE(exact) << HexFloat(format, a);
      ASSERT_EQ(ParseFloat(format, Decimal(format, a)), a) << Decimal(format, a);
    }
  }
}

TEST(WideText, LandmarksAreWrittenAsTheirDefinitionsHaveThem) {
  EXPECT_EQ(Decimal(kX87, ParseFloat(kX87, "0.1")), "0.1");
  EXPECT_EQ(HexFloat(kX87, ParseFloat(kX87, "0.1")), "0x1.999999999999999ap-4");
  EXPECT_EQ(HexBits(kX87, ParseFloat(kX87, "0.1")), "0x3ffbcccccccccccccccd");
  EXPECT_EQ(HexFloat(kBinary128, ParseFloat(kBinary128, "0.1")), "0x1.999999999999999999999999999ap-4");
  EXPECT_EQ(HexBits(kBinary128, ParseFloat(kBinary128, "-2")), "0xc0000000000000000000000000000000");
  EXPECT_EQ(Decimal(kX87, kX87.MinSubnormal()), "4e-4951");
  EXPECT_EQ(HexFloat(kX87, kX87.MinSubnormal()), "0x0.0000000000000002p-16382");
  EXPECT_EQ(Decimal(kX87, kX87.MaxFinite()), "1.189731495357231765e+4932");
  EXPECT_EQ(Decimal(kBinary128, kBinary128.MaxFinite()), "1.189731495357231765085759326628007e+4932");
  EXPECT_EQ(Decimal(kBinary128, kBinary128.WithSign(true, kBinary128.MinSubnormal())), "-6e-4966");
  EXPECT_EQ(Decimal(kX87, kX87.WithSign(true, 0)), "-0");
  EXPECT_EQ(Decimal(kX87, kX87.WithSign(true, kX87.Infinity())), "-inf");
  EXPECT_EQ(Decimal(kX87, kX87.CanonicalNan()), "nan");
}

TEST(WideText, LiteralsThatAreTooLargeOrMalformedAreRefused) {
  EXPECT_THROW(ParseFloat(kX87, "1.19e4932"), Error);
  EXPECT_THROW(ParseFloat(kX87, "1e5000000000"), Error);
  EXPECT_THROW(ParseFloat(kBinary128, "0x1p16384"), Error);
  EXPECT_THROW(ParseFloat(kBinary128, "1e"), Error);
  EXPECT_THROW(ParseFloat(kBinary128, "inf"), Error);
  EXPECT_EQ(ParseFloat(kX87, "1e-5000"), 0u);
  EXPECT_EQ(ParseFloat(kBinary128, "1e-4966"), 0u);
}

#if defined(__x86_64__)
TEST(WideText, ReadsWhatTheCLibraryReadsIntoX87) {
  RandomBits random(103);
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (uint64_t digits = 1 + random.Below(40); digits > 0; --digits)
      text += static_cast<char>('0' + random.Below(10));
    text += fmt::format("e{}", random.Below(3) == 0 ? random.Within(-4990, 4890) : random.Within(-60, 20));
    const WideBits found = ParseFloat(kX87, text);
    const WideBits encoding = kX87.Encoding(found);
    const long double expected = std::strtold(text.c_str(), nullptr);
    ASSERT_EQ(std::memcmp(&encoding, &expected, 10), 0) << text;
  }
}
#endif

}  // namespace
}  // namespace fplab
