// Checkpoints: the whole state comes back, and nothing else is taken for one.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/training/checkpoint.h>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <limits>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/version.h>
#include <fplab/nets/files/safetensors.h>
#include <fplab/nets/files/sha256.h>
#include <fplab/nets/training/config_json.h>
#include "proptests/support/kernel_data.h"
#include "proptests/support/network_data.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

// Bit patterns of every kind: infinities, NaN, subnormals and signed zeros come back too.
Parameters AnyParameters(const NetworkConfig& config, uint64_t seed) {
  WordSource source(seed);
  Parameters parameters = ZeroParameters(config);
  for (size_t i = 0; i < Flat(parameters).size(); ++i) {
    ParameterAt(parameters, i) = FloatFromBits(static_cast<uint32_t>(source.Next()));
  }
  return parameters;
}

Checkpoint Some(OptimizerKind kind = OptimizerKind::kAdam, float average = 0.9f) {
  Checkpoint checkpoint;
  checkpoint.config.network.layers = {5, 33, 3};
  checkpoint.config.network.elementwise_mode = kIeee;  // every machine has it, and so has valgrind
  checkpoint.config.optimizer.kind = kind;
  checkpoint.config.optimizer.average_decay = average;
  checkpoint.config.seed = 7;
  checkpoint.step = 123;
  const NetworkConfig& network = checkpoint.config.network;
  checkpoint.network = {network, AnyParameters(network, 1)};
  checkpoint.optimizer.first = AnyParameters(network, 2);
  if (kind == OptimizerKind::kAdam) checkpoint.optimizer.second = AnyParameters(network, 3);
  if (average > 0) checkpoint.optimizer.average = AnyParameters(network, 4);
  checkpoint.epoch = {0x1.23456789abcdep-30, 1234567890123};
  checkpoint.data = {Sha256Hex("train"), Sha256Hex("test")};
  return checkpoint;
}

bool SamePatterns(const Parameters& a, const Parameters& b) {
  const std::vector<float> x = Flat(a), y = Flat(b);
  return std::equal(x.begin(), x.end(), y.begin(), y.end(), [](float u, float v) { return ToBits(u) == ToBits(v); });
}

class Checkpoints : public ::testing::Test {
 protected:
  std::filesystem::path Write(const Checkpoint& checkpoint) {
    WriteCheckpoint(path_, checkpoint);
    return path_;
  }
  // The file of Some(), with its decoded content changed; the digests of the file are made anew, as a later or a
  // foreign writer would.
  template <typename Change>
  std::string RefusalOf(Change change) {
    WriteCheckpoint(path_, Some());
    Safetensors content = ReadSafetensors(path_);
    change(content);
    WriteSafetensors(path_, content);
    return Refusal();
  }
  std::string Refusal() {
    return ErrorOf([&] { ReadCheckpoint(path_); });
  }

  ScratchFolder scratch_;
  std::filesystem::path path_ = scratch_ / "checkpoint.safetensors";
};

TEST_F(Checkpoints, ComeBackToTheBitWithEveryOptimiserAndAverage) {
  for (OptimizerKind kind : {OptimizerKind::kAdam, OptimizerKind::kSgd}) {
    for (float average : {0.0f, 0.99f}) {
      const Checkpoint written = Some(kind, average);
      const Checkpoint read = ReadCheckpoint(Write(written));
      EXPECT_EQ(read.config, written.config);
      EXPECT_EQ(read.step, written.step);
      EXPECT_EQ(read.network.config, written.network.config);
      EXPECT_TRUE(SamePatterns(read.network.parameters, written.network.parameters));
      EXPECT_TRUE(SamePatterns(read.optimizer.first, written.optimizer.first));
      EXPECT_TRUE(SamePatterns(read.optimizer.second, written.optimizer.second));
      EXPECT_TRUE(SamePatterns(read.optimizer.average, written.optimizer.average));
      EXPECT_EQ(ToBits(read.epoch.loss), ToBits(written.epoch.loss));
      EXPECT_EQ(read.epoch.correct, written.epoch.correct);
      EXPECT_EQ(read.data, written.data);
      const std::string bytes = Get(path_);
      WriteCheckpoint(path_, read);
      EXPECT_EQ(Get(path_), bytes);
    }
  }
}

TEST_F(Checkpoints, OtherDataThanTheRunsAreRefusedWithBothDigestsAndWithoutDigestsTakenAsTheyAre) {
  const Checkpoint checkpoint = Some();
  RequireSameData(checkpoint, checkpoint.data, "run");
  EXPECT_EQ(
      ErrorOf([&] {
        RequireSameData(checkpoint, {"x", checkpoint.data.test}, "run");
      }),
      "run: the training data are not those of this run: their SHA-256 is x, the run's have " + checkpoint.data.train);
  EXPECT_EQ(ErrorOf([&] {
              RequireSameData(checkpoint, {checkpoint.data.train, "y"}, "run");
            }),
            "run: the test data are not those of this run: their SHA-256 is y, the run's have " + checkpoint.data.test);
  Checkpoint old = Some();
  old.data = {};
  Write(old);
  for (const auto& [key, value] : ReadSafetensors(path_).metadata) EXPECT_FALSE(Contains(key, "data")) << key;
  RequireSameData(ReadCheckpoint(path_), {"x", "y"}, "run");
}

TEST_F(Checkpoints, ALossThatIsNotANumberComesBack) {
  Checkpoint written = Some();
  for (double loss : {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    written.epoch.loss = loss;
    EXPECT_EQ(ToBits(ReadCheckpoint(Write(written)).epoch.loss), ToBits(loss));
  }
}

TEST_F(Checkpoints, EvaluationUsesTheAverageWhereOneIsKept) {
  const Checkpoint averaged = Some(OptimizerKind::kAdam, 0.9f), plain = Some(OptimizerKind::kAdam, 0);
  EXPECT_TRUE(SamePatterns(EvaluatedNetwork(averaged).parameters, averaged.optimizer.average));
  EXPECT_TRUE(SamePatterns(EvaluatedNetwork(plain).parameters, plain.network.parameters));
}

TEST_F(Checkpoints, TheDigestIsOfEveryWeightAndBiasInOrderAndOfNoPadding) {
  const NetworkConfig config{{3, 33, 2}, 125, kIeee, kFtzDaz};
  const Network network{config, AnyParameters(config, 1)};
  const std::string digest = ParameterDigest(network);
  const std::vector<float> flat = Flat(network.parameters);
  const std::string_view bytes(reinterpret_cast<const char*>(flat.data()), flat.size() * sizeof(float));
  EXPECT_EQ(digest, Sha256Hex(bytes));
  for (size_t i = 0; i < flat.size(); ++i) {
    Network other = network;
    float& p = ParameterAt(other.parameters, i);
    p = FloatFromBits(ToBits(p) ^ 1u);
    EXPECT_NE(ParameterDigest(other), digest) << i;
  }
  Network padded = network;
  padded.parameters[0].weight.buffer().back() = 7;
  padded.parameters[0].bias.back() = 7;
  EXPECT_EQ(ParameterDigest(padded), digest);
}

TEST_F(Checkpoints, AFlippedByteOrATruncationAnywhereIsRefusedInOneLineThatNamesTheFile) {
  Checkpoint small = Some();
  small.config.network.layers = {1, 1};
  const NetworkConfig& network = small.config.network;
  small.network = {network, AnyParameters(network, 1)};
  small.optimizer = {AnyParameters(network, 2), AnyParameters(network, 3), AnyParameters(network, 4)};
  const std::string bytes = Get(Write(small));
  for (size_t i = 0; i < bytes.size(); i += 7) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x21);
    Put(path_, damaged);
    EXPECT_TRUE(Refusal().starts_with(path_.string() + ": ")) << "byte " << i << ": " << Refusal();
    Put(path_, bytes.substr(0, i));
    EXPECT_TRUE(Refusal().starts_with(path_.string() + ": ")) << "cut at " << i << ": " << Refusal();
  }
}

TEST_F(Checkpoints, ATensorThatIsMissingOrOfAnotherShapeIsNamed) {
  for (const char* name : {"layers.0.weight", "layers.1.bias", "first.0.bias", "second.1.weight", "average.0.weight"}) {
    const auto is_named = [name](const Tensor& tensor) { return tensor.name == name; };
    EXPECT_EQ(RefusalOf([&](Safetensors& content) { std::erase_if(content.tensors, is_named); }),
              fmt::format("{}: no tensor {}", path_.string(), name));
    const std::string shape = RefusalOf([&](Safetensors& content) {
      *std::find_if(content.tensors.begin(), content.tensors.end(), is_named) = {name, {2}, std::vector<float>{1, 2}};
    });
    EXPECT_TRUE(shape.starts_with(fmt::format("{}: tensor {} has shape [2], expected [", path_.string(), name)))
        << shape;
  }
}

TEST_F(Checkpoints, AConfigurationOfAnotherShapeThanTheTensorsIsRefused) {
  const std::string refusal = RefusalOf([](Safetensors& content) {
    TrainConfig config = Some().config;
    config.network.layers = {5, 34, 3};
    content.metadata["config"] = ToJson(config).dump();
  });
  EXPECT_EQ(refusal, path_.string() + ": tensor layers.0.weight has shape [5,33], expected [5,34]");
}

int64_t PeakKilobytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST_F(Checkpoints, ASmallFileThatClaimsALargeNetworkIsRefusedBeforeMemoryIsTakenForIt) {
  const int64_t before = PeakKilobytes();
  const std::string refusal = RefusalOf([](Safetensors& content) {
    TrainConfig config = Some().config;
    config.network.layers = {5, 1 << 14, 1 << 13, 3};  // 512 MiB
    content.metadata["config"] = ToJson(config).dump();
  });
  EXPECT_TRUE(Contains(refusal, "tensor layers.0.weight has shape [5,33], expected [5,16384]")) << refusal;
  EXPECT_LT(PeakKilobytes() - before, 100 << 10);
}

TEST_F(Checkpoints, WeightsThatAreNotThoseOfTheDigestAreRefused) {
  const std::string refusal = RefusalOf([](Safetensors& content) {
    for (Tensor& tensor : content.tensors) {
      if (tensor.name == "layers.0.bias") std::get<std::vector<float>>(tensor.data)[0] = 7;
    }
  });
  EXPECT_TRUE(refusal.starts_with(path_.string() + ": metadata 'digest' is ")) << refusal;
}

TEST_F(Checkpoints, MetadataThatIsMissingOrNotAWholeNumberIsNamed) {
  for (const char* key : {"config", "step", "digest", "epoch_loss_bits", "epoch_correct"}) {
    EXPECT_EQ(RefusalOf([&](Safetensors& content) { content.metadata.erase(key); }),
              fmt::format("{}: metadata '{}' is missing", path_.string(), key));
  }
  for (const char* value : {"", "12x", "1.5", "-1", " 3", "99999999999999999999999"}) {
    const std::string refusal = RefusalOf([&](Safetensors& content) { content.metadata["step"] = value; });
    EXPECT_TRUE(refusal.starts_with(path_.string() + ": metadata 'step': found ")) << refusal;
  }
}

TEST_F(Checkpoints, AConfigurationThatIsDamagedOrOfALaterVersionNamesFileAndField) {
  const auto with = [&](const std::string& text) {
    return RefusalOf([&](Safetensors& content) { content.metadata["config"] = text; });
  };
  const std::string prefix = path_.string() + ": metadata 'config'";
  EXPECT_EQ(with("{"), prefix + " is not JSON of a configuration");
  EXPECT_EQ(with("[]"), prefix + ": expected a JSON object");
  OrderedJson config = ToJson(Some().config);
  config["dropout"] = 0.5;
  EXPECT_EQ(with(config.dump()), prefix + ": unknown field 'dropout'");
  config.erase("dropout");
  config.erase("sigma");
  EXPECT_EQ(with(config.dump()), prefix + ": field 'sigma' is missing");
  config["sigma"] = "0.1";
  EXPECT_EQ(with(config.dump()), prefix + ": field 'sigma': found \"0.1\", expected a binary32 number");
}

TEST_F(Checkpoints, OneOfALaterFormatNamesBothAndOneOfNoneIsOfTheFirst) {
  EXPECT_EQ(RefusalOf([](Safetensors& content) { content.metadata["checkpoint_format"] = "9"; }),
            path_.string() + ": a checkpoint of format 9, which a later fplab wrote; this one (" FPLAB_VERSION
                             ") reads formats 1 to 2");
  EXPECT_EQ(RefusalOf([](Safetensors& content) { content.metadata.erase("checkpoint_format"); }), "(no error)");
  OrderedJson config = ToJson(Some().config);
  config["format"] = 9;
  config["dropout"] = 0.5;
  EXPECT_EQ(RefusalOf([&](Safetensors& content) { content.metadata["config"] = config.dump(); }),
            path_.string() +
                ": metadata 'config': field 'format': found 9, which a later fplab wrote; this one "
                "(" FPLAB_VERSION ") reads formats 1 to " +
                std::to_string(ConfigFormat()));
}

TEST_F(Checkpoints, WhatARunBeganFromComesBack) {
  Checkpoint written = Some();
  written.initial = Sha256Hex("weights");
  EXPECT_EQ(ReadCheckpoint(Write(written)).initial, written.initial);
  EXPECT_EQ(ReadCheckpoint(Write(Some())).initial, "");
}

TEST_F(Checkpoints, ASafetensorsFileOfSomebodyElseIsRefused) {
  WriteSafetensors(path_, {{{"model.embed.weight", {2}, std::vector<float>{1, 2}}}, {{"format", "pt"}}});
  EXPECT_EQ(Refusal(), path_.string() + ": metadata 'config' is missing");
  // As other programs write it: without fplab's digests.
  const std::string header = R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  )";
  const uint64_t length = header.size();
  std::string bytes(reinterpret_cast<const char*>(&length), sizeof(length));
  Put(path_, bytes + header + std::string(4, '\0'));
  EXPECT_TRUE(Contains(Refusal(), path_.string() + ": __metadata__.metadata_sha256 is missing")) << Refusal();
  Put(path_, "");
  EXPECT_TRUE(Refusal().starts_with(path_.string() + ": ")) << Refusal();
}

TEST_F(Checkpoints, AFailedWriteLeavesTheOldFileAsItWas) {
  const std::string bytes = Get(Write(Some()));
  // A folder in the way of the new file's temporary can't be made portably; a folder in the way of the file itself can.
  std::filesystem::create_directory(scratch_ / "folder");
  EXPECT_TRUE(Contains(ErrorOf([&] { WriteCheckpoint(scratch_ / "folder", Some()); }), "folder"));
  EXPECT_TRUE(Contains(ErrorOf([&] { WriteCheckpoint(scratch_ / "none/file", Some()); }), "none/file: cannot write"));
  EXPECT_EQ(Get(path_), bytes);
  EXPECT_EQ(Names(scratch_.path()).size(), 2u);
}

}  // namespace
}  // namespace fplab::nets
