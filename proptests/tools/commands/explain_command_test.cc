// fplab explain as a user runs it: what it reads, what it says of it, JSON.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "proptests/support/cli_expectations.h"

namespace fplab {
namespace {

TEST(ExplainCommand, TellsThePartsOfASubnormalAndWhatModesMakeOfIt) {
  const auto json = nlohmann::json::parse(Fplab({"explain", "1e-40", "--json"}).out);
  EXPECT_EQ(json["class"], "subnormal");
  EXPECT_EQ(json["value"]["bits"], "0x000116c2");
  EXPECT_EQ(json["significand"], 71362);
  EXPECT_EQ(json["unit_exponent"], -149);
  EXPECT_EQ(json["ulp"], "0x1p-149");
  EXPECT_EQ(json["next_up"]["bits"], "0x000116c3");
  EXPECT_EQ(json["modes"][1]["as_operand"]["bits"], "0x000116c2") << "FTZ leaves operands alone";
  EXPECT_EQ(json["modes"][1]["as_result"]["bits"], "0x00000000");
  EXPECT_EQ(json["modes"][2]["as_operand"]["bits"], "0x00000000") << "DAZ leaves results alone";
  EXPECT_EQ(json["modes"][2]["as_result"]["bits"], "0x000116c2");
}

TEST(ExplainCommand, ReadsEveryWayToWriteANumber) {
  EXPECT_TRUE(Contains(Fplab({"explain", "0x10"}).out, "decimal      16\n")) << "a number, not bits";
  EXPECT_TRUE(Contains(Fplab({"explain", "--bits", "0x10"}).out, "subnormal"));
  EXPECT_TRUE(Contains(Fplab({"explain", "--bits", "ff", "--format", "e4m3"}).out, "quiet NaN"));
  EXPECT_TRUE(Contains(Fplab({"explain", "--", "-inf"}).out, "infinity"));
  EXPECT_TRUE(Contains(Fplab({"explain", "nan"}).out, "quiet NaN"));
  EXPECT_TRUE(Contains(Fplab({"explain", "--", "-0.1"}).out, "-0.100000001490116119384765625"));
}

TEST(ExplainCommand, NamesHaveAnyCapitalsAndKeepTheirSign) {
  EXPECT_TRUE(Contains(Fplab({"explain", "INF", "Infinity", "+inf"}).out, "0x7f800000"));
  EXPECT_TRUE(Contains(Fplab({"explain", "--", "-Infinity"}).out, "0xff800000"));
  EXPECT_TRUE(Contains(Fplab({"explain", "NaN"}).out, "0x7fc00000"));
  EXPECT_TRUE(Contains(Fplab({"explain", "--", "-nan"}).out, "0xffc00000"));
}

TEST(ExplainCommand, ANanIsToldWithWhatItCarriesAndWhatMachinesMakeOfIt) {
  const CliResult canonical = Fplab({"explain", "--", "-snan(0x1f)"});
  EXPECT_TRUE(Contains(canonical.out, "signaling NaN\nbits         0xff80001f ")) << canonical.out;
  EXPECT_TRUE(Contains(canonical.out, "sign         1 (minus)\npayload      0x1f of 22 bits\n")) << canonical.out;
  EXPECT_TRUE(Contains(canonical.out, "nan (invalid)")) << canonical.out;
  EXPECT_FALSE(Contains(canonical.out, "-nan(0x1f)")) << "the model's NaN is canonical";
  EXPECT_TRUE(Contains(Fplab({"explain", "snan(0x1f)", "--nans", "arm"}).out, "nan(0x1f) (invalid)"));
  const auto json = nlohmann::json::parse(Fplab({"explain", "nan(3)", "--nans", "x86", "--json"}).out);
  EXPECT_EQ(json["payload"], "0x3");
  EXPECT_EQ(json["value"]["hex"], "nan(0x3)");
  EXPECT_EQ(json["modes"][0]["times_one"]["bits"], "0x7fc00003");
  ExpectUsageError({"explain", "nan", "--nans", "sparc"}, "expected canonical, x86, arm or riscv");
  ExpectUsageError({"explain", "nan(0x400000)"}, "carries 0x3fffff at most");
}

TEST(ExplainCommand, OverflowIsWhatTheDirectionMakesOfItAndIsSaid) {
  const CliResult nan = Fplab({"explain", "465", "--format", "e4m3"});
  EXPECT_EQ(nan.status, 0);
  EXPECT_TRUE(Contains(nan.out,
                       "465 in e4m3: quiet NaN, overflow (nearest-even): beyond the largest finite number, "
                       "448, and there is no infinity\n"))
      << nan.out;
  const CliResult fnuz = Fplab({"explain", "465", "--format", "e4m3fnuz"});
  EXPECT_TRUE(Contains(fnuz.out, "465 in e4m3fnuz: quiet NaN, overflow (nearest-even): beyond the largest finite"))
      << fnuz.out;
  EXPECT_TRUE(Contains(fnuz.out, "240, and there is no infinity\nbits         0x80  1 0000 000\n")) << fnuz.out;
  const CliResult saturated = Fplab({"explain", "465", "--format", "e4m3sat"});
  EXPECT_TRUE(Contains(saturated.out, "448, and the format saturates\nbits         0x7e ")) << saturated.out;
  EXPECT_TRUE(Contains(Fplab({"explain", "7", "--format", "e2m1"}).out, "6, and the format saturates")) << "no NaN";
  ExpectUsageError({"explain", "nan", "--format", "e2m1"}, "no NaN");
  const CliResult largest = Fplab({"explain", "1e400", "--rounding", "toward-zero"});
  EXPECT_TRUE(Contains(largest.out, "1e400 in f32: normal, overflow (toward-zero): beyond the largest finite number, "))
      << largest.out;
  EXPECT_TRUE(Contains(largest.out, "0x7f7fffff")) << largest.out;
  const auto json = nlohmann::json::parse(Fplab({"explain", "1e39", "--json"}).out);
  EXPECT_EQ(json["class"], "infinity");
  EXPECT_EQ(json["overflow"], true);
  EXPECT_EQ(json["exact"], false);
}

TEST(ExplainCommand, SeveralNumbersComeFromArgumentsAFileOrStandardInput) {
  const auto three = nlohmann::json::parse(Fplab({"explain", "0.1", "0.2", "1e-40", "--json"}).out);
  ASSERT_EQ(three.size(), 3u);
  EXPECT_EQ(three[2]["class"], "subnormal");
  EXPECT_TRUE(Contains(Fplab({"explain", "--", "0.5", "-0.25"}).out, "\n\n-0.25 in f32: normal\n"));

  ScratchFolder folder;
  CliOptions options;
  options.folder = folder.path();
  Put(folder / "numbers.txt", "# some numbers\n 0.5 \r\n\n-0.25\nNaN\n");
  const auto file = nlohmann::json::parse(RunCli({"explain", "--file", "numbers.txt", "--json"}, options).out);
  ASSERT_EQ(file.size(), 3u);
  EXPECT_EQ(file[1]["text"], "-0.25");
  options.stdin_path = (folder / "numbers.txt").string();
  EXPECT_EQ(nlohmann::json::parse(RunCli({"explain", "--file", "-", "--json"}, options).out), file);

  Put(folder / "one.txt", "0.5\n");
  EXPECT_TRUE(nlohmann::json::parse(RunCli({"explain", "--file", "one.txt", "--json"}, options).out).is_array());
  Put(folder / "bad.txt", "0.5\n\nx5\n");
  const CliResult bad = RunCli({"explain", "--file", "bad.txt"}, options);
  EXPECT_EQ(bad.status, 2);
  EXPECT_EQ(bad.out, "") << "nothing is printed of a file with an error";
  EXPECT_TRUE(Contains(bad.err, "bad.txt: line 3: number 'x5' is malformed")) << bad.err;
  Put(folder / "empty.txt", "# nothing\n");
  EXPECT_TRUE(Contains(RunCli({"explain", "--file", "empty.txt"}, options).err, "empty.txt: no numbers"));
}

TEST(ExplainCommand, WrongInputIsRefused) {
  ExpectUsageError({"explain"}, "expected numbers, or --file FILE");
  ExpectUsageError({"explain", "1", "--file", "numbers.txt"}, "expected numbers, or --file FILE");
  ExpectUsageError({"explain", "0.1", "0.2.3"}, "number '0.2.3' is malformed");
  ExpectUsageError({"explain", "--file", "missing.txt"}, "missing.txt");
  ExpectUsageError({"explain", "infinit"}, "infinit");
  ExpectUsageError({"explain", "one"}, "one");
  ExpectUsageError({"explain", "inf", "--format", "e4m3"}, "no infinity");
  ExpectUsageError({"explain", "--bits", "0x100", "--format", "e4m3"}, "0x100");
  ExpectUsageError({"explain", "--bits", "0x12345678901234567", "--format", "f64"}, "expected");
}

}  // namespace
}  // namespace fplab
