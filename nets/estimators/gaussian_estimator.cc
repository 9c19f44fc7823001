// The Gaussian estimator: the population's losses pair by pair, then the noise again for the weighted sum.
#include "nets/gaussian_estimator.h"

#include <algorithm>

#include "fparith/error.h"
#include "kernels/gaussian_noise.h"
#include "kernels/matmul.h"
#include "kernels/reduce.h"
#include "nets/population.h"
#include "nets/streams.h"

namespace fplab {
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
      next += PanelCount(network.layers[static_cast<size_t>(l) + 1]) + 1;
    }
  }
  int Panel(int l, int p) const { return first[static_cast<size_t>(l)] + p; }
  int Bias(int l, int units) const { return Panel(l, PanelCount(units)); }

  std::vector<int> first;
};

// One worker's memory for both members of a pair.
struct Members {
  explicit Members(const NetworkConfig& network) : losses{AlignedBuffer(kColumns), AlignedBuffer(kColumns)} {
    for (PanelMatrix& panel : weights)
      panel = PanelMatrix(*std::max_element(network.layers.begin(), network.layers.end() - 1), kPanelWidth);
    for (size_t l = 1; l < network.layers.size(); ++l) {
      for (auto& member : out) member.emplace_back(network.layers[l], kColumns);
    }
    for (AlignedBuffer& b : bias)
      b.resize(static_cast<size_t>(PanelCount(*std::max_element(network.layers.begin() + 1, network.layers.end()))) *
               kPanelWidth);
  }

  static constexpr int kColumns = kPanelsOfTask * kPanelWidth;
  PanelMatrix weights[2];  // a panel of units of the plus and of the minus member
  AlignedBuffer bias[2];
  std::vector<PanelMatrix> out[2];
  AlignedBuffer losses[2];
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

GaussianEstimator::GaussianEstimator(const PopulationConfig& config, Isa isa) : config_(config), isa_(isa) {
  Population::Validate(config, /*mixed_panels=*/false);
}

GaussianEstimator::~GaussianEstimator() = default;

namespace {

// Forward passes of both members of a pair on whole panels of samples.
void Evaluate(const ForwardPass& forward, const PopulationConfig& config, const Tensors& tensors, uint64_t seed,
              int64_t step, int pair, ConstPanelView samples, const int32_t* labels, Members& members) {
  const Isa isa = forward.isa();
  ConstPanelView inputs[2] = {samples, samples};
  for (int l = 0; l < forward.depth(); ++l) {
    const LayerParameters& layer = forward.layer(l);
    const int rows = layer.weight.rows(), units = layer.weight.cols();
    const float sigma = SigmaOf(config, l);
    PerturbByNormals(MemberNoise(seed, step, tensors.Bias(l, units), pair), sigma, layer.bias.data(),
                     members.bias[0].data(), members.bias[1].data(), static_cast<size_t>(units), isa);
    for (AlignedBuffer& bias : members.bias) forward.EnterBias(l, bias.data(), static_cast<size_t>(units));
    for (int p = 0; p < PanelCount(units); ++p) {
      const ConstPanelView center = layer.weight.view().Panels(p, 1);
      PerturbByNormals(MemberNoise(seed, step, tensors.Panel(l, p), pair), sigma, center.data,
                       members.weights[0].buffer().data(), members.weights[1].buffer().data(),
                       static_cast<size_t>(rows) * kPanelWidth, isa);
      for (int m : {0, 1}) {
        PanelView out = members.out[m][static_cast<size_t>(l)].view().Panels(0, samples.panels());
        out = out.Rows(p * kPanelWidth, center.cols);
        const ConstPanelView weights{members.weights[m].buffer().data(), rows, center.cols, center.panel_stride};
        MatmulTransposed(weights, inputs[m], out, forward.matmul());
        forward.Activate(l, out, members.bias[m].data() + p * kPanelWidth, out);
      }
    }
    for (int m : {0, 1}) inputs[m] = members.out[m][static_cast<size_t>(l)].view().Panels(0, samples.panels());
  }
  for (int m : {0, 1}) {
    const PanelView logits = members.out[m].back().view().Panels(0, samples.panels());
    MemberLosses(config, logits, labels, members.losses[m].data(), isa);
  }
}

}  // namespace

StepStatistics GaussianEstimator::Estimate(const Network& network, const Batch& batch, uint64_t seed, int64_t step,
                                           Workers& workers, Parameters& gradient) {
  const ForwardPass forward(network, isa_);
  if (!network.linear.empty())
    throw Error("gaussian: a network with linear units is not perturbed; use another estimator");
  Population population(config_, batch.samples());
  if (!state_ || !state_->Fits(network.config, workers.count())) {
    state_ = std::make_unique<State>(network.config, workers.count());
  }
  const Tensors& tensors = state_->tensors;

  struct Task {
    int pair, first_panel, panels;
  };
  std::vector<Task> tasks;
  for (int pair = 0; pair < population.pairs(); ++pair) {
    const int subset = pair % population.subsets();
    const int panels = population.PanelsOf(subset);
    for (int p = 0; p < panels; p += kPanelsOfTask) {
      tasks.push_back({pair, population.FirstPanel(subset) + p, std::min(kPanelsOfTask, panels - p)});
    }
  }
  std::vector<int64_t> correct(static_cast<size_t>(batch.panels()));
  workers.For(static_cast<int>(tasks.size()), kIeee, [&](int i, int worker) {
    const auto [pair, first, count] = tasks[static_cast<size_t>(i)];
    Members& members = state_->members[static_cast<size_t>(worker)];
    ConstPanelView samples = batch.columns.view().Panels(first, count);
    samples.cols = count * kPanelWidth;
    const int32_t* labels = batch.labels.data() + first * kPanelWidth;
    Evaluate(forward, config_, tensors, seed, step, pair, samples, labels, members);
    const int visit = pair / population.subsets();
    for (int p = 0; p < count; ++p) {
      const int panel = first + p;
      population.Record(visit, panel, batch.SamplesIn(panel), members.losses[0].data() + p * kPanelWidth,
                        members.losses[1].data() + p * kPanelWidth);
      if (visit > 0) continue;
      ConstPanelView plus = members.out[0].back().view().Panels(p, 1);
      plus.cols = batch.SamplesIn(panel);
      correct[static_cast<size_t>(panel)] = CountCorrect(plus, labels + p * kPanelWidth, isa_);
    }
  });

  const std::vector<double> weights = population.Weights(config_.fitness);
  struct Piece {
    int layer, panel, row;  // panel -1: the biases
  };
  std::vector<Piece> pieces;
  std::vector<std::vector<float>> factors(static_cast<size_t>(forward.depth()));
  for (int l = 0; l < forward.depth(); ++l) {
    for (double w : weights) factors[static_cast<size_t>(l)].push_back(static_cast<float>(w / SigmaOf(config_, l)));
    const PanelMatrix& weight = forward.layer(l).weight;
    for (int p = 0; p < PanelCount(weight.cols()); ++p) {
      for (int row = 0; row < weight.rows(); row += kRowsOfTask) pieces.push_back({l, p, row});
    }
    pieces.push_back({l, -1, 0});
  }
  workers.For(static_cast<int>(pieces.size()), kIeee, [&](int i, int) {
    const auto [l, p, row] = pieces[static_cast<size_t>(i)];
    LayerParameters& out = gradient[static_cast<size_t>(l)];
    const std::vector<float>& w = factors[static_cast<size_t>(l)];
    const int units = out.weight.cols();
    const auto sum = [&](int tensor, int first, float* to, int count) {
      SumOfNormals(MemberNoise(seed, step, tensor, 0), w.data(), static_cast<int>(w.size()), static_cast<size_t>(first),
                   to, static_cast<size_t>(count), isa_);
    };
    if (p < 0) return sum(tensors.Bias(l, units), 0, out.bias.data(), units);
    const PanelView rows = out.weight.view().Panels(p, 1).Rows(row, std::min(kRowsOfTask, out.weight.rows() - row));
    sum(tensors.Panel(l, p), row * kPanelWidth, rows.data, rows.rows * kPanelWidth);
    for (int r = 0; r < rows.rows; ++r) {
      std::fill(rows.data + r * kPanelWidth + rows.cols, rows.data + (r + 1) * kPanelWidth, 0.0f);
    }
  });

  StepStatistics total{population.TotalLoss(), 0};
  for (int64_t right : correct) total.correct += right;
  return total;
}

}  // namespace fplab
