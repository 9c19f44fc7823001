// Every flipped block from scratch.
// SPDX-License-Identifier: Apache-2.0
#include "proptests/support/estimator_brute_force.h"

#include <algorithm>
#include <cmath>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/model/fma_chain.h>
#include <fplab/kernels/layers/loss.h>
#include <fplab/kernels/random/random.h>
#include <fplab/nets/random/stream_names.h>

namespace fplab {
namespace {

constexpr double kRounding = 0x1p-24;

float LossOf(const std::vector<float>& logits, int label) {
  kernels::PanelMatrix panel(static_cast<int>(logits.size()), kernels::kPanelWidth);
  for (size_t r = 0; r < logits.size(); ++r) panel.At(static_cast<int>(r), 0) = logits[r];
  std::vector<int32_t> labels(kernels::kPanelWidth, 0);
  labels[0] = label;
  kernels::AlignedBuffer losses(kernels::kPanelWidth);
  kernels::SoftmaxCrossEntropy(panel.view(), labels.data(), losses.data(), kernels::BestIsa());
  return losses[0];
}

// Noise of one sample in hidden layer l, at standard deviation 1.
std::vector<float> Deviates(nets::NoiseKind noise, const nets::ActivationPanel::Key& key, int l, int units,
                            int column) {
  std::vector<float> all(static_cast<size_t>(units) * kernels::kPanelWidth);
  const auto fill = noise == nets::NoiseKind::kSigns ? kernels::FillSigns : kernels::FillNormals;
  fill(nets::HiddenNoise(key.seed, key.step, l, key.panel), 1.0f, all.data(), all.size(), kernels::BestIsa());
  std::vector<float> own;
  for (int r = 0; r < units; ++r) own.push_back(all[static_cast<size_t>(r * kernels::kPanelWidth + column)]);
  return own;
}

// `value` in units of the pre-activation times s, as it is added in layer l.
float AddedNoise(const nets::NetworkConfig& network, int l, float value) {
  return l == 0 || network.rescaled ? value : model::MulFloat(value, std::ldexp(1.0f, -network.scale_exponent), kIeee);
}

// How far the flipped pass by rank update may be from the brute-force one, for its loss.
struct LossBound {
  double bound = 0;
  bool ambiguous = false;
};

// `flipped` is the brute-force pass with a block of `count` units of layer l flipped, `noise` what it added.
LossBound BoundLoss(const nets::Network& network, const ScalarPass& base, const ScalarPass& flipped, const Noise& noise,
                    size_t l, int count, float loss) {
  const int exponent = network.config.scale_exponent;
  const double threshold = std::ldexp(1.0, exponent - 126);
  const double s = network.config.rescaled ? 1.0 : std::ldexp(1.0, exponent);  // from what is held to units
  const size_t depth = network.parameters.size();
  LossBound result;
  std::vector<double> below(flipped.out[l].size(), 0.0);  // bound of the inputs of layer m, times s
  for (size_t m = l + 1; m < depth; ++m) {
    const nets::LayerParameters& layer = network.parameters[m];
    std::vector<double> bound;
    for (int j = 0; j < layer.weight.cols(); ++j) {
      const double u = m < noise.size() && !noise[m].empty() ? s * noise[m][static_cast<size_t>(j)] : 0.0;
      const double b = layer.bias[static_cast<size_t>(j)];
      double magnitude = std::fabs(u) + std::fabs(b), carried = 0;
      for (int k = 0; k < layer.weight.rows(); ++k) {
        const auto at = static_cast<size_t>(k);
        const double w = std::fabs(layer.weight.At(k, j));
        magnitude += w * s * (std::fabs(base.out[m - 1][at]) + std::fabs(flipped.out[m - 1][at]));
        carried += w * below[at];
      }
      // Two sums of rows + count + 4 operations at most; a result near the least normal number is rounded to a multiple
      // of 2^-149, which is 2^-24 times s at s = 2^125: hence the 1.
      const double operations = 2.0 * layer.weight.rows() + count + 4;
      bound.push_back(carried + operations * kRounding * (magnitude + 1));
      // The sum with the bias is flushed, and what is added to the bias.
      const double entering = std::fabs(b) < threshold ? 0.0 : b;
      const double moved = s * flipped.z[m][static_cast<size_t>(j)] + u;
      for (double value : {moved, moved + entering}) {
        result.ambiguous |= std::fabs(std::fabs(value) - threshold) <= bound.back();
      }
    }
    below = bound;
  }
  // The derivative of the loss in a logit is below 1 in magnitude, and the sum of all of them at most 2. The loss
  // itself is computed with an error of less than classes + 20 roundings of its terms.
  double largest = 0;
  for (float o : flipped.logits()) largest = std::max(largest, std::fabs(static_cast<double>(o)));
  const double terms = 1 + std::fabs(static_cast<double>(loss)) + 2 * largest;
  result.bound =
      2 * *std::max_element(below.begin(), below.end()) + (static_cast<double>(below.size()) + 20) * kRounding * terms;
  return result;
}

std::vector<ExpectedDelta> LogitDeltas(const nets::Network& network, const nets::ActivationConfig& config,
                                       const nets::ActivationPanel::Key& key, float share, int column, int label,
                                       std::span<const float> x, const Noise& noise) {
  const size_t last = network.parameters.size() - 1;
  const size_t classes = static_cast<size_t>(network.config.layers.back()), panel = classes * kernels::kPanelWidth;
  const auto pairs = static_cast<size_t>(config.output_pairs);
  std::vector<float> signs(panel * pairs);
  kernels::FillSigns(nets::OutputSigns(key.seed, key.step, key.panel), 1.0f, signs.data(), signs.size(),
                     kernels::BestIsa());
  std::vector<ExpectedDelta> deltas(classes);
  for (size_t pair = 0; pair < pairs; ++pair) {
    const auto sign = [&](size_t r) {
      return signs[pair * panel + r * kernels::kPanelWidth + static_cast<size_t>(column)];
    };
    float loss[2];
    for (int side : {0, 1}) {
      Noise perturbed = noise;
      perturbed.resize(last + 1);
      for (size_t r = 0; r < classes; ++r) {
        const float u = AddedNoise(network.config, static_cast<int>(last), config.sigma * sign(r));
        perturbed[last].push_back(side == 0 ? u : -u);
      }
      loss[side] = LossOf(RunScalarPass(network, x, perturbed).logits(), label);
    }
    for (size_t r = 0; r < classes; ++r) {
      const double term = (static_cast<double>(loss[0]) - loss[1]) * sign(r) * share /
                          (2.0 * config.sigma * static_cast<double>(pairs));
      deltas[r].value += term;
      deltas[r].tolerance += (static_cast<double>(pairs) + 6) * kRounding * std::fabs(term);
    }
  }
  return deltas;
}

}  // namespace

ExpectedSample BruteForce(const nets::Network& network, const nets::ActivationConfig& config,
                          const nets::ActivationPanel::Key& key, float share, int column, std::span<const float> x,
                          int label) {
  const size_t hidden = network.parameters.size() - 1;
  std::vector<std::vector<float>> deviates;
  Noise noise;
  for (size_t l = 0; l < hidden; ++l) {
    const int layer = static_cast<int>(l);
    deviates.push_back(Deviates(config.noise, key, layer, network.config.layers[l + 1], column));
    noise.emplace_back();
    for (float d : deviates[l]) {
      noise[l].push_back(AddedNoise(network.config, layer, model::MulFloat(d, config.sigma, kIeee)));
    }
  }
  ExpectedSample expected;
  expected.noisy = RunScalarPass(network, x, noise);
  expected.loss = LossOf(expected.noisy.logits(), label);

  for (size_t l = 0; l < hidden; ++l) {
    const auto block = static_cast<size_t>(config.block[std::min(l, config.block.size() - 1)]);
    const size_t units = noise[l].size();
    expected.deltas.emplace_back(units);
    for (size_t first = 0; first < units; first += block) {
      const size_t end = std::min(first + block, units);
      Noise with_flip = noise;
      for (size_t j = first; j < end; ++j) with_flip[l][j] = -noise[l][j];
      const ScalarPass flipped = RunScalarPass(network, x, with_flip);
      const float loss = LossOf(flipped.logits(), label);
      LossBound rank_update;
      if (network.config.matmul_mode == kIeee) {
        rank_update = BoundLoss(network, expected.noisy, flipped, with_flip, l, static_cast<int>(end - first), loss);
      }
      for (size_t j = first; j < end; ++j) {
        ExpectedDelta& delta = expected.deltas[l][j];
        delta.changes = flipped.out[l][j] != expected.noisy.out[l][j];
        if (!delta.changes) continue;
        const double slope = static_cast<double>(share) * deviates[l][j] / (2.0 * config.sigma);
        delta.value = (static_cast<double>(expected.loss) - loss) * slope;
        delta.tolerance = 6 * kRounding * std::fabs(delta.value) + rank_update.bound * std::fabs(slope);
        delta.ambiguous = rank_update.ambiguous;
      }
    }
  }
  expected.deltas.push_back(LogitDeltas(network, config, key, share, column, label, x, noise));
  return expected;
}

}  // namespace fplab
