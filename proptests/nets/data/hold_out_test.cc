// Samples held out of training: every one on one side, and a training that has not seen them.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/hold_out.h>

#include <gtest/gtest.h>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/network/accuracy.h>
#include <fplab/nets/training/trainer.h>
#include "proptests/support/network_data.h"
#include "proptests/support/scratch_folder.h"
#include "proptests/support/thread_ranks.h"
#include "proptests/support/trainer_cases.h"

namespace fplab::nets {
namespace {

// Sample i is {i, i, ...}.
Dataset Numbered(int count) {
  Dataset data{"numbered", 3, 256, 0, 0, {}, {}};
  for (int i = 0; i < count; ++i) {
    data.x.insert(data.x.end(), 3, static_cast<float>(i));
    data.y.push_back(static_cast<uint8_t>(i % 256));
  }
  return data;
}

std::vector<float> NumbersOf(const Dataset& data) {
  std::vector<float> numbers;
  for (int i = 0; i < data.count(); ++i) {
    numbers.push_back(data.Sample(i)[0]);
    EXPECT_EQ(data.Sample(i)[2], data.Sample(i)[0]);
    EXPECT_EQ(data.y[static_cast<size_t>(i)], static_cast<int>(numbers.back()) % 256);
  }
  return numbers;
}

TEST(HoldOut, PutsEverySampleOnOneSideInItsOrder) {
  for (const auto& [samples, count] : {std::pair(1, 0), {2, 1}, {1000, 1}, {1000, 300}, {1000, 999}}) {
    const HeldOut parts = HoldOut(Numbered(samples), count, 7, kernels::BestIsa());
    const std::vector<float> rest = NumbersOf(parts.rest), held_out = NumbersOf(parts.held_out);
    EXPECT_EQ(static_cast<int>(held_out.size()), count);
    EXPECT_TRUE(std::is_sorted(rest.begin(), rest.end()) && std::is_sorted(held_out.begin(), held_out.end()));
    std::vector<float> all;
    std::merge(rest.begin(), rest.end(), held_out.begin(), held_out.end(), std::back_inserter(all));
    for (int i = 0; i < samples; ++i) ASSERT_EQ(all[static_cast<size_t>(i)], static_cast<float>(i));
  }
}

TEST(HoldOut, IsDrawnByTheSeedAloneAndEvenly) {
  const Dataset data = Numbered(1000);
  const std::vector<float> once = NumbersOf(HoldOut(data, 300, 7, kernels::BestIsa()).held_out);
  EXPECT_EQ(NumbersOf(HoldOut(data, 300, 7, kernels::Isa::kFallback).held_out), once);
  EXPECT_NE(NumbersOf(HoldOut(data, 300, 8, kernels::BestIsa()).held_out), once);
  // Of the first half 150 are expected, with a standard deviation of 7.2.
  const auto half = std::lower_bound(once.begin(), once.end(), 500.0f) - once.begin();
  EXPECT_NEAR(static_cast<double>(half), 150, 40);
}

TEST(HoldOut, ThatLeavesNoneIsRefused) {
  for (const int count : {-1, 10, 11}) EXPECT_THROW(HoldOut(Numbered(10), count, 1, kernels::BestIsa()), Error);
  TrainConfig config = TrainerCases().front().config;
  const TrainTest data = TrainerData();
  config.validation = data.train.count();
  EXPECT_THROW(RequireTrainable(config, data), Error);
}

// On what is left, the training is the one without any held out.
TEST(HoldOut, ATrainingHasNotSeenWhatItIsValidatedOn) {
  TrainConfig config = TrainerCases().front().config;
  config.validation = 40;
  const TrainTest data = TrainerData();
  const RunFiles found = TrainInScratch(config, data);

  const HeldOut parts = HoldOut(data.train, 40, config.seed, kernels::BestIsa());
  TrainTest rest = data;
  rest.train = parts.rest;
  TrainConfig plain = config;
  plain.validation = 0;
  const ScratchFolder scratch;
  RunDirectory run = RunDirectory::Create(scratch / "run", ToJson(plain));
  const TrainResult expected = Train(plain, rest, {}, &run);
  EXPECT_EQ(found.result.digest, expected.digest);
  EXPECT_EQ(found.result.train_accuracy, expected.train_accuracy);

  kernels::Workers workers(1);
  const Accuracy held_out =
      Evaluate(EvaluatedNetwork(ReadCheckpoint(run.checkpoint_path())), parts.held_out, kernels::BestIsa(), workers);
  EXPECT_EQ(found.result.validation_accuracy, held_out.accuracy);
  EXPECT_EQ(found.result.validation_loss, held_out.loss);
  EXPECT_EQ(found.metrics.back()["validation_accuracy"], held_out.accuracy);
  EXPECT_EQ(expected.validation_accuracy, -1);
  EXPECT_FALSE(FilesOf(run, expected).metrics.back().contains("validation_accuracy"));

  RunTogether(2, [&](Ranks& ranks) {
    TrainOptions options;
    options.ranks = &ranks;
    const TrainResult result = Train(config, data, options);
    EXPECT_EQ(result.digest, found.result.digest);
    EXPECT_EQ(result.validation_accuracy, held_out.accuracy);
  });
}

}  // namespace
}  // namespace fplab::nets
