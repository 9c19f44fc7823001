// The gaussian and lowrank estimators against their definitions: every member's forward pass one operation at a time on
// the exact model, the fitness, and the weighted sum of the noise.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/model/fma_chain.h>
#include <fplab/kernels/layers/loss.h>
#include <fplab/nets/estimators/antithetic_population.h>
#include <fplab/nets/estimators/gaussian_estimator.h>
#include <fplab/nets/estimators/lowrank_estimator.h>
#include <fplab/nets/estimators/lowrank_panel.h>
#include "proptests/support/network_data.h"
#include "proptests/support/network_reference.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

constexpr uint64_t kSeed = 9;
constexpr int64_t kStep = 4;

// The settings that the estimator of that kind has of `config`.
EstimatorConfig OfKind(EstimatorKind kind, const LowRankConfig& config) {
  if (kind == EstimatorKind::kLowRank) return config;
  return GaussianConfig{config};
}

std::vector<float> Deviates(const kernels::Stream& stream, float deviation, size_t count) {
  std::vector<float> values(count);
  kernels::FillNormals(stream, deviation, values.data(), count, kernels::BestIsa());
  return values;
}

// What is added to one layer's parameters of the plus member, and, with deviation 1, what the estimate sums.
struct LayerNoise {
  std::vector<std::vector<float>> b, a;  // lowrank: [q][input], [q][output]; a has the deviation sigma / sqrt(rank)
  std::vector<float> weight;             // gaussian: row-major
  std::vector<float> bias;
};

using NoiseOf = std::vector<LayerNoise> (*)(const NetworkConfig& network, const LowRankConfig& config, int pair,
                                            bool unit);

std::vector<LayerNoise> GaussianNoise(const NetworkConfig& network, const LowRankConfig& config, int pair, bool unit) {
  std::vector<LayerNoise> layers;
  int tensor = 0;
  for (int l = 0; l < network.depth(); ++l) {
    const auto i = static_cast<size_t>(l);
    const int rows = network.layers[i], units = network.layers[i + 1];
    const float deviation = unit ? 1.0f : SigmaOf(config, l);
    LayerNoise noise;
    noise.weight.resize(static_cast<size_t>(rows * units));
    for (int p = 0; p < kernels::PanelCount(units); ++p) {
      const std::vector<float> panel = Deviates(MemberNoise(kSeed, kStep, tensor++, pair), deviation,
                                                static_cast<size_t>(rows) * kernels::kPanelWidth);
      for (int r = 0; r < rows; ++r) {
        for (int c = p * kernels::kPanelWidth; c < std::min(units, (p + 1) * kernels::kPanelWidth); ++c) {
          noise.weight[static_cast<size_t>(r * units + c)] =
              panel[static_cast<size_t>(r * kernels::kPanelWidth + c % 32)];
        }
      }
    }
    noise.bias = Deviates(MemberNoise(kSeed, kStep, tensor++, pair), deviation, static_cast<size_t>(units));
    layers.push_back(noise);
  }
  return layers;
}

std::vector<LayerNoise> LowRankNoiseOf(const NetworkConfig& network, const LowRankConfig& config, int pair, bool unit) {
  std::vector<LayerNoise> layers;
  for (int l = 0; l < network.depth(); ++l) {
    const auto i = static_cast<size_t>(l);
    const auto rows = static_cast<size_t>(network.layers[i]), units = static_cast<size_t>(network.layers[i + 1]);
    const auto rank = static_cast<size_t>(config.rank);
    const float sigma = SigmaOf(config, l);
    const auto draw = [&](LowRankFactor factor, float deviation, size_t count) {
      return Deviates(LowRankNoise(kSeed, kStep, l, factor, pair), deviation, count);
    };
    const std::vector<float> b = draw(LowRankFactor::kInputs, 1.0f, rows * rank);
    const std::vector<float> a =
        draw(LowRankFactor::kOutputs, unit ? 1.0f : sigma / std::sqrt(static_cast<float>(rank)), units * rank);
    LayerNoise noise;
    for (size_t q = 0; q < rank; ++q) {
      noise.b.emplace_back(b.begin() + static_cast<ptrdiff_t>(q * rows),
                           b.begin() + static_cast<ptrdiff_t>((q + 1) * rows));
      noise.a.emplace_back(a.begin() + static_cast<ptrdiff_t>(q * units),
                           a.begin() + static_cast<ptrdiff_t>((q + 1) * units));
    }
    noise.bias = draw(LowRankFactor::kBias, unit ? 1.0f : sigma, units);
    layers.push_back(noise);
  }
  return layers;
}

// Logits of one member for one sample.
std::vector<float> MemberLogits(const Network& network, const std::vector<LayerNoise>& noise, float sign,
                                std::span<const float> x) {
  const Mode g = network.config.matmul_mode, e = network.config.elementwise_mode;
  const float down = std::ldexp(1.0f, -network.config.scale_exponent);
  const float up = std::ldexp(1.0f, network.config.scale_exponent);
  std::vector<float> h(x.begin(), x.end());
  for (size_t l = 0; l < noise.size(); ++l) {
    const LayerParameters& layer = network.parameters[l];
    std::vector<float> t;
    for (const std::vector<float>& b : noise[l].b) t.push_back(model::ChainDot(h, b.data(), 1, g));
    std::vector<float> out;
    for (int j = 0; j < layer.weight.cols(); ++j) {
      const auto unit = static_cast<size_t>(j);
      std::vector<float> column;
      for (int k = 0; k < layer.weight.rows(); ++k) {
        const size_t at = static_cast<size_t>(k * layer.weight.cols()) + unit;
        column.push_back(noise[l].weight.empty()
                             ? layer.weight.At(k, j)
                             : model::AddFloat(layer.weight.At(k, j), sign * noise[l].weight[at], kIeee));
      }
      float z = model::ChainDot(h, column.data(), 1, g);
      for (size_t q = 0; q < t.size(); ++q) z = model::FmaFloat(noise[l].a[q][unit], sign * t[q], z, g);
      float bias = model::AddFloat(layer.bias[unit], sign * noise[l].bias[unit], kIeee);
      if (l > 0) bias = model::MulFloat(bias, down, e);
      z = model::AddFloat(z, bias, e);
      if (l == 0) z = model::MulFloat(z, down, e);
      if (l + 1 == noise.size()) z = model::MulFloat(z, up, e);
      out.push_back(z);
    }
    h = out;
  }
  return h;
}

float LossOf(const std::vector<float>& logits, int label) {
  kernels::PanelMatrix panel(static_cast<int>(logits.size()), 1);
  for (size_t r = 0; r < logits.size(); ++r) panel.At(static_cast<int>(r), 0) = logits[r];
  std::vector<int32_t> labels(kernels::kPanelWidth, 0);
  labels[0] = label;
  float losses[kernels::kPanelWidth];
  kernels::SoftmaxCrossEntropy(panel.view(), labels.data(), losses, kernels::BestIsa());
  return losses[0];
}

struct Expected {
  std::vector<float> gradient, tolerance;  // in the order of Flat
  double loss = 0;
};

// Leaves noise in one layer only.
void Silence(std::vector<LayerNoise>& noise, int layer) {
  for (size_t l = 0; l < noise.size(); ++l) {
    if (static_cast<int>(l) == layer) continue;
    noise[l].b.clear();
    noise[l].a.clear();
    std::fill(noise[l].bias.begin(), noise[l].bias.end(), 0.0f);
  }
}

// The estimate from complete passes. Tolerance: the sum over the pairs and their rank vectors in binary32, with factors
// rounded three times.
Expected Definition(const Network& network, const LowRankConfig& config, NoiseOf noise_of, const Dataset& data,
                    int only_layer = -1) {
  AntitheticPopulation population(config, data.count());
  Expected expected;
  const size_t size = Flat(network.parameters).size();
  std::vector<double> sum(size), magnitude(size);
  for (int visit = 0; visit < population.visits(); ++visit) {
    for (int panel = 0; panel < population.panels(); ++panel) {
      const int count = std::min(kernels::kPanelWidth, data.count() - panel * kernels::kPanelWidth);
      float losses[2][kernels::kPanelWidth] = {};
      for (int c = 0; c < count; ++c) {
        const int pair = population.PairOf(visit, panel, c / population.width()),
                  sample = panel * kernels::kPanelWidth + c;
        auto noise = noise_of(network.config, config, pair, false);
        if (only_layer >= 0) Silence(noise, only_layer);
        for (int m : {0, 1}) {
          const auto logits = MemberLogits(network, noise, m == 0 ? 1.0f : -1.0f, data.Sample(sample));
          losses[m][c] = LossOf(logits, data.y[static_cast<size_t>(sample)]);
          expected.loss += losses[m][c] / (2.0 * population.visits());
        }
      }
      population.Record(visit, panel, count, losses[0], losses[1]);
    }
  }
  population.AddUp({0, population.looks()});
  const std::vector<double> weights = population.Weights(config.fitness);
  for (int pair = 0; pair < population.pairs(); ++pair) {
    const auto noise = noise_of(network.config, config, pair, true);
    size_t at = 0;
    for (size_t l = 0; l < noise.size(); ++l) {
      const double w = weights[static_cast<size_t>(pair)] / SigmaOf(config, static_cast<int>(l));
      const auto add = [&](double term) {
        sum[at] += w * term;
        magnitude[at++] += std::fabs(w * term);
      };
      const int rows = network.parameters[l].weight.rows(), units = network.parameters[l].weight.cols();
      for (int k = 0; k < rows; ++k) {
        for (int j = 0; j < units; ++j) {
          if (!noise[l].weight.empty()) {
            add(noise[l].weight[static_cast<size_t>(k * units + j)]);
            continue;
          }
          double term = 0;
          for (size_t q = 0; q < noise[l].b.size(); ++q) {
            term += static_cast<double>(noise[l].b[q][static_cast<size_t>(k)]) * noise[l].a[q][static_cast<size_t>(j)];
          }
          add(term / std::sqrt(static_cast<double>(config.rank)));
        }
      }
      for (float e : noise[l].bias) add(e);
    }
  }
  const double roundings = population.pairs() * config.rank + 6;
  for (size_t i = 0; i < size; ++i) {
    expected.gradient.push_back(static_cast<float>(sum[i]));
    // Rank vectors may cancel within a pair: their magnitudes are at most some 30 times the sum's.
    expected.tolerance.push_back(static_cast<float>((magnitude[i] + 0.01) * roundings * 0x1p-24 * 30));
  }
  return expected;
}

struct Case {
  const char* name;
  NetworkConfig network;
  LowRankConfig population;
  int samples;
};

std::vector<Case> Cases(bool gaussian) {
  const NetworkConfig post{{4, 6, 34, 3}, 125, kIeee, kFtzDaz};
  LowRankConfig base;
  base.sigma = {0.2f, 0.1f};
  base.fitness = Fitness::kDifference;
  std::vector<Case> cases;
  const auto add = [&](const char* name, int samples, auto change) {
    cases.push_back({name, post, base, samples});
    change(cases.back());
  };
  add("a panel a pair", 33, [](Case&) {});
  add("two panels a pair, twice, ranks", 70, [](Case& c) {
    c.population.samples_per_pair = 64;
    c.population.pairs = 2;
    c.population.fitness = Fitness::kRanks;
  });
  add("a shared batch, z-scores", 35, [](Case& c) {
    c.population.samples_per_pair = 0;
    c.population.pairs = 5;
    c.population.fitness = Fitness::kZScore;
  });
  add("a matmul that flushes", 8, [](Case& c) {
    c.network.scale_exponent = 122;
    c.network.matmul_mode = kFtzDaz;
    c.population.pairs = 3;
  });
  add("no gate, one layer", 8, [](Case& c) {
    c.network = {{4, 3}, 0, kIeee, kIeee};
    c.population.pairs = 3;
    c.population.fitness = Fitness::kSign;
  });
  if (gaussian) return cases;
  for (int own : {1, 2, 4, 8, 16}) {
    add("several pairs a panel", 37, [own](Case& c) {
      c.population.samples_per_pair = own;
      c.population.rank = own == 4 ? 3 : 1;
    });
  }
  add("rank 4", 32, [](Case& c) { c.population.rank = 4; });
  return cases;
}

void ExpectDefinition(const Case& c, EstimatorKind kind, NoiseOf noise_of) {
  SCOPED_TRACE(c.name);
  const Network network = RandomNetwork(c.network, 700, 0.8f);
  const Dataset data = RandomData(c.samples, c.network.layers.front(), c.network.layers.back(), 701);
  const Expected expected = Definition(network, c.population, noise_of, data);
  for (kernels::Isa isa : kernels::SupportedIsas()) {
    const auto estimator = MakeEstimator(OfKind(kind, c.population), isa);
    kernels::Workers workers(2);
    Parameters gradient = RandomNetwork(c.network, 702).parameters;  // to be overwritten
    const StepStatistics seen = estimator->Estimate(network, BatchOf(data), kSeed, kStep, workers, gradient);
    const std::vector<float> found = Flat(gradient);
    ASSERT_EQ(found.size(), expected.gradient.size());
    for (size_t i = 0; i < found.size(); ++i) {
      ASSERT_NEAR(found[i], expected.gradient[i], expected.tolerance[i]) << "parameter " << i << " on " << Name(isa);
    }
    // The same losses, bit for bit, summed in binary64.
    EXPECT_NEAR(seen.loss, expected.loss, 1e-12 * expected.loss);
  }
}

TEST(GaussianEstimator, IsTheWeightedSumOfTheNoiseOfMembersThatAreCompleteForwardPasses) {
  for (const Case& c : Cases(true)) ExpectDefinition(c, EstimatorKind::kGaussian, GaussianNoise);
}

TEST(LowRankEstimator, IsTheWeightedSumOfTheNoiseOfMembersWhoseChainsGoOnThroughTheRankVectors) {
  for (const Case& c : Cases(false)) ExpectDefinition(c, EstimatorKind::kLowRank, LowRankNoiseOf);
}

TEST(LowRankEstimator, WithLayerPairsEachLayersEstimateIsThatOfItsOwnPopulation) {
  LowRankConfig config;
  config.sigma = {0.2f, 0.1f};
  config.samples_per_pair = 8;
  config.layer_pairs = {1, 3, 2};
  const Network network = RandomNetwork({{4, 6, 34, 3}, 125, kIeee, kFtzDaz}, 730, 0.8f);
  const Dataset data = RandomData(35, 4, 3, 731);
  const auto estimator = MakeEstimator(config, kernels::BestIsa());
  kernels::Workers workers(2);
  Parameters gradient = ZeroParameters(network.config);
  estimator->Estimate(network, BatchOf(data), kSeed, kStep, workers, gradient);
  const std::vector<float> found = Flat(gradient);
  size_t first = 0;
  for (int l : {0, 1, 2}) {
    LowRankConfig own = config;
    own.pairs = config.layer_pairs[static_cast<size_t>(l)];
    const Expected expected = Definition(network, own, LowRankNoiseOf, data, l);
    const kernels::PanelMatrix& weight = network.parameters[static_cast<size_t>(l)].weight;
    const size_t end = first + static_cast<size_t>((weight.rows() + 1) * weight.cols());
    for (; first < end; ++first) {
      ASSERT_NEAR(found[first], expected.gradient[first], expected.tolerance[first]) << "parameter " << first;
    }
  }
}

TEST(LowRankEstimator, ALayerWithoutPairsGetsAGradientOfZeroAndLeavesTheOthersTheirs) {
  const Network network = RandomNetwork({{4, 6, 34, 3}, 125, kIeee, kFtzDaz}, 732);
  const Batch batch = BatchOf(RandomData(35, 4, 3, 733));
  kernels::Workers workers(2);
  const auto estimate = [&](const std::vector<int>& layer_pairs) {
    LowRankConfig config;
    config.samples_per_pair = 8;
    config.layer_pairs = layer_pairs;
    Parameters gradient = RandomNetwork(network.config, 734).parameters;  // to be overwritten
    MakeEstimator(config, kernels::BestIsa())->Estimate(network, batch, kSeed, kStep, workers, gradient);
    return gradient;
  };
  const Parameters all = estimate({2, 3, 4});
  for (const std::vector<int>& layer_pairs :
       {std::vector<int>{0, 3, 4}, {2, 0, 4}, {2, 3, 0}, {0, 0, 4}, {0, 3, 0}, {2, 0, 0}}) {
    const Parameters found = estimate(layer_pairs);
    for (size_t l = 0; l < all.size(); ++l) {
      const bool trained = layer_pairs[l] > 0;
      const std::vector<float> of_all = Flat({all[l]}), own = Flat({found[l]});
      const std::vector<float> expected = trained ? of_all : std::vector<float>(of_all.size(), 0.0f);
      EXPECT_EQ(FirstDifference(own, expected), -1) << "layer " << l << (trained ? ", trained" : ", not trained");
    }
  }
}

TEST(PopulationEstimators, GiveTheSameBitsForAnyNumberOfThreadsAndKeepNothingFromCallToCall) {
  for (EstimatorKind kind : {EstimatorKind::kGaussian, EstimatorKind::kLowRank}) {
    const Network network = RandomNetwork({{7, 40, 35, 5}, 125, kIeee, kFtzDaz}, 710);
    LowRankConfig config;
    config.pairs = 40;  // more visits than a task takes
    const auto reused = MakeEstimator(OfKind(kind, config), kernels::BestIsa());
    const auto estimate = [&](GradientEstimator& estimator, int threads, int samples, int64_t step) {
      kernels::Workers workers(threads);
      Parameters gradient = ZeroParameters(network.config);
      estimator.Estimate(network, BatchOf(RandomData(samples, 7, 5, 711)), 1, step, workers, gradient);
      return Flat(gradient);
    };
    for (int samples : {33, 5, 300}) {
      const auto fresh = MakeEstimator(OfKind(kind, config), kernels::BestIsa());
      const std::vector<float> expected = estimate(*fresh, 1, samples, 2);
      for (int threads : {1, 2, 3}) {
        EXPECT_EQ(FirstDifference(estimate(*reused, threads, samples, 2), expected), -1) << threads << " threads";
      }
      EXPECT_NE(FirstDifference(estimate(*reused, 1, samples, 3), expected), -1);
    }
  }
}

TEST(PopulationEstimators, RefuseANetworkWithLinearUnitsByName) {
  Network network = RandomNetwork({{3, 4, 2}, 125, kIeee, kFtzDaz}, 720);
  network.linear = {{1, 0, 0, 0}, {}};
  for (EstimatorKind kind : {EstimatorKind::kGaussian, EstimatorKind::kLowRank}) {
    const auto estimator = MakeEstimator(DefaultEstimator(kind), kernels::BestIsa());
    kernels::Workers workers(1);
    Parameters gradient = ZeroParameters(network.config);
    EXPECT_TRUE(Contains(
        ErrorOf([&] { estimator->Estimate(network, BatchOf(RandomData(2, 3, 2, 721)), 1, 0, workers, gradient); }),
        "linear units"));
  }
}

}  // namespace
}  // namespace fplab::nets
