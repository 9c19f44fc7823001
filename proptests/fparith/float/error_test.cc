// Error: one printable line, whatever it quotes.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/float/error.h>

#include <gtest/gtest.h>

#include <string>

#include <fplab/fparith/float/format.h>
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

TEST(Errors, WhatIsQuotedFromOutsideCannotBreakTheLineNorMoveTheCursor) {
  EXPECT_STREQ(Error("{}: found '{}'", "a\nb", "\x1b[2J").what(), "a\\nb: found '\\x1b[2J'");
  EXPECT_STREQ(Error(std::string("tab\tend\r")).what(), "tab\\tend\\x0d");
  EXPECT_STREQ(Error("{}", "\xff\xc2\x9b").what(), "\\xff\\u{009b}");
  EXPECT_TRUE(Contains(ErrorOf([] { ParseFormat("e5\nfplab: all is well"); }), "e5\\nfplab"));
}

TEST(Errors, TextOfAnyLanguageStaysAsItIs) {
  EXPECT_STREQ(Error("{}", "Größe \u2264 \u6570").what(), "Größe \u2264 \u6570");
}

}  // namespace
}  // namespace fplab
