// "The same smoothed objective", shown: the means of the gaussian, lowrank and activation estimates agree. Every random
// number is a function of a fixed seed, so the comparisons within standard errors give the same verdict on every run.
//
// The three smooth the loss over different noise in general. Here they do the same:
// - All samples have |x|^2 = 3. Weight and bias noise of deviation s moves the first layer's pre-activations by normal
//   deviates of variance s^2 (|x|^2 + 1): the noise of `activation` with sigma = 2 s.
// - One hidden layer. The readout's noise is 1e-3 in `gaussian` and `lowrank`, and absent from `activation`'s forward
//   pass: it changes the smoothed loss by O(1e-6), far below the standard errors.
// - `lowrank` has normal deviates of variance s^2 (|x|^2 k + 1) with k = chi^2_r / r, of mean 1 and variance 2 / r: its
//   mean is off by O(1 / r), bounded in Slack below.
// So the first layer's gradients must agree. The readout's don't compare: with a noise of 1e-3 their errors drown them,
// and `activation` takes a difference quotient over sign vectors there, which is another smoothing.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include <fplab/nets/estimators/gradient_estimator.h>
#include "proptests/support/mean_and_error.h"
#include "proptests/support/moved_seed.h"
#include "proptests/support/network_data.h"
#include "proptests/support/network_reference.h"

namespace fplab::nets {
namespace {

constexpr float kSigma = 0.2f;  // of the first layer's weights and biases
constexpr double kInput = 3.0;  // |x|^2
constexpr int kRank = 4096;
constexpr int kUnits = 6;
// 30 comparisons of normal variables three times: all within 4.5 standard errors with probability 0.9994.
constexpr double kErrors = 4.5;

struct Problem {
  Problem() : network(RandomNetwork({{4, kUnits, 3}, 125, kIeee, kFtzDaz}, 801, 0.6f)) {
    // A readout with large weights: clear gradients.
    for (float& w : network.parameters[1].weight.buffer()) w *= 2;
    const Dataset two = RandomData(2, 4, 3, 802);
    data = two;
    data.x.clear();
    data.y.clear();
    // 16 copies of two samples in every panel of 32: the share of one pair.
    for (int i = 0; i < 512; ++i) {
      const std::span<const float> x = two.Sample(i % 2);
      double norm2 = 0;
      for (float v : x) norm2 += static_cast<double>(v) * v;
      for (float v : x) data.x.push_back(static_cast<float>(v * std::sqrt(kInput / norm2)));
      data.y.push_back(static_cast<uint8_t>(i % 2));
    }
  }

  Network network;
  Dataset data;
};

std::vector<Estimate> MeanOf(const Problem& problem, EstimatorKind kind, int steps) {
  EstimatorConfig config = DefaultEstimator(kind);
  if (auto* activation = std::get_if<ActivationConfig>(&config)) *activation = {2 * kSigma, {2}, 1};
  PopulationConfig population;
  population.sigma = {kSigma, 1e-3f};
  population.fitness = Fitness::kDifference;
  if (auto* gaussian = std::get_if<GaussianConfig>(&config)) *gaussian = {population};
  if (auto* lowrank = std::get_if<LowRankConfig>(&config)) *lowrank = {population, {}, kRank};
  const auto estimator = MakeEstimator(config, kernels::BestIsa());
  const Batch batch = BatchOf(problem.data);
  kernels::Workers workers(1);
  Parameters gradient = ZeroParameters(problem.network.config);
  std::vector<Accumulator> sums((4 + 1) * kUnits);
  for (int64_t step = 0; step < steps; ++step) {
    estimator->Estimate(problem.network, batch, 6, step, workers, gradient);
    const std::vector<float> flat = Flat(gradient);
    for (size_t i = 0; i < sums.size(); ++i) sums[i].Add(flat[i]);
  }
  std::vector<Estimate> result;
  for (const Accumulator& sum : sums) result.push_back(sum.Result());
  return result;
}

// How far the mean of `lowrank` is from that of normal noise of the same variance, to the order 1 / r.
//
// Its derivative in a weight is x E[k D(v(k))], with D the derivative of the loss smoothed by normal noise of variance
// v(k) = s^2 (3 k + 1) in m units, v(1) = V = 4 s^2; to the order of the variance 2 / r of k that is x D(V) plus
// x (2 D' + D'') / r, primes being derivatives in k, where dv/dk = 3 V / 4. By the heat equation dD/dv is half the
// Laplacian of D, a third derivative of the smoothed loss: E[L p3] / V^(3/2), p3 a Hermite polynomial with
// E[p3^2] = 2 m + 4; and the second is a quarter of a fifth derivative, with E[p5^2] = 4 (m + 4) (2 m + 4). By Cauchy
// and Schwarz each is at most half the range R of the losses times the root of these. |x| components are below
// sqrt(3).
double LowRankSlack(double range) {
  const double m = kUnits, deviation = 2 * kSigma;
  const double first = 0.75 * std::sqrt(2 * m + 4) / 2;
  const double second = 0.75 * 0.75 * std::sqrt(4 * (m + 4) * (2 * m + 4)) / 4;
  return std::sqrt(kInput) * (2 * first + second) / kRank * (range / 2) / deviation;
}

void ExpectAgreement(const std::vector<Estimate>& a, const std::vector<Estimate>& b, double slack, const char* what) {
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_LE(std::fabs(a[i].mean - b[i].mean), kErrors * std::hypot(a[i].error, b[i].error) + slack)
        << what << ", parameter " << i << ": " << a[i].mean << " +- " << a[i].error << " and " << b[i].mean << " +- "
        << b[i].error;
  }
}

TEST(Estimators, MeansOfGaussianLowRankAndActivationAgreeWhereTheirNoiseIsTheSame) {
  const Problem problem;
  const std::vector<Estimate> activation = MeanOf(problem, EstimatorKind::kActivation, 100);
  const std::vector<Estimate> gaussian = MeanOf(problem, EstimatorKind::kGaussian, 600);
  const std::vector<Estimate> lowrank = MeanOf(problem, EstimatorKind::kLowRank, 40);
  // The loss is below the spread of the logits plus log 3: h is below 0.5 + |z| a unit, z at most some 5 in magnitude.
  const double slack = LowRankSlack(/*range=*/8);
  EXPECT_LT(slack, 0.05);
  ExpectAgreement(gaussian, activation, 0, "gaussian and activation");
  ExpectAgreement(lowrank, activation, slack, "lowrank and activation");
  ExpectAgreement(lowrank, gaussian, slack, "lowrank and gaussian");
  // Otherwise a wrong factor would pass as noise. The pinned problem shows it; a drawn one need not.
  int clear = 0;
  for (const std::vector<Estimate>* estimates : {&gaussian, &lowrank}) {
    for (const Estimate& e : *estimates) clear += std::fabs(e.mean) > 10 * e.error + 3 * slack;
  }
  if (MovedSeed(1) == 1) {
    EXPECT_GE(clear, 10);
  }
}

}  // namespace
}  // namespace fplab::nets
