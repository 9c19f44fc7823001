// Levels of linearising: effects, the least of them, fine-tuning, evaluation.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/analysis/linearize.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/nets/analysis/gate_effects.h>
#include <fplab/nets/data/batch.h>
#include <fplab/nets/data/shuffle.h>
#include <fplab/nets/network/accuracy.h>

namespace fplab::nets {
namespace {

struct Gate {
  double effect;
  size_t layer, unit;
};

// The activation estimator, set as for the run if it was trained by it.
ActivationConfig TuningEstimator(const TrainConfig& run) {
  const auto* own = std::get_if<ActivationConfig>(&run.estimator);
  return own == nullptr ? ActivationConfig{} : *own;
}

class Linearizer {
 public:
  Linearizer(const Checkpoint& checkpoint, const TrainTest& data, const LinearizeConfig& config, kernels::Isa isa,
             kernels::Workers& workers, const std::function<void(const LinearizeProgress&)>& progress,
             const std::function<bool()>& stop)
      : run_(checkpoint.config),
        data_(data),
        config_(config),
        isa_(isa),
        workers_(workers),
        progress_(progress),
        stop_(stop),
        network_(EvaluatedNetwork(checkpoint)),
        effect_samples_(FirstSamples(data.train, config.effect_samples)),
        estimator_(MakeEstimator(TuningEstimator(run_), isa)),
        step_(checkpoint.step) {
    network_.linear = AllLinear(network_.config);
    for (std::vector<uint8_t>& layer : network_.linear) {
      std::fill(layer.begin(), layer.end(), uint8_t{0});
      all_gates_ += static_cast<int>(layer.size());
    }
    gates_ = all_gates_;
    optimizer_.learning_rate = config.tune_rate;
    optimizer_.warmup_steps = 0;
  }

  std::vector<LinearizePoint> Run() {
    for (int level = 0; level <= config_.levels && !Stopped(); ++level) {
      Tell();
      const auto left = static_cast<int>(int64_t{all_gates_} * (config_.levels - level) / config_.levels);
      TakeAway(gates_ - left);
      if (level > 0 && !Tune()) break;
      Measure();
    }
    return std::move(points_);
  }

 private:
  bool Stopped() const { return stop_ && AsGuest(stop_); }

  void Tell(std::optional<int64_t> tune_step = {}, int64_t tune_steps = 0) const {
    if (!progress_) return;
    AsGuest([&] {
      progress_({gates_, all_gates_, tune_step, tune_steps, points_.empty() ? nullptr : &points_.back()});
    });
  }

  // Makes the `count` gates with the least effect linear, of equals those of lower layers and units.
  void TakeAway(int count) {
    if (count == 0) return;
    const auto effects = GateEffects(network_, effect_samples_, isa_, workers_);
    std::vector<Gate> gates;
    for (size_t l = 0; l < effects.size(); ++l) {
      for (size_t j = 0; j < effects[l].size(); ++j) {
        if (network_.linear[l][j] == 0) gates.push_back({effects[l][j], l, j});
      }
    }
    std::stable_sort(gates.begin(), gates.end(), [](const Gate& a, const Gate& b) { return a.effect < b.effect; });
    for (int i = 0; i < count; ++i) {
      const Gate& gate = gates[static_cast<size_t>(i)];
      network_.linear[gate.layer][gate.unit] = 1;
    }
    gates_ -= count;
  }

  // Whether it came to its end.
  bool Tune() {
    const int64_t an_epoch = (int64_t{data_.train.count()} + run_.batch - 1) / run_.batch;
    const int64_t steps = an_epoch * config_.tune_epochs;
    OptimizerState state = InitialOptimizerState(optimizer_, network_);
    Parameters gradient = ZeroParameters(network_.config);
    std::vector<int> order;
    for (int64_t i = 0; i < steps; ++i, ++step_) {
      if (Stopped()) return false;
      Tell(i, steps);
      const auto epoch = static_cast<int>(step_ / an_epoch);
      if (order.empty() || i % an_epoch == 0) order = ShuffledOrder(data_.train.count(), run_.seed, epoch, isa_);
      const auto first = static_cast<size_t>(i % an_epoch) * static_cast<size_t>(run_.batch);
      const size_t count = std::min(static_cast<size_t>(run_.batch), order.size() - first);
      Batch batch(data_.train.features, static_cast<int>(count));
      Gather(data_.train, {order.data() + first, count}, workers_, batch);
      estimator_->Estimate(network_, batch, run_.seed, step_, workers_, gradient);
      Step(optimizer_, i, steps, gradient, isa_, workers_, network_, state);
    }
    return true;
  }

  void Measure() {
    LinearizePoint point;
    point.gates = gates_;
    for (const std::vector<uint8_t>& layer : network_.linear) {
      point.gates_by_layer.push_back(static_cast<int>(std::count(layer.begin(), layer.end(), uint8_t{0})));
    }
    const Accuracy train = Evaluate(network_, data_.train, isa_, workers_);
    point.train_accuracy = train.accuracy;
    point.path_length = train.gates.PathLength();
    point.test_accuracy = Evaluate(network_, data_.test, isa_, workers_).accuracy;
    points_.push_back(std::move(point));
  }

  const TrainConfig& run_;
  const TrainTest& data_;
  const LinearizeConfig& config_;
  kernels::Isa isa_;
  kernels::Workers& workers_;
  const std::function<void(const LinearizeProgress&)>& progress_;
  const std::function<bool()>& stop_;
  Network network_;
  const Dataset effect_samples_;
  std::unique_ptr<GradientEstimator> estimator_;
  OptimizerConfig optimizer_;
  int64_t step_;
  int all_gates_ = 0, gates_ = 0;
  std::vector<LinearizePoint> points_;
};

}  // namespace

void Validate(const LinearizeConfig& config) {
  AsGuest([&] {
    if (config.levels < 1) throw Error("levels: found {}, expected at least 1", config.levels);
    if (config.effect_samples < 1) throw Error("effect samples: found {}, expected at least 1", config.effect_samples);
    if (config.tune_epochs < 0) throw Error("tune epochs: found {}, expected at least 0", config.tune_epochs);
    if (!std::isfinite(config.tune_rate) || !(config.tune_rate > 0)) {
      throw Error("tune rate: found {}, expected > 0", config.tune_rate);
    }
  });
}

std::vector<LinearizePoint> Linearize(const Checkpoint& checkpoint, const TrainTest& data,
                                      const LinearizeConfig& config, kernels::Isa isa, kernels::Workers& workers,
                                      const std::function<void(const LinearizeProgress&)>& progress,
                                      const std::function<bool()>& stop) {
  Validate(config);
  RequireFit(checkpoint.network.config, data.train);
  RequireFit(checkpoint.network.config, data.test);
  const Mode mode = checkpoint.network.config.elementwise_mode;
  if (!mode.flush_outputs && !mode.flush_inputs) {
    throw Error("linearize: the element-wise mode is {}: there is no gate to take away", Name(mode));
  }
  return AsGuest([&] { return Linearizer(checkpoint, data, config, isa, workers, progress, stop).Run(); });
}

}  // namespace fplab::nets
