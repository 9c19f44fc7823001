// Backpropagation through conventional networks: the gradient is the derivative of the function, normalised or not.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/baselines/baseline_estimator.h>

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "proptests/support/kernel_data.h"
#include "proptests/support/network_data.h"
#include "proptests/support/network_reference.h"

namespace fplab::nets {
namespace {

using Vector = std::vector<double>;

double Value(kernels::Nonlinearity function, double z) {
  if (function == kernels::Nonlinearity::kTanh) return std::tanh(z);
  return function == kernels::Nonlinearity::kLinear || z > 0 ? z : std::expm1(z);
}

// The network by its definition in binary64, one sample at a time.
class Reference {
 public:
  Reference(const BaselineConfig& config, const Network& network) : config_(config) {
    const std::vector<float> flat = Flat(network.parameters);
    parameters_.assign(flat.begin(), flat.end());
  }

  double& at(size_t i) { return parameters_[i]; }
  size_t size() const { return parameters_.size(); }

  double Loss(std::span<const float> sample, int label) const {
    Vector h(sample.begin(), sample.end());
    size_t at = 0;
    for (size_t l = 0; l + 1 < config_.layers.size(); ++l) {
      h = Affine(h, l, at);
      if (l + 2 < config_.layers.size()) h = Hidden(h);
    }
    return SoftmaxLoss(h, label);
  }

 private:
  Vector Affine(const Vector& h, size_t l, size_t& at) const {
    Vector z(static_cast<size_t>(config_.layers[l + 1]));
    for (double x : h) {
      for (double& sum : z) sum += x * parameters_[at++];
    }
    for (double& sum : z) sum += parameters_[at++];
    return z;
  }

  Vector Hidden(Vector z) const {
    for (double& x : z) x = Value(config_.activation, x);
    if (!config_.normalise) return z;
    const double square = std::inner_product(z.begin(), z.end(), z.begin(), 0.0);
    const double factor = 1 / std::sqrt(square / static_cast<double>(z.size()) + kernels::kNormaliseFloor);
    for (double& x : z) x *= factor;
    return z;
  }

  BaselineConfig config_;
  Vector parameters_;
};

std::vector<BaselineConfig> Cases() {
  std::vector<BaselineConfig> cases;
  for (const std::vector<int>& layers :
       {std::vector<int>{4, 3}, {6, 5, 3}, {5, 7, 6, 4}, {3, 6, 5, 7, 2}, {2, 33, 34, 3}}) {
    for (kernels::Nonlinearity function :
         {kernels::Nonlinearity::kLinear, kernels::Nonlinearity::kElu, kernels::Nonlinearity::kTanh}) {
      for (bool normalise : {false, true}) cases.push_back({layers, function, normalise});
    }
  }
  return cases;
}

Parameters GradientOf(const BaselineConfig& config, const Network& network, const Batch& batch,
                      kernels::Isa isa = kernels::BestIsa(), int threads = 1, StepStatistics* seen = nullptr) {
  BaselineEstimator estimator(config, isa);
  kernels::Workers workers(threads);
  Parameters gradient = ZeroParameters(network.config);
  const StepStatistics statistics = estimator.Estimate(network, batch, 1, 0, workers, gradient);
  if (seen != nullptr) *seen = statistics;
  return gradient;
}

// How far the gradient moves, in its largest component, when every parameter moves by 2^-10 of itself, up or down at
// random: the greatest of eight draws.
double Movement(const BaselineConfig& config, const Network& network, const Batch& batch,
                std::span<const float> gradient) {
  WordSource source(31);
  double movement = 0;
  for (int draw = 0; draw < 8; ++draw) {
    Network moved = network;
    for (size_t k = 0; k < gradient.size(); ++k) {
      ParameterAt(moved.parameters, k) *= 1 + (source.Below(2) == 0 ? 0x1p-10f : -0x1p-10f);
    }
    const std::vector<float> other = Flat(GradientOf(config, moved, batch));
    for (size_t k = 0; k < gradient.size(); ++k) {
      movement = std::max(movement, std::fabs(static_cast<double>(other[k]) - gradient[k]));
    }
  }
  return movement;
}

// A rounding of a sum or a product is a relative change of 2^-24 of its terms, so of the parameters in them; n
// roundings on the longest way through both passes act like a change of every parameter by at most n 2^-24, up or down
// as it comes. What such a change does to the gradient is measured, and twice that allowed.
TEST(BaselineEstimator, IsTheDerivativeOfTheMeanLoss) {
  // The loss is computed to about 1e-15, so the difference quotient to 1e-9; its truncation, the third derivative times
  // h^2 / 6, is below that.
  constexpr double kStep = 1e-6, kQuotient = 1e-8;
  uint64_t seed = 100;
  for (const BaselineConfig& config : Cases()) {
    const Network network = RandomNetwork(LayersOf(config), ++seed);
    const Dataset data = RandomData(5, config.layers.front(), config.layers.back(), ++seed);
    const Batch batch = BatchOf(data);
    const std::vector<float> found = Flat(GradientOf(config, network, batch));
    double roundings = data.count() + 2 * config.layers.back() + 20;
    for (int width : config.layers) roundings += 4 * width + 20;
    const double tolerance = 2 * roundings * 0x1p-24 * 0x1p10 * Movement(config, network, batch, found) + kQuotient;
    Reference reference(config, network);
    double largest = 0;
    for (size_t k = 0; k < found.size(); ++k) {
      const double before = reference.at(k);
      double ends[2] = {0, 0};
      for (int side : {0, 1}) {
        reference.at(k) = before + (side == 0 ? -kStep : kStep);
        for (int i = 0; i < data.count(); ++i) {
          ends[side] += reference.Loss(data.Sample(i), data.y[static_cast<size_t>(i)]);
        }
      }
      reference.at(k) = before;
      const double expected = (ends[1] - ends[0]) / (2 * kStep * data.count());
      ASSERT_NEAR(found[k], expected, tolerance)
          << "parameter " << k << " of " << config.layers.size() - 1 << " layers, function "
          << static_cast<int>(config.activation) << ", normalised " << config.normalise;
      largest = std::max(largest, std::fabs(expected));
    }
    EXPECT_LT(tolerance, largest / 100) << "the tolerance would let a wrong gradient pass";
  }
}

TEST(BaselineEstimator, GivesTheSameBitsOnEveryIsaAndThreadCountAlsoWithAPartialPanel) {
  for (const BaselineConfig& config : Cases()) {
    const Network network = RandomNetwork(LayersOf(config), 7);
    const Batch batch = BatchOf(RandomData(71, config.layers.front(), config.layers.back(), 8));
    const std::vector<float> expected = Flat(GradientOf(config, network, batch));
    for (kernels::Isa isa : kernels::SupportedIsas()) {
      for (int threads : {1, 3}) {
        EXPECT_EQ(FirstDifference(Flat(GradientOf(config, network, batch, isa, threads)), expected), -1) << Name(isa);
      }
    }
  }
}

TEST(BaselineEstimator, ReportsWhatEvaluationFindsAndEvaluationCountsEverySampleOnce) {
  for (const BaselineConfig& config : Cases()) {
    const Network network = RandomNetwork(LayersOf(config), 9);
    // More than one piece of the evaluation.
    const Dataset data = RandomData(2085, config.layers.front(), config.layers.back(), 10);
    StepStatistics seen;
    GradientOf(config, network, BatchOf(data), kernels::BestIsa(), 2, &seen);
    kernels::Workers workers(2);
    const Accuracy found = EvaluateBaseline(config, network, data, kernels::BestIsa(), workers);
    EXPECT_EQ(found.accuracy, static_cast<double>(seen.correct) / data.count());
    // The same float losses added in two groupings in binary64.
    EXPECT_NEAR(found.loss, seen.loss / data.count(), 1e-9);
  }
}

TEST(BaselineNetwork, InitialWeightsHaveTheVarianceAskedForAndBiasesAreZero) {
  const BaselineConfig config{{200, 300, 10}, kernels::Nonlinearity::kElu, false};
  for (float gain : {0.5f, 1.0f, 1.55f}) {
    const Network network = InitialBaselineNetwork(config, gain, 3, kernels::BestIsa());
    double square = 0;
    for (int i = 0; i < 200; ++i) {
      for (int j = 0; j < 300; ++j) square += std::pow(network.parameters[0].weight.At(i, j), 2);
    }
    // 60,000 squares of normal deviates: their mean varies by sqrt(2 / 60000) = 0.6 %; six times that.
    EXPECT_NEAR(square / 60000, gain / 200, 0.035 * gain / 200);
    for (float b : network.parameters[0].bias) EXPECT_EQ(b, 0.0f);
  }
}

TEST(BaselineNetwork, TheGainOfAnActivationPreservesTheMeanSquareOfStandardNormalUnits) {
  for (kernels::Nonlinearity function : {kernels::Nonlinearity::kLinear, kernels::Nonlinearity::kElu}) {
    double square = 0, weight = 0;
    for (double z = -10; z < 10; z += 1e-3) {
      const double density = std::exp(-z * z / 2);
      square += density * std::pow(Value(function, z), 2);
      weight += density;
    }
    EXPECT_NEAR(PreservingGain(function) * square / weight, 1, 1e-3);
  }
}

TEST(BaselineNetwork, NormalisedDataHaveOneLength) {
  const Dataset data = Normalised(RandomData(40, 7, 3, 11), kernels::BestIsa());
  for (int i = 0; i < data.count(); ++i) {
    double square = 0;
    for (float x : data.Sample(i)) square += static_cast<double>(x) * x;
    // The floor under the root takes at most its share of a mean square that is above 0.01 here.
    EXPECT_NEAR(square / 7, 1, 2e-4);
  }
}

}  // namespace
}  // namespace fplab::nets
