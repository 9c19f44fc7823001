// The Gaussian estimator: the population's losses pair by pair, then the noise again for the weighted sum.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/estimators/gaussian_estimator.h>

#include <algorithm>
#include <numeric>

#include <fplab/fparith/float/error.h>
#include <fplab/kernels/layers/reductions.h>
#include <fplab/kernels/matmul/matmul.h>
#include <fplab/kernels/random/gaussian_noise.h>
#include <fplab/nets/estimators/antithetic_population.h>
#include <fplab/nets/random/stream_names.h>

namespace fplab::nets {
namespace {

// Panels of samples that a task evaluates with the noise it makes: enough to make the noise cheap beside the matmul,
// few enough for a layer's inputs to stay in cache.
constexpr int kPanelsOfTask = 8;

// Rows of a panel of weights that a task of the estimate sums; 64 rows are 32 blocks of 64 deviates.
constexpr int kRowsOfTask = 64;

// Numbers the tensors: layer by layer its panels of units, then its biases.
struct Tensors {
  explicit Tensors(const NetworkConfig& network) {
    int next = 0;
    for (int l = 0; l < network.depth(); ++l) {
      first.push_back(next);
      next += kernels::PanelCount(network.layers[static_cast<size_t>(l) + 1]) + 1;
    }
  }
  int Panel(int l, int p) const { return first[static_cast<size_t>(l)] + p; }
  int Bias(int l, int units) const { return Panel(l, kernels::PanelCount(units)); }

  std::vector<int> first;
};

// One worker's memory for both members of a pair.
struct Members {
  explicit Members(const NetworkConfig& network)
      : losses{kernels::AlignedBuffer(kColumns), kernels::AlignedBuffer(kColumns)} {
    for (kernels::PanelMatrix& panel : weights)
      panel = kernels::PanelMatrix(*std::max_element(network.layers.begin(), network.layers.end() - 1),
                                   kernels::kPanelWidth);
    for (size_t l = 1; l < network.layers.size(); ++l) {
      for (auto& member : out) member.emplace_back(network.layers[l], kColumns);
    }
    for (kernels::AlignedBuffer& b : bias)
      b.resize(static_cast<size_t>(
                   kernels::PanelCount(*std::max_element(network.layers.begin() + 1, network.layers.end()))) *
               kernels::kPanelWidth);
  }

  static constexpr int kColumns = kPanelsOfTask * kernels::kPanelWidth;
  kernels::PanelMatrix weights[2];  // a panel of units of the plus and of the minus member
  kernels::AlignedBuffer bias[2];
  std::vector<kernels::PanelMatrix> out[2];
  kernels::AlignedBuffer losses[2];
};

}  // namespace

struct GaussianEstimator::State {
  State(const NetworkConfig& network, int workers) : layers(network.layers), tensors(network) {
    for (int w = 0; w < workers; ++w) members.emplace_back(network);
  }
  bool Fits(const NetworkConfig& network, int workers) const {
    return layers == network.layers && static_cast<int>(members.size()) == workers;
  }

  std::vector<int> layers;
  Tensors tensors;
  std::vector<Members> members;
};

void GaussianEstimator::Validate(const GaussianConfig& config) {
  AntitheticPopulation::Validate(config, /*mixed_panels=*/false);
}

int64_t GaussianEstimator::LossesOfSample(const GaussianConfig& config) { return 2 * int64_t{config.pairs}; }

GaussianEstimator::GaussianEstimator(const GaussianConfig& config, kernels::Isa isa) : config_(config), isa_(isa) {
  Validate(config);
}

GaussianEstimator::~GaussianEstimator() = default;

namespace {

// Forward passes of both members of a pair on whole panels of samples.
void Evaluate(const ForwardPass& forward, const PopulationConfig& config, const Tensors& tensors, uint64_t seed,
              int64_t step, int pair, kernels::ConstPanelView samples, const int32_t* labels, Members& members) {
  const kernels::Isa isa = forward.isa();
  kernels::ConstPanelView inputs[2] = {samples, samples};
  for (int l = 0; l < forward.depth(); ++l) {
    const LayerParameters& layer = forward.layer(l);
    const int rows = layer.weight.rows(), units = layer.weight.cols();
    const float sigma = SigmaOf(config, l);
    kernels::PerturbByNormals(MemberNoise(seed, step, tensors.Bias(l, units), pair), sigma, layer.bias.data(),
                              members.bias[0].data(), members.bias[1].data(), static_cast<size_t>(units), isa);
    for (kernels::AlignedBuffer& bias : members.bias) forward.EnterBias(l, bias.data(), static_cast<size_t>(units));
    for (int p = 0; p < kernels::PanelCount(units); ++p) {
      const kernels::ConstPanelView center = layer.weight.view().Panels(p, 1);
      kernels::PerturbByNormals(MemberNoise(seed, step, tensors.Panel(l, p), pair), sigma, center.data,
                                members.weights[0].buffer().data(), members.weights[1].buffer().data(),
                                static_cast<size_t>(rows) * kernels::kPanelWidth, isa);
      for (int m : {0, 1}) {
        kernels::PanelView out = members.out[m][static_cast<size_t>(l)].view().Panels(0, samples.panels());
        out = out.Rows(p * kernels::kPanelWidth, center.cols);
        const kernels::ConstPanelView weights{members.weights[m].buffer().data(), rows, center.cols,
                                              center.panel_stride};
        kernels::MatmulTransposed(weights, inputs[m], out, forward.matmul());
        forward.ApplyElementwise(l, out, members.bias[m].data() + p * kernels::kPanelWidth, out);
      }
    }
    for (int m : {0, 1}) inputs[m] = members.out[m][static_cast<size_t>(l)].view().Panels(0, samples.panels());
  }
  for (int m : {0, 1}) {
    const kernels::PanelView logits = members.out[m].back().view().Panels(0, samples.panels());
    MemberLosses(config, logits, labels, members.losses[m].data(), isa);
  }
}

}  // namespace

StepStatistics GaussianEstimator::EstimateInIeee(const Network& network, const Batch& batch, uint64_t seed,
                                                 int64_t step, kernels::Workers& workers, Parameters& gradient) {
  const ForwardPass forward(network, isa_);
  if (!network.linear.empty())
    throw Error("gaussian: a network with linear units is not perturbed; use another estimator");
  AntitheticPopulation population(config_, batch.samples());
  if (!state_ || !state_->Fits(network.config, workers.count())) {
    state_ = std::make_unique<State>(network.config, workers.count());
  }
  const Tensors& tensors = state_->tensors;

  struct Task {
    int pair, first_panel, panels;
  };
  std::vector<Task> tasks;
  const ItemRange own = ranks().Own(population.looks());
  for (int look = own.first; look < own.last; ++look) {
    const ItemRange panels = population.PanelsOfUnit(look / population.visits());
    const int pair = population.PairOf(look % population.visits(), panels.first, 0);
    for (int p = panels.first; p < panels.last; p += kPanelsOfTask) {
      tasks.push_back({pair, p, std::min(kPanelsOfTask, panels.last - p)});
    }
  }
  std::vector<int64_t> correct(static_cast<size_t>(batch.panels()));
  workers.For(static_cast<int>(tasks.size()), kIeee, [&](int i, int worker) {
    const auto [pair, first, count] = tasks[static_cast<size_t>(i)];
    Members& members = state_->members[static_cast<size_t>(worker)];
    kernels::ConstPanelView samples = batch.columns.view().Panels(first, count);
    samples.cols = count * kernels::kPanelWidth;
    const int32_t* labels = batch.labels.data() + first * kernels::kPanelWidth;
    Evaluate(forward, config_, tensors, seed, step, pair, samples, labels, members);
    const int visit = pair / population.subsets();
    for (int p = 0; p < count; ++p) {
      const int panel = first + p;
      population.Record(visit, panel, batch.SamplesIn(panel), members.losses[0].data() + p * kernels::kPanelWidth,
                        members.losses[1].data() + p * kernels::kPanelWidth);
      if (visit > 0) continue;
      kernels::ConstPanelView plus = members.out[0].back().view().Panels(p, 1);
      plus.cols = batch.SamplesIn(panel);
      correct[static_cast<size_t>(panel)] = kernels::CountCorrect(plus, labels + p * kernels::kPanelWidth, isa_);
    }
  });

  const auto looks_of = [this](const AntitheticPopulation& p, int r) { return ItemsOf(r, ranks().count(), p.looks()); };
  const int64_t right =
      ShareLosses(ranks(), {&population}, looks_of, std::accumulate(correct.begin(), correct.end(), int64_t{0}));

  const std::vector<double> weights = population.Weights(config_.fitness);
  const ParameterShare share = ShareOf(network);
  struct Piece {
    int layer, panel, row, rows;  // panel -1: the biases
  };
  std::vector<Piece> pieces;
  std::vector<std::vector<float>> factors(static_cast<size_t>(forward.depth()));
  for (int l = 0; l < forward.depth(); ++l) {
    for (double w : weights) factors[static_cast<size_t>(l)].push_back(static_cast<float>(w / SigmaOf(config_, l)));
    const kernels::PanelMatrix& weight = forward.layer(l).weight;
    for (int p = 0; p < kernels::PanelCount(weight.cols()); ++p) {
      const ItemRange inputs = share.InputPanels(l, p);
      const int last = std::min(inputs.last * kernels::kPanelWidth, weight.rows());
      for (int row = inputs.first * kernels::kPanelWidth; row < last; row += kRowsOfTask) {
        pieces.push_back({l, p, row, std::min(kRowsOfTask, last - row)});
      }
    }
    if (share.Biases(l).count() > 0) pieces.push_back({l, -1, 0, 0});
  }
  workers.For(static_cast<int>(pieces.size()), kIeee, [&](int i, int) {
    const auto [l, p, row, count_of_rows] = pieces[static_cast<size_t>(i)];
    LayerParameters& out = gradient[static_cast<size_t>(l)];
    const std::vector<float>& w = factors[static_cast<size_t>(l)];
    const int units = out.weight.cols();
    const auto sum = [&](int tensor, int first, float* to, int count) {
      kernels::SumOfNormals(MemberNoise(seed, step, tensor, 0), w.data(), static_cast<int>(w.size()),
                            static_cast<size_t>(first), to, static_cast<size_t>(count), isa_);
    };
    if (p < 0) return sum(tensors.Bias(l, units), 0, out.bias.data(), units);
    const kernels::PanelView rows = out.weight.view().Panels(p, 1).Rows(row, count_of_rows);
    sum(tensors.Panel(l, p), row * kernels::kPanelWidth, rows.data, rows.rows * kernels::kPanelWidth);
    for (int r = 0; r < rows.rows; ++r) {
      std::fill(rows.data + r * kernels::kPanelWidth + rows.cols, rows.data + (r + 1) * kernels::kPanelWidth, 0.0f);
    }
  });

  return {population.TotalLoss(), right};
}

}  // namespace fplab::nets
