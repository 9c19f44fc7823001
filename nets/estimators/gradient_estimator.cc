// Names of the estimators and the choice among them.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/estimators/gradient_estimator.h>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/nets/estimators/activation_estimator.h>
#include <fplab/nets/estimators/gated_estimator.h>
#include <fplab/nets/estimators/gaussian_estimator.h>
#include <fplab/nets/estimators/lowrank_estimator.h>

namespace fplab::nets {
namespace {

// One function for each alternative of EstimatorConfig.
template <typename... Function>
struct Overloaded : Function... {
  using Function::operator()...;
};
template <typename... Function>
Overloaded(Function...) -> Overloaded<Function...>;

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
  for (EstimatorKind kind : kEstimatorKinds) {
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

EstimatorKind Kind(const EstimatorConfig& config) {
  return std::visit([]<typename Config>(const Config&) { return Config::kKind; }, config);
}

std::string_view Name(const EstimatorConfig& config) { return Name(Kind(config)); }

EstimatorConfig DefaultEstimator(EstimatorKind kind) {
  switch (kind) {
    case EstimatorKind::kActivation:
      return ActivationConfig{};
    case EstimatorKind::kGaussian:
      return GaussianConfig{};
    case EstimatorKind::kLowRank:
      return LowRankConfig{};
    case EstimatorKind::kGated:
      return GatedConfig{};
    case EstimatorKind::kBackprop:
      break;
  }
  return BackpropConfig{};
}

StepStatistics GradientEstimator::Estimate(const Network& network, const Batch& batch, uint64_t seed, int64_t step,
                                           kernels::Workers& workers, Parameters& gradient) {
  return AsGuest([&] { return EstimateInIeee(network, batch, seed, step, workers, gradient); });
}

StepStatistics SumOf(const std::vector<StepStatistics>& of_panels) {
  StepStatistics total;
  for (const StepStatistics& seen : of_panels) total += seen;
  return total;
}

void Validate(const EstimatorConfig& config) {
  std::visit(Overloaded{[](const ActivationConfig& c) { ActivationEstimator::Validate(c); },
                        [](const GaussianConfig& c) { GaussianEstimator::Validate(c); },
                        [](const LowRankConfig& c) { LowRankEstimator::Validate(c); }, [](const GatedConfig&) {},
                        [](const BackpropConfig&) {}},
             config);
}

int64_t LossesOfSample(const EstimatorConfig& config, const NetworkConfig& network) {
  return std::visit(
      Overloaded{[&](const ActivationConfig& c) { return ActivationEstimator::LossesOfSample(c, network); },
                 [&](const GaussianConfig& c) { return GaussianEstimator::LossesOfSample(c); },
                 [&](const LowRankConfig& c) { return LowRankEstimator::LossesOfSample(c, network); },
                 [](const GatedConfig&) { return int64_t{1}; }, [](const BackpropConfig&) { return int64_t{1}; }},
      config);
}

std::unique_ptr<GradientEstimator> MakeEstimator(const EstimatorConfig& config, kernels::Isa isa) {
  using Made = std::unique_ptr<GradientEstimator>;
  return std::visit(
      Overloaded{[isa](const ActivationConfig& c) -> Made { return std::make_unique<ActivationEstimator>(c, isa); },
                 [isa](const GaussianConfig& c) -> Made { return std::make_unique<GaussianEstimator>(c, isa); },
                 [isa](const LowRankConfig& c) -> Made { return std::make_unique<LowRankEstimator>(c, isa); },
                 [isa](const GatedConfig&) -> Made { return std::make_unique<GatedEstimator>(isa); },
                 // Backpropagation is the gated estimator on a network that never flushes; the trainer configures that
                 // network.
                 [isa](const BackpropConfig&) -> Made { return std::make_unique<GatedEstimator>(isa); }},
      config);
}

}  // namespace fplab::nets
