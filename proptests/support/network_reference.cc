// The definition of the network, written out.
// SPDX-License-Identifier: Apache-2.0
#include "proptests/support/network_reference.h"

#include <algorithm>
#include <cmath>

#include <fplab/fparith/model/fma_chain.h>
#include "proptests/support/network_data.h"

namespace fplab {

ScalarPass RunScalarPass(const nets::Network& network, std::span<const float> x, const Noise& noise) {
  const nets::NetworkConfig& config = network.config;
  const Mode g = config.matmul_mode, e = config.elementwise_mode;
  const float s = std::ldexp(1.0f, config.scale_exponent), inverse = std::ldexp(1.0f, -config.scale_exponent);
  const size_t depth = network.parameters.size();
  ScalarPass pass;
  std::vector<float> h(x.begin(), x.end());
  for (size_t l = 0; l < depth; ++l) {
    const nets::LayerParameters& layer = network.parameters[l];
    std::vector<float> z, out;
    for (int j = 0; j < layer.weight.cols(); ++j) {
      std::vector<float> column;
      for (int i = 0; i < layer.weight.rows(); ++i) column.push_back(layer.weight.At(i, j));
      z.push_back(model::ChainDot(h, column.data(), 1, g));
      float moved = z.back();
      if (l < noise.size() && !noise[l].empty()) moved = model::AddFloat(moved, noise[l][static_cast<size_t>(j)], g);
      const float b = layer.bias[static_cast<size_t>(j)];
      float value;
      if (l == 0) {
        value = model::MulFloat(model::AddFloat(moved, b, e), inverse, e);
      } else {
        if (config.rescaled) moved = model::MulFloat(moved, inverse, e);
        value = model::AddFloat(moved, model::MulFloat(b, inverse, e), e);
      }
      if (l + 1 == depth || config.rescaled) value = model::MulFloat(value, s, e);
      out.push_back(value);
    }
    pass.z.push_back(z);
    pass.out.push_back(out);
    h = out;
  }
  return pass;
}

BaselineNetwork::BaselineNetwork(const nets::Network& network)
    : layers_(network.config.layers),
      mode_(network.config.elementwise_mode),
      threshold_(std::ldexp(1.0, network.config.scale_exponent - 126)) {
  const std::vector<float> flat = Flat(network.parameters);
  parameters_.assign(flat.begin(), flat.end());
}

std::vector<double> BaselineNetwork::Logits(std::span<const double> x, const std::vector<std::vector<double>>& noise,
                                            std::vector<bool>* gates) const {
  const bool ftz = mode_.flush_outputs, daz = mode_.flush_inputs;
  const auto shrink = [this](bool flush, double v) { return flush && std::fabs(v) < threshold_ ? 0.0 : v; };
  inputs_.resize(layers_.size() - 1);
  std::vector<double> h(x.begin(), x.end());
  const double* weight = parameters_.data();
  for (size_t l = 0; l + 1 < layers_.size(); ++l) {
    const auto inputs = static_cast<size_t>(layers_[l]), outputs = static_cast<size_t>(layers_[l + 1]);
    const double* bias = weight + inputs * outputs;
    std::vector<double> out(outputs);
    for (size_t i = 0; i < inputs; ++i) {
      for (size_t j = 0; j < outputs; ++j) out[j] += h[i] * weight[i * outputs + j];
    }
    for (size_t j = 0; j < outputs; ++j) {
      if (l < noise.size() && !noise[l].empty()) out[j] += noise[l][j];
      // The first layer adds at scale 1, far from the threshold; the last one's scaling reads its sum.
      const double z = l == 0 ? out[j] : shrink(daz, out[j]);
      const double b = l == 0 ? bias[j] : shrink(ftz || daz, bias[j]);
      const bool last = l + 2 == layers_.size();
      out[j] = shrink(ftz || (last && daz), z + b);
      if (gates != nullptr) gates->insert(gates->end(), {z != 0, b != 0, out[j] != 0});
    }
    inputs_[l] = h;
    h = out;
    weight = bias + outputs;
  }
  return h;
}

double SoftmaxLoss(std::span<const double> logits, int label) {
  const double max = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (double logit : logits) sum += std::exp(logit - max);
  return std::log(sum) + max - logits[static_cast<size_t>(label)];
}

double BaselineNetwork::Loss(std::span<const double> x, int label, const std::vector<std::vector<double>>& noise,
                             std::vector<bool>* gates) const {
  return SoftmaxLoss(Logits(x, noise, gates), label);
}

}  // namespace fplab
