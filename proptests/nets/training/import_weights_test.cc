// Weights of elsewhere: they come in the layout that is stated, in the order of their names, and nothing is guessed.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/training/import_weights.h>

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <string>

#include <fplab/fparith/float/bits.h>
#include <fplab/nets/files/safetensors.h>
#include <fplab/nets/training/trainer.h>
#include "proptests/support/foreign_safetensors.h"
#include "proptests/support/network_data.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

std::vector<float> Numbers(size_t count, float first) {
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), first);
  return values;
}

ForeignTensor Matrix(const std::string& name, int rows, int cols, float first) {
  return {name, {rows, cols}, FloatBytes(Numbers(static_cast<size_t>(rows * cols), first))};
}

ForeignTensor Vector(const std::string& name, int count, float first) {
  return {name, {count}, FloatBytes(Numbers(static_cast<size_t>(count), first))};
}

class ImportedWeights : public ::testing::Test {
 protected:
  Checkpoint Import(const std::vector<ForeignTensor>& tensors, WeightLayout layout = WeightLayout::kTorch) {
    return ImportWeights(Put(path_, ForeignSafetensors(tensors)), layout);
  }
  std::string Refusal(const std::vector<ForeignTensor>& tensors) {
    return ErrorOf([&] { Import(tensors); });
  }

  ScratchFolder scratch_;
  std::filesystem::path path_ = scratch_ / "mlp.safetensors";
};

TEST_F(ImportedWeights, ThoseOfTorchAreOutputsTimesInputsAndThoseOfFplabInputsTimesOutputs) {
  const Checkpoint torch = Import({Matrix("fc1.weight", 3, 3, 1), Vector("fc1.bias", 3, 100)});
  const Checkpoint own = Import({Matrix("fc1.weight", 3, 3, 1), Vector("fc1.bias", 3, 100)}, WeightLayout::kFplab);
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      EXPECT_EQ(own.network.parameters[0].weight.At(i, j), 1.0f + static_cast<float>(3 * i + j));
      EXPECT_EQ(torch.network.parameters[0].weight.At(i, j), 1.0f + static_cast<float>(3 * j + i));
    }
    EXPECT_EQ(torch.network.parameters[0].bias[static_cast<size_t>(i)], 100.0f + static_cast<float>(i));
  }
  EXPECT_EQ(torch.config.network.layers, (std::vector<int>{3, 3}));
  EXPECT_EQ(torch.step, 0);
  EXPECT_EQ(ParseLayout("torch"), WeightLayout::kTorch);
  EXPECT_TRUE(Contains(ErrorOf([] { ParseLayout("jax"); }), "unknown layout 'jax': expected torch"));
}

TEST_F(ImportedWeights, LayersComeInTheOrderOfTheNumbersInTheirNames) {
  for (const std::string name : {"layers.{}", "{}", "net.fc{}"}) {
    std::vector<ForeignTensor> tensors;
    for (const int number : {10, 2, 0}) {  // of 5-4-3-2
      const int inputs = number == 0 ? 5 : number == 2 ? 4 : 3;
      const std::string layer = fmt::format(fmt::runtime(name), number);
      tensors.push_back(Matrix(layer + ".weight", inputs - 1, inputs, static_cast<float>(number)));
      tensors.push_back(Vector(layer + ".bias", inputs - 1, static_cast<float>(number)));
    }
    const Checkpoint read = Import(tensors);
    EXPECT_EQ(read.config.network.layers, (std::vector<int>{5, 4, 3, 2})) << name;
    EXPECT_EQ(read.network.parameters[2].weight.At(0, 0), 10.0f) << name;
  }
}

TEST_F(ImportedWeights, ALayerWithoutBiasHasNoneAndHalvesAreExact) {
  const Checkpoint read = Import({{"weight", {1, 4}, std::string("\x00\x3c\x01\x00\x00\xfc\xff\x83", 8), "F16"}});
  const kernels::PanelMatrix& weight = read.network.parameters[0].weight;
  EXPECT_EQ(weight.At(0, 0), 1.0f);
  EXPECT_EQ(weight.At(1, 0), 0x1p-24f);
  EXPECT_EQ(weight.At(2, 0), -HUGE_VALF);
  EXPECT_EQ(weight.At(3, 0), -0x1.ff8p-15f);
  EXPECT_EQ(read.network.parameters[0].bias[0], 0.0f);
  const Checkpoint brain = Import({{"a.kernel", {1, 1}, std::string("\x80\x3f", 2), "BF16"}});
  EXPECT_EQ(brain.network.parameters[0].weight.At(0, 0), 1.0f);
}

TEST_F(ImportedWeights, WhatIsNoChainOfLinearLayersIsNamed) {
  const std::string file = path_.string() + ": ";
  EXPECT_EQ(Refusal({Matrix("fc1.weight", 3, 5, 1), Matrix("fc2.weight", 2, 4, 1)}),
            file + "tensor fc2.weight has shape [2,4], in layout torch 4 inputs, expected 3 as fc1.weight has outputs");
  EXPECT_EQ(Refusal({Matrix("fc1.weight", 3, 5, 1), Vector("fc1.bias", 5, 1)}),
            file + "tensor fc1.bias has 5 elements, expected 3 as fc1.weight has outputs");
  EXPECT_EQ(Refusal({Vector("fc1.bias", 5, 1)}), file + "no weight beside fc1.bias");
  EXPECT_EQ(Refusal({}), file + "no tensor NAME.weight");
  EXPECT_TRUE(Contains(Refusal({{"conv.weight", {1, 1, 1, 1}, FloatBytes({1})}}),
                       "tensor conv.weight has shape [1,1,1,1], expected a matrix"));
  EXPECT_TRUE(Contains(Refusal({{"bn.running_mean", {1}, FloatBytes({1})}}), "expected linear layers alone"));
  EXPECT_TRUE(Contains(Refusal({{"a.weight", {1, 1}, std::string(8, 'x'), "F64"}}),
                       "dtype is \"F64\", expected F32, F16, BF16"));
  Put(path_, "PK\x03\x04, as torch.save writes");
  EXPECT_EQ(ErrorOf([&] { ImportWeights(path_, WeightLayout::kTorch); }),
            file + "is a zip archive, expected a safetensors file");
}

// A run's file in which somebody changed a weight with the tools of others, and one without moments.
TEST_F(ImportedWeights, ARunsWeightsComeBackChangedOrWithoutMomentsInTheRunsConfiguration) {
  TrainConfig config = Preset("spirals", EstimatorKind::kActivation);
  config.network.layers = {2, 3, 2};
  config.network.elementwise_mode = kIeee;
  config.network.scale_exponent = 7;
  Checkpoint run;
  run.config = config;
  run.network = RandomNetwork(config.network, 1, 0.5f);
  run.optimizer = InitialOptimizerState(config.optimizer, run.network);
  WriteCheckpoint(path_, run);
  Safetensors content = ReadForeignSafetensors(path_);
  for (Tensor& tensor : content.tensors) {
    if (tensor.name == "layers.0.weight") std::get<std::vector<float>>(tensor.data)[0] = 7;
  }
  std::erase_if(content.metadata, [](const auto& entry) { return entry.first.ends_with("sha256"); });
  WriteSafetensors(path_, content);
  EXPECT_TRUE(Contains(ErrorOf([&] { ReadCheckpoint(path_); }), "metadata 'digest' is "));
  Checkpoint read = ImportWeights(path_, WeightLayout::kFplab);
  EXPECT_EQ(read.config, config);
  EXPECT_EQ(read.network.config, config.network);
  EXPECT_EQ(read.network.parameters[0].weight.At(0, 0), 7.0f);
  read.network.parameters[0].weight.At(0, 0) = run.network.parameters[0].weight.At(0, 0);
  EXPECT_EQ(ParameterDigest(read.network), ParameterDigest(run.network));

  std::erase_if(content.tensors, [](const Tensor& tensor) { return !tensor.name.starts_with("layers."); });
  content.metadata.clear();
  WriteSafetensors(path_, content);
  EXPECT_EQ(ImportWeights(path_, WeightLayout::kFplab).network.parameters[0].weight.At(0, 0), 7.0f);
}

TEST_F(ImportedWeights, TrainingBeginsFromThemAndGoesOnFromItsCheckpointToTheSameBits) {
  TrainConfig config = Preset("spirals", EstimatorKind::kActivation);
  config.network.layers = {2, 8, 2};
  config.network.elementwise_mode = kIeee;
  config.epochs = 2;
  config.train_limit = 200;
  TrainTest data = LoadData(config.data, {.train_limit = config.train_limit});
  const Network given = RandomNetwork(config.network, 5, 0.5f);
  const TrainResult whole = Train(config, data, {}, nullptr, false, &given);
  EXPECT_EQ(whole.initial, ParameterDigest(given));
  EXPECT_NE(whole.digest, Train(config, data, {}).digest) << "than from drawn weights";
  EXPECT_EQ(Train(config, data, {}).initial, "");

  Network other = given;
  other.config.layers = {2, 9, 2};
  EXPECT_EQ(ErrorOf([&] { Train(config, data, {}, nullptr, false, &other); }),
            "layers: the weights to begin from are of 2,9,2, expected 2,8,2");
}

}  // namespace
}  // namespace fplab::nets
