// fplab eval --controls: one table over seeds that agrees with separate evaluations, and what it refuses.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include <fplab/fparith/mode/control_word.h>
#include "proptests/support/cli_process.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

using Arguments = std::vector<std::string>;
using Json = nlohmann::ordered_json;

class CliControls : public ::testing::Test {
 protected:
  CliResult Run(const Arguments& arguments) { return RunCli(arguments, options_); }

  void Train(const std::string& out, const std::string& seed, const Arguments& more = {}) {
    Arguments arguments = {"train", "--data",  "spirals", "--layers",      "2,16,12,2", "--epochs",
                           "3",     "--batch", "64",      "--train-limit", "500",       "--lr",
                           "5e-3",  "--seed",  seed,      "--out",         out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const CliResult result = Run(arguments);
    ASSERT_EQ(result.status, 0) << result.err;
  }

  void ExpectRefused(const Arguments& arguments, const std::string& message) {
    const CliResult result = Run(arguments);
    EXPECT_EQ(result.status, 2) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, "fplab: " + message + "\n");
  }

  ScratchFolder scratch_;
  CliOptions options_{.folder = scratch_.path()};
};

TEST_F(CliControls, AgreeWithSeparateEvaluationsAndShowMeanAndRangeOverSeeds) {
  for (const char* seed : {"1", "2", "3"}) Train(std::string("run") + seed, seed);
  const CliResult result = Run({"eval", "run1", "run2", "run3", "--controls", "--json"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.err, "");
  const Json all = Json::parse(result.out);
  std::vector<std::pair<std::string, Arguments>> evaluations = {{"as-trained", {}},
                                                                {"gradual", {"--elementwise-mode", "none"}},
                                                                {"scale-0", {"--scale-exponent", "0"}},
                                                                {"flat", {"--flat"}},
                                                                {"matmul-ftz-daz", {"--matmul-mode", "ftz+daz"}}};
  if (HardwareSupports(kDaz)) evaluations.push_back({"daz", {"--elementwise-mode", "daz"}});
  for (const auto& [id, more] : evaluations) {
    std::vector<double> train;
    for (const char* run : {"run1", "run2", "run3"}) {
      Arguments arguments = {"eval", run, "--json"};
      arguments.insert(arguments.end(), more.begin(), more.end());
      train.push_back(Json::parse(Run(arguments).out)["train"]["accuracy"]);
    }
    const Json& found = all["controls"][id]["train"];
    EXPECT_EQ(found["runs"], Json(train)) << id;
    EXPECT_EQ(found["least"], *std::min_element(train.begin(), train.end()));
    EXPECT_EQ(found["most"], *std::max_element(train.begin(), train.end()));
    EXPECT_NEAR(found["mean"].get<double>(), (train[0] + train[1] + train[2]) / 3, 1e-15);
  }
  EXPECT_EQ(all["runs"].size(), 3u);
  EXPECT_EQ(all["runs"][2]["seed"], 3);
  EXPECT_EQ(all["controls"]["pattern-last"]["lambda"].size(), 3u);

  const std::string one = Run({"eval", "run1", "--controls"}).out,
                    three = Run({"eval", "run3", "run1", "--controls"}).out;
  for (const char* part : {"run1 after step 24", "as trained", "scale 2^0", "FTZ and DAZ inside the matmul",
                           "ridge on the pattern of the last hidden layer", "lambda", " %"}) {
    EXPECT_TRUE(Contains(one, part)) << one << "lacks: " << part;
  }
  EXPECT_TRUE(Contains(three, "run3 after step 24 and 1 more seeds: mean (least to most)")) << three;
  EXPECT_TRUE(Contains(three, " to ")) << three;
}

TEST_F(CliControls, RunsThatAreMissingUnfinishedOrOfAnotherExperimentAreRefused) {
  Train("run", "1");
  ExpectRefused({"eval", "run", "none", "--controls"}, "none: cannot read: No such file or directory");
  std::filesystem::create_directory(scratch_ / "empty");
  const CliResult empty = Run({"eval", "empty", "--controls"});
  EXPECT_EQ(empty.status, 2);
  EXPECT_TRUE(Contains(empty.err, "empty: not a run directory")) << empty.err;
  std::filesystem::create_directory(scratch_ / "new");
  std::filesystem::copy_file(scratch_ / "run/config.json", scratch_ / "new/config.json");
  ExpectRefused({"eval", "run", "new", "--controls"}, "new: the run has no checkpoint yet");

  const std::string tail = ": a mean is over runs that differ in their seed alone";
  const CliResult other_data = Run({"train", "--data", "glyphs", "--train-limit", "100", "--layers", "784,8,10",
                                    "--epochs", "1", "--seed", "2", "--out", "glyphs"});
  ASSERT_EQ(other_data.status, 0) << other_data.err;
  ExpectRefused({"eval", "run", "glyphs", "--controls"}, "glyphs: has data = \"glyphs\", run has \"spirals\"" + tail);
  Train("gated", "2", {"--estimator", "gated"});
  ExpectRefused({"eval", "run", "gated", "--controls"},
                "gated: has estimator = \"gated\", run has \"activation\"" + tail);
  ExpectRefused({"eval", "run", "run", "--controls"}, "run: has seed 1, as run: the same run counts once");
  ExpectRefused({"eval", "run", "gated"}, "eval: found 2 runs, expected one, or --controls");
  ExpectRefused({"eval", "run", "--controls", "--flat"},
                "--controls: sets modes, scale and --flat itself; leave out --flat");
  ExpectRefused({"eval", "run", "--controls", "--matmul-mode", "ftz"},
                "--controls: sets modes, scale and --flat itself; leave out the mode and scale options");
  ExpectRefused({"eval", "run", "--controls", "--rescaled", "true"},
                "--controls: sets modes, scale and --flat itself; leave out the mode and scale options");
  ExpectRefused({"eval", "run", "--controls", "--data", "glyphs"},
                "layers: the input width is 2, but glyphs has 784 features");
}

}  // namespace
}  // namespace fplab
