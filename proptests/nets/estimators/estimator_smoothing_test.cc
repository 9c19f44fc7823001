// The activation estimator's mean: that of plain evolution strategies on the weights, and the derivative of the
// smoothed loss. Every random number is a function of a fixed seed, so the comparisons within standard errors give the
// same verdict on every run.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include <fplab/kernels/random/random.h>
#include <fplab/nets/estimators/activation_estimator.h>
#include "proptests/support/mean_and_error.h"
#include "proptests/support/network_data.h"
#include "proptests/support/network_reference.h"

namespace fplab::nets {
namespace {

constexpr float kSigma = 0.35f;
constexpr double kErrors = 4.5;  // standard errors

// Standard normal deviates of a stream that no part of nets/ uses.
class Normals {
 public:
  explicit Normals(uint32_t name) : name_(name) {}
  double Next() {
    if (at_ == values_.size()) {
      kernels::FillNormals({12345, {0xee000000u + name_, block_++, 0}}, 1.0f, values_.data(), values_.size(),
                           kernels::BestIsa());
      at_ = 0;
    }
    return values_[at_++];
  }
  std::vector<double> Next(int count, double deviation) {
    std::vector<double> values;
    for (int i = 0; i < count; ++i) values.push_back(deviation * Next());
    return values;
  }

 private:
  uint32_t name_, block_ = 0;
  std::vector<float> values_ = std::vector<float>(4096);
  size_t at_ = 4096;
};

// A network of two hidden layers, with a gate, and one sample for it. The first layer's weights are big enough that its
// units are on either side of their gates.
struct Problem {
  Problem() : network(RandomNetwork({{3, 5, 4, 3}, 125, kIeee, kFtzDaz}, 401, 0.9f)), function(network) {
    data = RandomData(1, 3, 3, 402);
    x.assign(data.x.begin(), data.x.end());
    label = data.y[0];
  }

  int units(int l) const { return network.config.layers[static_cast<size_t>(l) + 1]; }
  // Place of the first weight of layer l in Flat().
  size_t First(int l) const {
    size_t first = 0;
    for (int m = 0; m < l; ++m) {
      first += static_cast<size_t>((network.config.layers[static_cast<size_t>(m)] + 1) * units(m));
    }
    return first;
  }
  // The noise of the hidden layers, in units of the pre-activation times s.
  std::vector<std::vector<double>> DrawNoise(Normals& normals) const {
    return {normals.Next(units(0), kSigma), normals.Next(units(1), kSigma)};
  }

  Network network;
  BaselineNetwork function;
  Dataset data;
  std::vector<double> x;
  int label;
};

// The estimator's gradient of that one sample: its mean over 64 steps of 1,024 copies, each with its own noise.
std::vector<Estimate> MeanOfEstimator(const Problem& problem, std::vector<int> block) {
  Dataset copies = problem.data;
  for (int i = 1; i < 1024; ++i) {
    copies.x.insert(copies.x.end(), problem.data.x.begin(), problem.data.x.end());
    copies.y.push_back(problem.data.y[0]);
  }
  const Batch batch = BatchOf(copies);
  ActivationEstimator estimator({kSigma, std::move(block), 2}, kernels::BestIsa());
  kernels::Workers workers(1);
  Parameters gradient = ZeroParameters(problem.network.config);
  std::vector<Accumulator> sums(Flat(gradient).size());
  for (int64_t step = 0; step < 64; ++step) {
    estimator.Estimate(problem.network, batch, 5, step, workers, gradient);
    const std::vector<float> flat = Flat(gradient);
    for (size_t i = 0; i < flat.size(); ++i) sums[i].Add(flat[i]);
  }
  std::vector<Estimate> result;
  for (const Accumulator& sum : sums) result.push_back(sum.Result());
  return result;
}

// Plain evolution strategies on the weights of hidden layer l: dense antithetic noise E of standard deviation
// kSigma / |input|, which moves the layer's pre-activations by kSigma; the other hidden layer has the noise of its
// pre-activations.
std::vector<Estimate> WeightSpaceEs(Problem& problem, int l, int draws) {
  Normals normals(static_cast<uint32_t>(l));
  const std::vector<int>& widths = problem.network.config.layers;
  const auto inputs = static_cast<size_t>(widths[static_cast<size_t>(l)]);
  const auto outputs = static_cast<size_t>(problem.units(l));
  std::vector<Accumulator> sums(inputs * outputs);
  for (int draw = 0; draw < draws; ++draw) {
    std::vector<std::vector<double>> noise = problem.DrawNoise(normals);
    noise[static_cast<size_t>(l)].clear();
    problem.function.Logits(problem.x, noise);
    double norm2 = 0;
    for (double v : problem.function.input(l)) norm2 += v * v;
    if (norm2 == 0) {  // no input, no weight matters
      for (Accumulator& sum : sums) sum.Add(0);
      continue;
    }
    const double variance = kSigma * kSigma / norm2;
    std::vector<double> e = normals.Next(static_cast<int>(sums.size()), std::sqrt(variance));
    double loss[2];
    for (int side : {0, 1}) {
      const double sign = side == 0 ? 1 : -1;
      for (size_t i = 0; i < e.size(); ++i) problem.function.at(problem.First(l) + i) += sign * e[i];
      loss[side] = problem.function.Loss(problem.x, problem.label, noise);
      for (size_t i = 0; i < e.size(); ++i) problem.function.at(problem.First(l) + i) -= sign * e[i];
    }
    for (size_t i = 0; i < e.size(); ++i) sums[i].Add((loss[0] - loss[1]) * e[i] / (2 * variance));
  }
  std::vector<Estimate> result;
  for (const Accumulator& sum : sums) result.push_back(sum.Result());
  return result;
}

// Central difference of the smoothed loss in one parameter of the hidden layers, by common random numbers.
//
// *bias bounds its distance from the derivative: Gaussian smoothing makes the third derivative in a pre-activation
// E[L He3(u / sigma)] / sigma^3, at most sqrt(6) / sigma^3 times half the range of L (Cauchy and Schwarz; the variance
// of He3 is 6); in the parameter it has the cube of the input as a factor, and the quotient is off by step^2 / 6 of it.
Estimate SmoothedDifference(Problem& problem, size_t parameter, int draws, double* bias) {
  constexpr double kStep = 0.02;
  const int l = parameter < problem.First(1) ? 0 : 1;
  const size_t input = (parameter - problem.First(l)) / static_cast<size_t>(problem.units(l));
  Normals normals(100);
  Accumulator sum, cubes;
  const double before = problem.function.at(parameter);
  double least = INFINITY, greatest = -INFINITY;
  for (int draw = 0; draw < draws; ++draw) {
    const std::vector<std::vector<double>> noise = problem.DrawNoise(normals);
    double loss[2];
    for (int side : {0, 1}) {
      problem.function.at(parameter) = before + (side == 0 ? -kStep : kStep);
      loss[side] = problem.function.Loss(problem.x, problem.label, noise);
      least = std::min(least, loss[side]);
      greatest = std::max(greatest, loss[side]);
    }
    sum.Add((loss[1] - loss[0]) / (2 * kStep));
    const std::vector<double>& inputs = problem.function.input(l);
    cubes.Add(input < inputs.size() ? std::pow(std::fabs(inputs[input]), 3) : 1.0);  // past the weights: a bias
  }
  problem.function.at(parameter) = before;
  *bias = kStep * kStep / 6 * cubes.Result().mean * std::sqrt(6.0) / std::pow(kSigma, 3) * (greatest - least) / 2;
  return sum.Result();
}

void ExpectSame(const Estimate& a, const Estimate& b, double slack, const std::string& what) {
  EXPECT_LE(std::fabs(a.mean - b.mean), kErrors * std::hypot(a.error, b.error) + slack)
      << what << ": " << a.mean << " +- " << a.error << " and " << b.mean << " +- " << b.error;
}

TEST(ActivationEstimator, ItsMeanIsThatOfPlainEvolutionStrategiesOnTheWeights) {
  Problem problem;
  std::vector<std::vector<Estimate>> weights;
  for (int l : {0, 1}) weights.push_back(WeightSpaceEs(problem, l, 60000));
  // The block changes the variance, not the mean.
  for (const std::vector<int>& block : {std::vector<int>{1}, {2, 3}, {5, 4}}) {
    const std::vector<Estimate> found = MeanOfEstimator(problem, block);
    for (int l : {0, 1}) {
      int clear = 0;
      const std::vector<Estimate>& expected = weights[static_cast<size_t>(l)];
      for (size_t i = 0; i < expected.size(); ++i) {
        const Estimate& own = found[problem.First(l) + i];
        ExpectSame(own, expected[i], 0, fmt::format("layer {}, weight {}, block {}", l, i, block[0]));
        clear += std::fabs(own.mean) > 10 * std::hypot(own.error, expected[i].error);
      }
      // Otherwise a wrong factor would pass as noise.
      EXPECT_GE(clear, 5) << "layer " << l;
    }
  }
}

TEST(ActivationEstimator, ItsMeanIsTheCentralDifferenceOfTheSmoothedLoss) {
  Problem problem;
  const std::vector<Estimate> found = MeanOfEstimator(problem, {2});
  // The second layer's biases are left out: most are dead.
  int clear = 0;
  for (size_t parameter = 0; parameter < problem.First(2) - 4; parameter += 3) {
    double bias = 0;
    const Estimate expected = SmoothedDifference(problem, parameter, 25000, &bias);
    ExpectSame(found[parameter], expected, bias, fmt::format("parameter {}", parameter));
    clear += std::fabs(expected.mean) > 5 * (expected.error + bias);
  }
  EXPECT_GE(clear, 4);
}

TEST(ActivationEstimator, ItsMeanAtTheLogitsIsTheDifferenceOverAllSignVectors) {
  Problem problem;
  const int classes = problem.units(2), inputs = problem.units(1);
  Normals normals(200);
  std::vector<Accumulator> sums(static_cast<size_t>(inputs * classes));
  for (int draw = 0; draw < 20000; ++draw) {
    std::vector<std::vector<double>> noise = problem.DrawNoise(normals);
    noise.emplace_back(static_cast<size_t>(classes));
    std::vector<double> delta(static_cast<size_t>(classes));
    for (int signs = 0; signs < 1 << classes; ++signs) {
      const auto sign = [signs](size_t r) { return (signs >> r & 1) != 0 ? 1.0 : -1.0; };
      for (size_t r = 0; r < delta.size(); ++r) noise[2][r] = kSigma * sign(r);
      const double loss = problem.function.Loss(problem.x, problem.label, noise);
      for (size_t r = 0; r < delta.size(); ++r) delta[r] += loss * sign(r) / (kSigma * (1 << classes));
    }
    const std::vector<double>& h = problem.function.input(2);
    for (size_t i = 0; i < sums.size(); ++i) {
      sums[i].Add(h[i / static_cast<size_t>(classes)] * delta[i % static_cast<size_t>(classes)]);
    }
  }
  const std::vector<Estimate> found = MeanOfEstimator(problem, {2});
  int clear = 0;
  for (size_t i = 0; i < sums.size(); ++i) {
    const Estimate& own = found[problem.First(2) + i];
    ExpectSame(own, sums[i].Result(), 0, fmt::format("weight {}", i));
    clear += std::fabs(own.mean) > 10 * own.error;
  }
  EXPECT_GE(clear, 4);
}

}  // namespace
}  // namespace fplab::nets
