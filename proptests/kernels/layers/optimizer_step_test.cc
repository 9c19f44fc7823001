// Optimiser steps equal their scalar definitions bit for bit, on every ISA and however the arrays are split.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/layers/optimizer_step.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/model/fma_chain.h>
#include "proptests/support/kernel_data.h"

namespace fplab::kernels {
namespace {

// Arrays of one optimiser; `a` and `b` are its moments, velocity or average.
struct State {
  State(uint64_t seed, Palette palette, size_t count) {
    WordSource source(seed);
    gradient = DrawFloats(source, palette, count);
    weights = DrawFloats(source, palette, count);
    a = DrawFloats(source, palette, count);
    b = DrawFloats(source, palette, count);
    for (float& x : b) x = FloatFromBits(Magnitude(x));  // a mean of squares has no sign
  }
  std::vector<float> gradient, weights, a, b;
};

constexpr AdamStep kAdam = {7e-4f, 0.9f, 0.999f, 1e-8f, 1.3f, 200.5f};
constexpr float kRate = 0.03f, kMomentum = 0.95f, kDecay = 0.999f;

struct Optimizer {
  const char* name;
  void (*run)(State& s, size_t first, size_t count, Isa isa);
  void (*define)(State& s, size_t i);  // one element, in model operations
};

void DefineAdam(State& s, size_t i) {
  const Mode m = kIeee;
  const float g = s.gradient[i];
  s.a[i] = model::FmaFloat(kAdam.beta1, s.a[i], model::MulFloat(model::SubFloat(1.0f, kAdam.beta1, m), g, m), m);
  s.b[i] = model::FmaFloat(kAdam.beta2, s.b[i],
                           model::MulFloat(model::SubFloat(1.0f, kAdam.beta2, m), model::MulFloat(g, g, m), m), m);
  const float scale =
      model::AddFloat(model::SqrtFloat(model::MulFloat(s.b[i], kAdam.correction2, m), m), kAdam.epsilon, m);
  const float rate = model::MulFloat(kAdam.learning_rate, kAdam.correction1, m);
  s.weights[i] = model::SubFloat(s.weights[i], model::DivFloat(model::MulFloat(s.a[i], rate, m), scale, m), m);
}

void DefineSgd(State& s, size_t i) {
  s.a[i] = model::FmaFloat(kMomentum, s.a[i], s.gradient[i], kIeee);
  s.weights[i] = model::FmaFloat(-kRate, s.a[i], s.weights[i], kIeee);
}

void DefineAverage(State& s, size_t i) {
  s.a[i] = model::FmaFloat(model::SubFloat(1.0f, kDecay, kIeee), model::SubFloat(s.weights[i], s.a[i], kIeee), s.a[i],
                           kIeee);
}

const Optimizer kOptimizers[] = {
    {"Adam",
     [](State& s, size_t first, size_t count, Isa isa) {
       Adam(kAdam, s.gradient.data() + first, s.weights.data() + first, s.a.data() + first, s.b.data() + first, count,
            isa);
     },
     DefineAdam},
    {"SgdMomentum",
     [](State& s, size_t first, size_t count, Isa isa) {
       SgdMomentum(kRate, kMomentum, s.gradient.data() + first, s.weights.data() + first, s.a.data() + first, count,
                   isa);
     },
     DefineSgd},
    {"MoveAverage",
     [](State& s, size_t first, size_t count, Isa isa) {
       MoveAverage(kDecay, s.weights.data() + first, s.a.data() + first, count, isa);
     },
     DefineAverage},
};

std::string Difference(const State& found, const State& want) {
  std::string difference;
  if (!SameArray(found.weights, want.weights, &difference)) return "weights " + difference;
  if (!SameArray(found.a, want.a, &difference)) return "first " + difference;
  if (!SameArray(found.b, want.b, &difference)) return "second " + difference;
  if (!SameArray(found.gradient, want.gradient, &difference)) return "gradient " + difference;
  return "";
}

TEST(OptimizerStep, EqualsItsScalarDefinitionForEveryKindOfOperandAndAmbientMode) {
  for (const Optimizer& optimizer : kOptimizers) {
    for (Palette palette : kPalettes) {
      const State start(42, palette, 3001);
      State want = start;
      for (int step = 0; step < 3; ++step) {
        for (size_t i = 0; i < want.weights.size(); ++i) optimizer.define(want, i);
      }
      for (Isa isa : SupportedIsas()) {
        for (Mode mode : HardwareModes()) {
          State state = start;
          {
            const ScopedMode guard(mode);
            for (int step = 0; step < 3; ++step) optimizer.run(state, 0, state.weights.size(), isa);
          }
          EXPECT_EQ(Difference(state, want), "")
              << optimizer.name << " on " << Name(isa) << " under " << Name(mode) << ", operands " << Name(palette);
        }
      }
    }
  }
}

TEST(OptimizerStep, IsTheSameForEverySplitOfTheArraysAndWritesNothingElse) {
  for (const Optimizer& optimizer : kOptimizers) {
    for (Isa isa : SupportedIsas()) {
      const State start(7, Palette::kOrdinary, 150);
      for (size_t first : {0, 1, 5, 16}) {
        for (size_t count = 0; count <= 40; ++count) {
          State want = start, state = start;
          for (size_t i = first; i < first + count; ++i) optimizer.define(want, i);
          const size_t split = count / 3;
          optimizer.run(state, first + split, count - split, isa);
          optimizer.run(state, first, split, isa);
          ASSERT_EQ(Difference(state, want), "")
              << optimizer.name << " on " << Name(isa) << " " << first << "+" << count;
        }
      }
    }
  }
}

// Kingma and Ba's algorithm in binary64 on f(w) = (w - 3)^2 / 2, a step at a time from the numbers that are there.
TEST(OptimizerStep, AdamFollowsTheAlgorithmInBinary64) {
  std::vector<float> w = {0.0f}, first = {0.0f}, second = {0.0f};
  const double beta1 = 0.9f, beta2 = 0.999f, rate = 0.1f, epsilon = 1e-8f;
  double power1 = 1, power2 = 1;
  for (int t = 1; t <= 100; ++t) {
    power1 *= beta1;
    power2 *= beta2;
    const double g = w[0] - 3.0f, before = w[0];
    const double share1 = (1 - beta1) * g, first64 = beta1 * first[0] + share1;
    const double second64 = beta2 * second[0] + (1 - beta2) * g * g;
    const double scale = std::sqrt(second64 / (1 - power2)) + epsilon;
    const double move = rate * (first64 / (1 - power1)) / scale;
    const std::vector<float> gradient = {w[0] - 3.0f};
    const AdamStep step = {
        0.1f, 0.9f, 0.999f, 1e-8f, static_cast<float>(1 / (1 - power1)), static_cast<float>(1 / (1 - power2))};
    const double magnitude1 = beta1 * std::fabs(first[0]) + std::fabs(share1);
    Adam(step, gradient.data(), w.data(), first.data(), second.data(), 1, BestIsa());
    // In units of u = 2^-24 of what is rounded; 1 - beta is exact. The first moment: a product and an fma, 2 u of the
    // sum of magnitudes, which may be more than the moment itself. The second: a square, a product and an fma of
    // positive numbers, 3 u. The scale: those, the correction and its product, halved by the root, the root and
    // epsilon, 4.5 u. The move: 2 u of the moment, the correction, its product with the rate, their product, the scale
    // and the quotient, 10.5 u with the moment's; 11 with what errors are of each other. The difference: 1 u.
    constexpr double kUnit = 0x1p-24;
    const double widest = rate * (magnitude1 / (1 - power1)) / scale;
    ASSERT_NEAR(first[0], first64, 2 * kUnit * magnitude1 * (1 + kUnit)) << "step " << t;
    ASSERT_NEAR(second[0], second64, 3.001 * kUnit * second64) << "step " << t;
    ASSERT_NEAR(w[0], before - move, 11 * kUnit * widest + kUnit * std::fabs(w[0])) << "step " << t;
  }
  EXPECT_GT(w[0], 2.0f);
}

}  // namespace
}  // namespace fplab::kernels
