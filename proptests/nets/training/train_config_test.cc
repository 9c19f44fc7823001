// Training configurations: presets, their JSON form, and what is refused.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/training/train_config.h>

#include <gtest/gtest.h>

#include <cmath>

#include <fplab/fparith/mode/control_word.h>
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

// A configuration in which no field has its default.
TrainConfig Unusual() {
  TrainConfig config;
  config.data = "spirals";
  config.train_limit = 17;
  config.network = {{2, 33, 1, 2}, -126, kFtzDaz, kIeee};
  if (HardwareSupports(kFtz)) {
    config.network.matmul_mode = kDaz;
    config.network.elementwise_mode = kFtz;
  }
  config.augment = {3, 2};
  config.estimator = EstimatorKind::kGated;
  config.activation = {0.1f, {3, 1, 2}, 5, NoiseKind::kSigns, 0.01f};
  config.population = {{0.5f, 0.25f}, 3, {2, 4}, 64, 2, Fitness::kRanks, 2.0f, 0.125f};
  config.optimizer.kind = OptimizerKind::kSgd;
  config.optimizer.learning_rate = 0.1f;
  config.optimizer.momentum = 0.25f;
  config.optimizer.warmup_steps = 3000000000;
  config.optimizer.schedule = Schedule::kConstant;
  config.optimizer.average_decay = 0.7f;
  config.epochs = 3;
  config.batch = 9;
  config.seed = UINT64_MAX;
  config.evaluate_every = 2;
  return config;
}

std::string Refusal(const OrderedJson& json) {
  return ErrorOf([&] { TrainConfigFromJson(json, "a/config.json"); });
}

TEST(TrainConfig, ComesBackFromItsJsonTextToTheBit) {
  for (const TrainConfig& config : {TrainConfig{}, Unusual()}) {
    const std::string text = ToJson(config).dump();
    EXPECT_EQ(TrainConfigFromJson(OrderedJson::parse(text), "x"), config) << text;
  }
}

TEST(TrainConfig, EveryFieldIsInTheJsonAndMissesIfTakenAway) {
  OrderedJson json = ToJson(Unusual());
  json["rescaled"] = true;  // which no configuration with a flushing matmul is
  const OrderedJson defaults = ToJson(TrainConfig{});
  for (const auto& [field, value] : json.items()) {
    EXPECT_NE(value, defaults[field]) << field;
    OrderedJson without = json;
    without.erase(field);
    EXPECT_EQ(Refusal(without), fmt::format("a/config.json: field '{}' is missing", field));
  }
}

TEST(TrainConfig, AFieldOfALaterVersionOrATypingErrorIsRefusedByName) {
  OrderedJson json = ToJson(TrainConfig{});
  json["dropout"] = 0.5;
  EXPECT_EQ(Refusal(json), "a/config.json: unknown field 'dropout'");
  EXPECT_EQ(Refusal(OrderedJson::array()), "a/config.json: expected a JSON object");
}

TEST(TrainConfig, AValueThatIsNotOfTheFieldsTypeIsRefusedAndNeverRoundedOrWrapped) {
  const struct {
    const char *field, *value;
  } wrong[] = {{"batch", "500.5"},
               {"batch", "\"500\""},
               {"batch", "true"},
               {"batch", "null"},
               {"batch", "4294967797"},
               {"batch", "1e3"},
               {"epochs", "-4294967286"},
               {"epochs", "[]"},
               {"seed", "-1"},
               {"seed", "1e30"},
               {"seed", "0.5"},
               {"layers", "784"},
               {"layers", "[784, 10.5]"},
               {"layers", "[784, true]"},
               {"layers", "[784, 4294967306]"},
               {"layers", "{\"a\": 1}"},
               {"sigma", "\"0.1\""},
               {"sigma", "true"},
               {"rescaled", "1"},
               {"rescaled", "\"true\""},
               {"data", "7"},
               {"matmul_mode", "0"},
               {"estimator", "null"},
               {"warmup_steps", "20.25"},
               {"block", "[[4]]"},
               {"scale_exponent", "1e400"},
               {"average_decay", "\"half\""},
               {"learning_rate", "1e300"}};
  for (const auto& [field, value] : wrong) {
    const OrderedJson parsed = OrderedJson::parse(value, nullptr, /*allow_exceptions=*/false);
    if (parsed.is_discarded()) continue;  // beyond what the parser takes for a number
    OrderedJson json = ToJson(TrainConfig{});
    json[field] = parsed;
    EXPECT_TRUE(Refusal(json).starts_with(fmt::format("a/config.json: field '{}': found ", field)))
        << field << " " << value << ": " << Refusal(json);
  }
}

TEST(TrainConfig, ValuesThatMakeNoSenseAreRefusedByFieldAndSource) {
  const struct {
    const char* field;
    OrderedJson value;
    const char* message;
  } wrong[] = {{"batch", 0, "batch: found 0, expected at least 1"},
               {"epochs", -1, "epochs: found -1, expected at least 1"},
               {"evaluate_every", 0, "evaluate every: found 0"},
               {"train_limit", -1, "train limit: found -1"},
               {"layers", {784, 0}, "layers: found width 0"},
               {"scale_exponent", 127, "scale exponent: found 127"},
               {"matmul_mode", "FTZ", "FTZ"},
               {"estimator", "es", "unknown estimator 'es'"},
               {"optimizer", "lion", "unknown optimizer 'lion'"},
               {"schedule", "step", "unknown schedule 'step'"},
               {"learning_rate", 0, "learning rate: found 0"},
               {"momentum", 1, "momentum: found 1"},
               {"average_decay", -1, "average decay: found -1"},
               {"shift", -1, "shift: found -1"},
               {"clean_epochs", -1, "clean epochs: found -1"},
               {"noise", "loud", "unknown noise 'loud'"},
               {"sigma_end", -0.5, "sigma end: found -0.5"},
               {"warmup_steps", -1, "warm-up: found -1"}};
  for (const auto& [field, value, message] : wrong) {
    OrderedJson json = ToJson(TrainConfig{});
    json[field] = value;
    const std::string found = Refusal(json);
    EXPECT_TRUE(found.starts_with("a/config.json: ") && Contains(found, message)) << found;
  }
  OrderedJson json = ToJson(TrainConfig{});
  for (const auto& [field, value] : {std::pair<const char*, OrderedJson>{"sigma", -1.0}, {"output_pairs", 0}}) {
    OrderedJson changed = json;
    changed[field] = value;
    EXPECT_TRUE(Contains(Refusal(changed), "found")) << Refusal(changed);
  }
}

TEST(TrainConfig, ADataNameThatIsNotUtf8IsRefusedBeforeAnythingIsTrained) {
  TrainConfig config;
  config.data = "\xff/mnist";
  EXPECT_TRUE(Contains(ErrorOf([&] { Validate(config); }), "data: the name is not valid UTF-8"));
}

TEST(Presets, ThePostsIsTheDefaultAndAllAreValid) {
  EXPECT_EQ(Preset("post", EstimatorKind::kActivation), TrainConfig{});
  for (const char* name : {"post", "quick"}) {
    for (EstimatorKind kind : {EstimatorKind::kActivation, EstimatorKind::kGated, EstimatorKind::kBackprop}) {
      const TrainConfig config = Preset(name, kind);
      Validate(config);
      EXPECT_EQ(config.estimator, kind);
      EXPECT_EQ(config.network, NetworkConfig{});
      EXPECT_LE(config.epochs, Preset("post", kind).epochs);
    }
  }
  for (EstimatorKind kind : {EstimatorKind::kGaussian, EstimatorKind::kLowRank}) {
    for (const char* name : {"post", "quick"}) {
      const TrainConfig config = Preset(name, kind);
      Validate(config);
      EXPECT_EQ(config.estimator, kind);
      EXPECT_EQ(config.network.layers, NetworkConfig{}.layers);
      EXPECT_EQ(TrainConfigFromJson(ToJson(config), "x"), config);
    }
  }
  EXPECT_EQ(ErrorOf([] { Preset("slow", EstimatorKind::kGated); }),
            "unknown preset 'slow': expected post, best, quick or spirals");
}

TEST(Presets, TheSpiralsBringTheirDataAndASmallNetworkForEveryEstimator) {
  for (EstimatorKind kind : {EstimatorKind::kActivation, EstimatorKind::kGated, EstimatorKind::kBackprop}) {
    const TrainConfig config = Preset("spirals", kind);
    Validate(config);
    EXPECT_EQ(config.data, "spirals");
    EXPECT_EQ(config.estimator, kind);
    EXPECT_EQ(config.network.layers, (std::vector<int>{2, 64, 64, 2}));
  }
}

TEST(Presets, TheBestIsOfTheActivationEstimatorAlone) {
  const TrainConfig best = Preset("best", EstimatorKind::kActivation);
  Validate(best);
  EXPECT_EQ(best.estimator, EstimatorKind::kActivation);
  EXPECT_EQ(TrainConfigFromJson(ToJson(best), "x"), best);
  for (EstimatorKind kind : {EstimatorKind::kGated, EstimatorKind::kBackprop}) {
    EXPECT_EQ(ErrorOf([&] { Preset("best", kind); }),
              fmt::format("preset best: found estimator {}, expected activation", Name(kind)));
  }
}

TEST(TrainConfig, LossesOfASampleCountTheMembersThatEvaluateIt) {
  TrainConfig config;
  config.network.layers = {7, 10, 9, 3};
  config.activation = {0.1f, {4, 2}, 5};
  EXPECT_EQ(LossesOfSample(config), 1 + 3 + 5 + 2 * 5);
  config.population.pairs = 6;
  for (EstimatorKind kind : {EstimatorKind::kGaussian, EstimatorKind::kLowRank}) {
    config.estimator = kind;
    EXPECT_EQ(LossesOfSample(config), 12);
  }
  config.population.layer_pairs = {1, 4};
  EXPECT_EQ(LossesOfSample(config), 2 * (1 + 4 + 4));
  for (EstimatorKind kind : {EstimatorKind::kGated, EstimatorKind::kBackprop}) {
    config.estimator = kind;
    EXPECT_EQ(LossesOfSample(config), 1);
  }
}

TEST(TrainConfig, BackpropagationTrainsTheLinearNetworkAndTheOthersTheConfiguredOne) {
  TrainConfig config;
  EXPECT_EQ(TrainedNetwork(config), config.network);
  config.estimator = EstimatorKind::kGated;
  EXPECT_EQ(TrainedNetwork(config), config.network);
  config.estimator = EstimatorKind::kBackprop;
  EXPECT_EQ(TrainedNetwork(config), (NetworkConfig{config.network.layers, 0, kIeee, kIeee}));
}

}  // namespace
}  // namespace fplab::nets
