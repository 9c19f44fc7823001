// Two runs of fplab bench beside each other: ratios, intervals, what is refused and what is warned of.
// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/bench_compare.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proptests/support/scratch_folder.h"
#include "tools/bench/machine_watch.h"
#include "tools/bench/sample.h"

namespace fplab::tools {
namespace {

BenchJson Training(double rate, const std::vector<double>& repetitions) {
  return {
      {"cpu", "here"},
      {"rows", {{{"estimator", "gated"}, {"threads", 2}, {"samples_per_second", rate}, {"repetitions", repetitions}}}}};
}

BenchJson Subnormals(double ticks, const std::vector<double>& repetitions) {
  return {{"rows",
           {{{"operation", "mul"},
             {"operands", "normal"},
             {"mode", "none"},
             {"ticks", ticks},
             {"repetitions", repetitions}}}}};
}

TEST(Sample, TheIntervalOfARatioHasTheRatioOfMediansInIt) {
  const RatioInterval interval = RatioOfMedians({{10, 11, 12, 13, 14}}, {{5, 6, 7, 6, 6}});
  EXPECT_DOUBLE_EQ(interval.ratio, 2);
  EXPECT_LE(interval.low, 2);
  EXPECT_GE(interval.high, 2);
  EXPECT_GE(interval.low, 10.0 / 7);
  EXPECT_LE(interval.high, 14.0 / 5);
}

TEST(Sample, EqualSamplesAreNotToldApartAndDistantOnesAre) {
  EXPECT_FALSE(RatioOfMedians({{1.0, 1.1, 0.9}}, {{1.0, 1.1, 0.9}}).ExcludesOne());
  EXPECT_TRUE(RatioOfMedians({{2.0, 2.1, 1.9}}, {{1.0, 1.1, 0.9}}).ExcludesOne());
  const RatioInterval single = RatioOfMedians({{3}}, {{2}});
  EXPECT_EQ(single.low, single.high) << "one repetition knows no variation";
}

TEST(Sample, TheSameSamplesHaveTheSameIntervalAlways) {
  const Sample now{{3, 4, 5, 4}}, before{{4, 3, 3, 5}};
  EXPECT_EQ(RatioOfMedians(now, before).low, RatioOfMedians(now, before).low);
  EXPECT_EQ(RatioOfMedians(now, before).high, RatioOfMedians(now, before).high);
}

TEST(BenchCompare, MoreSamplesASecondAndFewerTicksAreBothFaster) {
  const BenchJson training = CompareBench(Training(200, {199, 200, 201}), Training(100, {99, 100, 101}));
  EXPECT_EQ(training["rows"][0]["what"], "gated 2");
  EXPECT_NEAR(training["rows"][0]["ratio"].get<double>(), 2, 0.001);
  EXPECT_EQ(training["rows"][0]["verdict"], "faster");
  const BenchJson ticks = CompareBench(Subnormals(50, {49, 50, 51}), Subnormals(100, {99, 100, 101}));
  EXPECT_NEAR(ticks["rows"][0]["ratio"].get<double>(), 2, 0.001);
  EXPECT_EQ(ticks["rows"][0]["verdict"], "faster");
  EXPECT_EQ(CompareBench(Subnormals(100, {99, 100, 101}), Subnormals(50, {49, 50, 51}))["rows"][0]["verdict"],
            "slower");
}

TEST(BenchCompare, ARunOfOneTopicIsFoundInARunOfAll) {
  const BenchJson all = {
      {"cpu", "here"}, {"training", Training(100, {100, 101})}, {"subnormals", Subnormals(1, {1, 1})}};
  const BenchJson comparison = CompareBench(Training(100, {100, 102}), all);
  ASSERT_EQ(comparison["rows"].size(), 1u);
  EXPECT_EQ(comparison["rows"][0]["verdict"], "same");
  EXPECT_EQ(CompareBench(all, all)["rows"].size(), 2u);
}

TEST(BenchCompare, AnOlderRunWithoutRepetitionsHasARatioAndNoInterval) {
  BenchJson old = Training(100, {});
  old["rows"][0].erase("repetitions");
  const BenchJson row = CompareBench(Training(150, {149, 151}), old)["rows"][0];
  EXPECT_DOUBLE_EQ(row["ratio"].get<double>(), 1.5);
  EXPECT_TRUE(row["low"].is_null());
  EXPECT_EQ(row["verdict"], "unknown");
}

TEST(BenchCompare, RowsThatOneRunLacksAreCounted) {
  BenchJson more = Training(100, {100, 101});
  more["rows"].push_back({{"estimator", "lowrank"}, {"threads", 1}, {"samples_per_second", 5}});
  const BenchJson comparison = CompareBench(more, Training(100, {100, 101}));
  EXPECT_EQ(comparison["only_now"], BenchJson::array({"lowrank 1"}));
  EXPECT_NE(CompareTable(comparison).find("1 row measured now alone"), std::string::npos);
}

TEST(BenchCompare, AnotherProcessorAndWhatWasWatchedAreWarnedOf) {
  BenchJson now = Training(1, {1}), before = Training(1, {1});
  EXPECT_TRUE(CompareWarnings(now, before).empty());
  before["cpu"] = "there";
  now["watch"] = {{"warnings", {"the clock moved by 12 % during the run"}}};
  const std::vector<std::string> expected = {"another processor: there before, here now",
                                             "now: the clock moved by 12 % during the run"};
  EXPECT_EQ(CompareWarnings(now, before), expected);
}

TEST(BenchCompare, AFileThatBenchDidNotWriteIsRefusedByItsName) {
  const ScratchFolder folder;
  for (const char* text :
       {"", "{", "[]", "{\"rows\": []}", "{\"rows\": [1]}", "{\"rows\": [{\"gflops\": \"fast\"}]}"}) {
    Put(folder / "old.json", text);
    EXPECT_NE(ErrorOf([&] { ReadBench((folder / "old.json").string(), "all"); }).find("old.json"), std::string::npos)
        << text;
  }
  EXPECT_NE(ErrorOf([&] { ReadBench((folder / "none.json").string(), "all"); }).find("none.json"), std::string::npos);
  Put(folder / "good.json", Training(1, {1}).dump());
  EXPECT_EQ(ReadBench((folder / "good.json").string(), "training"), Training(1, {1}));
  EXPECT_NE(ErrorOf([&] { ReadBench((folder / "good.json").string(), "random"); }).find("bench random --json"),
            std::string::npos)
      << "another topic";
}

TEST(MachineWatch, WarnsOfAClockThatMovedAndOfOthersWork) {
  MachineWatch quiet;
  quiet.Add({1.00, std::nullopt});
  quiet.Add({0.98, 0.02});
  EXPECT_TRUE(quiet.Warnings().empty());
  quiet.Add({0.80, 0.4});
  const std::vector<std::string> expected = {"the clock moved by 20 % during the run",
                                             "other work took up to 0.40 of a processor"};
  EXPECT_EQ(quiet.Warnings(), expected);
  EXPECT_EQ(quiet.Json()["looks"], 3);
  EXPECT_DOUBLE_EQ(quiet.Json()["others_most"].get<double>(), 0.4);
}

TEST(MachineWatch, ALookReadsAClockThatRuns) {
  MachineWatch watch;
  watch.Look();
  EXPECT_GT(watch.Json()["chain_rate_least"].get<double>(), 0);
  EXPECT_TRUE(MachineWatch().Warnings().empty());
}

}  // namespace
}  // namespace fplab::tools
