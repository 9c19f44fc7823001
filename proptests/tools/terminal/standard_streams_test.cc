// Standard output and error that are closed, full or read by nobody: no command aborts, and none mixes them with a
// file. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <csignal>

#include "proptests/support/cli_process.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

using Arguments = std::vector<std::string>;

// Commands that print, each by another way of its own.
const Arguments kPrinting[] = {{"--help"},
                               {"--version"},
                               {"env"},
                               {"env", "--json"},
                               {"explain", "1e-40"},
                               {"refute", "a + b == b + a", "--cases", "1000"},
                               {"train", "--data", "spirals", "--layers", "2,8,2", "--epochs", "1", "--batch", "100",
                                "--train-limit", "200", "--warmup", "1", "--out", "run"}};

class StandardStreams : public testing::Test {
 protected:
  CliResult Run(const Arguments& arguments) {
    std::filesystem::remove_all(scratch_ / "run");
    return RunCli(arguments, options_);
  }

  ScratchFolder scratch_;
  CliOptions options_{.folder = scratch_.path()};
};

TEST_F(StandardStreams, ClosedStandardOutputIsAnErrorOfOneLine) {
  options_.closed = {1};
  for (const Arguments& arguments : kPrinting) {
    const CliResult result = Run(arguments);
    EXPECT_EQ(result.status, 2) << arguments[0];
    EXPECT_EQ(result.err, "fplab: standard output: Bad file descriptor\n") << arguments[0];
  }
}

TEST_F(StandardStreams, AFullDiskBehindStandardOutputIsAnErrorOfOneLine) {
  options_.stdout_path = "/dev/full";
  for (const Arguments& arguments : kPrinting) {
    const CliResult result = Run(arguments);
    EXPECT_EQ(result.status, 2) << arguments[0];
    EXPECT_EQ(result.err, "fplab: standard output: No space left on device\n") << arguments[0];
  }
}

TEST_F(StandardStreams, AReaderThatIsGoneEndsTheProgramAsItEndsEveryOther) {
  options_.reader_gone = true;
  for (const Arguments& arguments : kPrinting) EXPECT_EQ(Run(arguments).status, 1000 + SIGPIPE) << arguments[0];
}

TEST_F(StandardStreams, AReaderThatIsGoneIsAnErrorWhereTheSignalIsIgnored) {
  options_.reader_gone = true;
  options_.ignored = {SIGPIPE};
  for (const Arguments& arguments : kPrinting) {
    const CliResult result = Run(arguments);
    EXPECT_EQ(result.status, 2) << arguments[0];
    EXPECT_EQ(result.err, "fplab: standard output: Broken pipe\n") << arguments[0];
  }
}

TEST_F(StandardStreams, ClosedStandardErrorChangesNoResult) {
  options_.closed = {2};
  for (const Arguments& arguments : kPrinting) EXPECT_EQ(Run(arguments).status, 0) << arguments[0];
  EXPECT_EQ(Run({"no-such-command"}).status, 2);
  EXPECT_EQ(Run({"eval", "no-such-run"}).status, 2);
}

TEST_F(StandardStreams, WithAllOfThemClosedNoTextEndsInAFile) {
  options_.closed = {0, 1, 2};
  const Arguments& train = std::end(kPrinting)[-1];
  EXPECT_EQ(Run(train).status, 2);
  const std::vector<std::string> silent = Tree(scratch_ / "run");
  std::vector<std::string> contents;
  for (const std::string& name : silent) contents.push_back(Get(scratch_ / "run" / name));
  options_.closed = {};
  EXPECT_EQ(Run(train).status, 0);
  EXPECT_EQ(Tree(scratch_ / "run"), silent);
  for (size_t i = 0; i < silent.size(); ++i) {
    if (!silent[i].ends_with(".safetensors")) continue;  // the others hold seconds
    EXPECT_EQ(Get(scratch_ / "run" / silent[i]), contents[i]) << silent[i];
  }
}

}  // namespace
}  // namespace fplab
