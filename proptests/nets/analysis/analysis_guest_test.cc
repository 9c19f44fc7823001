// What nets computes besides training, as a guest: the same bits in every host program, whose state stays as it is.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/nets/analysis/ablations.h>
#include <fplab/nets/analysis/gate_effects.h>
#include <fplab/nets/analysis/linearize.h>
#include <fplab/nets/analysis/ridge_regression.h>
#include <fplab/nets/baselines/baseline_trainer.h>
#include <fplab/nets/config/config_field.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/data/glyphs.h>
#include <fplab/nets/estimators/antithetic_population.h>
#include <fplab/nets/estimators/fitness.h>
#include <fplab/nets/estimators/gradient_cosine.h>
#include <fplab/nets/network/accuracy.h>
#include <fplab/nets/network/predict.h>
#include <fplab/nets/training/checkpoint.h>
#include <fplab/nets/training/config_json.h>
#include "proptests/support/host_states.h"
#include "proptests/support/network_data.h"

namespace fplab::nets {
namespace {

using Bits = std::vector<uint64_t>;

// What every entry computes from; made before the host's state is set.
struct Desk {
  Network network = RandomNetwork({{6, 40, 33, 3}, 125, kIeee, kFtzDaz}, 1300);
  Network rescaled = RandomNetwork({{6, 40, 33, 3}, 125, kIeee, kFtzDaz, true}, 1301);
  TrainTest data = RandomTrainTest(300, 90, 6, 3, 1302);
  kernels::PanelMatrix features{300, 6};
  Checkpoint checkpoint;
  TrainConfig config = Preset("best", EstimatorKind::kActivation);
  BaselineTrainConfig baseline;
  LinearizeConfig levels;
  std::vector<PairLoss> losses;
  PopulationConfig population;
  std::vector<float> plus, minus;

  Desk() {
    checkpoint.config.network = network.config;
    checkpoint.network = network;
    kernels::ToPanels(data.train.x.data(), 6, features.view());
    baseline.network = {{6, 24, 20, 3}, kernels::Nonlinearity::kElu, true};
    baseline.epochs = 2;
    baseline.batch = 64;
    levels.levels = 2;
    levels.tune_epochs = 1;
    population.sigma = {0.1f};
    population.pairs = 3;
    population.samples_per_pair = 0;
    for (int i = 0; i < 64; ++i) {
      losses.push_back({0.1 * i, 7.0 / (i + 1)});
      plus.push_back(0.3f * static_cast<float>(i + 1));
      minus.push_back(5.1f / static_cast<float>(i + 1));
    }
  }
};

class Reader {
 public:
  void Read(double x) { bits_.push_back(ToBits(x)); }
  void Read(float x) { bits_.push_back(ToBits(x)); }
  void Read(const std::string& text) { bits_.insert(bits_.end(), text.begin(), text.end()); }
  template <typename T>
  void Read(const std::vector<T>& list) {
    for (const T& item : list) Read(item);
  }
  void Read(const PairLoss& loss) {
    Read(loss.plus);
    Read(loss.minus);
  }
  void Read(const Network& network) { Read(Flat(network.parameters)); }
  void Read(const Accuracy& accuracy) {
    Read(accuracy.accuracy);
    Read(accuracy.loss);
    Read(accuracy.zeros);
    Read(accuracy.gates.nonlinear);
    Read(accuracy.gates.PathLength());
  }
  void Read(const Ablation& control) {
    Read(control.train.value_or(-1));
    Read(control.test.value_or(-1));
    Read(control.lambda.value_or(-1));
  }
  void Read(const LinearizePoint& point) {
    Read(point.train_accuracy);
    Read(point.test_accuracy);
    Read(point.path_length);
  }
  void Read(const TrainTest& data) {
    Read(data.train.x);
    Read(data.test.x);
  }
  const Bits& bits() const { return bits_; }

 private:
  Bits bits_;
};

struct Entry {
  const char* name;
  std::function<void(const Desk&, kernels::Workers&, Reader&)> run;
};

// Every public function of nets that computes, but training and estimating.
std::vector<Entry> Entries() {
  const kernels::Isa isa = kernels::BestIsa();
  return {
      {"initial network", [isa](const Desk& d, auto&, Reader& r) { r.Read(InitialNetwork(d.network.config, 3, isa)); }},
      {"evaluate", [isa](const Desk& d, auto& w, Reader& r) { r.Read(Evaluate(d.network, d.data.train, isa, w)); }},
      {"evaluate rescaled",
       [isa](const Desk& d, auto& w, Reader& r) { r.Read(Evaluate(d.rescaled, d.data.train, isa, w)); }},
      {"predict",
       [isa](const Desk& d, auto& w, Reader& r) {
         for (int x : Predict(d.network, d.data.test, isa, w)) r.Read(static_cast<float>(x));
       }},
      {"flatten", [](const Desk& d, auto&, Reader& r) { r.Read(Flatten(d.network)); }},
      {"gate effects",
       [isa](const Desk& d, auto& w, Reader& r) { r.Read(GateEffects(d.network, d.data.train, isa, w)); }},
      {"controls", [isa](const Desk& d, auto& w, Reader& r) { r.Read(RunAblations(d.checkpoint, d.data, isa, w)); }},
      {"linearize",
       [isa](const Desk& d, auto& w, Reader& r) { r.Read(Linearize(d.checkpoint, d.data, d.levels, isa, w)); }},
      {"ridge regression",
       [isa](const Desk& d, auto& w, Reader& r) {
         RidgeMoments moments(6, 3), others(6, 3);
         moments.Add(d.features.view(), d.data.train.y, isa, w);
         others.Add(moments);
         const Readout readout = SolveRidge(moments, others);
         r.Read(readout.weight);
         r.Read(readout.intercept);
         r.Read(moments.Solve(0.1).weight);
         r.Read(moments.MeanSquaredError(readout));
         r.Read(static_cast<float>(readout.CountCorrect(d.features.view(), d.data.train.y)));
       }},
      {"baseline",
       [](const Desk& d, auto&, Reader& r) {
         TrainOptions options;
         options.threads = 2;
         const BaselineTrainResult result = TrainBaseline(d.baseline, d.data, options);
         r.Read(result.digest);
         for (const CurvePoint& point : result.curve) r.Read(point.validation);
       }},
      {"fitness",
       [](const Desk& d, auto&, Reader& r) {
         for (Fitness fitness : {Fitness::kDifference, Fitness::kZScore, Fitness::kRanks, Fitness::kSign}) {
           r.Read(Shape(fitness, d.losses));
         }
       }},
      {"population",
       [](const Desk& d, auto&, Reader& r) {
         AntitheticPopulation population(d.population, 60);
         for (int visit = 0; visit < population.visits(); ++visit) {
           population.Record(visit, 0, 32, d.plus.data(), d.minus.data());
           population.Record(visit, 1, 28, d.plus.data() + 32, d.minus.data() + 32);
           population.AddUp({0, population.looks()});
         }
         r.Read(population.Weights(Fitness::kZScore));
         r.Read(population.TotalLoss());
       }},
      {"cosine of gradients",
       [](const Desk& d, auto&, Reader& r) {
         const GradientCosine cosine = CosineBetween(d.network.parameters, d.rescaled.parameters);
         r.Read(cosine.all);
         r.Read(cosine.layers);
       }},
      {"learning rate",
       [](const Desk& d, auto&, Reader& r) {
         for (int64_t step = 0; step < 1000; step += 37) r.Read(LearningRate(d.config.optimizer, step, 1000));
       }},
      {"configuration",
       [](const Desk& d, auto&, Reader& r) {
         const OrderedJson json = ToJson(d.config);
         r.Read(json.dump());
         r.Read(TrainConfigFromJson(json, "here").optimizer.learning_rate);
         r.Read(std::get<float>(ParseText("0.1", FieldValue(1.0f))));
         r.Read(std::get<float>(ParseText("1e-40", FieldValue(1.0f))));
         r.Read(ToText(FieldValue(0x1p-140f)));
         r.Read(Above(0).Contains(0x1p-1040) ? 1.0f : 0.0f);
       }},
      {"spirals", [](const Desk&, auto&, Reader& r) { r.Read(LoadData("spirals")); }},
      {"glyphs",
       [](const Desk&, auto& w, Reader& r) {
         r.Read(MakeGlyphs({40, 10, &w}));
       }},
  };
}

TEST(AnalysisGuest, EveryPublicFunctionGivesTheSameBitsInEveryHostAndLeavesItAsItIs) {
  if (!HardwareSupports(kFtzDaz)) GTEST_SKIP() << "this machine does not flush";
  const Desk desk;
  for (const Entry& entry : Entries()) {
    kernels::Workers workers(2);
    Reader expected;
    entry.run(desk, workers, expected);
    for (const HostState& state : HostStates()) {
      Reader found;
      EXPECT_TRUE(LeavesHostAsItIs(state,
                                   [&] {
                                     kernels::Workers own(2);  // its threads begin in the host's state
                                     entry.run(desk, own, found);
                                   }))
          << entry.name << " in a host " << state.name;
      EXPECT_EQ(found.bits(), expected.bits()) << entry.name << " in a host " << state.name;
    }
  }
}

}  // namespace
}  // namespace fplab::nets
