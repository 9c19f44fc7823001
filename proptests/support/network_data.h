// Small networks, data and batches for the tests of nets/, from a seed.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_NETWORK_DATA_H_
#define FPLAB_PROPTESTS_SUPPORT_NETWORK_DATA_H_

#include <cstdint>
#include <span>
#include <vector>

#include <fplab/nets/data/batch.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/network/network.h>

namespace fplab {

// Weights uniform with the variance 2 / inputs of an initial network, biases uniform in [-bias, bias].
nets::Network RandomNetwork(const nets::NetworkConfig& config, uint64_t seed, float bias = 0.9f);

// `count` samples with features uniform in [-1, 1] and labels that depend on them, so that there is something to learn.
nets::Dataset RandomData(int count, int features, int classes, uint64_t seed);
nets::TrainTest RandomTrainTest(int train_count, int test_count, int features, int classes, uint64_t seed);

// All samples of the data, in order.
nets::Batch BatchOf(const nets::Dataset& data);

// Every parameter in one list: layer by layer, weights row-major, then the biases. Padding is left out.
std::vector<float> Flat(const nets::Parameters& parameters);
// The same parameter by its place in that list.
float& ParameterAt(nets::Parameters& parameters, size_t index);

// Index of the first place where the bits of a and b differ, -1 if there is none (any NaN equals any NaN), -2 if they
// have different sizes.
int64_t FirstDifference(std::span<const float> a, std::span<const float> b);

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_NETWORK_DATA_H_
