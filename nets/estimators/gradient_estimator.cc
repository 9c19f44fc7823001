// Names of the estimators and the choice among them.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/estimators/gradient_estimator.h>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/estimators/activation_estimator.h>
#include <fplab/nets/estimators/gated_estimator.h>
#include <fplab/nets/estimators/gaussian_estimator.h>
#include <fplab/nets/estimators/lowrank_estimator.h>

namespace fplab::nets {
namespace {

constexpr EstimatorKind kKinds[] = {EstimatorKind::kActivation, EstimatorKind::kGaussian, EstimatorKind::kLowRank,
                                    EstimatorKind::kGated, EstimatorKind::kBackprop};

}  // namespace

std::string_view Name(EstimatorKind kind) {
  switch (kind) {
    case EstimatorKind::kActivation:
      return "activation";
    case EstimatorKind::kGaussian:
      return "gaussian";
    case EstimatorKind::kLowRank:
      return "lowrank";
    case EstimatorKind::kGated:
      return "gated";
    case EstimatorKind::kBackprop:
      return "backprop";
  }
  return "?";
}

EstimatorKind ParseEstimator(std::string_view name) {
  for (EstimatorKind kind : kKinds) {
    if (name == Name(kind)) return kind;
  }
  throw Error("unknown estimator '{}': expected activation, gaussian, lowrank, gated or backprop", name);
}

std::string_view Name(NoiseKind kind) { return kind == NoiseKind::kNormal ? "normal" : "signs"; }

NoiseKind ParseNoise(std::string_view name) {
  for (NoiseKind kind : {NoiseKind::kNormal, NoiseKind::kSigns}) {
    if (name == Name(kind)) return kind;
  }
  throw Error("unknown noise '{}': expected normal or signs", name);
}

std::unique_ptr<GradientEstimator> MakeEstimator(EstimatorKind kind, const ActivationConfig& activation,
                                                 const PopulationConfig& population, kernels::Isa isa) {
  switch (kind) {
    case EstimatorKind::kActivation:
      return std::make_unique<ActivationEstimator>(activation, isa);
    case EstimatorKind::kGaussian:
      return std::make_unique<GaussianEstimator>(population, isa);
    case EstimatorKind::kLowRank:
      return std::make_unique<LowRankEstimator>(population, isa);
    case EstimatorKind::kGated:
    case EstimatorKind::kBackprop:
      break;
  }
  // Backpropagation is the gated estimator on a network that never flushes; the trainer configures that network.
  return std::make_unique<GatedEstimator>(isa);
}

}  // namespace fplab::nets
