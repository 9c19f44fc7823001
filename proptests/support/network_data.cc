// Drawing small networks and data sets.
// SPDX-License-Identifier: Apache-2.0
#include "proptests/support/network_data.h"

#include <cmath>
#include <cstdlib>
#include <numeric>

#include <fplab/fparith/float/bits.h>
#include "proptests/support/kernel_data.h"

namespace fplab {
namespace {

// Uniform in [-bound, bound).
float Uniform(WordSource& source, float bound) {
  return bound * (static_cast<float>(source.Next() >> 40) * 0x1p-23f - 1.0f);
}

}  // namespace

nets::Network RandomNetwork(const nets::NetworkConfig& config, uint64_t seed, float bias) {
  WordSource source(seed);
  nets::Network network{config, nets::ZeroParameters(config)};
  for (nets::LayerParameters& layer : network.parameters) {
    const float bound = std::sqrt(6.0f / static_cast<float>(layer.weight.rows()));
    for (int i = 0; i < layer.weight.rows(); ++i) {
      for (int j = 0; j < layer.weight.cols(); ++j) layer.weight.At(i, j) = Uniform(source, bound);
    }
    for (int j = 0; j < layer.weight.cols(); ++j) layer.bias[static_cast<size_t>(j)] = Uniform(source, bias);
  }
  return network;
}

nets::Dataset RandomData(int count, int features, int classes, uint64_t seed) {
  WordSource source(seed);
  nets::Dataset data;
  data.name = "random";
  data.features = features;
  data.classes = classes;
  for (int i = 0; i < count; ++i) {
    float sum = 0;
    for (int f = 0; f < features; ++f) {
      data.x.push_back(Uniform(source, 1.0f));
      sum += f % 2 == 0 ? std::fabs(data.x.back()) : data.x.back();
    }
    data.y.push_back(static_cast<uint8_t>(static_cast<int>(std::fabs(3 * sum)) % classes));
  }
  return data;
}

nets::TrainTest RandomTrainTest(int train_count, int test_count, int features, int classes, uint64_t seed) {
  return {RandomData(train_count, features, classes, seed),
          RandomData(test_count, features, classes, seed + 1),
          "generated",
          {}};
}

nets::Batch BatchOf(const nets::Dataset& data) {
  nets::Batch batch(data.features, data.count());
  std::vector<int> indices(static_cast<size_t>(data.count()));
  std::iota(indices.begin(), indices.end(), 0);
  kernels::Workers serial(1);
  nets::Gather(data, indices, serial, batch);
  return batch;
}

std::vector<float> Flat(const nets::Parameters& parameters) {
  std::vector<float> flat;
  for (const nets::LayerParameters& layer : parameters) {
    for (int i = 0; i < layer.weight.rows(); ++i) {
      for (int j = 0; j < layer.weight.cols(); ++j) flat.push_back(layer.weight.At(i, j));
    }
    flat.insert(flat.end(), layer.bias.begin(), layer.bias.begin() + layer.weight.cols());
  }
  return flat;
}

float& ParameterAt(nets::Parameters& parameters, size_t index) {
  for (nets::LayerParameters& layer : parameters) {
    const auto cols = static_cast<size_t>(layer.weight.cols());
    const size_t weights = static_cast<size_t>(layer.weight.rows()) * cols;
    if (index < weights) return layer.weight.At(static_cast<int>(index / cols), static_cast<int>(index % cols));
    index -= weights;
    if (index < cols) return layer.bias[index];
    index -= cols;
  }
  std::abort();
}

int64_t FirstDifference(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size()) return -2;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!SameBits(a[i], b[i])) return static_cast<int64_t>(i);
  }
  return -1;
}

}  // namespace fplab
