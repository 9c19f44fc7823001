// Ridge regression: hand-solved cases, the meaning of lambda, and its choice on held-out samples.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/analysis/ridge_regression.h>

#include <gtest/gtest.h>

#include <cmath>

#include "proptests/support/kernel_data.h"

namespace fplab::nets {
namespace {

struct Samples {
  kernels::PanelMatrix x;
  std::vector<uint8_t> labels;
};

Samples Make(const std::vector<std::vector<float>>& rows, const std::vector<uint8_t>& labels) {
  Samples samples{
      kernels::PanelMatrix(static_cast<int>(rows.size()), rows.empty() ? 0 : static_cast<int>(rows[0].size())), labels};
  for (int i = 0; i < samples.x.rows(); ++i) {
    for (int f = 0; f < samples.x.cols(); ++f) {
      samples.x.At(i, f) = rows[static_cast<size_t>(i)][static_cast<size_t>(f)];
    }
  }
  return samples;
}

RidgeMoments MomentsOf(const Samples& samples, int classes, kernels::Isa isa = kernels::BestIsa(), int threads = 1) {
  RidgeMoments moments(samples.x.cols(), classes);
  kernels::Workers workers(threads);
  moments.Add(samples.x.view(), samples.labels, isa, workers);
  return moments;
}

// Features 0 or 1 at random and a label that is the first of them, but for one sample in `noise`.
Samples RandomBits(int count, int features, uint64_t seed, uint32_t noise = 1000000) {
  WordSource source(seed);
  Samples samples{kernels::PanelMatrix(count, features), {}};
  for (int i = 0; i < count; ++i) {
    for (int f = 0; f < features; ++f) samples.x.At(i, f) = static_cast<float>(source.Below(2));
    const bool flip = source.Below(noise) == 0;
    samples.labels.push_back(static_cast<uint8_t>((samples.x.At(i, 0) == 1.0f) != flip));
  }
  return samples;
}

TEST(Ridge, OneFeatureIsSolvedAsByHand) {
  // x is 0 or 2, of variance 1; the indicator of class 1 has covariance 1/2 with it. So the weight is 0.5 / (1 +
  // lambda) and the line goes through the means (1, 0.5).
  const Samples samples = Make({{0}, {2}}, {0, 1});
  for (double lambda : {1.0, 0.25, 3.0}) {
    const Readout readout = MomentsOf(samples, 2).Solve(lambda);
    const double weight = 0.5 / (1 + lambda);
    EXPECT_EQ(readout.lambda, lambda);
    ASSERT_EQ(readout.weight.size(), 2u);
    EXPECT_DOUBLE_EQ(readout.weight[0], -weight);
    EXPECT_DOUBLE_EQ(readout.weight[1], weight);
    EXPECT_DOUBLE_EQ(readout.intercept[0], 0.5 + weight);
    EXPECT_DOUBLE_EQ(readout.intercept[1], 0.5 - weight);
    EXPECT_EQ(readout.CountCorrect(samples.x.view(), samples.labels), 2);
  }
}

TEST(Ridge, TwoFeaturesAreSolvedAsByHand) {
  // Features +-1 and +-2, uncorrelated, of variances 1 and 4, mean variance 2.5; class 1 where the first is 1. With
  // lambda 0.4 the diagonal grows by 1: the first weight is 0.5 / 2, the second 0.
  const Samples samples = Make({{-1, -2}, {-1, 2}, {1, -2}, {1, 2}}, {0, 0, 1, 1});
  const Readout readout = MomentsOf(samples, 2).Solve(0.4);
  EXPECT_DOUBLE_EQ(readout.weight[0 * 2 + 1], 0.25);
  EXPECT_NEAR(readout.weight[1 * 2 + 1], 0, 1e-15);
  EXPECT_DOUBLE_EQ(readout.intercept[1], 0.5);
}

TEST(Ridge, ALittleLambdaFindsAnExactRelationAndMuchLambdaOnlyTheShares) {
  const Samples samples = RandomBits(500, 40, 1);
  const Readout exact = MomentsOf(samples, 2).Solve(1e-9);
  EXPECT_NEAR(exact.weight[1], 1, 1e-6);
  for (size_t f = 1; f < 40; ++f) EXPECT_NEAR(exact.weight[f * 2 + 1], 0, 1e-6);
  EXPECT_EQ(exact.CountCorrect(samples.x.view(), samples.labels), 500);
  const Readout shares = MomentsOf(samples, 2).Solve(1e9);
  for (double w : shares.weight) EXPECT_NEAR(w, 0, 1e-8);
  EXPECT_NEAR(shares.intercept[0] + shares.intercept[1], 1, 1e-7);
}

TEST(Ridge, AFeatureThatNeverVariesGetsNoWeight) {
  const Readout readout = MomentsOf(Make({{0, 1}, {2, 1}, {0, 1}, {2, 1}}, {0, 1, 0, 1}), 3).Solve(0.5);
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(readout.weight[static_cast<size_t>(3 + c)], 0, 1e-15);
  EXPECT_NEAR(readout.intercept[2] + readout.weight[2], 0, 1e-15);  // a class without samples
  const Readout nothing = MomentsOf(Make({{1}, {1}, {1}}, {0, 1, 1}), 2).Solve(0.5);
  EXPECT_EQ(nothing.weight, (std::vector<double>{0, 0}));
  EXPECT_DOUBLE_EQ(nothing.intercept[1], 2.0 / 3);
}

TEST(Ridge, TheMeanSquaredErrorIsTheOneOfTheDefinition) {
  const Samples samples = RandomBits(700, 45, 2, 5);
  const RidgeMoments moments = MomentsOf(samples, 3);
  const Readout readout = moments.Solve(0.1);
  double expected = 0;
  for (int i = 0; i < 700; ++i) {
    for (size_t c = 0; c < 3; ++c) {
      double score = readout.intercept[c];
      for (int f = 0; f < 45; ++f) {
        score += static_cast<double>(samples.x.At(i, f)) * readout.weight[static_cast<size_t>(f) * 3 + c];
      }
      const double error = score - (samples.labels[static_cast<size_t>(i)] == c ? 1 : 0);
      expected += error * error / 700;
    }
  }
  EXPECT_NEAR(moments.MeanSquaredError(readout), expected, 1e-12);
}

TEST(Ridge, SamplesAddedInPartsOnAnyIsaAndThreadsGiveTheSameReadout) {
  const Samples samples = RandomBits(1100, 70, 3, 4);
  const Readout expected = MomentsOf(samples, 2).Solve(0.01);
  for (kernels::Isa isa : kernels::SupportedIsas()) {
    for (int threads : {1, 3}) EXPECT_EQ(MomentsOf(samples, 2, isa, threads).Solve(0.01).weight, expected.weight);
  }
  // Sums of zeros and ones are exact, so the parts' order is free.
  RidgeMoments parts(70, 2);
  kernels::Workers workers(1);
  for (int first : {513, 0, 1}) {
    const int count = first == 0 ? 1 : first == 1 ? 512 : 587;
    const std::span<const uint8_t> labels(samples.labels.data() + first, static_cast<size_t>(count));
    RidgeMoments part(70, 2);
    part.Add(samples.x.view().Rows(first, count), labels, kernels::BestIsa(), workers);
    parts.Add(part);
  }
  EXPECT_EQ(parts.samples(), 1100);
  EXPECT_EQ(parts.Solve(0.01).weight, expected.weight);
}

TEST(Ridge, LambdaIsTheOneThatDoesBestOnTheHeldOutSamples) {
  // Forty features, one of which matters, and labels half of which are noise: of few samples only a strong lambda
  // learns something that holds elsewhere.
  const RidgeMoments held_out = MomentsOf(RandomBits(2000, 40, 4, 3), 2);
  for (int count : {45, 20000}) {
    const RidgeMoments fit = MomentsOf(RandomBits(count, 40, 5, 3), 2);
    double best = 0, least = 1e300;
    for (double lambda : {1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0}) {
      const double error = held_out.MeanSquaredError(fit.Solve(lambda));
      if (error < least) best = lambda;
      least = std::min(least, error);
    }
    const Readout readout = SolveRidge(fit, held_out);
    EXPECT_EQ(readout.lambda, best);
    EXPECT_TRUE(count == 45 ? best >= 1 : best <= 0.1) << best;
    RidgeMoments all = fit;
    all.Add(held_out);
    EXPECT_EQ(readout.weight, all.Solve(best).weight);
  }
}

TEST(Ridge, WithoutHeldOutSamplesTheStrongestLambdaIsTakenAndOfNoSamplesNothingIsLearnt) {
  const RidgeMoments none(3, 2), some = MomentsOf(RandomBits(50, 3, 6), 2);
  EXPECT_EQ(SolveRidge(some, none).lambda, 10);
  const Readout readout = SolveRidge(none, none);
  EXPECT_EQ(readout.weight, std::vector<double>(6, 0.0));
  EXPECT_EQ(readout.intercept, std::vector<double>(2, 0.0));
}

TEST(Readout, TheFirstOfEqualScoresIsTheClass) {
  const Readout readout{1, 1, 3, {0, 1, 1}, {0, 0, 0}};
  const Samples samples = Make({{-1}, {1}, {0}}, {0, 1, 0});
  EXPECT_EQ(readout.CountCorrect(samples.x.view(), samples.labels), 3);
}

}  // namespace
}  // namespace fplab::nets
