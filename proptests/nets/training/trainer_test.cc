// The training loop: which samples a step sees, what it reports and writes, and what it refuses.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/training/trainer.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <fplab/fparith/float/bits.h>
#include <fplab/nets/network/accuracy.h>
#include "proptests/support/network_data.h"
#include "proptests/support/scratch_folder.h"
#include "proptests/support/trainer_cases.h"

namespace fplab::nets {
namespace {

// A linear network and data in which sample i alone moves row i of the weights: so the weights tell which samples a
// step saw.
struct Tracer {
  Tracer(int samples, int batch, int epochs) {
    data.train = RandomData(samples, samples, 2, 1);
    std::fill(data.train.x.begin(), data.train.x.end(), 0.0f);
    for (int i = 0; i < samples; ++i) data.train.x[static_cast<size_t>(i * samples + i)] = 1.0f;
    data.test = data.train;
    config.data = "tracer";
    config.network.layers = {samples, 2};
    config.estimator = BackpropConfig{};
    config.optimizer.kind = OptimizerKind::kSgd;
    config.optimizer.momentum = 0;
    config.optimizer.warmup_steps = 0;
    config.optimizer.schedule = Schedule::kConstant;
    config.batch = batch;
    config.epochs = epochs;
  }

  // The samples that each step saw, sorted within the step.
  std::vector<std::vector<int>> Steps() const {
    const ScratchFolder scratch;
    RunDirectory run = RunDirectory::Create(scratch / "run", ToJson(config));
    std::vector<std::vector<int>> steps;
    Network before = InitialNetwork(TrainedNetwork(config), config.seed, kernels::BestIsa());
    TrainResult result;
    while (!result.finished) {
      TrainOptions options;
      options.max_steps = result.steps + 1;
      result = Train(config, data, options, &run, result.steps > 0);
      const Network after = ReadCheckpoint(run.checkpoint_path()).network;
      steps.emplace_back();
      for (int i = 0; i < config.network.layers[0]; ++i) {
        if (after.parameters[0].weight.At(i, 0) != before.parameters[0].weight.At(i, 0)) steps.back().push_back(i);
      }
      before = after;
    }
    return steps;
  }

  TrainTest data;
  TrainConfig config;
};

TEST(Trainer, EveryEpochSeesEverySampleOnceInAnOrderOfItsOwnAndTheLastBatchHoldsWhatIsLeft) {
  Tracer tracer(37, 5, 3);
  std::set<std::vector<std::vector<int>>> orders;
  for (uint64_t seed : {1u, 2u}) {
    tracer.config.seed = seed;
    const std::vector<std::vector<int>> steps = tracer.Steps();
    ASSERT_EQ(steps.size(), 3u * 8);
    for (size_t epoch = 0; epoch < 3; ++epoch) {
      const auto begin = steps.begin() + static_cast<ptrdiff_t>(epoch * 8);
      std::vector<int> seen;
      for (size_t i = 0; i < 8; ++i) {
        const std::vector<int>& step = *(begin + static_cast<ptrdiff_t>(i));
        EXPECT_EQ(step.size(), i == 7 ? 2u : 5u);
        seen.insert(seen.end(), step.begin(), step.end());
      }
      std::sort(seen.begin(), seen.end());
      std::vector<int> all(37);
      std::iota(all.begin(), all.end(), 0);
      EXPECT_EQ(seen, all);
      orders.insert({begin, begin + 8});
    }
  }
  EXPECT_EQ(orders.size(), 6u);  // no epoch and no seed repeats another's order
}

TEST(Trainer, ABatchOfAllSamplesOrMoreIsOneStepAnEpoch) {
  for (int batch : {9, 10, 2147483647}) {
    const std::vector<std::vector<int>> steps = Tracer(9, batch, 2).Steps();
    ASSERT_EQ(steps.size(), 2u);
    for (const std::vector<int>& step : steps) EXPECT_EQ(step.size(), 9u);
  }
}

TEST(Trainer, TheLastPartialBatchWeighsAsMuchAsItsSamplesInTheReportedMeans) {
  // With a learning rate that moves nothing the mean over the epoch's steps is the evaluation of the initial network.
  for (TrainerCase c : TrainerCases()) {
    const EstimatorKind kind = Kind(c.config.estimator);
    if (kind != EstimatorKind::kGated && kind != EstimatorKind::kBackprop) continue;  // sees a noisy loss
    c.config.optimizer.learning_rate = 1e-30f;
    c.config.optimizer.average_decay = 0;
    const RunFiles files = TrainInScratch(c.config, TrainerData());
    for (const OrderedJson& line : files.metrics) {
      EXPECT_EQ(line["estimator_accuracy"], line["train_accuracy"]) << c.name;
      // Sums of 173 numbers below 10 in two orders.
      EXPECT_NEAR(line["estimator_loss"].get<double>(), line["train_loss"].get<double>(), 173 * 0x1p-50) << c.name;
    }
  }
}

TEST(Trainer, MetricsAndResultAreThoseOfTheNetworkInTheCheckpoint) {
  const TrainTest data = TrainerData();
  kernels::Workers workers(1);
  for (const TrainerCase& c : TrainerCases()) {
    const ScratchFolder scratch;
    RunDirectory run = RunDirectory::Create(scratch / "run", ToJson(c.config));
    const TrainResult result = Train(c.config, data, {}, &run);
    const Checkpoint checkpoint = ReadCheckpoint(run.checkpoint_path());
    const Network evaluated = EvaluatedNetwork(checkpoint);
    const Accuracy train = Evaluate(evaluated, data.train, kernels::BestIsa(), workers);
    const Accuracy test = Evaluate(evaluated, data.test, kernels::BestIsa(), workers);
    const std::vector<OrderedJson> lines = run.ReadMetrics();
    ASSERT_EQ(lines.size(), 2u);
    const OrderedJson& last = lines.back();
    EXPECT_EQ(last["step"], 12);
    EXPECT_EQ(last["epoch"], 2);
    EXPECT_EQ(last["train_accuracy"].get<double>(), train.accuracy) << c.name;
    EXPECT_EQ(last["train_loss"].get<double>(), train.loss) << c.name;
    EXPECT_EQ(last["test_accuracy"].get<double>(), test.accuracy) << c.name;
    EXPECT_EQ(last["test_loss"].get<double>(), test.loss) << c.name;
    EXPECT_EQ(last["train_zeros"].get<std::vector<double>>(), train.zeros) << c.name;
    EXPECT_EQ(last["train_nonlinear"].get<std::vector<double>>(), train.gates.nonlinear) << c.name;
    EXPECT_EQ(last["path_length"].get<double>(), train.gates.PathLength()) << c.name;
    EXPECT_EQ(last["learning_rate"].get<float>(), LearningRate(c.config.optimizer, 11, 12)) << c.name;
    EXPECT_EQ(result.train_accuracy, train.accuracy);
    EXPECT_EQ(result.test_accuracy, test.accuracy);
    EXPECT_EQ(result.train_loss, train.loss);
    EXPECT_EQ(result.test_loss, test.loss);
    EXPECT_EQ(result.epochs, 2);
    EXPECT_EQ(result.digest, ParameterDigest(checkpoint.network));
    EXPECT_EQ(checkpoint.step, 12);
    EXPECT_EQ(checkpoint.config, c.config);
    EXPECT_EQ(ToBits(checkpoint.epoch.loss), 0u);
    if (c.config.optimizer.average_decay > 0) {
      EXPECT_NE(ParameterDigest(evaluated), result.digest) << "the average is evaluated, not the parameters";
    }
  }
}

TEST(Trainer, ProgressIsReportedAfterEveryStep) {
  std::vector<TrainProgress> reports;
  TrainOptions options;
  options.progress = [&](const TrainProgress& progress) { reports.push_back(progress); };
  Train(TrainerCases()[1].config, TrainerData(), options);
  ASSERT_EQ(reports.size(), 12u);
  for (size_t i = 0; i < reports.size(); ++i) {
    const TrainProgress& p = reports[i];
    EXPECT_EQ(p.step, static_cast<int64_t>(i) + 1);
    EXPECT_EQ(p.total_steps, 12);
    EXPECT_EQ(p.epoch, i < 6 ? 1 : 2);
    EXPECT_EQ(p.epochs, 2);
    EXPECT_GT(p.loss, 0);
    EXPECT_LT(p.loss, 10);
    EXPECT_GE(p.accuracy, 0);
    EXPECT_LE(p.accuracy, 1);
    EXPECT_EQ(p.test_accuracy < 0, i < 6);
  }
}

TEST(Trainer, LearnsWhatALinearNetworkCannot) {
  // The label is the sign of the product of two coordinates: no line separates it.
  TrainTest data = RandomTrainTest(2000, 500, 2, 2, 620);
  for (Dataset* set : {&data.train, &data.test}) {
    for (int i = 0; i < set->count(); ++i) {
      const auto x = set->Sample(i);
      set->y[static_cast<size_t>(i)] = SignBit(x[0]) != SignBit(x[1]);
    }
  }
  const auto accuracy = [&](EstimatorKind kind) {
    TrainConfig config;
    config.network.layers = {2, 32, 32, 2};
    config.estimator = DefaultEstimator(kind);
    config.epochs = 12;
    config.batch = 50;
    config.optimizer.learning_rate = 5e-3f;
    config.optimizer.warmup_steps = 20;
    TrainOptions options;
    options.threads = 2;
    return Train(config, data, options).test_accuracy;
  };
  EXPECT_GT(accuracy(EstimatorKind::kActivation), 0.9);
  EXPECT_GT(accuracy(EstimatorKind::kGated), 0.9);
  // The best half-plane, x + y > 1, is right for 0.63 of a normal distribution; 500 samples add 4.5 standard errors.
  EXPECT_LT(accuracy(EstimatorKind::kBackprop), 0.63 + 4.5 * std::sqrt(0.63 * 0.37 / 500));
}

TEST(Trainer, AMaximumOfStepsThatIsReachedAlreadyTakesNone) {
  const ScratchFolder scratch;
  const TrainConfig config = TrainerCases().front().config;
  RunDirectory run = RunDirectory::Create(scratch / "run", ToJson(config));
  TrainOptions options;
  options.max_steps = 5;
  EXPECT_EQ(Train(config, TrainerData(), options, &run).steps, 5);
  const std::string bytes = Get(run.checkpoint_path());
  const TrainResult again = Train(config, TrainerData(), options, &run, true);
  EXPECT_EQ(again.steps, 5);
  EXPECT_FALSE(again.finished);
  EXPECT_EQ(Get(run.checkpoint_path()), bytes);
}

TEST(Trainer, AFinishedRunThatIsResumedStaysAsItIs) {
  const ScratchFolder scratch;
  const TrainConfig config = TrainerCases().front().config;
  RunDirectory run = RunDirectory::Create(scratch / "run", ToJson(config));
  const TrainResult first = Train(config, TrainerData(), {}, &run);
  const std::string checkpoint = Get(run.checkpoint_path()), metrics = Get(run.metrics_path());
  const TrainResult again = Train(config, TrainerData(), {}, &run, true);
  EXPECT_TRUE(again.finished);
  EXPECT_EQ(again.digest, first.digest);
  EXPECT_EQ(again.test_accuracy, first.test_accuracy);
  EXPECT_EQ(Get(run.checkpoint_path()), checkpoint);
  EXPECT_EQ(Get(run.metrics_path()), metrics);
}

TEST(Trainer, DataThatDoNotFitAnEmptySetAndNoThreadsAreRefused) {
  const TrainConfig config = TrainerCases().front().config;
  const auto refusal = [&](const TrainTest& data, int threads = 1) {
    TrainOptions options;
    options.threads = threads;
    return ErrorOf([&] { Train(config, data, options); });
  };
  EXPECT_EQ(refusal(RandomTrainTest(5, 5, 6, 3, 1)), "layers: the input width is 9, but random has 6 features");
  EXPECT_EQ(refusal(RandomTrainTest(5, 5, 9, 4, 1)), "layers: the output width is 3, but random has 4 classes");
  EXPECT_EQ(refusal(RandomTrainTest(0, 5, 9, 3, 1)), "data: random has no training samples");
  TrainTest test_differs = TrainerData();
  test_differs.test = RandomData(5, 8, 3, 1);
  EXPECT_TRUE(Contains(refusal(test_differs), "8 features"));
  for (int threads : {0, -1, 1000000}) {
    EXPECT_EQ(refusal(TrainerData(), threads), fmt::format("threads: found {}, expected 1 to 4096", threads));
  }
}

TEST(Trainer, ARunIsNotGoneOnWithOnOtherDataNorOnTheSameInAnotherOrder) {
  const ScratchFolder scratch;
  const TrainConfig config = TrainerCases().front().config;
  RunDirectory run = RunDirectory::Create(scratch / "run", ToJson(config));
  TrainOptions options;
  options.max_steps = 2;
  EXPECT_TRUE(Train(config, TrainerData(), options, &run).data_known);
  const std::string bytes = Get(run.checkpoint_path());
  const auto refusal = [&](auto change) {
    TrainTest data = TrainerData();
    change(data);
    return ErrorOf([&] { Train(config, data, {}, &run, true); });
  };
  const std::string prefix = run.checkpoint_path().string() + ": the ";
  const auto exchanged = [](Dataset& data) {
    std::swap(data.y[0], data.y[1]);
    std::swap_ranges(data.x.begin(), data.x.begin() + data.features, data.x.begin() + data.features);
  };
  EXPECT_TRUE(refusal([&](TrainTest& d) { exchanged(d.train); }).starts_with(prefix + "training data are not those"));
  EXPECT_TRUE(refusal([](TrainTest& d) { d.train.x[7] += 0.5f; }).starts_with(prefix + "training data are not those"));
  EXPECT_TRUE(refusal([](TrainTest& d) { d.test.x[7] += 0.5f; }).starts_with(prefix + "test data are not those"));
  EXPECT_EQ(Get(run.checkpoint_path()), bytes);
  EXPECT_EQ(refusal([](TrainTest& d) { d.train.name = d.source = "elsewhere"; }), "(no error)");
}

TEST(Trainer, ACheckpointWithoutDigestsOfItsDataIsGoneOnWithAndSaysSo) {
  const ScratchFolder scratch;
  const TrainConfig config = TrainerCases().front().config;
  RunDirectory run = RunDirectory::Create(scratch / "run", ToJson(config));
  TrainOptions options;
  options.max_steps = 2;
  Train(config, TrainerData(), options, &run);
  Checkpoint old = ReadCheckpoint(run.checkpoint_path());
  old.data = {};
  WriteCheckpoint(run.checkpoint_path(), old);
  const TrainResult result = Train(config, TrainerData(), {}, &run, true);
  EXPECT_FALSE(result.data_known);
  const RunFiles whole = TrainInScratch(config, TrainerData());
  EXPECT_TRUE(Get(run.checkpoint_path()) == whole.checkpoint) << "from the next checkpoint on the digests are kept";
  EXPECT_TRUE(whole.result.data_known);
}

TEST(Trainer, WhatIsNoDataSetIsRefusedNotRead) {
  const TrainConfig config = TrainerCases().front().config;
  const auto refusal = [&](auto change) {
    TrainTest data = TrainerData();
    change(data);
    return ErrorOf([&] { Train(config, data, {}); });
  };
  EXPECT_EQ(refusal([](TrainTest& d) { d.train.x.resize(9); }),
            "data: random has 9 values, expected 1557: 173 samples of 9 features");
  EXPECT_EQ(refusal([](TrainTest& d) { d.test.x.clear(); }),
            "data: random has 0 values, expected 360: 40 samples of 9 features");
  EXPECT_EQ(refusal([](TrainTest& d) { d.train.y[5] = 255; }), "data: random: label 5 is 255, expected 0 to 2");
  EXPECT_EQ(refusal([](TrainTest& d) { d.test.y[5] = 3; }), "data: random: label 5 is 3, expected 0 to 2");
}

TEST(Trainer, ACheckpointOfAnotherConfigurationOrDamagedIsNotResumed) {
  const ScratchFolder scratch;
  TrainConfig config = TrainerCases().front().config;
  RunDirectory run = RunDirectory::Create(scratch / "run", ToJson(config));
  TrainOptions options;
  options.max_steps = 2;
  Train(config, TrainerData(), options, &run);
  const std::string bytes = Get(run.checkpoint_path());
  config.batch = 33;
  const auto refusal = [&] { return ErrorOf([&] { Train(config, TrainerData(), {}, &run, true); }); };
  EXPECT_TRUE(Contains(refusal(), "checkpoint.safetensors: was made with another configuration than")) << refusal();
  EXPECT_EQ(Get(run.checkpoint_path()), bytes);
  config.batch = 32;
  Put(run.checkpoint_path(), bytes.substr(0, bytes.size() / 2));
  EXPECT_TRUE(refusal().starts_with(run.checkpoint_path().string() + ": ")) << refusal();
  EXPECT_EQ(Get(run.checkpoint_path()).size(), bytes.size() / 2);
}

}  // namespace
}  // namespace fplab::nets
