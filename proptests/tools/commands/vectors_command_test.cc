// fplab vectors as a user pipes lines through it: results, checks, and NaNs told apart on request.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include <fplab/fparith/model/nan_rule.h>
#include "proptests/support/cli_expectations.h"

namespace fplab {
namespace {

// What `fplab vectors` with these arguments makes of the lines on its input.
CliResult Vectors(std::vector<std::string> arguments, const std::string& lines) {
  ScratchFolder folder;
  CliOptions options;
  options.folder = folder.path();
  options.stdin_path = (folder.path() / "lines").string();
  std::ofstream(options.stdin_path) << lines;
  arguments.insert(arguments.begin(), "vectors");
  return RunCli(arguments, options);
}

// Sums with a quiet, a signaling and no NaN, of which each rule makes another.
constexpr const char* kSums = "7FC00001 FF800002\n3F800000 7FC00003\nFF800000 7F800000\n";

TEST(VectorsCommand, NansAreThoseOfTheRuleAskedFor) {
  EXPECT_EQ(Vectors({"f32_add"}, kSums).out,
            "7FC00001 FF800002 7FC00000 10\n3F800000 7FC00003 7FC00000 00\nFF800000 7F800000 7FC00000 10\n");
  EXPECT_EQ(Vectors({"f32_add", "--nans", "x86"}, kSums).out,
            "7FC00001 FF800002 7FC00001 10\n3F800000 7FC00003 7FC00003 00\nFF800000 7F800000 FFC00000 10\n");
  EXPECT_EQ(Vectors({"f32_add", "--nans", "arm"}, kSums).out,
            "7FC00001 FF800002 FFC00002 10\n3F800000 7FC00003 7FC00003 00\nFF800000 7F800000 7FC00000 10\n");
}

TEST(VectorsCommand, ACheckTellsNansApartOnlyIfARuleIsNamed) {
  const std::string lines = Vectors({"f32_add", "--nans", "x86"}, kSums).out;
  EXPECT_EQ(Vectors({"f32_add", "--check"}, lines).status, 0);
  EXPECT_EQ(Vectors({"f32_add", "--check", "--nans", "x86"}, lines).status, 0);
  const CliResult other = Vectors({"f32_add", "--check", "--nans", "arm"}, lines);
  EXPECT_EQ(other.status, 1);
  EXPECT_TRUE(Contains(other.out, "f32_add: 3 lines, 2 mismatches")) << other.out;
}

TEST(VectorsCommand, TheMachineReturnsTheNansOfItsRule) {
  const std::string rule(Name(model::HardwareNanRule()));
  const std::string lines = Vectors({"f32_add", "--nans", rule}, kSums).out;
  const CliResult checked = Vectors({"f32_add", "--on", "hardware", "--nans", rule, "--check"}, lines);
  EXPECT_EQ(checked.status, 0) << checked.out;
  ExpectUsageError({"vectors", "f32_add", "--on", "hardware", "--nans", rule == "arm" ? "x86" : "arm"},
                   "--nans: the hardware returns the NaNs of " + rule);
  ExpectUsageError({"vectors", "f32_add", "--nans", "sparc"}, "expected canonical, x86, arm or riscv");
}

}  // namespace
}  // namespace fplab
