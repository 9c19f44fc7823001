// fplab linearize: its table, JSON and picture, how it stops, and what it refuses.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "proptests/support/cli_process.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

using Arguments = std::vector<std::string>;
using Json = nlohmann::ordered_json;

class CliLinearize : public ::testing::Test {
 protected:
  CliResult Run(const Arguments& arguments) { return RunCli(arguments, options_); }

  void Train(const std::string& out, const Arguments& more = {}, const std::string& limit = "500") {
    Arguments arguments = {"train",   "--data", "spirals",       "--layers", "2,16,12,2", "--epochs", "2",
                           "--batch", "64",     "--train-limit", limit,      "--out",     out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const CliResult result = Run(arguments);
    ASSERT_EQ(result.status, 0) << result.err;
  }

  void ExpectRefused(const Arguments& arguments, const std::string& message) {
    const std::vector<std::string> before = Tree(scratch_.path());
    const CliResult result = Run(arguments);
    EXPECT_EQ(result.status, 2) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, "fplab: " + message + "\n");
    EXPECT_EQ(Tree(scratch_.path()), before);
  }

  ScratchFolder scratch_;
  CliOptions options_{.folder = scratch_.path()};
};

TEST_F(CliLinearize, BeginsAsEvalSaysAndEndsAsEvalSaysWithoutTheGate) {
  Train("run");
  const CliResult result = Run({"linearize", "run", "run/checkpoint.safetensors", "--levels", "4", "--json"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.err, "");
  const Json out = Json::parse(result.out);
  EXPECT_EQ(out["finished"], true);
  ASSERT_EQ(out["runs"].size(), 2u);
  EXPECT_EQ(out["runs"][0]["plain"], out["runs"][1]["plain"]);
  const Json& plain = out["runs"][0]["plain"];
  const Json& tuned = out["runs"][0]["tuned"];
  ASSERT_EQ(plain.size(), 5u);
  ASSERT_EQ(tuned.size(), 5u);
  const Json whole = Json::parse(Run({"eval", "run", "--json"}).out);
  const Json open = Json::parse(Run({"eval", "run", "--json", "--elementwise-mode", "none"}).out);
  EXPECT_EQ(plain[0]["gates"], 30);
  EXPECT_EQ(plain[0]["gates_by_layer"], (Json{16, 12, 2}));
  EXPECT_EQ(plain[0]["train_accuracy"], whole["train"]["accuracy"]);
  EXPECT_EQ(plain[0]["path_length"], whole["train"]["path_length"]);
  EXPECT_EQ(plain[4]["gates"], 0);
  EXPECT_EQ(plain[4]["test_accuracy"], open["test"]["accuracy"]);
  EXPECT_EQ(tuned[0], plain[0]);
}

TEST_F(CliLinearize, PrintsATableForEachRunAndDrawsThePicture) {
  Train("run");
  const CliResult result = Run({"linearize", "run", "--levels", "2", "--tune", "0", "--picture", "curve.svg"});
  if (result.status == 2 && Contains(result.err, "gnuplot")) GTEST_SKIP() << result.err;
  ASSERT_EQ(result.status, 0) << result.err;
  for (const char* part : {"run after step 16", "gates left", "by layer", "16 12 2", "0 0 0", " %"}) {
    EXPECT_TRUE(Contains(result.out, part)) << result.out << "lacks: " << part;
  }
  EXPECT_FALSE(Contains(result.out, "tuned")) << result.out;
  const std::string svg = Get(scratch_ / "curve.svg");
  EXPECT_TRUE(Contains(svg, "gates left")) << svg.substr(0, 200);
  EXPECT_TRUE(Contains(svg, "test accuracy")) << svg.substr(0, 200);
}

TEST_F(CliLinearize, CtrlCPrintsTheLevelsThatWereFinishedAndExitsWith130) {
  Train("run");
  options_.terminal = true;
  CliProcess process({"linearize", "run", "--levels", "2", "--tune", "1000000"}, options_);
  while (process.Running() && !Contains(process.TerminalOutput(), "tuning ")) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  process.Signal(SIGINT);
  const CliResult result = process.Wait();
  EXPECT_EQ(result.status, 130);
  EXPECT_TRUE(Contains(result.out, "stopped: the levels that were finished")) << result.out;
  EXPECT_TRUE(Contains(result.out, "16 12 2")) << result.out;
  EXPECT_TRUE(result.err.ends_with("\r\033[K")) << "the progress line was not cleared";
}

TEST_F(CliLinearize, RunsThatAreMissingUnfinishedWithoutGatesOrOnOtherDataAreRefused) {
  Train("run");
  ExpectRefused({"linearize", "none"}, "none: cannot read: No such file or directory");
  std::filesystem::create_directory(scratch_ / "new");
  std::filesystem::copy_file(scratch_ / "run/config.json", scratch_ / "new/config.json");
  ExpectRefused({"linearize", "run", "new"}, "new: the run has no checkpoint yet");
  Train("linear", {"--estimator", "backprop"});
  ExpectRefused({"linearize", "linear"}, "linearize: the element-wise mode is none: there is no gate to take away");
  Train("more", {}, "400");
  ExpectRefused({"linearize", "run", "more"},
                "more: trained on spirals (train limit 400), run on spirals (500): runs of one table share their data");
  ExpectRefused({"linearize", "run", "--data", "glyphs"}, "layers: the input width is 2, but glyphs has 784 features");
  ExpectRefused({"linearize", "run", "--levels", "0"}, "levels: found 0, expected at least 1");
  ExpectRefused({"linearize", "run", "--tune", "-1"}, "tune epochs: found -1, expected at least 0");
  ExpectRefused({"linearize", "run", "--tune-rate", "0"}, "tune rate: found 0, expected > 0");
  const CliResult picture = Run({"linearize", "run", "--picture", "curve.gif"});
  EXPECT_EQ(picture.status, 2);
  EXPECT_TRUE(Contains(picture.err, "--picture")) << picture.err;
}

}  // namespace
}  // namespace fplab
