// Small networks, data and batches for the tests of nets/, from a seed.
#ifndef FPLAB_PROPTESTS_NETWORK_DATA_H_
#define FPLAB_PROPTESTS_NETWORK_DATA_H_

#include <cstdint>
#include <span>
#include <vector>

#include "nets/batch.h"
#include "nets/dataset.h"
#include "nets/network.h"

namespace fplab {

// Weights uniform with the variance 2 / inputs of an initial network, biases uniform in [-bias, bias].
Network RandomNetwork(const NetworkConfig& config, uint64_t seed, float bias = 0.9f);

// `count` samples with features uniform in [-1, 1] and labels that depend on them, so that there is something to learn.
Dataset RandomData(int count, int features, int classes, uint64_t seed);
TrainTest RandomTrainTest(int train_count, int test_count, int features, int classes, uint64_t seed);

// All samples of the data, in order.
Batch BatchOf(const Dataset& data);

// Every parameter in one list: layer by layer, weights row-major, then the biases. Padding is left out.
std::vector<float> Flat(const Parameters& parameters);
// The same parameter by its place in that list.
float& ParameterAt(Parameters& parameters, size_t index);

// Index of the first place where the bits of a and b differ, -1 if there is none (any NaN equals any NaN), -2 if they
// have different sizes.
int64_t FirstDifference(std::span<const float> a, std::span<const float> b);

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_NETWORK_DATA_H_
