// Curves of no more points than a picture can show.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_REPORT_THINNED_H_
#define FPLAB_TOOLS_REPORT_THINNED_H_

#include <cstddef>
#include <utility>
#include <vector>

namespace fplab::tools {

// Every k-th point and the last, the least k for which there are at most 2,000: four a pixel of a chart.
inline std::vector<std::pair<double, double>> Thinned(std::vector<std::pair<double, double>> points) {
  constexpr size_t kMost = 2000;
  if (points.size() <= kMost) return points;
  const size_t step = (points.size() + kMost - 2) / (kMost - 1);
  std::vector<std::pair<double, double>> kept;
  for (size_t i = 0; i < points.size(); i += step) kept.push_back(points[i]);
  if ((points.size() - 1) % step != 0) kept.push_back(points.back());
  return kept;
}

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_REPORT_THINNED_H_
