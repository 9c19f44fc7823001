// Controls: each agrees with the evaluation it names, and readouts of patterns find what is in the patterns.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/analysis/ablations.h>

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>

#include <fplab/fparith/mode/control_word.h>
#include <fplab/nets/network/accuracy.h>
#include "proptests/support/network_data.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

Checkpoint Trained(const Network& network) {
  Checkpoint checkpoint;
  checkpoint.config.network = network.config;
  checkpoint.network = network;
  return checkpoint;
}

std::map<std::string, Ablation> AblationsOf(const Checkpoint& checkpoint, const TrainTest& data,
                                            kernels::Isa isa = kernels::BestIsa(), int threads = 1) {
  kernels::Workers workers(threads);
  std::map<std::string, Ablation> controls;
  for (const Ablation& control : RunAblations(checkpoint, data, isa, workers)) controls[control.id] = control;
  return controls;
}

TEST(Controls, EachEvaluationIsTheOneItNames) {
  const Network network = RandomNetwork({{6, 40, 33, 3}, 125, kIeee, kFtzDaz}, 1100);
  const TrainTest data = RandomTrainTest(300, 90, 6, 3, 1101);
  const std::map<std::string, Ablation> controls = AblationsOf(Trained(network), data);
  const auto expect = [&](const char* id, auto change) {
    Network changed = network;
    change(changed);
    if (!HardwareSupports(changed.config.matmul_mode) || !HardwareSupports(changed.config.elementwise_mode)) {
      EXPECT_FALSE(controls.at(id).train.has_value()) << id;
      return;
    }
    kernels::Workers workers(1);
    EXPECT_EQ(controls.at(id).train, Evaluate(changed, data.train, kernels::BestIsa(), workers).accuracy) << id;
    EXPECT_EQ(controls.at(id).test, Evaluate(changed, data.test, kernels::BestIsa(), workers).accuracy) << id;
    EXPECT_FALSE(controls.at(id).lambda.has_value());
  };
  expect("as-trained", [](Network&) {});
  expect("gradual", [](Network& n) { n.config.elementwise_mode = kIeee; });
  expect("scale-0", [](Network& n) { n.config.scale_exponent = 0; });
  expect("flat", [](Network& n) { n = Flatten(n); });
  expect("matmul-ftz", [](Network& n) { n.config.matmul_mode = kFtz; });
  expect("matmul-ftz-daz", [](Network& n) { n.config.matmul_mode = kFtzDaz; });
  expect("daz", [](Network& n) { n.config.elementwise_mode = kDaz; });
  expect("ftz", [](Network& n) { n.config.elementwise_mode = kFtz; });
  EXPECT_EQ(controls.size(), 15u);
  // Two accuracies of random networks may coincide; four hardly.
  std::set<std::optional<double>> accuracies;
  for (const char* id : {"as-trained", "gradual", "scale-0", "daz"}) accuracies.insert(controls.at(id).train);
  EXPECT_GT(accuracies.size(), 1u) << "the data tell the modes apart";
}

// Samples -3/4 and 3/4 in class 1, -1/4 and 1/4 in class 0: no linear function of them tells the classes apart.
TrainTest InsideAndOutside() {
  Dataset data{"inside", 1, 2, 0, 0, {}, {}};
  for (int i = 0; i < 400; ++i) {
    data.x.push_back((i % 4 < 2 ? 0.25f : 0.75f) * (i % 2 == 0 ? 1.0f : -1.0f));
    data.y.push_back(i % 4 < 2 ? 0 : 1);
  }
  return {data, data, "generated", {}};
}

TEST(Controls, AReadoutOfThePatternFindsWhatOutputsAndInputsDoNotShow) {
  const NetworkConfig config{{1, 2, 2}, 125, kIeee, kFtzDaz};
  Network network{config, ZeroParameters(config)};
  network.parameters[0].weight.At(0, 0) = 1;  // fires inside, passes outside
  network.parameters[0].weight.At(0, 1) = 4;  // always passes
  const std::map<std::string, Ablation> controls = AblationsOf(Trained(network), InsideAndOutside());
  EXPECT_EQ(controls.at("pattern-last").train, 1.0);
  EXPECT_EQ(controls.at("pattern-last").test, 1.0);
  EXPECT_EQ(controls.at("pattern-all").test, 1.0);
  EXPECT_EQ(controls.at("outputs-last").test, 0.5);
  EXPECT_EQ(controls.at("inputs").test, 0.5);
  EXPECT_TRUE(controls.at("pattern-last").lambda.has_value());
}

TEST(Controls, AllHiddenLayersArePatternsAndOnlyTheLastIsTheLast) {
  // The second hidden layer always passes; what is inside shows in the first alone.
  const NetworkConfig config{{1, 2, 1, 2}, 125, kIeee, kFtzDaz};
  Network network{config, ZeroParameters(config)};
  network.parameters[0].weight.At(0, 0) = 1;
  network.parameters[0].weight.At(0, 1) = 4;
  network.parameters[1].weight.At(1, 0) = 4;
  const std::map<std::string, Ablation> controls = AblationsOf(Trained(network), InsideAndOutside());
  EXPECT_EQ(controls.at("pattern-last").test, 0.5);
  EXPECT_EQ(controls.at("pattern-all").test, 1.0);
}

TEST(Controls, ReadoutsOfANetworkWithoutHiddenLayersAreMissingButThatOfTheInputs) {
  const Network network = RandomNetwork({{6, 3}, 125, kIeee, kFtzDaz}, 1110);
  const TrainTest data = RandomTrainTest(50, 20, 6, 3, 1111);
  const std::map<std::string, Ablation> controls = AblationsOf(Trained(network), data);
  for (const char* id : {"pattern-last", "pattern-all", "outputs-last", "untrained-pattern-last"}) {
    EXPECT_FALSE(controls.at(id).train.has_value()) << id;
  }
  EXPECT_TRUE(controls.at("inputs").train.has_value());
}

TEST(Controls, AreTheSameOnEveryIsaAndThreadCountAndOfTheAverageWhereOneIsKept) {
  Checkpoint checkpoint = Trained(RandomNetwork({{6, 40, 33, 3}, 125, kIeee, kFtzDaz}, 1120));
  const TrainTest data = RandomTrainTest(5000, 90, 6, 3, 1121);
  const std::map<std::string, Ablation> expected = AblationsOf(checkpoint, data);
  for (kernels::Isa isa : kernels::SupportedIsas()) {
    for (const auto& [id, control] : AblationsOf(checkpoint, data, isa, 3)) {
      EXPECT_EQ(control.train, expected.at(id).train) << id;
      EXPECT_EQ(control.test, expected.at(id).test) << id;
      EXPECT_EQ(control.lambda, expected.at(id).lambda) << id;
    }
  }
  checkpoint.optimizer.average = checkpoint.network.parameters;
  checkpoint.network.parameters = ZeroParameters(checkpoint.network.config);
  EXPECT_EQ(AblationsOf(checkpoint, data).at("as-trained").train, expected.at("as-trained").train);
}

TEST(Controls, SayWhatComesNextInTheOrderOfTheirResults) {
  const Network network = RandomNetwork({{6, 5, 3}, 125, kIeee, kFtzDaz}, 1130);
  const TrainTest data = RandomTrainTest(50, 20, 6, 3, 1131);
  kernels::Workers workers(1);
  std::vector<std::string> told, found;
  const auto controls = RunAblations(Trained(network), data, kernels::BestIsa(), workers,
                                     [&](const std::string& name) { told.push_back(name); });
  for (const Ablation& control : controls) found.push_back(control.name);
  EXPECT_EQ(told, found);
}

TEST(Controls, DataThatDoNotFitAreRefused) {
  const Network network = RandomNetwork({{6, 5, 3}, 125, kIeee, kFtzDaz}, 1140);
  EXPECT_EQ(ErrorOf([&] { AblationsOf(Trained(network), RandomTrainTest(5, 5, 7, 3, 1)); }),
            "layers: the input width is 6, but random has 7 features");
}

}  // namespace
}  // namespace fplab::nets
