// The same run is the same bits: on every ISA and thread count, and resumed from a stop at any step.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include <fplab/nets/files/safetensors.h>
#include <fplab/nets/network/accuracy.h>
#include "proptests/support/network_data.h"
#include "proptests/support/scratch_folder.h"
#include "proptests/support/trainer_cases.h"

namespace fplab::nets {
namespace {

void ExpectSameRun(const RunFiles& found, const RunFiles& expected, const std::string& what) {
  EXPECT_EQ(found.result.digest, expected.result.digest) << what;
  EXPECT_TRUE(found.checkpoint == expected.checkpoint) << what << ": the checkpoints differ";
  EXPECT_EQ(found.metrics, expected.metrics) << what;
  EXPECT_EQ(found.result.finished, expected.result.finished) << what;
  EXPECT_EQ(found.result.steps, expected.result.steps) << what;
  EXPECT_EQ(found.result.epochs, expected.result.epochs) << what;
  EXPECT_EQ(found.result.train_accuracy, expected.result.train_accuracy) << what;
  EXPECT_EQ(found.result.test_accuracy, expected.result.test_accuracy) << what;
  EXPECT_EQ(found.result.train_loss, expected.result.train_loss) << what;
  EXPECT_EQ(found.result.test_loss, expected.result.test_loss) << what;
}

TEST(SameRunSameBits, OnEveryIsaAndThreadCountForEveryEstimatorAndOptimiser) {
  const TrainTest data = TrainerData();
  for (const TrainerCase& c : TrainerCases()) {
    const RunFiles expected = TrainInScratch(c.config, data);
    EXPECT_TRUE(expected.result.finished);
    EXPECT_EQ(expected.result.steps, 12);
    EXPECT_EQ(expected.metrics.size(), 2u);
    for (kernels::Isa isa : kernels::SupportedIsas()) {
      for (int threads : {1, 2, 3}) {
        if (isa == kernels::BestIsa() && threads == 1) continue;
        const std::string what = fmt::format("{} on {} with {} threads", c.name, Name(isa), threads);
        ExpectSameRun(TrainInScratch(c.config, data, isa, threads), expected, what);
      }
    }
  }
}

TEST(SameRunSameBits, After200StepsOnAvx512AndAvx2AndAfter4OnTheFallback) {
  const TrainTest data = RandomTrainTest(330, 50, 50, 10, 610);
  for (EstimatorKind kind : {EstimatorKind::kActivation, EstimatorKind::kGated}) {
    TrainConfig config;
    config.estimator = DefaultEstimator(kind);
    config.network.layers = {50, 96, 70, 10};
    config.batch = 66;
    config.epochs = 40;
    if (auto* activation = std::get_if<ActivationConfig>(&config.estimator)) activation->output_pairs = 4;
    config.optimizer.warmup_steps = 20;
    for (const auto& [steps, isas] :
         {std::pair<int64_t, std::vector<kernels::Isa>>{200, {kernels::Isa::kAvx512, kernels::Isa::kAvx2}},
          {4, {kernels::Isa::kAvx512, kernels::Isa::kAvx2, kernels::Isa::kFallback}}}) {
      std::string digest;
      for (kernels::Isa isa : isas) {
        if (!kernels::IsSupported(isa)) continue;
        TrainOptions options;
        options.isa = isa;
        options.max_steps = steps;
        const TrainResult result = Train(config, data, options);
        EXPECT_EQ(result.steps, steps);
        if (digest.empty()) digest = result.digest;
        EXPECT_EQ(result.digest, digest) << Name(kind) << ", " << steps << " steps, " << Name(isa);
      }
    }
  }
}

// Digests of runs without shifts, without a schedule of the noise and at the post's scale, which no later feature may
// change.
TEST(SameRunSameBits, WhatARunDoesNotAskForChangesNothing) {
  TrainConfig config;
  config.data = "spirals";
  config.network.layers = {2, 33, 17, 2};
  config.epochs = 2;
  config.batch = 300;
  EXPECT_EQ(Train(config, LoadData("spirals"), {}).digest,
            "af957c0a95e242eb673110972b2ed89e46207b9c66e0516731d7c6a8962a9953");
}

// As configurations were written before each estimator had its own settings: those of all are there.
OrderedJson FlatJson(const TrainConfig& config) {
  OrderedJson flat = ToJson(config);
  flat.erase("format");
  for (EstimatorKind kind : kEstimatorKinds) {
    TrainConfig other;
    other.estimator = DefaultEstimator(kind);
    const OrderedJson json = ToJson(other);
    for (const auto& [name, value] : json.items()) {
      if (name != "format" && !flat.contains(name)) flat[name] = value;
    }
  }
  return flat;
}

TEST(SameRunSameBits, ARunBegunWithAFlatConfigurationGoesOnToTheBitsOfOneThatWasNotStopped) {
  const TrainTest data = TrainerData();
  for (const TrainerCase& c : TrainerCases()) {
    const std::string digest = TrainInScratch(c.config, data).result.digest;
    const ScratchFolder scratch;
    TrainOptions options;
    options.max_steps = 7;
    {
      RunDirectory begun = RunDirectory::Create(scratch / "run", FlatJson(c.config));
      Train(c.config, data, options, &begun);
      Safetensors content = ReadSafetensors(begun.checkpoint_path());
      content.metadata["config"] = FlatJson(c.config).dump();
      WriteSafetensors(begun.checkpoint_path(), content);
    }
    RunDirectory run = RunDirectory::Resume(scratch / "run");
    const TrainConfig config = TrainConfigFromJson(run.config(), "config.json");
    EXPECT_EQ(config, c.config) << c.name;
    EXPECT_EQ(Train(config, data, {}, &run, /*resume=*/true).digest, digest) << c.name;
  }
}

TEST(SameRunSameBits, After50StepsOfEveryEstimatorOnEveryIsaAndThreadCountAndResumedHalfway) {
  const TrainTest data = RandomTrainTest(100, 20, 13, 4, 630);
  for (EstimatorKind kind : {EstimatorKind::kActivation, EstimatorKind::kGaussian, EstimatorKind::kLowRank,
                             EstimatorKind::kGated, EstimatorKind::kBackprop}) {
    TrainConfig config;
    config.data = "random";
    config.estimator = DefaultEstimator(kind);
    if (auto* activation = std::get_if<ActivationConfig>(&config.estimator)) activation->output_pairs = 2;
    if (auto* gaussian = std::get_if<GaussianConfig>(&config.estimator)) gaussian->pairs = 3;
    if (auto* lowrank = std::get_if<LowRankConfig>(&config.estimator)) lowrank->pairs = 3;
    config.network.layers = {13, 37, 12, 4};
    config.batch = 20;
    config.epochs = 10;
    config.optimizer.warmup_steps = 5;
    std::string digest;
    for (kernels::Isa isa : kernels::SupportedIsas()) {
      for (int threads : {1, 2}) {
        const ScratchFolder scratch;
        RunDirectory run = RunDirectory::Create(scratch / "run", ToJson(config));
        TrainOptions options;
        options.isa = isa;
        options.threads = threads;
        // The first run is not stopped, the others are.
        if (!digest.empty()) {
          options.max_steps = 23;
          Train(config, data, options, &run);
          options.max_steps = 0;
        }
        const TrainResult result = Train(config, data, options, &run, /*resume=*/!digest.empty());
        EXPECT_EQ(result.steps, 50);
        if (digest.empty()) digest = result.digest;
        EXPECT_EQ(result.digest, digest) << Name(kind) << " on " << Name(isa) << " with " << threads << " threads";
      }
    }
  }
}

// Trains until `stop_after` steps of the process are done, as often as it takes.
RunFiles TrainInPieces(const TrainConfig& config, const TrainTest& data, int stop_after, bool by_maximum) {
  const ScratchFolder scratch;
  RunDirectory run = RunDirectory::Create(scratch / "run", ToJson(config));
  TrainResult result;
  for (bool resume = false; !result.finished; resume = true) {
    TrainOptions options;
    int taken = 0;
    if (by_maximum) {
      options.max_steps = result.steps + stop_after;
    } else {
      options.stop = [&] { return ++taken == stop_after; };
    }
    const int64_t before = result.steps;
    result = Train(config, data, options, &run, resume);
    if (result.steps <= before) {
      ADD_FAILURE() << "no progress after step " << before;
      break;
    }
  }
  return FilesOf(run, result);
}

TEST(SameRunSameBits, ResumedFromAStopAtAnyStep) {
  const TrainTest data = TrainerData();
  for (const TrainerCase& c : TrainerCases()) {
    const RunFiles expected = TrainInScratch(c.config, data);
    // Stops after 1, 2, 3, ... steps fall in the middle of an epoch, before and after its partial last batch, and on
    // its end.
    for (int piece : {1, 4, 5, 6, 7, 11, 12}) {
      const std::string what = fmt::format("{}, stopped every {} steps", c.name, piece);
      ExpectSameRun(TrainInPieces(c.config, data, piece, /*by_maximum=*/false), expected, what);
    }
    ExpectSameRun(TrainInPieces(c.config, data, 5, /*by_maximum=*/true), expected, c.name);
  }
}

TEST(SameRunSameBits, ResumedOnAnotherIsaAndThreadCount) {
  const TrainTest data = TrainerData();
  for (const TrainerCase& c : TrainerCases()) {
    const RunFiles expected = TrainInScratch(c.config, data);
    const ScratchFolder scratch;
    RunDirectory run = RunDirectory::Create(scratch / "run", ToJson(c.config));
    TrainResult result;
    int piece = 0;
    for (kernels::Isa isa : kernels::SupportedIsas()) {
      TrainOptions options;
      options.isa = isa;
      options.threads = 1 + piece % 3;
      options.max_steps = 3 * (piece + 1);
      result = Train(c.config, data, options, &run, piece++ > 0);
    }
    TrainOptions rest;
    result = Train(c.config, data, rest, &run, true);
    ExpectSameRun(FilesOf(run, result), expected, c.name);
  }
}

TEST(SameRunSameBits, EvaluatingMoreSeldomChangesNoWeight) {
  const TrainTest data = TrainerData();
  TrainConfig config = TrainerCases().front().config;
  const std::string digest = TrainInScratch(config, data).result.digest;
  config.evaluate_every = 5;
  const RunFiles seldom = TrainInScratch(config, data);
  EXPECT_EQ(seldom.result.digest, digest);
  EXPECT_EQ(seldom.metrics.size(), 1u);  // the last epoch always is
}

TEST(SameRunSameBits, MeasuringTheCosineWithTheGatedGradientChangesNothingButTheLog) {
  const TrainTest data = TrainerData();
  for (const TrainerCase& c : TrainerCases()) {
    const RunFiles expected = TrainInScratch(c.config, data);
    const ScratchFolder scratch;
    RunDirectory run = RunDirectory::Create(scratch / "run", ToJson(c.config));
    TrainOptions options;
    options.cosine_every = 5;
    RunFiles found = FilesOf(run, Train(c.config, data, options, &run));
    // Measured at steps 0, 5 and 10; lines are written at 6 and 12.
    ASSERT_EQ(found.metrics.size(), 2u);
    EXPECT_EQ(found.metrics[0]["cosine"].size(), 2u);
    EXPECT_EQ(found.metrics[1]["cosine"].size(), 1u);
    for (OrderedJson& line : found.metrics) {
      for (const OrderedJson& cosine : line["cosine"]) {
        EXPECT_EQ(cosine["layers"].size(), 3u);
        const double all = cosine["all"];
        // Cauchy and Schwarz, but for rounding, in units of u = 2^-53: the products of two binary32 are exact, each of
        // three sums of n has n u, and two of them go under a root; then two roots, their product and the quotient.
        const auto n = static_cast<double>(Flat(ZeroParameters(c.config.network)).size());
        EXPECT_LE(std::fabs(all), 1 + (2 * n + 5) * 0x1p-53) << c.name;
        const EstimatorKind kind = Kind(c.config.estimator);
        if (kind == EstimatorKind::kGated || kind == EstimatorKind::kBackprop) {
          // The two gradients are the same bits, and so are the three sums s: s / (sqrt(s) sqrt(s)) has four roundings,
          // and one is left for what they are of each other.
          EXPECT_NEAR(all, 1, 5 * 0x1p-53);
        }
      }
      line.erase("cosine");
    }
    ExpectSameRun(found, expected, c.name);
  }
}

TEST(SameRunSameBits, AnotherSeedIsAnotherRun) {
  const TrainTest data = TrainerData();
  for (TrainerCase c : TrainerCases()) {
    const std::string digest = TrainInScratch(c.config, data).result.digest;
    c.config.seed = 2;
    EXPECT_NE(TrainInScratch(c.config, data).result.digest, digest) << c.name;
  }
}

}  // namespace
}  // namespace fplab::nets
