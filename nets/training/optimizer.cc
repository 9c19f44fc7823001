// Schedules and parameter updates.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/training/optimizer.h>

#include <algorithm>
#include <span>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/kernels/layers/optimizer_step.h>

namespace fplab::nets {
namespace {

// cos(pi x) for x in [0, 1] by its Taylor series about the nearer of 0, 1/2 and 1: basic operations only, error below
// 1e-12.
double CosPi(double x) {
  if (x > 0.5) return -CosPi(1.0 - x);
  const double pi = 3.14159265358979323846;
  if (x > 0.25) {  // cos(pi x) = sin(pi (1/2 - x))
    const double t = pi * (0.5 - x), t2 = t * t;
    double sum = 0, term = t;
    for (int n = 1; n < 20; n += 2) {
      sum += term;
      term = -term * t2 / ((n + 1) * (n + 2));
    }
    return sum;
  }
  const double t = pi * x, t2 = t * t;
  double sum = 0, term = 1;
  for (int n = 0; n < 20; n += 2) {
    sum += term;
    term = -term * t2 / ((n + 1) * (n + 2));
  }
  return sum;
}

// base^exponent by repeated multiplication, for bias corrections: a function of basic operations.
double Power(double base, int64_t exponent) {
  double result = 1;
  for (; exponent > 0; exponent /= 2, base *= base) {
    if (exponent % 2 == 1) result *= base;
  }
  return result;
}

// Spans of a flat parameter array that are updated by one task.
constexpr size_t kSpan = 16384;

struct Piece {
  const float* gradient;
  float *weights, *first, *second, *average;
  size_t count;
};

void AddPieces(const kernels::AlignedBuffer& gradient, ParameterShare::Floats range, kernels::AlignedBuffer& weights,
               kernels::AlignedBuffer* first, kernels::AlignedBuffer* second, kernels::AlignedBuffer* average,
               std::vector<Piece>& pieces) {
  const auto at = [](kernels::AlignedBuffer* buffer, size_t i) {
    return buffer == nullptr ? nullptr : buffer->data() + i;
  };
  for (size_t i = range.first; i < range.last; i += kSpan) {
    pieces.push_back({gradient.data() + i, weights.data() + i, at(first, i), at(second, i), at(average, i),
                      std::min(kSpan, range.last - i)});
  }
}

}  // namespace

std::string_view Name(OptimizerKind kind) { return kind == OptimizerKind::kAdam ? "adam" : "sgd"; }
std::string_view Name(Schedule schedule) { return schedule == Schedule::kCosine ? "cosine" : "constant"; }

OptimizerKind ParseOptimizer(std::string_view name) {
  for (OptimizerKind kind : {OptimizerKind::kAdam, OptimizerKind::kSgd}) {
    if (name == Name(kind)) return kind;
  }
  throw Error("unknown optimizer '{}': expected adam or sgd", name);
}

Schedule ParseSchedule(std::string_view name) {
  for (Schedule schedule : {Schedule::kConstant, Schedule::kCosine}) {
    if (name == Name(schedule)) return schedule;
  }
  throw Error("unknown schedule '{}': expected constant or cosine", name);
}

void Validate(const OptimizerConfig& config) { RequireRanges(config); }

namespace {

float RateInIeee(const OptimizerConfig& config, int64_t step, int64_t total) {
  const double peak = config.learning_rate;
  if (step < config.warmup_steps) {
    return static_cast<float>(peak * static_cast<double>(step + 1) / static_cast<double>(config.warmup_steps));
  }
  if (config.schedule == Schedule::kConstant || total <= config.warmup_steps) return config.learning_rate;
  const double done =
      static_cast<double>(step - config.warmup_steps) / static_cast<double>(total - config.warmup_steps);
  return static_cast<float>(peak * 0.5 * (1.0 + CosPi(done)));
}

}  // namespace

float LearningRate(const OptimizerConfig& config, int64_t step, int64_t total) {
  return AsGuest([&] { return RateInIeee(config, step, total); });
}

OptimizerState InitialOptimizerState(const OptimizerConfig& config, const Network& network) {
  OptimizerState state;
  state.first = ZeroParameters(network.config);
  if (config.kind == OptimizerKind::kAdam) state.second = ZeroParameters(network.config);
  if (!IsZero(config.average_decay)) state.average = network.parameters;
  return state;
}

namespace {

// The scalars of one step.
struct StepScalars {
  float rate;
  kernels::AdamStep adam;
  float decay;  // of the moving average
};

StepScalars ScalarsOf(const OptimizerConfig& config, int64_t step, int64_t total) {
  const float rate = LearningRate(config, step, total);
  kernels::AdamStep adam{.learning_rate = rate, .correction1 = 1, .correction2 = 1};
  adam.correction1 = static_cast<float>(1.0 / (1.0 - Power(adam.beta1, step + 1)));
  adam.correction2 = static_cast<float>(1.0 / (1.0 - Power(adam.beta2, step + 1)));
  // An average that starts at random weights must forget them: a short memory at first.
  const float warm = static_cast<float>(step + 1) / static_cast<float>(step + 10);
  return {rate, adam, std::min(config.average_decay, warm)};
}

}  // namespace

void Step(const OptimizerConfig& config, int64_t step, int64_t total, const Parameters& gradient,
          const ParameterShare& share, kernels::Isa isa, kernels::Workers& workers, Network& network,
          OptimizerState& state) {
  const auto [rate, adam, decay] = AsGuest([&] { return ScalarsOf(config, step, total); });
  std::vector<Piece> pieces;
  for (size_t l = 0; l < gradient.size(); ++l) {
    const bool second = !state.second.empty(), average = !state.average.empty();
    AddPieces(gradient[l].weight.buffer(), share.Weights(static_cast<int>(l)), network.parameters[l].weight.buffer(),
              &state.first[l].weight.buffer(), second ? &state.second[l].weight.buffer() : nullptr,
              average ? &state.average[l].weight.buffer() : nullptr, pieces);
    AddPieces(gradient[l].bias, share.Biases(static_cast<int>(l)), network.parameters[l].bias, &state.first[l].bias,
              second ? &state.second[l].bias : nullptr, average ? &state.average[l].bias : nullptr, pieces);
  }
  workers.For(static_cast<int>(pieces.size()), kIeee, [&, rate = rate, &adam = adam, decay = decay](int i, int) {
    const Piece& p = pieces[static_cast<size_t>(i)];
    if (config.kind == OptimizerKind::kAdam) {
      kernels::Adam(adam, p.gradient, p.weights, p.first, p.second, p.count, isa);
    } else {
      kernels::SgdMomentum(rate, config.momentum, p.gradient, p.weights, p.first, p.count, isa);
    }
    if (p.average != nullptr) kernels::MoveAverage(decay, p.weights, p.average, p.count, isa);
  });
}

void Step(const OptimizerConfig& config, int64_t step, int64_t total, const Parameters& gradient, kernels::Isa isa,
          kernels::Workers& workers, Network& network, OptimizerState& state) {
  Step(config, step, total, gradient, ParameterShare(network.config), isa, workers, network, state);
}

}  // namespace fplab::nets
