// Text in lines as wide as the terminal: nothing is lost, and nothing is wider but a word that is.
// SPDX-License-Identifier: Apache-2.0
#include "tools/terminal/width.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

namespace fplab::tools {
namespace {

std::vector<std::string> Lines(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> WordsOf(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

RC_GTEST_PROP(Width, WrappedTextHasTheSameWordsAndNoLineOfMoreThanTheColumnsButALongWord, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::weightedElement<char>({{9, 'a'}, {1, '-'}, {4, ' '}, {1, '\n'}}));
  const auto columns = *rc::gen::inRange<size_t>(1, 30);
  const std::string wrapped = Wrapped(text, columns);
  RC_ASSERT(WordsOf(wrapped) == WordsOf(text));
  for (const std::string& line : Lines(wrapped)) {
    RC_ASSERT(line.size() <= columns || WordsOf(line).size() <= 1);
  }
  for (const std::string& line : Lines(text)) {
    if (line.size() > columns) return;
  }
  RC_ASSERT(wrapped == text);
}

TEST(Width, ALineThatGoesOnIsIndentedAsItBegan) {
  EXPECT_EQ(Wrapped("  one two three\nfour", 9), "  one two\n  three\nfour");
}

TEST(Width, ShortenedTextHasNoMoreCharactersThanColumnsAndSaysThatItWasCut) {
  EXPECT_EQ(Shortened("epoch 3/50", 10), "epoch 3/50");
  EXPECT_EQ(Shortened("epoch 3/50", 9), "epoch 3/…");
  EXPECT_EQ(Shortened("±±±±", 4), "±±±±");
  EXPECT_EQ(Shortened("±±±±", 3), "±±…");
  EXPECT_EQ(Shortened("", 1), "");
}

TEST(Width, WhereThereIsNoTerminalColumnsSaysHowWideItIsWithinReason) {
  const auto with = [](const char* columns) {
    setenv("COLUMNS", columns, 1);
    return TerminalColumns(-1);
  };
  EXPECT_EQ(with("100"), 100u);
  EXPECT_EQ(with("3"), 40u);
  EXPECT_EQ(with("wide"), 80u);
  EXPECT_EQ(with("-5"), 80u);
  EXPECT_EQ(with("99999999999999999999999"), 80u);
  unsetenv("COLUMNS");
  EXPECT_EQ(TerminalColumns(-1), 80u);
}

}  // namespace
}  // namespace fplab::tools
