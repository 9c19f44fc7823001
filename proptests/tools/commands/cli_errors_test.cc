// The command line refuses bad input: exit status 2, one line on stderr that says what and where, nothing written.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include <fplab/fparith/mode/control_word.h>
#include "proptests/support/cli_process.h"
#include "proptests/support/idx_files.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

using Arguments = std::vector<std::string>;

// A run that takes a fraction of a second.
const Arguments kSmall = {"train",   "--data", "spirals",       "--layers", "2,8,2", "--epochs", "1",
                          "--batch", "100",    "--train-limit", "200",      "--out", "run"};

Arguments With(Arguments arguments, const Arguments& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

// The same without an option and its value.
Arguments Without(Arguments arguments, const std::string& option) {
  const auto at = std::find(arguments.begin(), arguments.end(), option);
  arguments.erase(at, at + 2);
  return arguments;
}

std::string Joined(const Arguments& arguments) {
  std::string text;
  for (const std::string& word : arguments) text += " " + word;
  return text;
}

class CliErrors : public ::testing::Test {
 protected:
  CliResult Run(const Arguments& arguments) { return RunCli(arguments, options_); }

  // Expects refusal with that part in the message, and that nothing came or went in the scratch folder.
  void ExpectRefused(const Arguments& arguments, const std::string& part) {
    const std::vector<std::string> before = Tree(scratch_.path());
    const CliResult result = Run(arguments);
    const std::string what = Joined(arguments) + "\n" + result.err;
    EXPECT_EQ(result.status, 2) << what;
    EXPECT_EQ(result.out, "") << what;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << what;
    EXPECT_TRUE(result.err.starts_with("fplab: ") && result.err.ends_with("\n")) << what;
    EXPECT_TRUE(Contains(result.err, part)) << what << "lacks: " << part;
    EXPECT_EQ(Tree(scratch_.path()), before) << what;
  }

  ScratchFolder scratch_;
  CliOptions options_{.folder = scratch_.path()};
};

TEST_F(CliErrors, UnknownNamesAreRefusedWithTheNamesThereAre) {
  const struct {
    const char *option, *value, *part;
  } wrong[] = {
      {"--matmul-mode", "flush", "'flush'"},
      {"--elementwise-mode", "FTZ", "'FTZ'"},
      {"--elementwise-mode", "none,nearest-away", "nearest-away"},
      {"--isa", "sse9", "sse9"},
      {"--isa", "neon", "neon"},  // not on this machine, or see below
      {"--preset", "slow", "unknown preset 'slow': expected post, best, quick or spirals"},
      {"--estimator", "es", "unknown estimator 'es': expected activation, gaussian, lowrank, gated or backprop"},
      {"--optimizer", "lion", "unknown optimizer 'lion': expected adam or sgd"},
      {"--noise", "loud", "unknown noise 'loud': expected normal or signs"},
      {"--rescaled", "perhaps", "--rescaled"},
      {"--schedule", "step", "unknown schedule 'step': expected constant or cosine"}};
  for (const auto& [option, value, part] : wrong) {
#if defined(__aarch64__)
    if (std::string(value) == "neon") continue;
#endif
    ExpectRefused(With(kSmall, {option, value}), part);
  }
}

TEST_F(CliErrors, ModesThatThisMachineLacksAreRefusedByNameWithThoseItHas) {
  int lacking = 0;
  for (Mode mode : kFlushModes) {
    if (HardwareSupports(mode)) continue;
    ++lacking;
    for (const char* option : {"--matmul-mode", "--elementwise-mode"}) {
      ExpectRefused(With(kSmall, {option, Name(mode)}),
                    fmt::format("mode '{}' is not supported by this machine's hardware, which has: none", Name(mode)));
    }
  }
  if (lacking == 0) GTEST_SKIP() << "this machine has all four flushing modes";
}

TEST_F(CliErrors, NumbersThatMakeNoSenseAreRefused) {
  const struct {
    const char *option, *value, *part;
  } wrong[] = {{"--threads", "0", "threads: found 0, expected 1 to 4096"},
               {"--threads", "-1", "threads: found -1"},
               {"--threads", "5000", "threads: found 5000"},
               {"--threads", "two", "--threads"},
               {"--threads", "99999999999999999999", "--threads"},
               {"--sigma", "0", "sigma: found 0"},
               {"--sigma", "nan", "sigma: found nan"},
               {"--sigma", "inf", "sigma: found inf"},
               {"--sigma-end", "-0.1", "sigma end: found -0.1"},
               {"--shift", "1", "shift: found 1, but the samples of spirals are not images: expected 0"},
               {"--shift", "-1", "shift: found -1"},
               {"--shift", "0.5", "--shift"},
               {"--clean-epochs", "-1", "clean epochs: found -1"},
               {"--block", "0", "block: found 0"},
               {"--block", "4,-2", "block: found -2"},
               {"--output-pairs", "0", "output pairs: found 0"},
               {"--output-pairs", "2000000000", "output pairs: found 2000000000"},
               {"--lr", "0", "learning rate: found 0"},
               {"--lr", "-1e-3", "learning rate: found -0.001"},
               {"--lr", "fast", "--lr: found 'fast', expected a binary32 number"},
               {"--momentum", "1", "momentum: found 1"},
               {"--average", "-0.5", "average decay: found -0.5"},
               {"--warmup", "-1", "warmup steps: found -1"},
               {"--seed", "-1", "--seed"},
               {"--seed", "1.5", "--seed"},
               {"--scale-exponent", "127", "scale exponent: found 127"},
               {"--evaluate-every", "0", "evaluate every: found 0"}};
  for (const auto& [option, value, part] : wrong) ExpectRefused(With(kSmall, {option, value}), part);

  ExpectRefused(With(Without(kSmall, "--batch"), {"--batch", "0"}), "batch: found 0");
  ExpectRefused(With(Without(kSmall, "--epochs"), {"--epochs", "0"}), "epochs: found 0");
  ExpectRefused(With(Without(kSmall, "--train-limit"), {"--train-limit", "-1"}), "train limit: found -1");
}

TEST_F(CliErrors, AnOptionThatTheEstimatorDoesNotUseIsRefusedByNameWithThoseThatDo) {
  const struct {
    const char *estimator, *option, *value, *part;
  } wrong[] = {
      {"activation", "--rank", "2", "--rank: estimator activation does not use it; lowrank does"},
      {"activation", "--pairs", "2", "--pairs: estimator activation does not use it; gaussian and lowrank do"},
      {"gaussian", "--layer-pairs", "1,2", "--layer-pairs: estimator gaussian does not use it; lowrank does"},
      {"lowrank", "--sigma", "0.1", "--sigma: estimator lowrank does not use it; activation does"},
      {"gated", "--block", "2", "--block: estimator gated does not use it; activation does"},
      {"backprop", "--fitness", "ranks", "--fitness: estimator backprop does not use it; gaussian and lowrank do"}};
  for (const auto& [estimator, option, value, part] : wrong) {
    ExpectRefused(With(kSmall, {option, value, "--estimator", estimator}), part);
  }
  ExpectRefused(With(kSmall, {"--shared-batch"}),
                "--shared-batch: estimator activation does not use it; gaussian and lowrank do");
}

TEST_F(CliErrors, LayersThatDoNotFitTheDataOrMakeNoNetworkAreRefusedBeforeTheFolderIsMade) {
  const Arguments base = Without(kSmall, "--layers");
  ExpectRefused(With(base, {"--layers", "784,8,10"}), "layers: the input width is 784, but spirals has 2 features");
  ExpectRefused(With(base, {"--layers", "2,8,10"}), "layers: the output width is 10, but spirals has 2 classes");
  ExpectRefused(With(base, {"--layers", "2"}), "layers: found 1 widths");
  ExpectRefused(With(base, {"--layers", "2,0,2"}), "layers: found 0, expected 1 to 65536");
  ExpectRefused(With(base, {"--layers", "2,8x,2"}), "--layers");
  ExpectRefused(With(base, {"--layers", "2,65536,65536,2"}), "layers: found 4295229440 weights");
}

TEST_F(CliErrors, AListOfMoreNumbersThanThereAreLayersIsRefused) {
  const Arguments base = Without(kSmall, "--layers");
  const Arguments activation = With(base, {"--layers", "2,8,8,2"});
  ExpectRefused(With(activation, {"--block", "2,2,2,2"}),
                "--block: found 4 numbers, expected 2 at most, one for each hidden layer");
  const Arguments gaussian = With(activation, {"--estimator", "gaussian"});
  ExpectRefused(With(gaussian, {"--weight-sigma", "1,2,3,4,5"}), "--weight-sigma: found 5 numbers, expected 3 at most");
  const Arguments lowrank = With(activation, {"--estimator", "lowrank"});
  ExpectRefused(With(lowrank, {"--layer-pairs", "1,2,3,4"}), "--layer-pairs: found 4 numbers, expected 3 at most");
  EXPECT_EQ(Run(With(activation, {"--block", "2"})).status, 0);
}

TEST_F(CliErrors, UnknownOptionsAndSubcommandsAreRefused) {
  ExpectRefused({}, "subcommand");
  ExpectRefused({"trian"}, "unknown subcommand 'trian': did you mean train?");
  ExpectRefused({"unlike"}, "unknown subcommand 'unlike' (");
  ExpectRefused({"--trian"}, "unknown option '--trian'");
  ExpectRefused(With(kSmall, {"--epoch", "3"}), "unknown option '--epoch' of train: did you mean --epochs?");
  ExpectRefused(With(kSmall, {"--epoch=3"}), "unknown option '--epoch' of train: did you mean --epochs?");
  ExpectRefused(With(kSmall, {"--nothing-like-it"}), "unknown option '--nothing-like-it' of train (");
  ExpectRefused(With(kSmall, {"stray"}), "train: 'stray' was not expected");
  ExpectRefused({"refute", "-a == a"}, "'-a == a' of refute: an argument that begins with a minus goes after --");
  ExpectRefused({"eval"}, "run");
  ExpectRefused(With(kSmall, {"--sigma"}), "--sigma");
}

TEST_F(CliErrors, AValueWithLineBreaksStillMakesOneLine) {
  ExpectRefused(With(Without(kSmall, "--data"), {"--data", "no\nsuch\r\nfolder"}), "no");
  ExpectRefused(With(kSmall, {"--estimator", "a\nb"}), "unknown estimator");
  ExpectRefused(With(kSmall, {"--threads", "1\n2"}), "--threads");
}

TEST_F(CliErrors, DataThatAreMissingTruncatedOrOfAnotherFormatAreNamed) {
  const auto with_data = [&](const std::string& data) {
    return With(Without(Without(kSmall, "--data"), "--layers"), {"--data", data});
  };
  ExpectRefused(with_data((scratch_ / "none").string()),
                "none: expected mnist, glyphs, spirals, or a folder or an .npz file that exists");
  std::filesystem::create_directory(scratch_ / "empty");
  ExpectRefused(with_data("empty"), "empty");

  const std::string images = Idx({3, 28, 28}, std::string(3 * 784, '\x7f')), labels = Idx({3}, "\1\2\3");
  const auto put = [&](const std::string& train_images, const std::string& train_labels) {
    Put(scratch_ / "folder/train-images-idx3-ubyte", train_images);
    Put(scratch_ / "folder/train-labels-idx1-ubyte", train_labels);
    Put(scratch_ / "folder/t10k-images-idx3-ubyte", images);
    Put(scratch_ / "folder/t10k-labels-idx1-ubyte", labels);
  };
  put(images.substr(0, 1000), labels);
  ExpectRefused(with_data("folder"), "train-images-idx3-ubyte");
  put("PK" + images.substr(2), labels);
  ExpectRefused(with_data("folder"), "train-images-idx3-ubyte");
  put(images, Idx({2}, "\1\2"));
  ExpectRefused(with_data("folder"), "folder");
  put(IdxHeader({0x80000000u, 28, 28}), labels);
  ExpectRefused(with_data("folder"), "train-images-idx3-ubyte");
  put(images, labels);
  EXPECT_EQ(Run(with_data("folder")).status, 0);
}

TEST_F(CliErrors, AnExistingRunIsRefusedWithoutResumeAndKeptAsItIs) {
  ASSERT_EQ(Run(kSmall).status, 0);
  const std::string checkpoint = Get(scratch_ / "run/checkpoint.safetensors");
  const std::string metrics = Get(scratch_ / "run/metrics.jsonl"), config = Get(scratch_ / "run/config.json");
  ExpectRefused(With(kSmall, {"--seed", "2"}), "run: already holds a run");
  EXPECT_EQ(Get(scratch_ / "run/checkpoint.safetensors"), checkpoint);
  EXPECT_EQ(Get(scratch_ / "run/metrics.jsonl"), metrics);
  EXPECT_EQ(Get(scratch_ / "run/config.json"), config);
}

TEST_F(CliErrors, AnOutputFolderThatCannotBeWrittenIsNamed) {
  const Arguments base = Without(kSmall, "--out");
  Put(scratch_ / "file", "precious");
  ExpectRefused(With(base, {"--out", "file"}), "file");
  ExpectRefused(With(base, {"--out", "file/run"}), "file/run: cannot create the folder: Not a directory");
  ExpectRefused(With(base, {"--out", "/proc/fplab/run"}), "/proc/fplab/run: cannot create the folder");
  EXPECT_EQ(Get(scratch_ / "file"), "precious");
}

TEST_F(CliErrors, ResumingWhatIsNoRunOrWithoutNamingItIsRefused) {
  ExpectRefused({"train", "--resume"}, "--resume: name the run's folder with --out");
  ExpectRefused({"train", "--resume", "--out", "none"}, "none: not a run directory");
  std::filesystem::create_directory(scratch_ / "empty");
  ExpectRefused({"train", "--resume", "--out", "empty"}, "empty: not a run directory");
}

TEST_F(CliErrors, AResumedRunWithOptionsThatDisagreeIsRefusedByFieldAndOneWithTheSameGoesOn) {
  ASSERT_EQ(Run(kSmall).status, 0);
  const Arguments resume = {"train", "--resume", "--out", "run"};
  const struct {
    const char *option, *value, *part;
  } wrong[] = {{"--seed", "2", "seed = 1, the options ask for 2"},
               {"--epochs", "3", "epochs = 1, the options ask for 3"},
               {"--layers", "2,9,2", "layers = [2,8,2], the options ask for [2,9,2]"},
               {"--data", "glyphs", "glyphs has 784 features"},
               {"--estimator", "gated", "estimator = \"activation\", the options ask for \"gated\""},
               {"--elementwise-mode", "none", "elementwise_mode = \"ftz+daz\", the options ask for \"none\""},
               {"--sigma", "0.5", "sigma"},
               {"--preset", "quick", "epochs = 1, the options ask for 10"},
               {"--preset", "slow", "unknown preset 'slow'"}};
  for (const auto& [option, value, part] : wrong) ExpectRefused(With(resume, {option, value}), part);
  EXPECT_EQ(Run(With(kSmall, {"--resume"})).status, 0);
  EXPECT_EQ(Run(With(kSmall, {"--resume", "--preset", "post", "--evaluate-every", "5"})).status, 0);
}

TEST_F(CliErrors, ADamagedRunIsNamedAndLeftAsItIs) {
  ASSERT_EQ(Run(kSmall).status, 0);
  const Arguments resume = {"train", "--resume", "--out", "run"};
  const std::string checkpoint = Get(scratch_ / "run/checkpoint.safetensors"),
                    config = Get(scratch_ / "run/config.json");
  std::string flipped = checkpoint;
  flipped[flipped.size() - 5] ^= 1;
  for (const std::string& damaged : {flipped, checkpoint.substr(0, 300), std::string()}) {
    Put(scratch_ / "run/checkpoint.safetensors", damaged);
    ExpectRefused(resume, "run/checkpoint.safetensors: ");
    ExpectRefused({"eval", "run"}, "run/checkpoint.safetensors: ");
    ExpectRefused({"eval", "run/checkpoint.safetensors"}, "run/checkpoint.safetensors: ");
    EXPECT_EQ(Get(scratch_ / "run/checkpoint.safetensors"), damaged);
  }
  Put(scratch_ / "run/checkpoint.safetensors", checkpoint);
  for (const auto& [from, to, part] :
       {std::tuple<std::string, std::string, std::string>{"\"batch\": 100", "\"batch\": 100.5",
                                                          "run/config.json: field 'batch': found 100.5"},
        {"\"batch\": 100", "\"batches\": 100", "run/config.json: unknown field 'batches'"},
        {"\"seed\": 1", "\"seed\": -1", "run/config.json: field 'seed': found -1"},
        {"\"seed\": 1", "\"seed\": 5", "run/checkpoint.safetensors: was made with another configuration"},
        {"{", "{{", "run/config.json: damaged"}}) {
    std::string changed = config;
    ASSERT_NE(changed.find(from), std::string::npos) << from;
    changed.replace(changed.find(from), from.size(), to);
    Put(scratch_ / "run/config.json", changed);
    ExpectRefused(resume, part);
  }
}

TEST_F(CliErrors, EvaluatingWhatIsNoRunOrOnDataThatDoNotFitIsRefused) {
  ExpectRefused({"eval", "none"}, "none: cannot read");
  std::filesystem::create_directory(scratch_ / "empty");
  ExpectRefused({"eval", "empty"}, "empty: not a run directory");
  ASSERT_EQ(Run(kSmall).status, 0);
  ExpectRefused({"eval", "run", "--data", "glyphs"}, "layers: the input width is 2, but glyphs has 784 features");
  ExpectRefused({"eval", "run", "--elementwise-mode", "both"}, "'both'");
  ExpectRefused({"eval", "run", "--scale-exponent", "200"}, "scale exponent: found 200");
  ExpectRefused({"eval", "run", "--threads", "0"}, "threads: found 0");
  ExpectRefused({"eval", "run", "--isa", "sse9"}, "sse9");
  std::filesystem::remove(scratch_ / "run/checkpoint.safetensors");
  ExpectRefused({"eval", "run"}, "run: the run has no checkpoint yet");
}

TEST_F(CliErrors, AFullDiskIsOneLineAndTheRunGoesOnOnceThereIsRoom) {
  const CliResult whole = Run(With(Without(kSmall, "--out"), {"--out", "whole", "--warmup", "1"}));
  ASSERT_EQ(whole.status, 0);
  options_.file_size_limit = 100;  // less than config.json
  const CliResult none = Run(kSmall);
  EXPECT_EQ(none.status, 2);
  EXPECT_TRUE(Contains(none.err, "run/config.json: cannot write: File too large")) << none.err;
  EXPECT_EQ(std::count(none.err.begin(), none.err.end(), '\n'), 1) << none.err;
  EXPECT_TRUE(Names(scratch_ / "run").empty());

  options_.file_size_limit = 1500;  // config.json and metrics.jsonl fit, a checkpoint does not
  const CliResult half = Run(With(kSmall, {"--warmup", "1"}));
  EXPECT_EQ(half.status, 2);
  EXPECT_TRUE(Contains(half.err, "run/checkpoint.safetensors: cannot write: File too large")) << half.err;
  EXPECT_EQ(std::count(half.err.begin(), half.err.end(), '\n'), 1) << half.err;
  std::vector<std::string> left = Names(scratch_ / "run");
  std::sort(left.begin(), left.end());
  EXPECT_EQ(left, (std::vector<std::string>{"config.json", "history.jsonl", "metrics.jsonl"}));

  options_.file_size_limit.reset();
  EXPECT_EQ(Run(With(kSmall, {"--resume"})).status, 0);
  EXPECT_EQ(Get(scratch_ / "run/checkpoint.safetensors"), Get(scratch_ / "whole/checkpoint.safetensors"));
}

TEST_F(CliErrors, ASummaryThatCannotBePrintedIsAnError) {
  options_.stdout_path = "/dev/full";
  const CliResult result = Run(With(kSmall, {"--json"}));
  EXPECT_EQ(result.status, 2);
  EXPECT_TRUE(Contains(result.err, "No space left on device")) << result.err;
}

}  // namespace
}  // namespace fplab
