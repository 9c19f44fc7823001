// Two plain classifiers that measure how hard a data set is: by nearest class mean (linear) and by nearest neighbour.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_NEAREST_H_
#define FPLAB_PROPTESTS_SUPPORT_NEAREST_H_

#include <cstddef>
#include <span>
#include <vector>

#include <fplab/nets/data/dataset.h>

namespace fplab {

inline float SquaredDistance(std::span<const float> a, std::span<const float> b) {
  float sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

// The share of `test` whose nearest sample of `reference` has its label.
inline double NearestNeighbourAccuracy(const nets::Dataset& reference, const nets::Dataset& test) {
  int right = 0;
  for (int i = 0; i < test.count(); ++i) {
    int nearest = 0;
    float least = SquaredDistance(test.Sample(i), reference.Sample(0));
    for (int j = 1; j < reference.count(); ++j) {
      const float distance = SquaredDistance(test.Sample(i), reference.Sample(j));
      if (distance < least) {
        least = distance;
        nearest = j;
      }
    }
    right += test.y[static_cast<size_t>(i)] == reference.y[static_cast<size_t>(nearest)];
  }
  return static_cast<double>(right) / test.count();
}

// One sample for each class, the mean of it.
inline nets::Dataset ClassMeans(const nets::Dataset& data) {
  const auto features = static_cast<size_t>(data.features), classes = static_cast<size_t>(data.classes);
  nets::Dataset means = data;
  means.x.assign(classes * features, 0);
  means.y.resize(classes);
  std::vector<float> counts(classes);
  for (uint8_t y : data.y) counts[y] += 1;
  for (int i = 0; i < data.count(); ++i) {
    const size_t y = data.y[static_cast<size_t>(i)];
    for (size_t k = 0; k < features; ++k) means.x[y * features + k] += data.Sample(i)[k] / counts[y];
  }
  for (size_t y = 0; y < classes; ++y) means.y[y] = static_cast<uint8_t>(y);
  return means;
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_NEAREST_H_
