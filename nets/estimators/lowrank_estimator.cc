// The low-rank estimator: the population's losses panel by panel, then the factors again and one matmul a layer.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/estimators/lowrank_estimator.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fplab/fparith/float/error.h>
#include <fplab/kernels/layers/reductions.h>
#include <fplab/kernels/matmul/matmul.h>
#include <fplab/kernels/random/gaussian_noise.h>
#include <fplab/nets/estimators/antithetic_population.h>
#include <fplab/nets/estimators/lowrank_panel.h>

namespace fplab::nets {
namespace {

// Visits of a panel in one task: the first layer's product is computed once for them.
constexpr int kVisitsOfTask = 32;

// Steps of the estimate's chains whose factors are in memory at a time: 12 MB in the post's network.
constexpr int kRound = 1024;

// Pairs that perturb layer l alone. Precondition: layers have pairs of their own.
int PairsOf(const LowRankConfig& config, int l) {
  return config.layer_pairs[std::min(static_cast<size_t>(l), config.layer_pairs.size() - 1)];
}

}  // namespace

struct LowRankEstimator::State {
  State(const NetworkConfig& network, const LowRankConfig& config, int width_, int workers)
      : layers(network.layers), width(width_) {
    for (int w = 0; w < workers; ++w) panels.emplace_back(network, config, width);
    const int rows = std::max(1, kRound / config.rank) * config.rank;
    int widest = 0;
    for (int l = 0; l < network.depth(); ++l) {
      const auto i = static_cast<size_t>(l);
      inputs.emplace_back(rows, layers[i]);
      outputs.emplace_back(rows, layers[i + 1]);
      widest = std::max({widest, layers[i], layers[i + 1]});
    }
    own.assign(panels.size(), kernels::AlignedBuffer(static_cast<size_t>(widest) + 64));
  }

  bool Fits(const NetworkConfig& network, int width_, int workers) const {
    return layers == network.layers && width == width_ && static_cast<int>(panels.size()) == workers;
  }

  std::vector<int> layers;
  int width;
  std::vector<LowRankPanel> panels;                   // one a worker
  std::vector<kernels::PanelMatrix> inputs, outputs;  // factors of a round, weighted on the side of the outputs
  std::vector<kernels::AlignedBuffer> own;            // one a worker: one vector of a pair's factor
};

void LowRankEstimator::Validate(const LowRankConfig& config) {
  AntitheticPopulation::Validate(config, /*mixed_panels=*/true);
  RequireRanges(config);
  if (!config.layer_pairs.empty() && *std::max_element(config.layer_pairs.begin(), config.layer_pairs.end()) == 0) {
    throw Error("layer pairs: found 0 for every layer, expected a layer that is trained");
  }
}

int64_t LowRankEstimator::LossesOfSample(const LowRankConfig& config, const NetworkConfig& network) {
  if (config.layer_pairs.empty()) return 2 * int64_t{config.pairs};
  int64_t losses = 0;
  for (int l = 0; l < network.depth(); ++l) losses += 2 * int64_t{PairsOf(config, l)};
  return losses;
}

LowRankEstimator::LowRankEstimator(const LowRankConfig& config, kernels::Isa isa) : config_(config), isa_(isa) {
  Validate(config);
}

LowRankEstimator::~LowRankEstimator() = default;

namespace {

struct Block {
  LayerBlock layers;
  AntitheticPopulation population;
  std::vector<double> weights = {};
};

// A share of each block's visits of one unit of the population: what a task takes, a panel at a time.
struct Portion {
  int of_unit, visits;  // how many a unit has, and visits of one

  int unit(int portion) const { return portion / of_unit; }
  ItemRange Visits(int portion, int all) const {
    const int first = std::min(portion % of_unit * visits, all);
    return {first, std::min(first + visits, all)};
  }
  // The looks of `portions`, which are consecutive.
  ItemRange Looks(ItemRange portions, int all) const {
    const auto bound = [&](int portion) { return unit(portion) * all + Visits(portion, all).first; };
    return {bound(portions.first), bound(portions.last)};
  }
};

// At most kVisitsOfTask, which share a panel's products; fewer where ranks would have nothing to do.
Portion PortionOf(int units, int most_visits, int ranks) {
  const int wanted = (4 * ranks + units - 1) / units;
  const int visits = ranks == 1 ? kVisitsOfTask : std::clamp(most_visits / wanted, 1, kVisitsOfTask);
  return {(most_visits + visits - 1) / visits, visits};
}

std::vector<Block> BlocksOf(const LowRankConfig& config, int depth, int samples) {
  std::vector<Block> blocks;
  if (config.layer_pairs.empty()) blocks.push_back({{0, depth - 1}, AntitheticPopulation(config, samples)});
  for (int l = 0; l < depth && !config.layer_pairs.empty(); ++l) {
    LowRankConfig own = config;
    own.pairs = PairsOf(config, l);
    if (own.pairs == 0) continue;  // the layer stays as it is
    blocks.push_back({{l, l}, AntitheticPopulation(own, samples)});
  }
  return blocks;
}

}  // namespace

// Overwrites the weights' gradients of layer l, in `share`, by the sum over the pairs of the weighted products of their
// vectors.
void LowRankEstimator::SumProducts(int l, const std::vector<double>& weights, uint64_t seed, int64_t step,
                                   const ParameterShare& share, kernels::Workers& workers,
                                   kernels::PanelView gradient) {
  const int pairs = static_cast<int>(weights.size()), rank = config_.rank, pairs_of_round = std::max(1, kRound / rank);
  kernels::PanelMatrix &inputs = state_->inputs[static_cast<size_t>(l)],
                       &outputs = state_->outputs[static_cast<size_t>(l)];
  const double scale = SigmaOf(config_, l) * std::sqrt(static_cast<double>(rank));
  const ItemRange input_panels = share.InputPanels(l);
  for (int first = 0; first < pairs; first += pairs_of_round) {
    const int count = std::min(pairs_of_round, pairs - first);
    workers.For(count, kIeee, [&](int i, int worker) {
      float* own = state_->own[static_cast<size_t>(worker)].data();
      const auto fill = [&](LowRankFactor factor, float deviation, ItemRange panels, kernels::PanelMatrix& rows) {
        for (int q = 0; q < rank; ++q) {
          const kernels::PanelView row = rows.view().Panels(panels.first, panels.count()).Rows(i * rank + q, 1);
          // Of the factor's deviates, those of the panels; a stream is entered at multiples of 64.
          const size_t begin = static_cast<size_t>(q) * static_cast<size_t>(rows.cols()) +
                               static_cast<size_t>(panels.first * kernels::kPanelWidth);
          const size_t before = begin % 64;
          kernels::FillNormalsFrom(LowRankNoise(seed, step, l, factor, first + i), deviation, begin - before, own,
                                   before + static_cast<size_t>(row.cols), isa_);
          kernels::ToPanels(own + before, row.cols, row);
        }
      };
      fill(LowRankFactor::kInputs, 1.0f, input_panels, inputs);
      fill(LowRankFactor::kOutputs, static_cast<float>(weights[static_cast<size_t>(first + i)] / scale),
           share.OutputPanels(l), outputs);
    });
    const kernels::ConstPanelView left = inputs.view().Rows(0, count * rank),
                                  right = outputs.view().Rows(0, count * rank);
    workers.For(left.panels(), kIeee, [&](int p, int) {
      const ItemRange units = share.OutputPanels(l, p);
      if (units.count() == 0) return;
      const kernels::ConstPanelView panel = left.Panels(p, 1), factors = right.Panels(units.first, units.count());
      const kernels::PanelView sum =
          gradient.Panels(units.first, units.count()).Rows(p * kernels::kPanelWidth, panel.cols);
      if (first == 0) {
        kernels::MatmulTransposed(panel, factors, sum, {isa_, kIeee});
      } else {
        kernels::MatmulTransposedFrom(sum, panel, factors, sum, {isa_, kIeee});
      }
    });
  }
}

std::vector<double> LowRankEstimator::LayerCosts(const NetworkConfig& network) const {
  // A deviate takes about as long as this many multiply-adds of the product.
  constexpr double kDeviate = 150;
  std::vector<double> costs;
  for (int l = 0; l < network.depth(); ++l) {
    const double pairs = config_.layer_pairs.empty() ? 1.0 : PairsOf(config_, l);
    const double inputs = network.layers[static_cast<size_t>(l)], outputs = network.layers[static_cast<size_t>(l) + 1];
    costs.push_back(pairs * (kDeviate * (inputs + outputs) + inputs * outputs));
  }
  return costs;
}

StepStatistics LowRankEstimator::EstimateInIeee(const Network& network, const Batch& batch, uint64_t seed, int64_t step,
                                                kernels::Workers& workers, Parameters& gradient) {
  const ForwardPass forward(network, isa_);
  if (!network.linear.empty()) throw Error("lowrank: a network with linear units is not perturbed");
  std::vector<Block> blocks = BlocksOf(config_, forward.depth(), batch.samples());
  const int width = blocks.front().population.width();
  if (!state_ || !state_->Fits(network.config, width, workers.count())) {
    state_ = std::make_unique<State>(network.config, config_, width, workers.count());
  }

  int most = 0;
  for (const Block& block : blocks) most = std::max(most, block.population.visits());
  const int units = blocks.front().population.units();
  const Portion portion = PortionOf(units, most, ranks().count());
  const ItemRange own = ranks().Own(units * portion.of_unit);
  struct Task {
    int portion, panel;
  };
  std::vector<Task> tasks;
  for (int i = own.first; i < own.last; ++i) {
    const ItemRange panels = blocks.front().population.PanelsOfUnit(portion.unit(i));
    for (int p = panels.first; p < panels.last; ++p) tasks.push_back({i, p});
  }
  std::vector<int64_t> correct(static_cast<size_t>(batch.panels()));
  workers.For(static_cast<int>(tasks.size()), kIeee, [&](int i, int worker) {
    LowRankPanel& panel = state_->panels[static_cast<size_t>(worker)];
    const int p = tasks[static_cast<size_t>(i)].panel;
    const int32_t* labels = batch.labels.data() + p * kernels::kPanelWidth;
    panel.Begin(forward, WholePanel(batch.columns, p), labels, blocks.back().layers.first);
    for (Block& block : blocks) {
      const ItemRange visits = portion.Visits(tasks[static_cast<size_t>(i)].portion, block.population.visits());
      for (int visit = visits.first; visit < visits.last; ++visit) {
        panel.Visit(forward, block.population, block.layers, visit, {seed, step, p});
        block.population.Record(visit, p, batch.SamplesIn(p), panel.plus_losses(), panel.minus_losses());
        if (visit > 0 || &block != &blocks.front()) continue;
        kernels::ConstPanelView plus = panel.logits();
        plus.cols = batch.SamplesIn(p);
        correct[static_cast<size_t>(p)] = kernels::CountCorrect(plus, labels, isa_);
      }
    }
  });

  std::vector<AntitheticPopulation*> populations;
  for (Block& block : blocks) populations.push_back(&block.population);
  const auto looks_of = [&](const AntitheticPopulation& p, int r) {
    return portion.Looks(ItemsOf(r, ranks().count(), units * portion.of_unit), p.visits());
  };
  const int64_t right =
      ShareLosses(ranks(), populations, looks_of, std::accumulate(correct.begin(), correct.end(), int64_t{0}));

  for (Block& block : blocks) block.weights = block.population.Weights(config_.fitness);
  const ParameterShare share = ShareOf(network);
  for (int l = 0; l < forward.depth(); ++l) {
    LayerParameters& out = gradient[static_cast<size_t>(l)];
    const auto block = std::find_if(blocks.begin(), blocks.end(),
                                    [l](const Block& b) { return b.layers.first <= l && l <= b.layers.last; });
    if (block == blocks.end()) {
      std::fill(out.weight.buffer().begin(), out.weight.buffer().end(), 0.0f);
      std::fill(out.bias.begin(), out.bias.end(), 0.0f);
      continue;
    }
    const std::vector<double>& weights = block->weights;
    if (share.HasWeights(l)) SumProducts(l, weights, seed, step, share, workers, out.weight.view());
    if (share.Biases(l).count() == 0) continue;
    std::vector<float> factors;
    for (double weight : weights) factors.push_back(static_cast<float>(weight / SigmaOf(config_, l)));
    const size_t begin = share.Biases(l).first / 64 * 64;  // where a stream is entered
    kernels::SumOfNormals(LowRankNoise(seed, step, l, LowRankFactor::kBias, 0), factors.data(),
                          static_cast<int>(factors.size()), begin, out.bias.data() + begin,
                          share.Biases(l).last - begin, isa_);
  }

  return {blocks.front().population.TotalLoss(), right};
}

}  // namespace fplab::nets
