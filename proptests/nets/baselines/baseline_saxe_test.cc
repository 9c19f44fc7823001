// The learning dynamics of deep linear networks against the exact solution of Saxe, McClelland and Ganguli, "Exact
// solutions to the nonlinear dynamics of learning in deep linear neural networks", ICLR 2014.
//
// Inputs are white, the loss is half the squared error, and the initial weights are aligned with the singular vectors
// of the input-output correlation: then every singular mode learns for itself. With D matrices of the same strength a
// in a mode of singular value s, gradient flow is da/dt = a^(D-1) (s - a^D); for D = 2, u = a^2 is u(t) = s e^(2 s t) /
// (e^(2 s t) - 1 + s / u(0)) (their equation 8, tau = 1).
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include <fplab/kernels/layers/elementwise.h>
#include <fplab/nets/baselines/baseline_network.h>
#include <fplab/nets/network/transposed_weights.h>
#include "proptests/support/network_data.h"

namespace fplab::nets {
namespace {

constexpr int kInputs = 8, kHidden = 4, kModes = 3;
constexpr int kClassOf[kInputs] = {0, 0, 0, 0, 0, 1, 1, 2};
constexpr int kClassSize[kModes] = {5, 2, 1};

// Hadamard's matrices: rows that are orthogonal, of +1 and -1.
float Hadamard(int i, int j) { return __builtin_popcount(static_cast<unsigned>(i & j)) % 2 == 0 ? 1.0f : -1.0f; }

// Eight inputs with the correlation matrix I, in three classes.
Dataset WhiteData() {
  Dataset data;
  data.features = kInputs;
  data.classes = kModes;
  for (int i = 0; i < kInputs; ++i) {
    for (int j = 0; j < kInputs; ++j) data.x.push_back(Hadamard(i, j));
    data.y.push_back(static_cast<uint8_t>(kClassOf[i]));
  }
  return data;
}

// The correlation of one-hot labels with these inputs has one mode a class: left vector e_c, singular value
// sqrt(n_c / 8), right vector the normalised sum of the class's inputs.
double SingularValue(int mode) { return std::sqrt(kClassSize[mode] / static_cast<double>(kInputs)); }

std::vector<double> RightVector(int mode) {
  std::vector<double> v(kInputs);
  for (int i = 0; i < kInputs; ++i) {
    if (kClassOf[i] != mode) continue;
    for (int j = 0; j < kInputs; ++j) v[static_cast<size_t>(j)] += Hadamard(i, j);
  }
  for (double& x : v) x /= std::sqrt(static_cast<double>(kInputs * kClassSize[mode]));
  return v;
}

// A hidden layer's unit vector of a mode: orthonormal, and along no single unit.
float HiddenVector(int mode, int unit) { return Hadamard(mode + 1, unit) / 2; }

Network AlignedNetwork(const BaselineConfig& config, double strength) {
  Network network{LayersOf(config), ZeroParameters(LayersOf(config))};
  const int depth = network.config.depth();
  for (int l = 0; l < depth; ++l) {
    kernels::PanelMatrix& w = network.parameters[static_cast<size_t>(l)].weight;
    for (int i = 0; i < w.rows(); ++i) {
      for (int j = 0; j < w.cols(); ++j) {
        double sum = 0;
        for (int m = 0; m < kModes; ++m) {
          const double in = l == 0 ? RightVector(m)[static_cast<size_t>(i)] : HiddenVector(m, i);
          const double out = l == depth - 1 ? (j == m ? 1.0 : 0.0) : HiddenVector(m, j);
          sum += in * out;
        }
        w.At(i, j) = static_cast<float>(strength * sum);
      }
    }
  }
  return network;
}

// One step of gradient descent on the mean of |o - y|^2 / 2, the biases left at 0.
void Descend(const BaselineConfig& config, const Batch& batch, float rate, kernels::Workers& workers,
             Network& network) {
  const kernels::Isa isa = kernels::BestIsa();
  const ForwardPass forward(network, isa);
  BaselinePass pass(config);
  GradientRecord tape(network.config, kInputs);
  const kernels::ConstPanelView logits = pass.Forward(forward, WholePanel(batch.columns, 0));
  kernels::PanelMatrix delta(kModes, kernels::kPanelWidth);
  for (int c = 0; c < kModes; ++c) {
    for (int i = 0; i < kInputs; ++i) delta.At(c, i) = (logits.At(c, i) - (kClassOf[i] == c ? 1.0f : 0.0f)) / kInputs;
  }
  std::vector<kernels::PanelMatrix> transposed;
  TransposeWeights(network.parameters, workers, transposed);
  pass.Backward(transposed, delta.view(), 0, kInputs, isa, tape);
  Parameters gradient = ZeroParameters(network.config);
  tape.Gradient(forward, batch, ParameterShare(forward.config()), workers, gradient);
  for (size_t l = 0; l < gradient.size(); ++l) {
    kernels::PanelMatrix& step = gradient[l].weight;
    Scale(step.view(), -rate, step.view(), {isa, kIeee});
    const kernels::PanelView weight = network.parameters[l].weight.view();
    Add(weight, step.view(), weight, {isa, kIeee});
  }
}

// What the network makes of right vector `from` in the output of mode `to`.
double Strength(const Network& network, int from, int to) {
  std::vector<double> h = RightVector(from);
  for (const LayerParameters& layer : network.parameters) {
    std::vector<double> next(static_cast<size_t>(layer.weight.cols()));
    for (size_t i = 0; i < h.size(); ++i) {
      for (size_t j = 0; j < next.size(); ++j)
        next[j] += h[i] * layer.weight.At(static_cast<int>(i), static_cast<int>(j));
    }
    h = next;
  }
  return h[static_cast<size_t>(to)];
}

double Flow(double a, double s, int depth) { return std::pow(a, depth - 1) * (s - std::pow(a, depth)); }

// a(t) by Runge and Kutta's fourth order, whose error at this step is below 1e-9.
double ExactAmplitude(double a, double s, int depth, double time) {
  const int steps = 2000;
  const double h = time / steps;
  for (int i = 0; i < steps; ++i) {
    const double k1 = Flow(a, s, depth), k2 = Flow(a + h / 2 * k1, s, depth);
    const double k3 = Flow(a + h / 2 * k2, s, depth), k4 = Flow(a + h * k3, s, depth);
    a += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
  }
  return a;
}

double SaxeSolution(double u0, double s, double time) {
  const double e = std::exp(2 * s * time);
  return s * e / (e - 1 + s / u0);
}

struct Case {
  int depth;
  double start;  // a(0)
  float rate;
  int steps, every;
};

// Euler's method with step h is off at time t by (h / 2) f(a) log(f(a) / f(a(0))) to first order in h, f being the
// flow: a step errs by h^2 a'' / 2 = h^2 f' f / 2, an error at time r has grown by f(a(t)) / f(a(r)) at time t, and the
// sum of these is the integral of f' along the way. What is of second order gets half as much again. A weight, of at
// most 1, rounds by 2^-25 a step, and errors of a gradient are smaller by the rate; the growth of either is at most
// max f / f(a(0)).
TEST(DeepLinear, LearnsItsSingularModesAsTheExactSolutionDoes) {
  const Dataset data = WhiteData();
  const Batch batch = BatchOf(data);
  kernels::Workers workers(1);
  for (const Case& c : {Case{2, 0.1, 0.01f, 1200, 50}, Case{3, 0.3, 0.01f, 1500, 50}, Case{5, 0.6, 0.01f, 2000, 50}}) {
    std::vector<int> layers(static_cast<size_t>(c.depth) + 1, kHidden);
    layers.front() = kInputs;
    layers.back() = kModes;
    const BaselineConfig config{layers, kernels::Nonlinearity::kLinear, false};
    Network network = AlignedNetwork(config, c.start);
    std::vector<double> half_time(kModes, -1);
    for (int step = 1; step <= c.steps; ++step) {
      Descend(config, batch, c.rate, workers, network);
      if (step % c.every != 0) continue;
      const double time = step * static_cast<double>(c.rate);
      for (int m = 0; m < kModes; ++m) {
        const double s = SingularValue(m), a = ExactAmplitude(c.start, s, c.depth, time);
        const double exact = std::pow(a, c.depth);
        if (c.depth == 2) {
          ASSERT_NEAR(exact, SaxeSolution(c.start * c.start, s, time), 1e-8);
        }
        const double first = Flow(c.start, s, c.depth), now = Flow(a, s, c.depth);
        double growth = 1;
        for (double x = c.start; x < 1; x += 0.01) growth = std::max(growth, Flow(x, s, c.depth) / first);
        const double of_a = 1.5 * c.rate / 2 * std::fabs(now * std::log(now / first)) + step * growth * 0x1p-24;
        const double tolerance = c.depth * std::pow(std::max(a, std::pow(s, 1.0 / c.depth)), c.depth - 1) * of_a;
        const double found = Strength(network, m, m);
        EXPECT_NEAR(found, exact, tolerance) << c.depth << " layers, mode " << m << ", t = " << time;
        EXPECT_LT(tolerance, 0.03 * s);
        if (half_time[static_cast<size_t>(m)] < 0 && found > s / 2) half_time[static_cast<size_t>(m)] = time;
        for (int other = 0; other < kModes; ++other) {
          if (other == m) continue;
          EXPECT_NEAR(Strength(network, m, other), 0, tolerance) << "modes mix";
        }
      }
    }
    // The stronger a mode, the earlier it is learned, each with a time of its own.
    EXPECT_GT(half_time[0], 0);
    EXPECT_LT(half_time[0], half_time[1]);
    EXPECT_TRUE(half_time[2] < 0 || half_time[1] < half_time[2]);
  }
}

}  // namespace
}  // namespace fplab::nets
