// Means with their standard errors, for comparisons of estimates.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_MEAN_AND_ERROR_H_
#define FPLAB_PROPTESTS_SUPPORT_MEAN_AND_ERROR_H_

#include <algorithm>
#include <cmath>

namespace fplab {

// Mean and standard error of the mean.
struct Estimate {
  double mean = 0, error = 0;
};

class Accumulator {
 public:
  void Add(double value) {
    sum_ += value;
    squares_ += value * value;
    ++count_;
  }
  Estimate Result() const {
    const double mean = sum_ / count_;
    return {mean, std::sqrt(std::max(0.0, squares_ / count_ - mean * mean) / (count_ - 1))};
  }

 private:
  double sum_ = 0, squares_ = 0, count_ = 0;
};

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_MEAN_AND_ERROR_H_
