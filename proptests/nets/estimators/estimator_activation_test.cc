// The activation estimator against its definition, block by flipped block, and its gradient against its deltas.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/model/fma_chain.h>
#include <fplab/nets/estimators/activation_estimator.h>
#include <fplab/nets/estimators/activation_panel.h>
#include "proptests/support/estimator_brute_force.h"
#include "proptests/support/kernel_data.h"
#include "proptests/support/network_data.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

constexpr float kShare = 1.0f / 32;

ActivationConfig Config(float sigma, std::vector<int> block, int pairs = 3) { return {sigma, std::move(block), pairs}; }

// ActivationPanel's whole work on one panel.
ActivationPanel RunPanel(const Network& network, const ActivationConfig& config, const Batch& batch,
                         const ActivationPanel::Key& key, kernels::Isa isa) {
  ActivationPanel panel(network.config, config);
  const ForwardPass forward(network, isa);
  panel.Forward(forward, WholePanel(batch.columns, key.panel), batch.labels.data() + key.panel * kernels::kPanelWidth,
                key);
  for (int l = 0; l + 1 < forward.depth(); ++l) panel.FlipBlocks(forward, l, kShare);
  panel.PerturbLogits(forward, kShare, key);
  return panel;
}

std::vector<float> Column(const kernels::PanelMatrix& matrix, int column) {
  std::vector<float> values;
  for (int r = 0; r < matrix.rows(); ++r) values.push_back(matrix.At(r, column));
  return values;
}

// What was compared, so that a test can demand that it saw enough of each kind.
struct Tally {
  int deltas = 0, unchanged = 0, ambiguous = 0;
};

void ExpectDeltas(const ActivationPanel& panel, const ExpectedSample& expected, int column, Tally& tally) {
  for (size_t l = 0; l < expected.deltas.size(); ++l) {
    for (size_t j = 0; j < expected.deltas[l].size(); ++j) {
      const ExpectedDelta& delta = expected.deltas[l][j];
      const float found = panel.delta(static_cast<int>(l)).At(static_cast<int>(j), column);
      ++tally.deltas;
      if (!delta.changes) {
        ++tally.unchanged;
        ASSERT_EQ(ToBits(found), 0u) << "layer " << l << ", unit " << j << ", sample " << column;
      } else if (delta.ambiguous) {
        ++tally.ambiguous;
      } else {
        ASSERT_NEAR(found, delta.value, delta.tolerance) << "layer " << l << ", unit " << j << ", sample " << column;
      }
    }
  }
}

// Compares everything that ActivationPanel computes for the first `samples` columns of panel 0.
Tally ExpectPanelIsTheDefinition(const NetworkConfig& network_config, const ActivationConfig& config, uint64_t seed,
                                 int samples, kernels::Isa isa) {
  const Network network = RandomNetwork(network_config, seed, 0.8f);
  const Dataset data = RandomData(samples, network_config.layers.front(), network_config.layers.back(), seed + 1);
  const ActivationPanel::Key key{seed, 3, 0, config.sigma};
  const ActivationPanel panel = RunPanel(network, config, BatchOf(data), key, isa);
  Tally tally;
  for (int i = 0; i < samples; ++i) {
    const ExpectedSample expected =
        BruteForce(network, config, key, kShare, i, data.Sample(i), data.y[static_cast<size_t>(i)]);
    for (int l = 0; l + 1 < network_config.depth(); ++l) {
      EXPECT_EQ(FirstDifference(Column(panel.output(l), i), expected.noisy.out[static_cast<size_t>(l)]), -1)
          << "layer " << l << ", sample " << i;
    }
    EXPECT_EQ(FirstDifference(Column(panel.logits(), i), expected.noisy.logits()), -1) << "sample " << i;
    EXPECT_TRUE(SameBits(panel.losses()[static_cast<size_t>(i)], expected.loss)) << "sample " << i;
    ExpectDeltas(panel, expected, i, tally);
    if (::testing::Test::HasFatalFailure()) break;
  }
  return tally;
}

struct Case {
  std::vector<int> layers, block;
};
// Depths 1 to 5; blocks of one, of more than the layer, and that do not divide it; a layer of more units than one slice
// of the block's way up.
const Case kCases[] = {{{5, 3}, {4}},
                       {{7, 10, 4}, {4}},
                       {{7, 10, 4}, {1}},
                       {{5, 9, 11, 3}, {4, 2}},
                       {{5, 9, 11, 3}, {20, 3}},
                       {{4, 5, 133, 3}, {2, 50}},
                       {{4, 5, 7, 6, 3}, {3, 2, 4}},
                       {{4, 3, 130, 5, 3}, {2, 40, 2}},
                       {{4, 6, 5, 7, 4, 2}, {4, 2}}};

TEST(ActivationEstimator, DeltasAreThoseOfCompleteForwardPassesWithTheBlocksNoiseFlippedUnderGradualUnderflow) {
  Tally all;
  uint64_t seed = 100;
  for (const Case& c : kCases) {
    const Tally tally = ExpectPanelIsTheDefinition({c.layers, 125, kIeee, kFtzDaz}, Config(0.3f, c.block), ++seed,
                                                   c.layers.size() > 4 ? 3 : 6, kernels::BestIsa());
    if (HasFatalFailure()) return;
    all.deltas += tally.deltas;
    all.unchanged += tally.unchanged;
    all.ambiguous += tally.ambiguous;
  }
  EXPECT_GT(all.deltas, 1000);
  EXPECT_GT(all.unchanged, 100);
  // A gate within about 1e-5 of its threshold is rare.
  EXPECT_LT(all.ambiguous, all.deltas / 10);
}

TEST(ActivationEstimator, DeltasAreThoseOfCompleteForwardPassesInEveryFlushingModeOfTheMatmul) {
  // At 2^-122 products of the matmul underflow one by one, and enough of them don't; at 2^-125 none is left.
  Tally all;
  uint64_t seed = 200;
  for (const Case& c : kCases) {
    for (Mode matmul : HardwareFlushModes()) {
      if (matmul == kIeee) continue;
      for (int scale : {122, 125}) {
        const Tally tally = ExpectPanelIsTheDefinition({c.layers, scale, matmul, kFtzDaz}, Config(0.3f, c.block),
                                                       ++seed, 2, kernels::BestIsa());
        if (HasFatalFailure()) return;
        all.deltas += tally.deltas;
        all.unchanged += tally.unchanged;
        EXPECT_EQ(tally.ambiguous, 0);
      }
    }
  }
  EXPECT_GT(all.unchanged, 100);
  EXPECT_GT(all.deltas, 2 * all.unchanged);
}

TEST(ActivationEstimator, DeltasHoldForNoiseOfSignsAndForARescaledNetwork) {
  uint64_t seed = 400;
  int ambiguous = 0, deltas = 0;
  for (const Case& c : kCases) {
    for (bool rescaled : {false, true}) {
      ActivationConfig config = Config(0.3f, c.block);
      config.noise = rescaled && seed % 2 == 0 ? NoiseKind::kNormal : NoiseKind::kSigns;
      const Tally tally =
          ExpectPanelIsTheDefinition({c.layers, 125, kIeee, kFtzDaz, rescaled}, config, ++seed, 2, kernels::BestIsa());
      if (HasFatalFailure()) return;
      ambiguous += tally.ambiguous;
      deltas += tally.deltas;
    }
  }
  EXPECT_LE(ambiguous, deltas / 20);  // a network alone may have a unit that lies near its gate for many samples
}

// The flush takes place at 0.5, so a small sigma moves no unit of this network through its gate: its loss is smooth in
// the noise.
TEST(ActivationEstimator, SignsGiveALoneUnitItsCentralDifferenceWithoutTheNoisesVariance) {
  const NetworkConfig linear{{4, 6, 3}, 0, kIeee, kIeee};
  const Network network = RandomNetwork(linear, 350);
  const Batch batch = BatchOf(RandomData(32, 4, 3, 351));
  const auto panel_of = [&](NoiseKind noise, int step) {
    ActivationConfig config = Config(0x1p-5f, {1});
    config.noise = noise;
    return RunPanel(network, config, batch, {1, step, 0, config.sigma}, kernels::BestIsa());
  };
  // The spread is relative: of the unit and sample with the greatest derivative, so that it is not of one near zero.
  const ActivationPanel any = panel_of(NoiseKind::kSigns, 0);
  int unit = 0, sample = 0;
  for (int u = 0; u < 6; ++u) {
    for (int i = 0; i < 32; ++i) {
      if (std::fabs(any.delta(0).At(u, i)) <= std::fabs(any.delta(0).At(unit, sample))) continue;
      unit = u;
      sample = i;
    }
  }
  const auto spread = [&](NoiseKind noise) {
    double sum = 0, squares = 0;
    constexpr int kDraws = 50;
    for (int step = 0; step < kDraws; ++step) {
      const double delta = panel_of(noise, step).delta(0).At(unit, sample);
      sum += delta / kDraws;
      squares += delta * delta / kDraws;
    }
    return (squares - sum * sum) / (sum * sum);
  };
  // Normal noise: var(u^2) / sigma^4 = 2, seen through 50 draws. Signs: what the other units' noise makes of the
  // derivative, of the order of sigma^2.
  EXPECT_GT(spread(NoiseKind::kNormal), 0.5);
  EXPECT_LT(spread(NoiseKind::kSigns), 0.05);
}

TEST(ActivationEstimator, SigmaGoesToItsEndInAStraightLineAndStaysWithoutOne) {
  const Network network = RandomNetwork({{7, 12, 9, 5}, 125, kIeee, kFtzDaz}, 340);
  const Batch batch = BatchOf(RandomData(40, 7, 5, 342));
  kernels::Workers workers(1);
  const auto gradient = [&](float sigma, float end, double done) {
    ActivationConfig config = Config(sigma, {4, 2});
    config.sigma_end = end;
    ActivationEstimator estimator(config, kernels::BestIsa());
    estimator.SetProgress(done);
    Parameters estimate = ZeroParameters(network.config);
    estimator.Estimate(network, batch, 1, 2, workers, estimate);
    return Flat(estimate);
  };
  EXPECT_EQ(gradient(0.25f, 0.125f, 0), gradient(0.25f, 0, 0));
  EXPECT_EQ(gradient(0.25f, 0.125f, 0.5), gradient(0.1875f, 0, 0));
  EXPECT_EQ(gradient(0.25f, 0.5f, 0.75), gradient(0.4375f, 0, 0));
  EXPECT_EQ(gradient(0.25f, 0, 0.75), gradient(0.25f, 0, 0));
  EXPECT_NE(gradient(0.25f, 0.125f, 0.5), gradient(0.25f, 0, 0));
}

TEST(ActivationEstimator, DeltasHoldWithoutAGateAndWithAMatmulThatRoundsDown) {
  Tally linear =
      ExpectPanelIsTheDefinition({{5, 9, 7, 3}, 0, kIeee, kIeee}, Config(0.2f, {4, 2}), 300, 5, kernels::BestIsa());
  EXPECT_EQ(linear.unchanged, 0);
  ExpectPanelIsTheDefinition({{5, 9, 7, 3}, 125, {Rounding::kDown, false, false}, kFtzDaz}, Config(0.2f, {4, 2}), 301,
                             5, kernels::BestIsa());
}

TEST(ActivationEstimator, DeltasHoldOnEveryIsa) {
  for (kernels::Isa isa : kernels::SupportedIsas()) {
    for (Mode matmul : {kIeee, kFtzDaz}) {
      ExpectPanelIsTheDefinition({{5, 9, 33, 3}, 124, matmul, kFtzDaz}, Config(0.2f, {4, 3}), 310, 3, isa);
    }
  }
}

TEST(ActivationEstimator, TheGradientIsTheChainOverTheSamplesOfInputsAndDeltas) {
  const NetworkConfig network_config{{5, 9, 7, 3}, 125, kIeee, kFtzDaz};
  const Network network = RandomNetwork(network_config, 320, 1.0f);
  const ActivationConfig config = Config(0.3f, {4, 2});
  const Dataset data = RandomData(32 + 7, 5, 3, 321);
  const Batch batch = BatchOf(data);
  ActivationEstimator estimator(config, kernels::BestIsa());
  kernels::Workers workers(2);
  Parameters gradient = ZeroParameters(network_config);
  const StepStatistics seen = estimator.Estimate(network, batch, 9, 4, workers, gradient);

  // Inputs and deltas of the 39 samples, from panels 0 and 1; share is 1 / 39 there and 1 / 32 in RunPanel, so the
  // deltas are computed again.
  std::vector<std::vector<std::vector<float>>> inputs(3), deltas(3);  // [layer][sample][unit]
  double loss = 0;
  int64_t correct = 0;
  for (int p : {0, 1}) {
    const ActivationPanel::Key key{9, 4, p, config.sigma};
    ActivationPanel panel = RunPanel(network, config, batch, key, kernels::BestIsa());
    const ForwardPass forward(network, kernels::BestIsa());
    for (int l : {0, 1}) panel.FlipBlocks(forward, l, 1.0f / 39);
    panel.PerturbLogits(forward, 1.0f / 39, key);
    for (int i = 0; i < batch.SamplesIn(p); ++i) {
      const auto x = data.Sample(p * 32 + i);
      inputs[0].emplace_back(x.begin(), x.end());
      for (int l : {0, 1, 2}) deltas[static_cast<size_t>(l)].push_back(Column(panel.delta(l), i));
      for (int l : {0, 1}) {
        std::vector<float> h = Column(panel.output(l), i);
        for (float& v : h) v *= 0x1p125f;
        inputs[static_cast<size_t>(l) + 1].push_back(h);
      }
      loss += panel.losses()[static_cast<size_t>(i)];
      const std::vector<float> logits = Column(panel.logits(), i);
      correct +=
          std::max_element(logits.begin(), logits.end()) - logits.begin() == data.y[static_cast<size_t>(p * 32 + i)];
    }
  }
  const auto unit = [](const std::vector<std::vector<float>>& samples, int j) {
    std::vector<float> values;
    for (const auto& sample : samples) values.push_back(sample[static_cast<size_t>(j)]);
    return values;
  };
  const std::vector<float> ones(39, 1.0f);
  for (size_t l = 0; l < 3; ++l) {
    for (int j = 0; j < network_config.layers[l + 1]; ++j) {
      const std::vector<float> delta = unit(deltas[l], j);
      for (int k = 0; k < network_config.layers[l]; ++k) {
        ASSERT_EQ(gradient[l].weight.At(k, j), model::ChainDot(unit(inputs[l], k), delta.data(), 1, kIeee));
      }
      const bool dead = l > 0 && std::fabs(network.parameters[l].bias[static_cast<size_t>(j)]) < 0.5f;
      ASSERT_EQ(gradient[l].bias[static_cast<size_t>(j)], dead ? 0 : model::ChainDot(ones, delta.data(), 1, kIeee));
    }
  }
  // Sums of the same floats in binary64, in another order.
  EXPECT_NEAR(seen.loss, loss, 39 * 0x1p-53 * loss);
  EXPECT_EQ(seen.correct, correct);
}

TEST(ActivationEstimator, GivesTheSameBitsOnEveryIsaAndThreadCount) {
  for (Mode matmul : {kIeee, kFtzDaz}) {
    const Network network = RandomNetwork({{7, 40, 35, 5}, matmul == kIeee ? 125 : 122, matmul, kFtzDaz}, 330);
    const Batch batch = BatchOf(RandomData(100, 7, 5, 331));
    const auto gradient = [&](kernels::Isa isa, int threads) {
      ActivationEstimator estimator(Config(0.2f, {4, 2}), isa);
      kernels::Workers workers(threads);
      Parameters estimate = ZeroParameters(network.config);
      estimator.Estimate(network, batch, 1, 2, workers, estimate);
      return Flat(estimate);
    };
    const std::vector<float> expected = gradient(kernels::BestIsa(), 1);
    for (kernels::Isa isa : kernels::SupportedIsas()) {
      for (int threads : {1, 2, 3}) {
        EXPECT_EQ(FirstDifference(gradient(isa, threads), expected), -1) << Name(isa) << ", " << threads << " threads";
      }
    }
  }
}

TEST(ActivationEstimator, IsAFunctionOfSeedAndStepAndKeepsNothingFromCallToCall) {
  const Network network = RandomNetwork({{7, 12, 9, 5}, 125, kIeee, kFtzDaz}, 340);
  ActivationEstimator reused(Config(0.2f, {4, 2}), kernels::BestIsa());
  kernels::Workers workers(2);
  const auto gradient = [&](GradientEstimator& estimator, int samples, uint64_t seed, int64_t step) {
    Parameters estimate = RandomNetwork(network.config, 341).parameters;
    estimator.Estimate(network, BatchOf(RandomData(samples, 7, 5, 342)), seed, step, workers, estimate);
    return Flat(estimate);
  };
  std::vector<std::vector<float>> seen;
  for (int samples : {33, 5, 64}) {
    for (uint64_t seed : {1u, 2u}) {
      for (int64_t step : {0, 1}) {
        ActivationEstimator fresh(Config(0.2f, {4, 2}), kernels::BestIsa());
        seen.push_back(gradient(reused, samples, seed, step));
        EXPECT_EQ(FirstDifference(seen.back(), gradient(fresh, samples, seed, step)), -1);
        for (size_t i = 0; i + 1 < seen.size(); ++i) EXPECT_NE(seen[i], seen.back());
      }
    }
  }
}

TEST(ActivationEstimator, AConfigurationThatMakesNoSenseIsRefusedByItsField) {
  const auto refusal = [](const ActivationConfig& config) {
    return ErrorOf([&] { MakeEstimator(config, kernels::BestIsa()); });
  };
  for (float sigma : {0.0f, -1.0f, std::nanf(""), INFINITY}) {
    EXPECT_TRUE(Contains(refusal(Config(sigma, {4})), "sigma: found"));
  }
  for (float end : {-1.0f, std::nanf(""), INFINITY}) {
    ActivationConfig config;
    config.sigma_end = end;
    EXPECT_TRUE(Contains(refusal(config), "sigma end: found"));
  }
  EXPECT_TRUE(Contains(refusal(Config(0.1f, {})), "block: found none"));
  EXPECT_TRUE(Contains(refusal(Config(0.1f, {4, 0})), "block: found 0"));
  EXPECT_TRUE(Contains(refusal(Config(0.1f, {-4})), "block: found -4"));
  EXPECT_TRUE(Contains(refusal(Config(0.1f, {4}, 0)), "output pairs: found 0"));
  EXPECT_TRUE(Contains(refusal(Config(0.1f, {4}, 2000000000)), "output pairs: found 2000000000"));
  EXPECT_EQ(refusal(ActivationConfig{}), "(no error)");
}

TEST(Noise, NamesParseBackAndUnknownOnesAreRefused) {
  for (NoiseKind kind : {NoiseKind::kNormal, NoiseKind::kSigns}) EXPECT_EQ(ParseNoise(Name(kind)), kind);
  EXPECT_EQ(ErrorOf([] { ParseNoise("sign"); }), "unknown noise 'sign': expected normal or signs");
}

TEST(Estimators, NamesParseBackAndUnknownOnesAreRefused) {
  for (EstimatorKind kind : {EstimatorKind::kActivation, EstimatorKind::kGaussian, EstimatorKind::kLowRank,
                             EstimatorKind::kGated, EstimatorKind::kBackprop}) {
    EXPECT_EQ(ParseEstimator(Name(kind)), kind);
  }
  for (const char* name : {"", "Gated", "es"}) {
    EXPECT_EQ(ErrorOf([&] { ParseEstimator(name); }),
              fmt::format("unknown estimator '{}': expected activation, gaussian, lowrank, gated or backprop", name));
  }
}

}  // namespace
}  // namespace fplab::nets
