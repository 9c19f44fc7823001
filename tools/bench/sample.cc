// Medians, and the bootstrap of their ratios.
// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/sample.h"

#include <algorithm>

#include <fplab/fparith/identity/operand_generator.h>

namespace fplab::tools {
namespace {

constexpr size_t kResamples = 4000;
constexpr double kTail = 0.025;  // beyond each end of the interval

Sample Resampled(const Sample& sample, identity::RandomBits& random) {
  Sample drawn;
  const auto last = static_cast<int64_t>(sample.values.size()) - 1;
  for (size_t i = 0; i < sample.values.size(); ++i) {
    drawn.values.push_back(sample.values[static_cast<size_t>(random.Between(0, last))]);
  }
  return drawn;
}

}  // namespace

double Sample::Median() const {
  if (values.empty()) return 0;
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

double Sample::Spread() const {
  const double median = Median();
  if (median == 0) return 0;
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  return (*greatest - *least) / median;
}

std::vector<double> Scaled(const Sample& sample, double unit) {
  std::vector<double> values = sample.values;
  for (double& value : values) value *= unit;
  return values;
}

RatioInterval RatioOfMedians(const Sample& now, const Sample& before) {
  identity::RandomBits random(1);
  std::vector<double> ratios(kResamples);
  for (double& ratio : ratios) {
    const double numerator = Resampled(now, random).Median();
    ratio = numerator / Resampled(before, random).Median();
  }
  std::sort(ratios.begin(), ratios.end());
  const auto cut = static_cast<size_t>(kTail * kResamples);
  return {now.Median() / before.Median(), ratios[cut], ratios[kResamples - 1 - cut]};
}

}  // namespace fplab::tools
