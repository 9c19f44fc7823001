// fplab train and eval: what they print and leave behind, and that a run stopped by a signal goes on to the same bytes.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include <fplab/nets/data/dataset.h>
#include <fplab/nets/network/accuracy.h>
#include <fplab/nets/training/checkpoint.h>
#include "proptests/support/cli_process.h"
#include "proptests/support/idx_files.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

using Arguments = std::vector<std::string>;
using Json = nlohmann::ordered_json;

Arguments With(Arguments arguments, const Arguments& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::vector<std::string> Keys(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

// The lines of a metrics file without the times they took.
std::vector<Json> Metrics(const std::filesystem::path& run) {
  std::vector<Json> lines;
  std::istringstream text(Get(run / "metrics.jsonl"));
  for (std::string line; std::getline(text, line);) {
    lines.push_back(Json::parse(line));
    lines.back().erase("seconds");
    lines.back().erase("samples_per_second");
    lines.back().erase("member_samples_per_second");
  }
  return lines;
}

class Cli : public ::testing::Test {
 protected:
  CliResult Run(const Arguments& arguments) { return RunCli(arguments, options_); }
  std::filesystem::path Folder(const std::string& run) const { return scratch_ / run; }

  // A run of some epochs, each with a checkpoint.
  static Arguments Train(const std::string& out, const std::string& epochs = "20") {
    return {"train", "--data",        "spirals", "--layers", "2,24,16,2", "--epochs", epochs, "--batch",
            "64",    "--train-limit", "1000",    "--lr",     "5e-3",      "--warmup", "20",   "--evaluate-every",
            "1",     "--out",         out};
  }

  // The uninterrupted run that interrupted ones are compared with.
  void TrainWhole(const std::string& epochs = "20") {
    const CliResult result = Run(Train("whole", epochs));
    ASSERT_EQ(result.status, 0) << result.err;
  }
  void ExpectSameAsWhole(const std::string& run) {
    EXPECT_TRUE(Get(Folder(run) / "checkpoint.safetensors") == Get(Folder("whole") / "checkpoint.safetensors"))
        << run << ": the checkpoints differ";
    EXPECT_EQ(Metrics(Folder(run)), Metrics(Folder("whole"))) << run;
    EXPECT_EQ(Get(Folder(run) / "config.json"), Get(Folder("whole") / "config.json")) << run;
    EXPECT_EQ(Tree(Folder(run)), Tree(Folder("whole"))) << run;
  }

  ScratchFolder scratch_;
  CliOptions options_{.folder = scratch_.path()};
};

TEST_F(Cli, HelpExitsWithZeroAndShowsAnExample) {
  for (const char* command : {"train", "eval", "linearize"}) {
    const CliResult help = Run({command, "--help"});
    EXPECT_EQ(help.status, 0);
    EXPECT_EQ(help.err, "");
    EXPECT_TRUE(Contains(help.out, "Example")) << help.out;
    EXPECT_TRUE(Contains(help.out, std::string("  fplab ") + command + " ")) << help.out;
  }
  setenv("COLUMNS", "400", 1);
  const std::string help = Run({"train", "--help"}).out;
  unsetenv("COLUMNS");
  for (const char* option : {"--data",
                             "--preset",
                             "--estimator",
                             "--epochs",
                             "--batch",
                             "--sigma",
                             "--block",
                             "--lr",
                             "--seed",
                             "--threads",
                             "--isa",
                             "--matmul-mode",
                             "--elementwise-mode",
                             "--scale-exponent",
                             "--layers",
                             "--train-limit",
                             "--shift",
                             "--clean-epochs",
                             "--sigma-end",
                             "--noise",
                             "--average",
                             "--rescaled",
                             "--out",
                             "--resume",
                             "--json"}) {
    EXPECT_TRUE(Contains(help, option)) << option;
  }
  for (const char* part : {"Use only the first N training samples; 0: all (at least 0) [0]",
                           "activation: standard deviation of the pre-activation noise, times s (> 0) [0.15]",
                           "lowrank: rank of a pair's noise (1 to 4096) [1]", "(adam or sgd)"}) {
    EXPECT_TRUE(Contains(help, part)) << help << "lacks: " << part;
  }
}

TEST_F(Cli, HelpIsNoWiderThanColumnsSays) {
  const CliResult help = RunCli({"train", "--help"}, options_);
  std::istringstream lines(help.out);
  for (std::string line; std::getline(lines, line);) {
    // What is written by hand, the option's names, stands as it is.
    EXPECT_TRUE(line.size() <= 80 || line.starts_with("  --")) << line;
  }
}

TEST_F(Cli, ATrainingWhoseLossIsNoLongerANumberSaysSoAndExitsWithOne) {
  const Arguments diverging = With(Train("run", "2"), {"--scale-exponent", "-126"});
  const CliResult result = Run(diverging);
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(Contains(result.err, "fplab: diverged: the loss is no longer a number")) << result.err;
  EXPECT_TRUE(Contains(result.out, "scale 2^126")) << result.out;
  const CliResult json = Run(With(Train("other", "2"), {"--scale-exponent", "-126", "--json"}));
  EXPECT_EQ(json.status, 1);
  EXPECT_EQ(Json::parse(json.out)["diverged"], true);
  EXPECT_EQ(Json::parse(Run(With(Train("good", "2"), {"--json"})).out)["diverged"], false);
  ASSERT_EQ(Run({"report", "run", "--out", "page.html"}).status, 0);
  EXPECT_TRUE(Contains(Get(scratch_ / "page.html"), "Diverged: the loss is no longer a number"));
}

TEST_F(Cli, ARunThatEndsInsideItsWarmUpAndABatchOfMoreThanThereIsAreTold) {
  EXPECT_EQ(Run(Train("quiet", "2")).err, "");
  const Arguments small = {"train",    "--data", "spirals",       "--layers", "2,8,2", "--epochs", "2",
                           "--warmup", "8",      "--train-limit", "100",      "--out", "run"};
  EXPECT_TRUE(Contains(Run(With(small, {"--batch", "25"})).err, "the run's 8 steps end inside its warm-up of 8"));
  const Arguments large = With(small, {"--batch", "101", "--preset", "post"});
  Arguments elsewhere = large;
  *(std::find(elsewhere.begin(), elsewhere.end(), "run")) = "large";
  EXPECT_TRUE(Contains(Run(elsewhere).err, "--batch 101: all 100 training samples are one batch"));
}

TEST_F(Cli, AFinishedRunWhoseLastLineOfMetricsIsTornGetsItBackWhenItIsResumed) {
  ASSERT_EQ(Run(Train("run", "3")).status, 0);
  const std::vector<Json> whole = Metrics(Folder("run"));
  const std::string text = Get(Folder("run") / "metrics.jsonl");
  Put(Folder("run") / "metrics.jsonl", text.substr(0, text.size() - 20));
  ASSERT_EQ(Run({"train", "--resume", "--out", "run"}).status, 0);
  const std::vector<Json> healed = Metrics(Folder("run"));
  ASSERT_EQ(healed.size(), whole.size());
  for (const char* field : {"step", "epoch", "train_loss", "train_accuracy", "test_accuracy", "train_zeros"}) {
    EXPECT_EQ(healed.back()[field], whole.back()[field]) << field;
  }
  const std::string once = Get(Folder("run") / "metrics.jsonl");
  ASSERT_EQ(Run({"train", "--resume", "--out", "run"}).status, 0);
  EXPECT_EQ(Get(Folder("run") / "metrics.jsonl"), once);
}

TEST_F(Cli, TrainPrintsItsSummaryAndLeavesARunDirectory) {
  const CliResult result = Run(Train("run", "2"));
  EXPECT_EQ(result.status, 0) << result.err;
  for (const char* part : {"activation on spirals, 2 epochs, seed 1", "train accuracy", "test accuracy",
                           "matmul none, element-wise ftz+daz", "digest", "run"}) {
    EXPECT_TRUE(Contains(result.out, part)) << result.out << "lacks: " << part;
  }
  EXPECT_EQ(Tree(Folder("run")),
            (std::vector<std::string>{"checkpoint.safetensors", "config.json", "history.jsonl", "metrics.jsonl"}));
  EXPECT_EQ(Metrics(Folder("run")).size(), 2u);
}

TEST_F(Cli, TrainWithoutOutNamesTheFolderByDataEstimatorAndSeed) {
  Arguments arguments = Train("x", "1");
  arguments.resize(arguments.size() - 2);
  ASSERT_EQ(Run(With(arguments, {"--estimator", "gated", "--seed", "7"})).status, 0);
  EXPECT_TRUE(std::filesystem::exists(scratch_ / "runs/spirals-gated-7/checkpoint.safetensors"));
}

TEST_F(Cli, JsonIsOneObjectWithTheDocumentedFieldsAndWithoutATerminalThereIsNoProgress) {
  for (const char* estimator : {"activation", "gated", "backprop"}) {
    const CliResult result = Run(With(Train(estimator, "2"), {"--json", "--estimator", estimator, "--seed", "3"}));
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.err, "");
    EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1);
    const Json summary = Json::parse(result.out);
    for (const char* field : {"train_accuracy", "test_accuracy", "train_loss", "seconds", "epochs",
                              "samples_per_second", "digest", "isa", "modes", "seed"}) {
      EXPECT_TRUE(summary.contains(field)) << field;
    }
    const Json last = Metrics(Folder(estimator)).back();
    EXPECT_EQ(summary["train_accuracy"], last["train_accuracy"]);
    EXPECT_EQ(summary["test_accuracy"], last["test_accuracy"]);
    EXPECT_EQ(summary["train_loss"], last["train_loss"]);
    EXPECT_EQ(summary["epochs"], 2);
    EXPECT_EQ(summary["seed"], 3);
    EXPECT_EQ(summary["finished"], true);
    EXPECT_EQ(summary["digest"].get<std::string>().size(), 64u);
    const bool linear = std::string(estimator) == "backprop";
    EXPECT_EQ(summary["modes"]["elementwise"], linear ? "none" : "ftz+daz");
    EXPECT_EQ(summary["modes"]["matmul"], "none");
  }
}

TEST_F(Cli, EveryIsaAndThreadCountPrintsTheSameDigest) {
  std::string digest;
  int index = 0;
  for (const char* isa : {"best", "avx512", "avx2", "neon", "fallback"}) {
    const Arguments machine = {"--json", "--isa", isa, "--threads", std::to_string(1 + index % 3)};
    const CliResult result = Run(With(Train("run" + std::to_string(index++), "1"), machine));
    if (result.status == 2 && Contains(result.err, isa)) continue;  // not on this machine
    ASSERT_EQ(result.status, 0) << result.err;
    const std::string found = Json::parse(result.out)["digest"];
    if (digest.empty()) digest = found;
    EXPECT_EQ(found, digest) << isa;
  }
}

TEST_F(Cli, BytesOfAPathThatAreNotUtf8DoNotSpoilTheSummary) {
  const CliResult result = Run(With(Train("run\xff", "1"), {"--json"}));
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(Json::parse(result.out)["run"], "run\ufffd");
  EXPECT_EQ(Run({"eval", "run\xff", "--json"}).status, 0);
}

TEST_F(Cli, EvalAgreesWithTheRunAndShowsWhatIsLostWithoutTheGate) {
  ASSERT_EQ(Run(Train("run")).status, 0);
  const auto eval = [&](const Arguments& more) {
    const CliResult result = Run(With({"eval", "run", "--json"}, more));
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.err, "");
    return Json::parse(result.out);
  };
  const Json trained = eval({}), last = Metrics(Folder("run")).back();
  EXPECT_EQ(Keys(trained), (std::vector<std::string>{"run", "step", "digest", "flat", "scale_exponent", "rescaled",
                                                     "modes", "train", "test"}));
  EXPECT_EQ(trained["train"]["accuracy"], last["train_accuracy"]);
  EXPECT_EQ(trained["test"]["accuracy"], last["test_accuracy"]);
  EXPECT_EQ(trained["test"]["loss"], last["test_loss"]);
  EXPECT_EQ(trained["train"]["zeros"], last["train_zeros"]);
  EXPECT_EQ(eval({"--isa", "fallback", "--threads", "3"}), trained);

  // A spiral is no line: without its gate the network is one.
  const double gated = trained["train"]["accuracy"];
  EXPECT_GT(gated, 0.7);
  const Json open = eval({"--elementwise-mode", "none"}), flat = eval({"--flat"});
  EXPECT_LT(open["train"]["accuracy"].get<double>(), gated);
  EXPECT_EQ(open["modes"]["elementwise"], "none");
  EXPECT_EQ(flat["flat"], true);
  // What the library says of the same checkpoint, to the bit; that the two are one function but for rounding is for
  // accuracy_test to judge.
  const nets::Network network = nets::EvaluatedNetwork(nets::ReadCheckpoint(Folder("run") / "checkpoint.safetensors"));
  const nets::TrainTest data = nets::LoadData("spirals", {.train_limit = 1000});
  nets::Network gradual = network;
  gradual.config.elementwise_mode = kIeee;
  kernels::Workers workers(1);
  const auto loss = [&](const nets::Network& n) { return Evaluate(n, data.train, kernels::BestIsa(), workers).loss; };
  EXPECT_EQ(open["train"]["loss"].get<double>(), loss(gradual));
  EXPECT_EQ(flat["train"]["loss"].get<double>(), loss(nets::Flatten(network)));
  EXPECT_EQ(flat["train"]["zeros"].size(), 1u);
  EXPECT_EQ(open["train"]["zeros"][0], 0.0);

  // Flushing in the matmul flushes products and running sums of the later layers too; at another scale there is no
  // gate.
  const Json dead = eval({"--matmul-mode", "ftz+daz"});
  EXPECT_GT(dead["train"]["zeros"][1].get<double>(), trained["train"]["zeros"][1].get<double>());
  EXPECT_LT(dead["train"]["accuracy"].get<double>(), gated);
  EXPECT_EQ(dead["modes"]["matmul"], "ftz+daz");
  EXPECT_EQ(eval({"--scale-exponent", "0"})["train"]["zeros"][0], 0.0);

  for (const Arguments& more : {Arguments{}, {"--flat"}}) {
    const CliResult text = Run(With({"eval", "run"}, more));
    EXPECT_EQ(text.status, 0);
    for (const char* part : {"run after step 320", "train", "test", "%", "loss"}) {
      EXPECT_TRUE(Contains(text.out, part)) << text.out;
    }
  }
  EXPECT_EQ(Json::parse(Run({"eval", "run/checkpoint.safetensors", "--json"}).out)["test"], trained["test"]);
}

TEST_F(Cli, OnATerminalTrainShowsProgressAndCtrlCLeavesTheLineClean) {
  options_.terminal = true;
  CliProcess process(Train("run", "100000"), options_);
  // The line comes within a fraction of a second; a process that ended instead fails below.
  while (process.Running() && !Contains(process.TerminalOutput(), "s left")) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  process.Signal(SIGINT);
  const CliResult result = process.Wait();
  EXPECT_EQ(result.status, 130);
  for (const char* part : {"epoch ", "/100000", "loss ", "samples/s", "s left"}) {
    EXPECT_TRUE(Contains(result.err, part)) << result.err << " lacks: " << part;
  }
  EXPECT_TRUE(result.err.ends_with("\r\033[K")) << "the progress line was not cleared";
  EXPECT_TRUE(Contains(result.out, "stopped; go on with --resume")) << result.out;
}

TEST_F(Cli, ItsHistorySaysWhenByWhatCommandAndWhereARunWasBegunAndGoneOnWith) {
  ASSERT_EQ(Run(Train("run", "2")).status, 0);
  ASSERT_EQ(Run({"train", "--resume", "--out", "run", "--threads", "1"}).status, 0);
  std::istringstream text(Get(Folder("run") / "history.jsonl"));
  std::vector<Json> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(Json::parse(line));
  ASSERT_EQ(lines.size(), 2u);
  for (const Json& line : lines) {
    for (const char* field : {"at", "version", "commit", "compiler", "host", "processor", "isa"}) {
      EXPECT_TRUE(line[field].is_string()) << field;
    }
    EXPECT_EQ(line["at"].get<std::string>().size(), std::string("2026-11-30T12:00:00Z").size());
    EXPECT_EQ(line["data"]["train"].get<std::string>().size(), 64u);
  }
  EXPECT_EQ(lines[0]["command"].size(), 1 + Train("run", "2").size());
  EXPECT_EQ(lines[1]["command"][2], "--resume");
  EXPECT_EQ(lines[1]["threads"], 1);
  ASSERT_EQ(Run({"report", "run", "--out", "page.html"}).status, 0);
  EXPECT_TRUE(Contains(Get(scratch_ / "page.html"), lines[0]["at"].get<std::string>()));
}

TEST_F(Cli, TheLineOfProgressFitsInANarrowTerminal) {
  options_.terminal = true;
  options_.columns = 40;
  CliProcess process(Train("run", "100000"), options_);
  while (process.Running() && !Contains(process.TerminalOutput(), "s left")) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  process.Signal(SIGINT);
  const std::string shown = process.Wait().err;
  const std::string clear = "\r\033[K";
  for (size_t at = shown.find(clear); at != std::string::npos; at = shown.find(clear, at + 1)) {
    const std::string line = shown.substr(at + clear.size(), shown.find('\r', at + 1) - at - clear.size());
    EXPECT_LE(line.size(), 39 + std::string("…").size() - 1) << line;
  }
}

TEST_F(Cli, SignalsThatWereIgnoredWhenItBeganAndAStopInBetweenChangeNothing) {
  TrainWhole();
  options_.ignored = {SIGINT, SIGHUP};
  CliProcess process(Train("ignoring"), options_);
  while (process.Running() && Get(Folder("ignoring") / "metrics.jsonl").empty()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  process.Signal(SIGINT);
  process.Signal(SIGSTOP);
  process.Signal(SIGHUP);
  process.Signal(SIGCONT);
  EXPECT_EQ(process.Wait().status, 0);
  ExpectSameAsWhole("ignoring");
}

TEST_F(Cli, ASignalEndsItWith128AndItsNumberAndLeavesACheckpointThatGoesOnToTheSameBytes) {
  TrainWhole();
  int stopped = 0;
  for (int epochs_before : {1, 2, 4, 8}) {
    const std::string run = "stopped" + std::to_string(epochs_before);
    CliProcess process(With(Train(run), {"--json"}), options_);
    const auto lines = [&] {
      const std::string text = Get(Folder(run) / "metrics.jsonl");
      return std::count(text.begin(), text.end(), '\n');
    };
    while (process.Running() && lines() < epochs_before) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    const int signal = epochs_before == 4 ? SIGTERM : epochs_before == 2 ? SIGHUP : SIGINT;
    process.Signal(signal);
    const CliResult first = process.Wait();
    EXPECT_EQ(first.err, "");
    const bool finished = first.status == 0;  // the signal came too late
    if (!finished) {
      ++stopped;
      ASSERT_EQ(first.status, 128 + signal);
      const Json summary = Json::parse(first.out);
      EXPECT_EQ(summary["finished"], false);
      EXPECT_LT(summary["epochs"].get<int>(), 20);
      EXPECT_EQ(Run({"eval", run}).status, 0);
    }
    const CliResult rest = Run({"train", "--resume", "--out", run, "--json"});
    ASSERT_EQ(rest.status, 0) << rest.err;
    EXPECT_EQ(Json::parse(rest.out)["finished"], true);
    ExpectSameAsWhole(run);
  }
  EXPECT_GE(stopped, 2);
}

TEST_F(Cli, DataThatWereExchangedBetweenCtrlCAndResumeAreRefusedByTrainEvalAndReport) {
  const auto put = [&](char label) {
    for (const auto& [part, count] : {std::pair("train", 600u), {"t10k", 50u}}) {
      std::string images, labels;
      for (uint32_t i = 0; i < count; ++i) {
        for (uint32_t pixel = 0; pixel < 4; ++pixel) images += static_cast<char>(i * 37 + pixel * i * 11);
        labels += static_cast<char>(i < 10 ? i : i % 7 == 0 ? label : 1);  // ten classes
      }
      Put(Folder("digits") / (std::string(part) + "-images-idx3-ubyte"), Idx({count, 2, 2}, images));
      Put(Folder("digits") / (std::string(part) + "-labels-idx1-ubyte"), Idx({count}, labels));
    }
  };
  put(4);
  const auto train = [](const std::string& epochs, const std::string& out) {
    return Arguments{"train", "--data",   "digits", "--layers", "4,8,10", "--batch",
                     "50",    "--epochs", epochs,   "--out",    out};
  };
  CliProcess process(train("100000", "run"), options_);
  while (process.Running() && !std::filesystem::exists(Folder("run") / "checkpoint.safetensors")) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  process.Signal(SIGINT);
  ASSERT_EQ(process.Wait().status, 130);
  const std::string checkpoint = Get(Folder("run") / "checkpoint.safetensors");
  put(5);
  const std::string what = "the training data are not those of this run: their SHA-256 is ";
  for (const Arguments& arguments : {Arguments{"train", "--resume", "--out", "run"}, Arguments{"eval", "run"},
                                     Arguments{"eval", "run", "--controls"}, Arguments{"linearize", "run"}}) {
    const CliResult result = Run(arguments);
    EXPECT_EQ(result.status, 2) << arguments[0];
    EXPECT_TRUE(Contains(result.err, what)) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  }
  EXPECT_EQ(Run({"eval", "run", "--data", "digits"}).status, 0) << "named by the user they are taken";
  EXPECT_EQ(Run({"report", "run"}).status, 0);
  EXPECT_TRUE(Contains(Get(Folder("run") / "report.html"), "Controls and images are missing, for want of the data"));
  EXPECT_TRUE(Get(Folder("run") / "checkpoint.safetensors") == checkpoint);
  put(4);
  EXPECT_EQ(Run({"eval", "run"}).status, 0);
}

// What the folder holds, but for the lock.
std::vector<std::pair<std::string, std::string>> Content(const std::filesystem::path& folder) {
  std::vector<std::pair<std::string, std::string>> content;
  for (const std::string& name : Tree(folder)) {
    if (name != ".lock" && !name.ends_with('/')) content.emplace_back(name, Get(folder / name));
  }
  return content;
}

TEST_F(Cli, WhileOneProcessTrainsInAFolderEveryOtherIsRefusedWithItsNameAndOverwritesNothing) {
  CliProcess first(Train("run", "100000"), options_);
  while (first.Running() && !std::filesystem::exists(Folder("run") / "checkpoint.safetensors")) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  first.Freeze();  // so that nothing changes meanwhile
  const std::string holder = "run: is in use by process " + std::to_string(first.pid()) + " on host ";
  const auto before = Content(Folder("run"));
  for (const Arguments& second :
       {Train("run"), With(Train("run", "100000"), {"--resume"}), Arguments{"train", "--resume", "--out", "run"}}) {
    const CliResult result = Run(second);
    EXPECT_EQ(result.status, 2);
    EXPECT_TRUE(Contains(result.err, holder)) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_EQ(result.out, "");
  }
  EXPECT_EQ(Content(Folder("run")), before);
  EXPECT_EQ(Run({"eval", "run"}).status, 0) << "who only reads is not refused";
  first.Signal(SIGKILL);
  first.Wait();
  CliProcess next({"train", "--resume", "--out", "run"}, options_);
  while (next.Running() && Content(Folder("run")) == before) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_TRUE(next.Running()) << "a lock whose holder was killed is free: " << next.Wait().err;
}

TEST_F(Cli, OfManyThatBeginOrResumeAtOnceOneTrainsToTheSameBytes) {
  TrainWhole();
  for (const bool resume : {false, true}) {
    const std::string run = resume ? "resumed" : "begun";
    if (resume) {
      CliProcess process(Train(run), options_);
      while (process.Running() && !std::filesystem::exists(Folder(run) / "checkpoint.safetensors")) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      process.Signal(SIGKILL);
      process.Wait();
    }
    std::vector<std::unique_ptr<CliProcess>> processes;
    for (int i = 0; i < 4; ++i) {
      processes.push_back(std::make_unique<CliProcess>(resume ? With(Train(run), {"--resume"}) : Train(run), options_));
    }
    int done = 0;
    for (const auto& process : processes) {
      const CliResult result = process->Wait();
      done += result.status == 0;
      if (result.status == 0) continue;
      EXPECT_EQ(result.status, 2);
      EXPECT_TRUE(Contains(result.err, "is in use by ") || Contains(result.err, "already holds a run")) << result.err;
    }
    // One that begins after another has ended finds nothing left to do.
    EXPECT_GE(done, 1);
    EXPECT_LE(done, resume ? 4 : 1);
    ExpectSameAsWhole(run);
  }
}

// Goes on with a run that was killed at any moment, be it before its folder was complete.
Arguments GoOn(const std::filesystem::path& folder, const Arguments& start) {
  return std::filesystem::exists(folder / "config.json") ? With(start, {"--resume"}) : start;
}

TEST_F(Cli, KilledAtAnyMomentAndResumedItEndsInTheSameBytes) {
  TrainWhole();
  int killed = 0;
  for (const std::vector<int>& delays_ms :
       {std::vector<int>{0, 7, 20, 45, 80, 130, 200}, {3, 12, 33, 60, 110, 170, 260}, {250, 90, 30, 400}}) {
    const std::string run = "killed" + std::to_string(delays_ms.back());
    for (int delay : delays_ms) {
      CliProcess process(GoOn(Folder(run), Train(run)), options_);
      std::this_thread::sleep_for(std::chrono::milliseconds(delay));
      process.Signal(SIGKILL);
      const CliResult result = process.Wait();
      EXPECT_TRUE(result.status == 1000 + SIGKILL || result.status == 0) << result.status << result.err;
      killed += result.status != 0;
    }
    const CliResult rest = Run(GoOn(Folder(run), Train(run)));
    ASSERT_EQ(rest.status, 0) << rest.err;
    ExpectSameAsWhole(run);
  }
  EXPECT_GE(killed, 4);
}

TEST_F(Cli, KilledRightAfterACheckpointAppearsOrWhileOneIsWrittenItEndsInTheSameBytes) {
  TrainWhole();
  const std::filesystem::path folder = Folder("run");
  const auto temporary_is_there = [&] {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
      if (entry.path().filename().string().starts_with(".checkpoint.safetensors.")) return true;
    }
    return false;
  };
  for (int round = 0; round < 6; ++round) {
    CliProcess process(GoOn(folder, Train("run")), options_);
    const std::string before = Get(folder / "checkpoint.safetensors");
    const auto reached = [&] {
      return round % 2 == 0 ? Get(folder / "checkpoint.safetensors") != before : temporary_is_there();
    };
    while (process.Running() && !reached()) std::this_thread::yield();
    process.Signal(SIGKILL);
    process.Wait();
  }
  const CliResult rest = Run(GoOn(folder, Train("run")));
  ASSERT_EQ(rest.status, 0) << rest.err;
  ExpectSameAsWhole("run");
}

}  // namespace
}  // namespace fplab
