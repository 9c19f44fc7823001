// Fitness shaping and the population's bookkeeping by their definitions.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/estimators/antithetic_population.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include <fplab/nets/estimators/gradient_estimator.h>
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(Fitness, DifferenceAndSignSpeakOfOnePairAlone) {
  const std::vector<PairLoss> pairs = {{3, 1}, {1, 2}, {2, 2}};
  EXPECT_EQ(Shape(Fitness::kDifference, pairs), (std::vector<double>{2, -1, 0}));
  EXPECT_EQ(Shape(Fitness::kSign, pairs), (std::vector<double>{1, -1, 0}));
}

TEST(Fitness, ZScoresHaveMeanSquareOneAndStayZeroWhereAllTie) {
  EXPECT_EQ(Shape(Fitness::kZScore, std::vector<PairLoss>{{5, 2}, {1, 5}}),
            (std::vector<double>{3 / std::sqrt(12.5), -4 / std::sqrt(12.5)}));
  EXPECT_EQ(Shape(Fitness::kZScore, std::vector<PairLoss>{{2, 2}, {7, 7}}), (std::vector<double>{0, 0}));
}

TEST(Fitness, CentredRanksRunFromMinusToPlusOneHalfAndTiesShareThem) {
  // Sorted: 1 (rank -1/2), 2, 2, 2 (places 1 to 3 of 5: -0.1), 8 (0.3), 9 (0.5).
  const std::vector<double> found = Shape(Fitness::kRanks, std::vector<PairLoss>{{9, 2}, {2, 8}, {1, 2}});
  const double expected[] = {0.6, -0.4, -0.4};
  for (size_t p = 0; p < 3; ++p) EXPECT_NEAR(found[p], expected[p], 1e-15);
  EXPECT_EQ(Shape(Fitness::kRanks, std::vector<PairLoss>{{4, 4}, {4, 4}}), (std::vector<double>{0, 0}));
  EXPECT_EQ(Shape(Fitness::kRanks, std::vector<PairLoss>{{1, 2}}), (std::vector<double>{-1}));
}

TEST(Fitness, ALossThatIsNanIsTheWorstInRanksAndSigns) {
  const std::vector<PairLoss> pairs = {{kNan, 1}, {2, kNan}, {kNan, kNan}};
  EXPECT_EQ(Shape(Fitness::kSign, pairs), (std::vector<double>{1, -1, 0}));
  const std::vector<double> ranks = Shape(Fitness::kRanks, pairs);
  EXPECT_GT(ranks[0], 0);
  EXPECT_LT(ranks[1], 0);
  EXPECT_EQ(ranks[2], 0);
}

TEST(Fitness, NamesParseBackAndUnknownOnesAreRefused) {
  for (Fitness f : {Fitness::kDifference, Fitness::kZScore, Fitness::kRanks, Fitness::kSign}) {
    EXPECT_EQ(ParseFitness(Name(f)), f);
  }
  EXPECT_EQ(ErrorOf([] { ParseFitness("rank"); }),
            "unknown fitness 'rank': expected difference, z-score, ranks or sign");
}

// Weights of a population on which every sample's losses are those of `loss` at (pair, sample).
template <typename Loss>
std::vector<double> WeightsOf(const AntitheticPopulation& population, int samples, Fitness fitness, Loss loss) {
  AntitheticPopulation recorded = population;
  for (int visit = 0; visit < population.visits(); ++visit) {
    for (int panel = 0; panel < kernels::PanelCount(samples); ++panel) {
      float plus[kernels::kPanelWidth] = {}, minus[kernels::kPanelWidth] = {};
      for (int c = 0; c < kernels::kPanelWidth; ++c) {
        const int pair = population.PairOf(visit, panel, c / population.width());
        plus[c] = loss(pair, panel * kernels::kPanelWidth + c);
      }
      recorded.Record(visit, panel, std::min(kernels::kPanelWidth, samples - panel * kernels::kPanelWidth), plus,
                      minus);
    }
  }
  recorded.AddUp({0, recorded.looks()});
  return recorded.Weights(fitness);
}

TEST(AntitheticPopulation, EverySampleIsEvaluatedByAsManyPairsAsAskedAndEachPairWeighsAsItsSamples) {
  for (int samples : {1, 31, 32, 33, 64, 100, 150}) {
    for (int per_pair : {0, 1, 2, 4, 8, 16, 32, 64}) {
      for (int visits : {1, 3}) {
        PopulationConfig config;
        config.samples_per_pair = per_pair;
        config.pairs = visits;
        const AntitheticPopulation population(config, samples);
        const int own = per_pair == 0 ? samples : per_pair;
        const int subsets = (samples + own - 1) / own;
        EXPECT_EQ(population.pairs(), visits * subsets);
        // The mean of a pair's losses is told from the sum by the weight of its share of the samples.
        const std::vector<double> weights =
            WeightsOf(population, samples, Fitness::kDifference,
                      [](int pair, int sample) { return static_cast<float>(1000 * pair + sample); });
        for (int pair = 0; pair < population.pairs(); ++pair) {
          const int first = pair % subsets * own, last = std::min(first + own, samples) - 1;
          const double mean = 1000.0 * pair + (first + last) / 2.0;
          const double share = (last - first + 1.0) / samples / visits;
          EXPECT_NEAR(weights[static_cast<size_t>(pair)], mean * share / 2, 1e-9 * (1 + mean))
              << samples << " samples, " << per_pair << " a pair, pair " << pair;
        }
      }
    }
  }
}

TEST(AntitheticPopulation, AConfigurationThatMakesNoSenseIsRefusedByItsField) {
  const auto refusal = [](auto change, bool mixed = true) {
    PopulationConfig config;
    change(config);
    return ErrorOf([&] { AntitheticPopulation::Validate(config, mixed); });
  };
  const auto lowrank_refusal = [](auto change) {
    LowRankConfig config;
    change(config);
    return ErrorOf([&] { Validate(EstimatorConfig(config)); });
  };
  for (float sigma : {0.0f, -1.0f, NAN, INFINITY}) {
    EXPECT_TRUE(Contains(refusal([&](PopulationConfig& c) { c.sigma = {0.1f, sigma}; }), "weight sigma: found"));
  }
  EXPECT_TRUE(Contains(refusal([](PopulationConfig& c) { c.sigma = {}; }), "weight sigma: found none"));
  EXPECT_TRUE(Contains(refusal([](PopulationConfig& c) { c.pairs = 0; }), "pairs: found 0"));
  EXPECT_TRUE(Contains(refusal([](PopulationConfig& c) { c.pairs = 1 << 30; }), "pairs: found"));
  EXPECT_TRUE(Contains(lowrank_refusal([](LowRankConfig& c) { c.layer_pairs = {1, -1}; }), "layer pairs: found -1"));
  EXPECT_TRUE(Contains(lowrank_refusal([](LowRankConfig& c) { c.layer_pairs = {0, 0}; }), "found 0 for every layer"));
  EXPECT_TRUE(Contains(lowrank_refusal([](LowRankConfig& c) { c.rank = 0; }), "rank: found 0"));
  for (int m : {-32, -1, 3, 12, 33, 48}) {
    EXPECT_TRUE(Contains(refusal([m](PopulationConfig& c) { c.samples_per_pair = m; }), "samples per pair: found"));
  }
  EXPECT_TRUE(Contains(refusal([](PopulationConfig& c) { c.samples_per_pair = 8; }, false), "a multiple of 32"));
  EXPECT_TRUE(Contains(refusal([](PopulationConfig& c) { c.temperature = 0; }), "temperature: found 0"));
  EXPECT_TRUE(Contains(refusal([](PopulationConfig& c) { c.label_smoothing = 1; }), "label smoothing: found 1"));
  EXPECT_EQ(refusal([](PopulationConfig& c) { c.samples_per_pair = 8; }), "(no error)");
  EXPECT_EQ(refusal([](PopulationConfig&) {}, false), "(no error)");
  EXPECT_EQ(lowrank_refusal([](LowRankConfig&) {}), "(no error)");
}

TEST(MemberLosses, AreTheCrossEntropyOfCooledLogitsAgainstSmoothedLabels) {
  kernels::PanelMatrix logits(3, 2);
  const double o[2][3] = {{1, -2, 0.5}, {0, 3, 3}};
  for (int c : {0, 1}) {
    for (int r : {0, 1, 2}) logits.At(r, c) = static_cast<float>(o[c][r]);
  }
  std::vector<int32_t> labels(kernels::kPanelWidth, 0);
  labels[1] = 2;
  PopulationConfig config;
  config.temperature = 2;
  config.label_smoothing = 0.25f;
  float losses[kernels::kPanelWidth];
  MemberLosses(config, logits.view(), labels.data(), losses, kernels::BestIsa());
  for (int c : {0, 1}) {
    double sum = 0, expected = 0;
    for (double v : o[c]) sum += std::exp(v / 2);
    for (int r : {0, 1, 2}) {
      const double target = 0.25 / 3 + (r == labels[static_cast<size_t>(c)] ? 0.75 : 0);
      expected -= target * (o[c][r] / 2 - std::log(sum));
    }
    EXPECT_NEAR(losses[c], expected, 1e-6);  // some ten roundings of numbers below 4
  }
}

}  // namespace
}  // namespace fplab::nets
