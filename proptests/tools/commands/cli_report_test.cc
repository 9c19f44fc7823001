// fplab report: one file that needs nothing else, made of whatever there is, and of nothing that is not a run.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "proptests/support/cli_process.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

using Arguments = std::vector<std::string>;

// PATH without programs, while it lives: gnuplot cannot be found.
class EmptyPath {
 public:
  EmptyPath() : before_(::getenv("PATH")) { ::setenv("PATH", "/nonexistent", 1); }
  ~EmptyPath() { ::setenv("PATH", before_.c_str(), 1); }
  EmptyPath(const EmptyPath&) = delete;
  EmptyPath& operator=(const EmptyPath&) = delete;

 private:
  std::string before_;
};

class Report : public ::testing::Test {
 protected:
  CliResult Run(const Arguments& arguments) { return RunCli(arguments, options_); }

  void Train(const std::string& out) {
    const CliResult result = Run({"train", "--data", "spirals", "--layers", "2,8,2", "--batch", "50", "--train-limit",
                                  "200", "--lr", "5e-3", "--epochs", "3", "--evaluate-every", "1", "--out", out});
    ASSERT_EQ(result.status, 0) << result.err;
  }

  // The page that the command made.
  std::string Page(const Arguments& arguments, const std::string& file) {
    const CliResult result = Run(arguments);
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_TRUE(Contains(result.out, file)) << result.out;
    return Get(scratch_ / file);
  }

  void ExpectRefusal(const Arguments& arguments, const std::string& message) {
    const CliResult result = Run(arguments);
    EXPECT_EQ(result.status, 2) << message;
    EXPECT_TRUE(Contains(result.err, message)) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  }

  ScratchFolder scratch_;
  CliOptions options_{.folder = scratch_.path()};
};

TEST_F(Report, HoldsSummaryCurvesControlsRegionsConfigurationAndDigestAndLoadsNothing) {
  Train("run");
  const std::string page = Page({"report", "run"}, "run/report.html");
  const auto checkpoint = Get(scratch_ / "run/checkpoint.safetensors");
  const size_t digest = checkpoint.find("\"digest\":\"");
  ASSERT_NE(digest, std::string::npos);
  for (const std::string& part :
       {std::string("<!DOCTYPE html>"), std::string("viewport"), std::string("prefers-color-scheme"),
        std::string("as trained"), std::string("collapsed to one linear layer"), std::string("Decision regions"),
        std::string("learning_rate"), checkpoint.substr(digest + 10, 64)}) {
    EXPECT_TRUE(Contains(page, part)) << part;
  }
  // A page could load something through these alone.
  for (const char* loads : {"http:", "https:", "src=\"/", "<script", "<link", "@import", "<iframe"}) {
    EXPECT_FALSE(Contains(page, loads)) << loads;
  }
}

TEST_F(Report, PicturesOfOnePageDoNotShareIds) {
  Train("run");
  const std::string page = Page({"report", "run"}, "run/report.html");
  std::vector<std::string> ids;
  for (const char quote : {'\'', '"'}) {
    const std::string start = std::string(" id=") + quote;
    for (size_t at = page.find(start); at != std::string::npos; at = page.find(start, at + 1)) {
      const size_t first = at + start.size();
      ids.push_back(page.substr(first, page.find(quote, first) - first));
    }
  }
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
}

TEST_F(Report, NamesFromOutsideAreShownAndNotObeyed) {
  Train("plain");
  // A folder's name has no slash.
  const std::string folder = "a<img src=x onerror=alert(1)>&\"'b";
  std::filesystem::rename(scratch_ / "plain", scratch_ / folder);
  Train("other");
  const std::string line = Get(scratch_ / folder / "metrics.jsonl");
  Put(scratch_ / folder / "metrics.jsonl", line + "{\"step\":1000,\"<script>x</script>\":0.5,\"epoch\":4}\n");
  const std::string page = Page({"report", folder, "other", "--out", "page.html"}, "page.html");
  EXPECT_TRUE(Contains(page, "a&lt;img src=x onerror=alert(1)&gt;&amp;&quot;&#39;b"));
  EXPECT_FALSE(Contains(page, "<img src=x"));
  EXPECT_FALSE(Contains(page, "<script"));
}

TEST_F(Report, TornAndForeignLinesAreLeftOutAndSaid) {
  Train("run");
  const std::string whole = Page({"report", "run", "--out", "whole.html"}, "whole.html");
  EXPECT_FALSE(Contains(whole, "torn"));
  const std::string metrics = Get(scratch_ / "run/metrics.jsonl");
  Put(scratch_ / "run/metrics.jsonl", metrics + "{\"step\":4000,\"train_acc");
  const std::string page = Page({"report", "run", "--out", "torn.html"}, "torn.html");
  EXPECT_TRUE(Contains(page, "torn; its 3 whole lines are used"));
  Put(scratch_ / "run/metrics.jsonl", "damage\n" + metrics);
  const std::string foreign = Page({"report", "run", "--out", "foreign.html"}, "foreign.html");
  EXPECT_TRUE(Contains(foreign, "1 of the lines of metrics.jsonl are no metrics and are left out"));
  Put(scratch_ / "run/metrics.jsonl", metrics + metrics);
  ExpectRefusal({"report", "run"}, "is damaged, its step");
}

TEST_F(Report, WithoutGnuplotItIsMadeAndNamesThePicturesThatAreMissing) {
  Train("run");
  const EmptyPath no_gnuplot;
  const std::string page = Page({"report", "run"}, "run/report.html");
  EXPECT_TRUE(Contains(page, "The picture “Accuracy” is missing: gnuplot is not installed."));
  EXPECT_TRUE(Contains(page, "collapsed to one linear layer"));
  EXPECT_FALSE(Contains(page, "<svg"));
  ExpectRefusal({"regions", "run", "--picture", "r.svg"}, "gnuplot is not installed");
}

TEST_F(Report, ARunThatHasOnlyBegunHasAReportThatSaysSo) {
  Train("run");
  std::filesystem::remove(scratch_ / "run/checkpoint.safetensors");
  std::filesystem::remove(scratch_ / "run/metrics.jsonl");
  const std::string page = Page({"report", "run"}, "run/report.html");
  EXPECT_TRUE(Contains(page, "no evaluation yet"));
  EXPECT_TRUE(Contains(page, "no checkpoint yet"));
}

TEST_F(Report, ASweepHasItsTableBesideTheRuns) {
  Train("run");
  ASSERT_EQ(Run({"sweep", "--data", "spirals", "--layers", "2,8,2", "--train-limit", "100", "--epochs", "1", "--out",
                 "grid", "--over", "scale-exponent=0,125"})
                .status,
            0);
  const std::string page = Page({"report", "grid", "run"}, "grid/report.html");
  EXPECT_TRUE(Contains(page, "2 of 2 cells done"));
  EXPECT_TRUE(Contains(page, "scale-exponent"));
  EXPECT_TRUE(Contains(page, "<h2>run</h2>"));
}

TEST_F(Report, SeveralRunsAreBesideEachOtherOverEpochsMemberSamplesAndSecondsInPageAndPicture) {
  Train("one");
  Train("two");
  // A resumed run: its clock began anew after the second evaluation.
  const std::string field = "\"seconds\":";
  std::string metrics = Get(scratch_ / "two/metrics.jsonl");
  size_t at = 0;
  for (const char* seconds : {"40", "60", "5.5"}) {
    at = metrics.find(field, at) + field.size();
    metrics.replace(at, metrics.find_first_of(",}", at) - at, seconds);
  }
  Put(scratch_ / "two/metrics.jsonl", metrics);

  const std::string page = Page({"report", "one", "two", "--out", "both.html"}, "both.html");
  EXPECT_EQ(Page({"report", "one", "two", "--picture", "both.svg"}, "both.svg").find("<?xml"), 0u);
  const std::string picture = Get(scratch_ / "both.svg");
  for (const char* label : {"epoch", "member-samples / million", "seconds of training", "test accuracy / %", "two"}) {
    EXPECT_TRUE(Contains(page, label)) << label;
    EXPECT_TRUE(Contains(picture, label)) << label;
  }
  EXPECT_TRUE(Contains(page, ">65.5<"));
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "one/report.html"));
}

TEST_F(Report, WhatIsNoRunIsRefusedInOneLineAndLeavesNoFile) {
  std::filesystem::create_directory(scratch_ / "empty");
  std::filesystem::create_directory(scratch_ / "foreign");
  Put(scratch_ / "foreign/config.json", "{\"name\": \"another program\"}");
  Put(scratch_ / "file", "text");
  const std::vector<std::string> before = Tree(scratch_.path());
  ExpectRefusal({"report"}, "folders");
  ExpectRefusal({"report", "empty"}, "neither a run (config.json) nor a sweep (sweep.json)");
  ExpectRefusal({"report", "foreign"}, "unknown field 'name'");
  ExpectRefusal({"report", "file"}, "expected the folder of a run or of a sweep");
  ExpectRefusal({"report", "nowhere"}, "expected the folder of a run or of a sweep");
  EXPECT_EQ(Tree(scratch_.path()), before);
  Train("run");
  ExpectRefusal({"report", "run", "--out", "no/such/folder.html"}, "no/such");
  ExpectRefusal({"report", "run", "--picture", "run.pdf"}, "--picture");
  ExpectRefusal({"report", "run", "--picture", "run.svg", "--out", "run.html"}, "--out excludes --picture");
}

TEST_F(Report, RegionsShowTheGateOnAndOff) {
  Train("run");
  const CliResult result = Run({"regions", "run", "--picture", "r.svg"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(Contains(result.out, "gate on: test accuracy"));
  const std::string svg = Get(scratch_ / "r.svg");
  for (const char* part : {"gate on", "gate off", "first feature", "second feature", "class 1"}) {
    EXPECT_TRUE(Contains(svg, part)) << part;
  }
}

}  // namespace
}  // namespace fplab
