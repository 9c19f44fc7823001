// The repetitions of one measurement, and how far two of them differ.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_BENCH_SAMPLE_H_
#define FPLAB_TOOLS_BENCH_SAMPLE_H_

#include <vector>

namespace fplab::tools {

// Values of one counter over the repetitions. Empty for a benchmark that was skipped.
struct Sample {
  std::vector<double> values;

  bool empty() const { return values.empty(); }
  double Median() const;  // 0 when empty
  double Spread() const;  // (greatest - least) / median; 0 when empty
};

// The values times `unit`.
std::vector<double> Scaled(const Sample& sample, double unit);

// The ratio of two medians and the ends of its 95 % confidence interval.
struct RatioInterval {
  double ratio, low, high;

  // Whether the two differ at all, as far as their repetitions can tell.
  bool ExcludesOne() const { return low > 1 || high < 1; }
};

// now / before, by the percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, 13.3): both
// samples are drawn anew from their own values 4,000 times, always the same way. It knows what varied between
// repetitions, not what differed between the two runs; of few repetitions it is the ratios of their extremes.
// Precondition: neither is empty, and all values are positive.
RatioInterval RatioOfMedians(const Sample& now, const Sample& before);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_BENCH_SAMPLE_H_
