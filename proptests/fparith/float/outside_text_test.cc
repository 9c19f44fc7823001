// Text from outside: what reaches a terminal is one harmless line, what reaches JSON is UTF-8.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/float/outside_text.h>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace fplab {
namespace {

TEST(OutsideText, OrdinaryTextStaysAsItIs) {
  for (const char* text : {"", "/usr/lib/libm.so.6", "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80", "a\\b 'c' \"d\""}) {
    EXPECT_EQ(Printable(text), text);
    EXPECT_EQ(ValidUtf8(text), text);
  }
}

TEST(OutsideText, TheFirstAndTheLastCodeOfEveryLengthAreText) {
  for (const char* text : {"\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
                           "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(ValidUtf8(text), text);
  }
  EXPECT_EQ(ValidUtf8("\xC1\xBF"), "\\xc1\\xbf");
  EXPECT_EQ(ValidUtf8("\xE0\x9F\xBF"), "\\xe0\\x9f\\xbf");
  EXPECT_EQ(ValidUtf8("\xF0\x8F\xBF\xBF"), "\\xf0\\x8f\\xbf\\xbf");
}

TEST(OutsideText, ControlCharactersAreWrittenAsEscapes) {
  EXPECT_EQ(Printable("a\nb\tc"), "a\\nb\\tc");
  EXPECT_EQ(Printable("\x1b[31mred\x7f"), "\\x1b[31mred\\x7f");
  EXPECT_EQ(Printable(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(Printable("\xC2\x9B"
                      "2J"),
            "\\u{009b}2J");
  EXPECT_EQ(Printable("\xE2\x80\xAE"
                      "gnp.exe"),
            "\\u{202e}gnp.exe");
  EXPECT_EQ(ValidUtf8("a\nb\x1b"), "a\nb\x1b");
}

TEST(OutsideText, BytesThatAreNoUtf8AreWrittenAsEscapes) {
  EXPECT_EQ(ValidUtf8("a\xFFz"), "a\\xffz");
  EXPECT_EQ(ValidUtf8("\xC3"), "\\xc3");                             // cut off
  EXPECT_EQ(ValidUtf8("\xC0\xAF"), "\\xc0\\xaf");                    // too long a form
  EXPECT_EQ(ValidUtf8("\xE0\x80\x80"), "\\xe0\\x80\\x80");           // likewise
  EXPECT_EQ(ValidUtf8("\xED\xA0\x80"), "\\xed\\xa0\\x80");           // a surrogate
  EXPECT_EQ(ValidUtf8("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // above U+10FFFF
  EXPECT_EQ(ValidUtf8("\xE2\x82z"), "\\xe2\\x82z");
}

RC_GTEST_PROP(OutsideText, WhateverTheBytesTheTextIsOneLineThatJsonCanHold, (const std::string& bytes)) {
  const std::string line = Printable(bytes), text = ValidUtf8(bytes);
  RC_ASSERT(std::none_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
  RC_ASSERT(Printable(line) == line);
  RC_ASSERT(ValidUtf8(text) == text);
  RC_ASSERT(nlohmann::json::parse(nlohmann::json(text).dump()) == text);
}

}  // namespace
}  // namespace fplab
