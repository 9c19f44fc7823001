// The line for `fplab refute` that a failure prints, given to fplab as a shell gives it: it is refuted there too.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <fplab/fparith/float/format.h>
#include <fplab/proptests/property/in_every_mode.h>
#include <fplab/proptests/property/matchers.h>
#include <fplab/proptests/property/operands.h>
#include <fplab/proptests/property/oracle.h>
#include "proptests/support/cli_expectations.h"

namespace fplab::proptests {
namespace {

// The words of a line, those between apostrophes whole; after its first, which is "fplab".
std::vector<std::string> WordsAfterFplab(const std::string& line) {
  std::vector<std::string> words = {""};
  bool quoted = false;
  for (const char c : line) {
    if (c == '\'') {
      quoted = !quoted;
    } else if (c == ' ' && !quoted) {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return {words.begin() + 1, words.end()};
}

// The line in the message of the failure that f throws.
template <typename F>
std::string PrintedLine(const F& f) {
  try {
    f();
  } catch (const PropertyFailure& failure) {
    const std::string text = failure.what();
    const size_t begin = text.find("fplab refute ");
    if (begin == std::string::npos) return "no line: " + text;
    return text.substr(begin, text.find('\n', begin) - begin);
  }
  return "no failure";
}

// fplab refutes the line, in the mode that the line names.
void ExpectRefuted(const std::string& line) {
  ASSERT_TRUE(line.starts_with("fplab refute ")) << line;
  const CliResult result = Fplab(WordsAfterFplab(line));
  EXPECT_EQ(result.status, 1) << line << "\n" << result.out << result.err;
  EXPECT_EQ(result.err, "") << line;
  EXPECT_TRUE(Contains(result.out, "fails on the model")) << line << "\n" << result.out;
}

const auto kWrong = [](float a, float) { return a * 0x1p-120f; };

TEST(PrintedCase, AFormulaThatDoesNotAgreeIsRefutedByFplabToo) {
  for (const float a : {0x1.8p-100f, -0.0f, 0x1p-149f, FloatFromBits(0x7f800000), FloatFromBits(0xff800000)}) {
    const auto at = Operands<float>("a", "b").At(a, FloatFromBits(1));
    ExpectRefuted(PrintedLine([&] { InEveryMode(at, kWrong, AgreesWith("1 + (a*0x1p-120)*0 + b")); }));
  }
}

TEST(PrintedCase, ANanWithAPayloadIsGivenByItsBits) {
  const auto at = Operands<float>("a", "b").At(FloatFromBits(0xffc01234), 1.0f);
  const std::string line = PrintedLine(
      [&] { InEveryMode(at, kWrong, AgreesWith("from_bits(bits(a) ^ 0x80000000)*0").And("bits(a) == 0")); });
  EXPECT_TRUE(line.find("from_bits(0xffc01234, f32)") != std::string::npos) << line;
  ExpectRefuted(line);
}

TEST(PrintedCase, EveryRequirementAndFormatHasALineThatIsRefuted) {
  const auto at = Operands<float>("a", "b").At(0x1.8p-126f, 0x1p-125f);
  ExpectRefuted(PrintedLine([&] { InEveryMode(at, kWrong, BitEqual(1.0f)); }));
  ExpectRefuted(PrintedLine([&] { InEveryMode(at, kWrong, BitEqual(FloatFromBits(0x7fc00000))); }));
  ExpectRefuted(PrintedLine([&] { InEveryMode(at, kWrong, WithinUlps(FloatFromBits(0xff800000), 3)); }));
  ExpectRefuted(PrintedLine([&] { InEveryMode(at, kWrong, Satisfies("result != 0 and result > a")); }));
  const auto sum = [](double x, double y) { return x + y; };
  const auto wide = Operands<double>("x", "y").At(0x1p-1074, 1.0);
  ExpectRefuted(PrintedLine([&] { InEveryMode(wide, sum, AgreesWith("x - y")); }));
  const auto narrowed = [](double x, double) { return static_cast<float>(x); };
  ExpectRefuted(PrintedLine([&] { InEveryMode(wide, narrowed, AgreesWith("f32(x) + 1")); }));
  const auto bits = Operands(kBinary16, "h").At(0x0001);
  ExpectRefuted(PrintedLine([&] {
    InEveryMode(
        bits, [](uint64_t h) { return h + 1; }, AgreesWith("h"));
  }));
  const auto fnuz = Operands(kE4M3Fnuz, "h").At(0x80);
  ExpectRefuted(PrintedLine([&] {
    InEveryMode(
        fnuz, [](uint64_t) { return uint64_t{1}; }, AgreesWith("h"));
  }));
}

TEST(PrintedCase, TheModeOfALineIsTheOneThatFailed) {
  if (!HardwareSupports(kFtz)) GTEST_SKIP() << "no FTZ here";
  const auto at = Operands<float>("a", "b").At(0x1.8p-126f, 0x1p-126f);
  const auto gap = [](float a, float b) { return a - b; };
  const std::string line = PrintedLine([&] { InEveryMode(at, gap, AgreesWith("a - b").And("result == 0 => a == b")); });
  EXPECT_EQ(line,
            "fplab refute 'let result = a - b in result == 0 => a == b' --at 'a=0x1.8p-126,b=0x1p-126' --mode ftz");
  ExpectRefuted(line);
  std::vector<std::string> without = WordsAfterFplab(line);
  without.back() = "none";
  EXPECT_EQ(Fplab(without).status, 0);
}

}  // namespace
}  // namespace fplab::proptests
