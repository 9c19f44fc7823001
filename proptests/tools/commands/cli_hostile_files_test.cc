// Files that are made to exhaust the stack, the memory or the patience of who reads them: one line each, in time.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include <fplab/nets/files/safetensors.h>
#include "proptests/support/cli_process.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

using Arguments = std::vector<std::string>;

const std::string kDeep = "{\"data\":" + std::string(100000, '[') + std::string(100000, ']') + "}";

class HostileFiles : public ::testing::Test {
 protected:
  HostileFiles() {
    const CliResult result = Run({"train", "--data", "spirals", "--layers", "2,8,2", "--batch", "50", "--train-limit",
                                  "200", "--epochs", "2", "--evaluate-every", "1", "--out", "run"});
    EXPECT_EQ(result.status, 0) << result.err;
  }
  CliResult Run(const Arguments& arguments) { return RunCli(arguments, options_); }
  void ExpectRefusal(const Arguments& arguments, const std::string& message) {
    const CliResult result = Run(arguments);
    EXPECT_EQ(result.status, 2) << arguments[0];
    EXPECT_TRUE(Contains(result.err, message)) << arguments[0] << ": " << result.err.substr(0, 300);
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << arguments[0];
    EXPECT_LT(result.err.size(), 1000u) << arguments[0];
  }
  std::string Page(const std::string& run) {
    const CliResult result = Run({"report", run});
    EXPECT_EQ(result.status, 0) << result.err;
    return Get(scratch_ / run / "report.html");
  }

  ScratchFolder scratch_;
  CliOptions options_{.folder = scratch_.path()};
  std::filesystem::path checkpoint_ = scratch_ / "run/checkpoint.safetensors";
  std::filesystem::path metrics_ = scratch_ / "run/metrics.jsonl";
};

TEST_F(HostileFiles, AConfigurationNestedDeeplyInACheckpointIsRefusedByAllThatReadOne) {
  nets::Safetensors content = nets::ReadSafetensors(checkpoint_);
  content.metadata["config"] = kDeep;
  nets::WriteSafetensors(checkpoint_, content);
  const std::string message = "metadata 'config' is not JSON of a configuration";
  for (const Arguments& arguments : {Arguments{"eval", "run"}, Arguments{"eval", "run/checkpoint.safetensors"},
                                     Arguments{"linearize", "run"}, Arguments{"eval", "run", "--controls"},
                                     Arguments{"report", "run"}, Arguments{"train", "--resume", "--out", "run"}}) {
    ExpectRefusal(arguments, message);
  }
}

TEST_F(HostileFiles, DeepConfigurationsMetricsAndSweepsAreRefusedByTheirNames) {
  const std::string metrics = Get(metrics_);
  Put(metrics_, metrics + "{\"step\":100,\"a\":" + kDeep + "}\n");
  EXPECT_TRUE(Contains(Page("run"), "1 of the lines of metrics.jsonl are no metrics"));
  Put(metrics_, metrics);
  Put(scratch_ / "run/config.json", kDeep);
  for (const Arguments& arguments :
       {Arguments{"eval", "run"}, Arguments{"report", "run"}, Arguments{"train", "--resume", "--out", "run"},
        Arguments{"depth", "--resume", "--data", "spirals", "--out", "run"}}) {
    ExpectRefusal(arguments, "config.json: damaged");
  }
  Put(scratch_ / "grid/sweep.json", kDeep);
  for (const Arguments& arguments : {Arguments{"report", "grid"}, Arguments{"sweep", "--resume", "--out", "grid"}}) {
    ExpectRefusal(arguments, "sweep.json: damaged");
  }
}

TEST_F(HostileFiles, AFieldOfAMegabyteIsQuotedShort) {
  std::string config = Get(scratch_ / "run/config.json");
  const std::string field = "\"seed\": 1";
  config.replace(config.find(field), field.size(), "\"seed\": \"" + std::string(1 << 19, 'x') + "\"");
  Put(scratch_ / "run/config.json", config);
  ExpectRefusal({"train", "--resume", "--out", "run"}, "field 'seed': found \"xxx");
}

TEST_F(HostileFiles, ALineOfThousandsOfFieldsIsLeftOutAndOneOfHundredsHasSomeChartsAndSaysSo) {
  const auto line = [](int step, int fields) {
    std::string text = "{\"step\":" + std::to_string(step) + ",\"epoch\":" + std::to_string(step);
    for (int i = 0; i < fields; ++i) text += ",\"f" + std::to_string(i) + "\":" + std::to_string(i + step);
    return text + "}\n";
  };
  Put(metrics_, line(1, 2000) + line(2, 2000));
  EXPECT_TRUE(Contains(Page("run"), "2 of the lines of metrics.jsonl are no metrics"));
  Put(metrics_, line(1, 200) + line(2, 200));
  const std::string page = Page("run");
  EXPECT_TRUE(Contains(page, "176 more fields of metrics.jsonl have no chart"));
  EXPECT_TRUE(Contains(page, "f23"));
  EXPECT_FALSE(Contains(page, "f24"));
}

TEST_F(HostileFiles, AListOfManyPlacesHasTheCurvesOfSomeAndSaysSo) {
  std::string list = "[0";
  for (int i = 0; i < 100000; ++i) list += ",1";
  Put(metrics_, "{\"step\":1,\"epoch\":1,\"train_zeros\":" + list + "]}\n");
  EXPECT_TRUE(Contains(Page("run"), "Of longer lists the first 64 places have a curve."));
}

TEST_F(HostileFiles, MetricsThatAreTooLongHaveNoCurvesAndThePageSaysSo) {
  std::filesystem::resize_file(metrics_, (uintmax_t{64} << 20) + 1);
  EXPECT_TRUE(Contains(Page("run"), "metrics.jsonl has more than the 64 MiB that a report reads"));
}

TEST_F(HostileFiles, MetricsOfManyLinesHaveCurvesOfFewPoints) {
  std::string lines;
  for (int i = 0; i < 100000; ++i) {
    lines += "{\"step\":" + std::to_string(i) + ",\"epoch\":" + std::to_string(i) + ",\"test_accuracy\":0." +
             std::to_string(i % 10) + "}\n";
  }
  Put(metrics_, lines);
  EXPECT_LT(Page("run").size(), size_t{1} << 20);
}

TEST_F(HostileFiles, ADepthGridWhoseLinesLackWhatTheyShouldHoldIsRefused) {
  const Arguments grid = {"depth", "--data",   "spirals", "--width",   "8",    "--epochs", "1",   "--train-limit",
                          "100",   "--depths", "2",       "--columns", "tanh", "--out",    "grid"};
  ASSERT_EQ(Run(grid).status, 0);
  Arguments resumed = grid;
  resumed.push_back("--resume");
  for (const char* line :
       {R"({"step":0,"cell":"tanh-2-1","curve":[{}]})", R"({"step":0,"cell":3,"curve":7})",
        R"({"step":0,"cell":"tanh-2-1","column":"tanh","depth":2,"seconds":1,"curve":[]})",
        R"({"step":0,"cell":"tanh-2-1","column":"tanh","depth":2,"seconds":1,"curve":[{"train_error":[]}]})"}) {
    Put(scratch_ / "grid/metrics.jsonl", std::string(line) + "\n");
    ExpectRefusal(resumed, "metrics.jsonl: a line is none of a depth grid's cells");
  }
}

TEST_F(HostileFiles, AnUnderflowCellOfADepthGridWhoseMetricsAreForeignIsRefusedAndGoneOnesAreRestored) {
  const Arguments grid = {"depth", "--data",   "spirals", "--width",   "8",         "--epochs", "1",   "--train-limit",
                          "100",   "--depths", "2",       "--columns", "underflow", "--out",    "grid"};
  ASSERT_EQ(Run(grid).status, 0);
  Arguments resumed = grid;
  resumed.push_back("--resume");
  Put(scratch_ / "grid/metrics.jsonl", "");
  Put(scratch_ / "grid/underflow-2-1/metrics.jsonl", "{\"step\":1}\n");
  ExpectRefusal(resumed, "metrics.jsonl: a line lacks a field that training writes");
  // What was lost and can be evaluated again, is.
  std::filesystem::remove(scratch_ / "grid/underflow-2-1/metrics.jsonl");
  EXPECT_EQ(Run(resumed).status, 0);
}

}  // namespace
}  // namespace fplab
