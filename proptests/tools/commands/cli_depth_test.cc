// fplab depth: what it prints and keeps, that stopped and finished cells are gone on with to the same numbers, and what
// it refuses.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "proptests/support/cli_process.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

using Arguments = std::vector<std::string>;
using Json = nlohmann::ordered_json;

class CliDepth : public ::testing::Test {
 protected:
  // A small grid, but for what `more` says of it.
  CliResult Run(const Arguments& more) {
    Arguments arguments = {"depth"};
    for (const auto& [option, value] : std::map<std::string, std::string>{{"--data", "spirals"},
                                                                          {"--width", "12"},
                                                                          {"--epochs", "2"},
                                                                          {"--batch", "100"},
                                                                          {"--train-limit", "500"},
                                                                          {"--depths", "2,4"},
                                                                          {"--threads", "2"}}) {
      if (std::find(more.begin(), more.end(), option) == more.end()) {
        arguments.insert(arguments.end(), {option, value});
      }
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunCli(arguments, options_);
  }

  // The cells of a --json answer without the times they took.
  static Json CellsOf(const CliResult& result) {
    Json cells = Json::parse(result.out)["cells"];
    for (Json& cell : cells) {
      cell.erase("seconds");
      cell.erase("step");
    }
    return cells;
  }

  ScratchFolder scratch_;
  CliOptions options_{.folder = scratch_.path()};
};

TEST_F(CliDepth, TrainsEveryCellAndKeepsItsCurve) {
  const CliResult result = Run({"--json", "--out", "grid", "--seeds", "2"});
  ASSERT_EQ(result.status, 0) << result.err;
  const Json answer = Json::parse(result.out);
  EXPECT_EQ(answer["finished"], true);
  ASSERT_EQ(answer["cells"].size(), 16u);
  for (const Json& cell : answer["cells"]) {
    ASSERT_EQ(cell["curve"].size(), 3u) << cell["cell"];
    for (int epoch = 0; epoch <= 2; ++epoch) {
      const Json& point = cell["curve"][static_cast<size_t>(epoch)];
      EXPECT_EQ(point["epoch"], epoch);
      for (const char* field : {"train_error", "validation_error"}) {
        EXPECT_GE(point[field], 0.0);
        EXPECT_LE(point[field], 1.0);
      }
    }
    EXPECT_EQ(cell["column"] == "underflow", cell.contains("path_length"));
  }
  std::ifstream lines(scratch_.path() / "grid" / "metrics.jsonl");
  size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_EQ(Json::parse(line), answer["cells"][count]);
  EXPECT_EQ(count, 16u);
}

TEST_F(CliDepth, ResumeTrainsOnlyWhatIsMissingToTheSameNumbers) {
  const CliResult whole = Run({"--json", "--out", "whole"});
  ASSERT_EQ(whole.status, 0) << whole.err;
  ASSERT_EQ(Run({"--out", "grid", "--columns", "tanh,underflow"}).status, 0);
  // A line that a crash cut off counts for nothing.
  std::ofstream(scratch_.path() / "grid" / "metrics.jsonl", std::ios::app) << "{\"step\": 4, \"cell\": \"lin";
  const CliResult rest = Run({"--json", "--out", "grid", "--resume", "--threads", "1"});
  ASSERT_EQ(rest.status, 0) << rest.err;
  const Json expected = CellsOf(whole), found = CellsOf(rest);
  EXPECT_EQ(found.size(), 8u);
  for (const Json& cell : expected) {
    EXPECT_NE(std::find(found.begin(), found.end(), cell), found.end()) << cell["cell"];
  }
  EXPECT_EQ(found[0]["cell"], "tanh-2-1") << "what was there stays first";
}

TEST_F(CliDepth, AGridOfOtherDataIsNotGoneOnWith) {
  ASSERT_EQ(Run({"--out", "grid", "--columns", "tanh"}).status, 0);
  // As a grid whose data were others.
  const auto config = scratch_.path() / "grid" / "config.json";
  Json settings = Json::parse(std::ifstream(config));
  settings["train_data_sha256"] = std::string(64, '0');
  std::ofstream(config) << settings;
  const CliResult other = Run({"--out", "grid", "--resume"});
  EXPECT_EQ(other.status, 2);
  EXPECT_NE(other.err.find("train_data_sha256 = \"0000"), std::string::npos) << other.err;
  // A grid of version 0.1 kept no digests.
  settings.erase("train_data_sha256");
  settings.erase("test_data_sha256");
  std::ofstream(config) << settings;
  EXPECT_EQ(Run({"--out", "grid", "--resume", "--columns", "tanh"}).status, 0);
}

TEST_F(CliDepth, ASecondGridInTheFolderIsRefusedWithTheHoldersName) {
  const Arguments grid = {"depth", "--data",    "spirals", "--epochs", "100000", "--depths",
                          "2",     "--columns", "tanh",    "--out",    "grid"};
  CliProcess first(grid, options_);
  while (first.Running() && !std::filesystem::exists(scratch_.path() / "grid" / "config.json")) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  Arguments resumed = grid;
  resumed.push_back("--resume");
  for (const Arguments& second : {grid, resumed}) {
    const CliResult result = RunCli(second, options_);
    EXPECT_EQ(result.status, 2);
    EXPECT_NE(result.err.find("grid: is in use by process " + std::to_string(first.pid())), std::string::npos)
        << result.err;
  }
}

TEST_F(CliDepth, ASignalStopsItCleanlyAndResumeEndsWithTheSameNumbers) {
  // A second of training, of which the signal comes after the first third.
  const Arguments grid = {"depth",    "--data",   "spirals", "--width",   "32",
                          "--epochs", "300",      "--batch", "50",        "--train-limit",
                          "500",      "--depths", "2,4",     "--columns", "tanh,underflow"};
  const auto with = [&grid](const Arguments& more) {
    Arguments all = grid;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  const CliResult whole = RunCli(with({"--json", "--out", "whole"}), options_);
  ASSERT_EQ(whole.status, 0) << whole.err;

  CliProcess process(with({"--out", "grid"}), options_);
  const auto underway = scratch_.path() / "grid" / "underflow-2-1" / "metrics.jsonl";
  for (int i = 0; i < 6000 && process.Running() && !std::filesystem::exists(underway); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  process.Signal(SIGINT);
  const CliResult stopped = process.Wait();
  ASSERT_EQ(stopped.status, 130) << stopped.err;
  EXPECT_NE(stopped.out.find("--resume"), std::string::npos);

  const CliResult resumed = RunCli(with({"--json", "--out", "grid", "--resume"}), options_);
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_EQ(CellsOf(resumed), CellsOf(whole));
}

TEST_F(CliDepth, PrintsATableWithARowADepthAndSaysHowLongItWillTake) {
  const CliResult result = Run({"--out", "grid", "--normalise"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("8 networks to train"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("if nothing else runs"), std::string::npos);
  for (const char* word : {"layers", "linear", "elu", "tanh", "underflow", "\n     2 ", "\n     4 "}) {
    EXPECT_NE(result.out.find(word), std::string::npos) << word;
  }
}

TEST_F(CliDepth, NormalisingChangesTheColumnsByBackpropagationAlone) {
  const Json plain = CellsOf(Run({"--json", "--out", "plain"}));
  const Json normalised = CellsOf(Run({"--json", "--out", "normalised", "--normalise"}));
  ASSERT_EQ(plain.size(), normalised.size());
  for (size_t i = 0; i < plain.size(); ++i) {
    EXPECT_EQ(plain[i] == normalised[i], plain[i]["column"] == "underflow") << plain[i]["cell"];
  }
}

TEST_F(CliDepth, RefusesInOneLineWhatMakesNoSense) {
  ASSERT_EQ(Run({"--out", "grid", "--columns", "tanh"}).status, 0);
  const auto expect_refused = [this](const Arguments& more, const char* word) {
    const CliResult result = Run(more);
    EXPECT_EQ(result.status, 2) << word;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_NE(result.err.find(word), std::string::npos) << result.err;
  };
  expect_refused({"--out", "grid"}, "--resume");                            // there already
  expect_refused({"--out", "grid", "--resume", "--width", "13"}, "width");  // another grid
  expect_refused({"--out", "none", "--resume"}, "none");                    // not there
  expect_refused({"--columns", "tanh,relu"}, "relu");
  expect_refused({"--columns", "tanh,tanh"}, "--columns");
  expect_refused({"--depths", "0"}, "--depths");
  expect_refused({"--seeds", "0"}, "--seeds");
  expect_refused({"--epochs", "0"}, "--epochs");
  expect_refused({"--gain", "-1"}, "--gain");
  expect_refused({"--lr", "0"}, "learning rate");
  expect_refused({"--picture", "depth.txt"}, "--picture");
  EXPECT_EQ(Tree(scratch_.path()), (std::vector<std::string>{"grid/", "grid/config.json", "grid/metrics.jsonl"}));
}

}  // namespace
}  // namespace fplab
