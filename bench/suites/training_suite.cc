// Benchmarks of one training step by each estimator, on the post's network.
//
// Data are MNIST where it is found, else the generated glyphs.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <string>

#include <fplab/fparith/float/error.h>
#include <fplab/kernels/matmul/matmul.h>
#include <fplab/kernels/matmul/subnormal_cost.h>
#include <fplab/kernels/random/random.h>
#include <fplab/nets/data/batch.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/training/optimizer.h>
#include <fplab/nets/training/train_config.h>
#include "bench/suites/suite.h"

namespace fplab::bench {

bool TrainingIsRescaled() {
  static const bool slow = kernels::SubnormalSlowdown(kernels::BestIsa()) >= kernels::kSlowSubnormals;
  return slow;
}

namespace {

const nets::Dataset& Data() {
  static const nets::TrainTest data = [] {
    constexpr int kSamples = 16384;
    try {
      return nets::LoadData("mnist", {kSamples, false});
    } catch (const Error&) {
      return nets::LoadData("glyphs", {kSamples, false});
    }
  }();
  return data.train;
}

// The preset; weight-space evolution strategies with one pair for each panel of samples and all layers perturbed.
nets::TrainConfig Measured(nets::EstimatorKind kind) {
  nets::TrainConfig config = nets::Preset("post", kind);
  config.network.rescaled = TrainingIsRescaled();
  if (auto* lowrank = std::get_if<nets::LowRankConfig>(&config.estimator)) {
    lowrank->layer_pairs = {};
    lowrank->samples_per_pair = kernels::kPanelWidth;
    config.batch = 2048;
  }
  if (kind == nets::EstimatorKind::kGaussian) config.batch = 2048;
  return config;
}

// Of the two estimators in weight space.
int SamplesPerPair(const nets::TrainConfig& config) {
  if (const auto* gaussian = std::get_if<nets::GaussianConfig>(&config.estimator)) return gaussian->samples_per_pair;
  return std::get<nets::LowRankConfig>(config.estimator).samples_per_pair;
}

// A training under way: its network has left the initial state, in which three quarters of the units are dead.
struct Training {
  Training(nets::EstimatorKind kind, int threads)
      : config(Measured(kind)),
        workers(threads),
        estimator(nets::MakeEstimator(config.estimator, kernels::BestIsa())),
        network(nets::InitialNetwork(nets::TrainedNetwork(config), config.seed, kernels::BestIsa())),
        optimizer(nets::InitialOptimizerState(config.optimizer, network)),
        gradient(nets::ZeroParameters(network.config)),
        batch(Data().features, config.batch),
        indices(static_cast<size_t>(config.batch)) {
    constexpr int kWarmUpSteps = 30;
    for (int i = 0; i < kWarmUpSteps; ++i) TakeStep();
  }

  const nets::TrainConfig& Configuration() const { return config; }
  int pairs() const { return config.batch / std::max(1, SamplesPerPair(config)); }

  void TakeStep() {
    const int first = static_cast<int>(step * config.batch % (Data().count() - config.batch));
    std::iota(indices.begin(), indices.end(), first);
    nets::Gather(Data(), indices, workers, batch);
    estimator->Estimate(network, batch, config.seed, step, workers, gradient);
    nets::Step(config.optimizer, step, 1 << 20, gradient, kernels::BestIsa(), workers, network, optimizer);
    ++step;
  }

  nets::TrainConfig config;
  kernels::Workers workers;
  std::unique_ptr<nets::GradientEstimator> estimator;
  nets::Network network;
  nets::OptimizerState optimizer;
  nets::Parameters gradient;
  nets::Batch batch;
  std::vector<int> indices;
  int64_t step = 0;
};

void Count(benchmark::State& state, const nets::TrainConfig& config) {
  const auto samples = static_cast<double>(state.iterations()) * config.batch;
  state.counters["samples_per_second"] = benchmark::Counter(samples, benchmark::Counter::kIsRate);
  state.counters["member_samples_per_second"] =
      benchmark::Counter(samples * static_cast<double>(nets::LossesOfSample(config)), benchmark::Counter::kIsRate);
}

// What the matmuls of a step, and for `gaussian` the noise made twice, take by themselves: the bound of its speed.
// A pair of `lowrank` shares the first layer's product; those of `gaussian` share nothing.
struct Bound {
  explicit Bound(nets::EstimatorKind kind, int threads) : training(kind, threads) {
    const std::vector<int>& layers = training.network.config.layers;
    for (size_t l = 0; l < layers.size(); ++l) units.emplace_back(layers[l], 4 * kernels::kPanelWidth);
    for (size_t l = 0; l + 1 < layers.size(); ++l) {
      rows.emplace_back(training.pairs(), layers[l]);
      deltas.emplace_back(training.pairs(), layers[l + 1]);
      sums.emplace_back(layers[l], layers[l + 1]);
    }
  }

  void TakeStep() {
    const kernels::Execution execution{kernels::BestIsa(), kIeee};
    const bool gaussian = nets::Kind(training.config.estimator) == nets::EstimatorKind::kGaussian;
    const nets::Parameters& parameters = training.network.parameters;
    const int own = gaussian ? SamplesPerPair(training.config) / kernels::kPanelWidth : 1;
    std::vector<kernels::AlignedBuffer> noise(static_cast<size_t>(training.workers.count()));
    training.workers.For(training.batch.panels() / own, kIeee, [&](int, int worker) {
      std::vector<kernels::PanelMatrix> out = units;
      for (size_t l = 0; l < parameters.size(); ++l) {
        const kernels::ConstPanelView weight = parameters[l].weight.view();
        const int panels = own * (gaussian || l > 0 ? 2 : 1);
        kernels::MatmulTransposed(weight, units[l].view().Panels(0, panels), out[l + 1].view().Panels(0, panels),
                                  execution);
        kernels::AlignedBuffer& deviates = noise[static_cast<size_t>(worker)];
        deviates.resize(static_cast<size_t>(weight.rows) * kernels::kPanelWidth);
        for (int p = 0; gaussian && p < 2 * weight.panels(); ++p) {
          kernels::FillNormals({1, {2, 3, static_cast<uint32_t>(p)}}, 1.0f, deviates.data(), deviates.size(),
                               kernels::BestIsa());
        }
      }
    });
    for (size_t l = 0; !gaussian && l < parameters.size(); ++l) {
      training.workers.For(kernels::PanelCount(rows[l].cols()), kIeee, [&](int p, int) {
        const kernels::ConstPanelView left = rows[l].view().Panels(p, 1);
        kernels::MatmulTransposed(left, deltas[l].view(), sums[l].view().Rows(p * kernels::kPanelWidth, left.cols),
                                  execution);
      });
    }
  }

  const nets::TrainConfig& Configuration() const { return training.config; }

  Training training;
  std::vector<kernels::PanelMatrix> units, rows, deltas, sums;
};

// Registers TakeStep of a Work (Training or Bound) under "<group>/<estimator>/threads:<t>".
template <typename Work>
void Register(const char* group, nets::EstimatorKind kind) {
  for (int threads : {1, 2}) {
    const std::string name = fmt::format("{}/{}/threads:{}", group, Name(kind), threads);
    auto work = std::make_shared<std::unique_ptr<Work>>();  // made at the first run, kept for the others
    benchmark::RegisterBenchmark(name.c_str(),
                                 [=](benchmark::State& state) {
                                   if (!*work) *work = std::make_unique<Work>(kind, threads);
                                   for (auto _ : state) (*work)->TakeStep();
                                   Count(state, (*work)->Configuration());
                                 })
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
  }
}

}  // namespace

void RegisterTraining() {
  for (nets::EstimatorKind kind :
       {nets::EstimatorKind::kActivation, nets::EstimatorKind::kLowRank, nets::EstimatorKind::kGaussian,
        nets::EstimatorKind::kGated, nets::EstimatorKind::kBackprop}) {
    Register<Training>("training", kind);
  }
  for (nets::EstimatorKind kind : {nets::EstimatorKind::kLowRank, nets::EstimatorKind::kGaussian})
    Register<Bound>("bound", kind);
}

}  // namespace fplab::bench
