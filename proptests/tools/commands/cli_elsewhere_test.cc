// Data and weights of elsewhere: folders that move, sets of other people's, weights that PyTorch trained.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "proptests/support/cli_process.h"
#include "proptests/support/foreign_safetensors.h"
#include "proptests/support/idx_files.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

namespace fs = std::filesystem;
using Arguments = std::vector<std::string>;

class Elsewhere : public ::testing::Test {
 protected:
  CliResult Run(const Arguments& arguments) { return RunCli(arguments, options_); }
  void ExpectRefused(const Arguments& arguments, const std::string& part) {
    const CliResult result = Run(arguments);
    EXPECT_EQ(result.status, 2) << part;
    EXPECT_TRUE(Contains(result.err, part)) << result.err;
  }

  // Sixty images of 4 x 4 in three classes, told apart by which rows are bright; `shade` makes other data.
  void PutSet(const fs::path& folder, char shade = '\x7f') {
    for (const std::string part : {"train", "t10k"}) {
      std::string images, labels;
      for (int i = 0; i < 60; ++i) {
        std::string image(16, '\0');
        for (int p = 0; p < 4; ++p) image[static_cast<size_t>(4 * (i % 3) + p)] = shade;
        images += image;
        labels += static_cast<char>(i % 3);
      }
      Put(folder / (part + "-images-idx3-ubyte"), Idx({60, 4, 4}, images));
      Put(folder / (part + "-labels-idx1-ubyte"), Idx({60}, labels));
    }
  }
  static Arguments Train(const std::string& data, const Arguments& more = {}) {
    Arguments arguments = {"train", "--data", data, "--layers", "16,8,3", "--epochs", "2", "--batch", "20"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  ScratchFolder scratch_;
  CliOptions options_{.folder = scratch_.path()};
};

TEST_F(Elsewhere, ARunIsCalledByTheFolderOfItsDataHoweverThatIsNamed) {
  PutSet(scratch_ / "set");
  ASSERT_EQ(Run(Train("set/")).status, 0);
  EXPECT_TRUE(fs::exists(scratch_ / "runs/set-activation-1/config.json"));
  options_.folder = scratch_ / "set";
  ASSERT_EQ(Run(Train(".")).status, 0);
  EXPECT_TRUE(fs::exists(scratch_ / "set/runs/set-activation-1/config.json"));
  const CliResult data = Run({"data", "./"});
  EXPECT_TRUE(data.out.starts_with("set: 60 training and 60 test samples of 16 features, 3 classes, from ./"))
      << data.out;
}

TEST_F(Elsewhere, ARunGoesOnWithItsDataAtAnotherPlaceAndWithNoOthers) {
  PutSet(scratch_ / "set");
  ASSERT_EQ(Run(Train("set", {"--out", "run"})).status, 0);
  fs::rename(scratch_ / "set", scratch_ / "moved");
  PutSet(scratch_ / "other", '\x33');
  ExpectRefused({"train", "--resume", "--out", "run"},
                "where the run's data lie elsewhere now, name the place with --data");
  ExpectRefused({"eval", "run"}, "name the place with --data");
  ExpectRefused({"train", "--resume", "--out", "run", "--data", "other"}, "(the data are other, from other)");
  const CliResult resumed = Run({"train", "--resume", "--out", "run", "--data", "moved"});
  EXPECT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_EQ(Run({"eval", "run", "--data", "moved"}).status, 0);
  ExpectRefused({"report", "run", "--data", "other"}, "the training data are not those of this run");
  const CliResult report = Run({"report", "run", "--data", "moved"});
  EXPECT_EQ(report.status, 0) << report.err;
  EXPECT_FALSE(Contains(Get(scratch_ / "run/report.html"), "for want of the data set"));
}

TEST_F(Elsewhere, MoreEpochsThanARunWasBegunWithAreRefusedWithTheWayToTrainFurther) {
  PutSet(scratch_ / "set");
  ASSERT_EQ(Run(Train("set", {"--out", "run"})).status, 0);
  ExpectRefused({"train", "--resume", "--out", "run", "--epochs", "5"},
                "started with epochs = 2, the options ask for 5: its schedules end with them; to train its weights "
                "further, begin another run with --from");
  const CliResult more =
      Run({"train", "--from", "run", "--data", "set", "--epochs", "1", "--batch", "20", "--out", "more", "--json"});
  ASSERT_EQ(more.status, 0) << more.err;
  const auto before = nlohmann::json::parse(Run({"eval", "run", "--json"}).out);
  EXPECT_EQ(nlohmann::json::parse(more.out)["initial"], before["digest"]);
}

TEST_F(Elsewhere, WeightsOfPyTorchAreEvaluatedAndTrainedOnInTheLayoutThatIsStated) {
  PutSet(scratch_ / "set");
  // Class c is bright in the pixels 4c to 4c + 3: a layer 3 x 16 of outputs times inputs that says so.
  std::vector<float> weight(3 * 16);
  for (size_t c = 0; c < 3; ++c) {
    for (size_t p = 0; p < 4; ++p) weight[16 * c + 4 * c + p] = 4;
  }
  Put(scratch_ / "mlp.safetensors",
      ForeignSafetensors({{"0.weight", {3, 16}, FloatBytes(weight)}, {"0.bias", {3}, FloatBytes({0, 0, 0})}}));
  const Arguments eval = {"eval", "mlp.safetensors", "--data", "set"};
  ExpectRefused(eval, "weights of elsewhere are read with --layout");
  const CliResult right =
      Run({"eval", "mlp.safetensors", "--data", "set", "--layout", "torch", "--layers", "16,3", "--json"});
  ASSERT_EQ(right.status, 0) << right.err;
  EXPECT_EQ(nlohmann::json::parse(right.out)["test"]["accuracy"], 1.0);
  ExpectRefused({"eval", "mlp.safetensors", "--data", "set", "--layout", "fplab"},
                "tensor 0.bias has 3 elements, expected 16 as 0.weight has outputs");
  ExpectRefused({"eval", "mlp.safetensors", "--data", "set", "--layout", "torch", "--layers", "16,8,3"},
                "--layers: mlp.safetensors has layers 16,3, expected 16,8,3");
  const CliResult train = Run({"train", "--from", "mlp.safetensors", "--layout", "torch", "--data", "set",
                               "--estimator", "backprop", "--epochs", "1", "--batch", "20", "--out", "more"});
  EXPECT_EQ(train.status, 0) << train.err;
  EXPECT_TRUE(Contains(train.out, "begun from ")) << train.out;
  ExpectRefused({"train", "--layout", "torch"}, "--from");
}

TEST_F(Elsewhere, ASetWithoutSamplesOfItsFirstClassSaysSo) {
  PutSet(scratch_ / "set");
  std::string labels;
  for (int i = 0; i < 60; ++i) labels += static_cast<char>(1 + i % 3);
  for (const std::string part : {"train", "t10k"}) {
    Put(scratch_ / "set" / (part + "-labels-idx1-ubyte"), Idx({60}, labels));
  }
  const CliResult data = Run({"data", "set"});
  EXPECT_TRUE(Contains(data.out, "4 classes")) << data.out;
  EXPECT_TRUE(Contains(data.out, "its labels are 1 to 3: no sample has one below")) << data.out;
}

}  // namespace
}  // namespace fplab
