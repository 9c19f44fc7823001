// Run directories: nothing of an old run is lost, and a torn or outrun metrics file is put right.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/run_directory.h>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <optional>

#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

OrderedJson Line(int64_t step) { return {{"step", step}, {"loss", 0.25}, {"name", "a\nb"}}; }

std::vector<int64_t> Steps(const RunDirectory& run) {
  std::vector<int64_t> steps;
  for (const OrderedJson& line : run.ReadMetrics()) steps.push_back(line["step"].get<int64_t>());
  return steps;
}

std::string CreateRefusal(const std::filesystem::path& path) {
  return ErrorOf([&] { RunDirectory::Create(path, OrderedJson::object()); });
}

class RunDirectories : public ::testing::Test {
 protected:
  ScratchFolder scratch_;
  OrderedJson config_ = {{"seed", 7}, {"layers", {784, 10}}, {"data", "mnist"}};
};

TEST_F(RunDirectories, CreatingMakesParentsAndKeepsTheConfigurationInItsOrder) {
  RunDirectory::Create(scratch_ / "a/b/run", config_);
  EXPECT_EQ(Names(scratch_ / "a/b/run"), std::vector<std::string>{"config.json"});
  const RunDirectory run = RunDirectory::Open(scratch_ / "a/b/run");
  EXPECT_EQ(RunDirectory::Open(run.path()).config().dump(), config_.dump());
  EXPECT_FALSE(run.HasCheckpoint());
  EXPECT_TRUE(run.ReadMetrics().empty());
}

TEST_F(RunDirectories, AFolderThatHoldsNoRunIsTaken) {
  std::filesystem::create_directory(scratch_ / "run");
  Put(scratch_ / "run/notes.txt", "mine");
  RunDirectory::Create(scratch_ / "run", config_);
  EXPECT_EQ(Get(scratch_ / "run/notes.txt"), "mine");
}

TEST_F(RunDirectories, AnExistingRunIsRefusedAndUntouched) {
  for (const char* name : {"config.json", "metrics.jsonl", "checkpoint.safetensors", "report.html"}) {
    const std::filesystem::path folder = scratch_ / name;
    Put(folder / name, "precious");
    const std::string message = CreateRefusal(folder);
    EXPECT_TRUE(Contains(message, "already holds a run") && Contains(message, "--resume")) << message;
    EXPECT_EQ(Get(folder / name), "precious");
    EXPECT_EQ(Names(folder).size(), 1u);
  }
}

TEST_F(RunDirectories, APlaceThatCannotBeWrittenIsNamed) {
  Put(scratch_ / "file", "x");
  EXPECT_TRUE(Contains(CreateRefusal(scratch_ / "file"), "file"));
  EXPECT_TRUE(Contains(CreateRefusal(scratch_ / "file/run"), "cannot create the folder: Not a directory"));
  EXPECT_TRUE(Contains(CreateRefusal("/proc/fplab/run"), "/proc/fplab/run: cannot create the folder: "));
  EXPECT_EQ(Get(scratch_ / "file"), "x");
}

TEST_F(RunDirectories, OpeningWhatIsNoRunOrHasADamagedConfigurationIsRefused) {
  EXPECT_TRUE(Contains(ErrorOf([&] { RunDirectory::Open(scratch_ / "none"); }), "not a run directory"));
  EXPECT_TRUE(Contains(ErrorOf([&] { RunDirectory::Open(scratch_.path()); }), "has no config.json"));
  for (const char* text : {"", "{", "[]", "{} {}", "\xff"}) {
    Put(scratch_ / "config.json", text);
    const std::string message = ErrorOf([&] { RunDirectory::Open(scratch_.path()); });
    EXPECT_TRUE(Contains(message, "config.json: damaged, expected one JSON object")) << message;
  }
}

TEST_F(RunDirectories, MetricsAreOneLineEachAndComeBack) {
  RunDirectory run = RunDirectory::Create(scratch_ / "run", config_);
  for (int64_t step : {0, 10, 10, 20}) run.AppendMetrics(Line(step));
  EXPECT_EQ(Steps(run), (std::vector<int64_t>{0, 10, 10, 20}));
  EXPECT_EQ(run.ReadMetrics()[3].dump(), Line(20).dump());
  const std::string text = Get(run.metrics_path());
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
}

TEST_F(RunDirectories, ATornLastLineIsLeftOutAndDroppedOnResume) {
  RunDirectory run = RunDirectory::Create(scratch_ / "run", config_);
  run.AppendMetrics(Line(1));
  const std::string whole = Get(run.metrics_path());
  Put(run.metrics_path(), whole + "{\"step\":2,\"lo");
  EXPECT_EQ(Steps(run), std::vector<int64_t>{1});
  run.RewindMetrics(100);
  EXPECT_EQ(Get(run.metrics_path()), whole);
  run.AppendMetrics(Line(2));
  EXPECT_EQ(Steps(run), (std::vector<int64_t>{1, 2}));
}

TEST_F(RunDirectories, LinesBeyondTheCheckpointAreDroppedAndMissingMetricsAreFine) {
  RunDirectory run = RunDirectory::Create(scratch_ / "run", config_);
  run.RewindMetrics(5);
  EXPECT_FALSE(std::filesystem::exists(run.metrics_path()));
  for (int64_t step : {0, 10, 20, 30}) run.AppendMetrics(Line(step));
  run.RewindMetrics(30);
  EXPECT_EQ(Steps(run), (std::vector<int64_t>{0, 10, 20, 30}));
  run.RewindMetrics(29);
  run.RewindMetrics(10);
  EXPECT_EQ(Steps(run), (std::vector<int64_t>{0, 10}));
  run.RewindMetrics(-1);
  EXPECT_EQ(Get(run.metrics_path()), "");
}

TEST_F(RunDirectories, LinesThatAreNoMetricsAreLeftOutCountedAndKept) {
  RunDirectory run = RunDirectory::Create(scratch_ / "run", config_);
  for (const char* foreign : {"{\"step\":2", "{}", "7", "", "{\"step\":\"2\"}", "note to self",
                              "{\"step\":2,\"loss\":NaN}", "{\"step\":18446744073709551615}", "{\"step\":1.5}"}) {
    const std::string before = Line(1).dump() + "\n" + foreign + "\n";
    const std::string text = before + Line(3).dump() + "\n" + foreign + "\n";
    Put(run.metrics_path(), text);
    size_t count = 0;
    EXPECT_EQ(run.ReadMetrics(&count).size(), 2u) << foreign;
    EXPECT_EQ(count, 2u) << foreign;
    run.RewindMetrics(3);
    EXPECT_EQ(Get(run.metrics_path()), text);
    run.RewindMetrics(2);
    EXPECT_EQ(Get(run.metrics_path()), before);
  }
}

TEST_F(RunDirectories, StepsThatGoBackAreDamage) {
  RunDirectory run = RunDirectory::Create(scratch_ / "run", config_);
  Put(run.metrics_path(), "{\"step\":5}\n\n{\"step\":4}\n");
  EXPECT_TRUE(Contains(ErrorOf([&] { run.ReadMetrics(); }), "metrics.jsonl: line 3 is damaged"));
  EXPECT_TRUE(Contains(ErrorOf([&] { run.RewindMetrics(9); }), "metrics.jsonl: line 3 is damaged"));
  Put(run.metrics_path(), R"({"step":-2})"
                          "\n"
                          R"({"step":-2})"
                          "\n"
                          R"({"step":7})"
                          "\n");
  EXPECT_EQ(run.ReadMetrics().size(), 3u);
}

TEST_F(RunDirectories, AFullDiskIsAnErrorWithItsReason) {
  RunDirectory run = RunDirectory::Create(scratch_ / "run", config_);
  std::filesystem::create_symlink("/dev/full", run.metrics_path());
  EXPECT_EQ(ErrorOf([&] { run.AppendMetrics(Line(1)); }),
            run.metrics_path().string() + ": cannot append a line: No space left on device");
}

TEST_F(RunDirectories, ResumingRemovesWhatAKilledWriterLeft) {
  std::optional<RunDirectory> run = RunDirectory::Create(scratch_ / "run", config_);
  Put(run->path() / ".checkpoint.safetensors.123.4.tmp", "half");
  Put(run->path() / ".config.json.0123456789abcdef.tmp", "half");
  run->RewindMetrics(0);
  Put(run->checkpoint_path(), "whole");
  EXPECT_TRUE(run->HasCheckpoint());
  run.reset();
  EXPECT_EQ(Names(scratch_ / "run").size(), 2u);
}

TEST_F(RunDirectories, WhatARunThatWasKilledAtItsBeginningLeftIsInNobodysWay) {
  Put(scratch_ / "run/.config.json.1.0.tmp", "half");
  Put(scratch_ / "run/.lock", "process 1 on host container since 2017-09-29 12:00:00 UTC\n");
  RunDirectory::Create(scratch_ / "run", config_);
  EXPECT_EQ(Names(scratch_ / "run"), std::vector<std::string>{"config.json"});
}

TEST_F(RunDirectories, BytesThatAreNotUtf8AreReplacedNotFatal) {
  RunDirectory run = RunDirectory::Create(scratch_ / "run", {{"data", "\xff/mnist"}});
  run.AppendMetrics({{"step", 1}, {"note", "\xff"}});
  EXPECT_EQ(RunDirectory::Open(run.path()).config()["data"], "\ufffd/mnist");
  EXPECT_EQ(Steps(run), std::vector<int64_t>{1});
}

RC_GTEST_PROP(RunDirectoryProperty, WhereverAnAppendIsCutTheLinesBeforeSurvive, ()) {
  const ScratchFolder scratch;
  RunDirectory run = RunDirectory::Create(scratch / "run", OrderedJson::object());
  const int count = *rc::gen::inRange(1, 6);
  std::vector<size_t> ends;
  for (int step = 0; step < count; ++step) {
    run.AppendMetrics(Line(step));
    ends.push_back(std::filesystem::file_size(run.metrics_path()));
  }
  const size_t cut = *rc::gen::inRange<size_t>(0, ends.back() + 1);
  std::filesystem::resize_file(run.metrics_path(), cut);
  run.RewindMetrics(count);
  const auto whole = std::count_if(ends.begin(), ends.end(), [&](size_t end) { return end <= cut; });
  RC_ASSERT(static_cast<std::ptrdiff_t>(Steps(run).size()) == whole);
  RC_ASSERT(std::filesystem::file_size(run.metrics_path()) == (whole == 0 ? 0 : ends[static_cast<size_t>(whole - 1)]));
}

}  // namespace
}  // namespace fplab::nets
