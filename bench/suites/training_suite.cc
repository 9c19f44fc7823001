// Benchmarks of one training step by each estimator, on the post's network.
//
// Data are MNIST where it is found, else the generated glyphs.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <string>

#include "bench/suite.h"
#include "fparith/error.h"
#include "kernels/matmul.h"
#include "kernels/random.h"
#include "kernels/subnormal_cost.h"
#include "nets/batch.h"
#include "nets/dataset.h"
#include "nets/optimizer.h"
#include "nets/train_config.h"

namespace fplab::bench {

bool TrainingIsRescaled() {
  static const bool slow = SubnormalSlowdown(BestIsa()) >= kSlowSubnormals;
  return slow;
}

namespace {

const Dataset& Data() {
  static const TrainTest data = [] {
    constexpr int kSamples = 16384;
    try {
      return LoadData("mnist", {kSamples, false});
    } catch (const Error&) {
      return LoadData("glyphs", {kSamples, false});
    }
  }();
  return data.train;
}

// The preset; weight-space evolution strategies with one pair for each panel of samples and all layers perturbed.
TrainConfig Measured(EstimatorKind kind) {
  TrainConfig config = Preset("post", kind);
  config.network.rescaled = TrainingIsRescaled();
  if (kind != EstimatorKind::kGaussian && kind != EstimatorKind::kLowRank) return config;
  config.population.layer_pairs = {};
  if (kind == EstimatorKind::kLowRank) config.population.samples_per_pair = kPanelWidth;
  config.batch = 2048;
  return config;
}

// A training under way: its network has left the initial state, in which three quarters of the units are dead.
struct Training {
  Training(EstimatorKind kind, int threads)
      : config(Measured(kind)),
        workers(threads),
        estimator(MakeEstimator(kind, config.activation, config.population, BestIsa())),
        network(InitialNetwork(TrainedNetwork(config), config.seed, BestIsa())),
        optimizer(InitialOptimizerState(config.optimizer, network)),
        gradient(ZeroParameters(network.config)),
        batch(Data().features, config.batch),
        indices(static_cast<size_t>(config.batch)) {
    constexpr int kWarmUpSteps = 30;
    for (int i = 0; i < kWarmUpSteps; ++i) TakeStep();
  }

  const TrainConfig& Configuration() const { return config; }
  int pairs() const { return config.batch / std::max(1, config.population.samples_per_pair); }

  void TakeStep() {
    const int first = static_cast<int>(step * config.batch % (Data().count() - config.batch));
    std::iota(indices.begin(), indices.end(), first);
    Gather(Data(), indices, workers, batch);
    estimator->Estimate(network, batch, config.seed, step, workers, gradient);
    Step(config.optimizer, step, 1 << 20, gradient, BestIsa(), workers, network, optimizer);
    ++step;
  }

  TrainConfig config;
  Workers workers;
  std::unique_ptr<GradientEstimator> estimator;
  Network network;
  OptimizerState optimizer;
  Parameters gradient;
  Batch batch;
  std::vector<int> indices;
  int64_t step = 0;
};

void Count(benchmark::State& state, const TrainConfig& config) {
  const auto samples = static_cast<double>(state.iterations()) * config.batch;
  state.counters["samples_per_second"] = benchmark::Counter(samples, benchmark::Counter::kIsRate);
  state.counters["member_samples_per_second"] =
      benchmark::Counter(samples * static_cast<double>(LossesOfSample(config)), benchmark::Counter::kIsRate);
}

// What the matmuls of a step, and for `gaussian` the noise made twice, take by themselves: the bound of its speed.
// A pair of `lowrank` shares the first layer's product; those of `gaussian` share nothing.
struct Bound {
  explicit Bound(EstimatorKind kind, int threads) : training(kind, threads) {
    const std::vector<int>& layers = training.network.config.layers;
    for (size_t l = 0; l < layers.size(); ++l) units.emplace_back(layers[l], 4 * kPanelWidth);
    for (size_t l = 0; l + 1 < layers.size(); ++l) {
      rows.emplace_back(training.pairs(), layers[l]);
      deltas.emplace_back(training.pairs(), layers[l + 1]);
      sums.emplace_back(layers[l], layers[l + 1]);
    }
  }

  void TakeStep() {
    const Execution execution{BestIsa(), kIeee};
    const bool gaussian = training.config.estimator == EstimatorKind::kGaussian;
    const Parameters& parameters = training.network.parameters;
    const int own = gaussian ? training.config.population.samples_per_pair / kPanelWidth : 1;
    std::vector<AlignedBuffer> noise(static_cast<size_t>(training.workers.count()));
    training.workers.For(training.batch.panels() / own, kIeee, [&](int, int worker) {
      std::vector<PanelMatrix> out = units;
      for (size_t l = 0; l < parameters.size(); ++l) {
        const ConstPanelView weight = parameters[l].weight.view();
        const int panels = own * (gaussian || l > 0 ? 2 : 1);
        MatmulTransposed(weight, units[l].view().Panels(0, panels), out[l + 1].view().Panels(0, panels), execution);
        AlignedBuffer& deviates = noise[static_cast<size_t>(worker)];
        deviates.resize(static_cast<size_t>(weight.rows) * kPanelWidth);
        for (int p = 0; gaussian && p < 2 * weight.panels(); ++p) {
          FillNormals({1, {2, 3, static_cast<uint32_t>(p)}}, 1.0f, deviates.data(), deviates.size(), BestIsa());
        }
      }
    });
    for (size_t l = 0; !gaussian && l < parameters.size(); ++l) {
      training.workers.For(PanelCount(rows[l].cols()), kIeee, [&](int p, int) {
        const ConstPanelView left = rows[l].view().Panels(p, 1);
        MatmulTransposed(left, deltas[l].view(), sums[l].view().Rows(p * kPanelWidth, left.cols), execution);
      });
    }
  }

  const TrainConfig& Configuration() const { return training.config; }

  Training training;
  std::vector<PanelMatrix> units, rows, deltas, sums;
};

// Registers TakeStep of a Work (Training or Bound) under "<group>/<estimator>/threads:<t>".
template <typename Work>
void Register(const char* group, EstimatorKind kind) {
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
  for (EstimatorKind kind : {EstimatorKind::kActivation, EstimatorKind::kLowRank, EstimatorKind::kGaussian,
                             EstimatorKind::kGated, EstimatorKind::kBackprop}) {
    Register<Training>("training", kind);
  }
  for (EstimatorKind kind : {EstimatorKind::kLowRank, EstimatorKind::kGaussian}) Register<Bound>("bound", kind);
}

}  // namespace fplab::bench
