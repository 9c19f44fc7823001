// Counting gates that fire.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/network/gate_statistics.h>

#include <algorithm>
#include <numeric>

#include <fplab/fparith/mode/guest.h>
#include <fplab/kernels/layers/select.h>

namespace fplab::nets {

double GateStatistics::PathLength() const {
  return AsGuest([this] { return std::accumulate(nonlinear.begin(), nonlinear.end(), 0.0); });
}

GateCounts::GateCounts(const NetworkConfig& config) {
  for (size_t l = 1; l < config.layers.size(); ++l) fired_.emplace_back(static_cast<size_t>(config.layers[l]));
}

void GateCounts::Count(int l, kernels::ConstPanelView output, kernels::ConstPanelView open, kernels::Isa isa) {
  kernels::CountDifferences(output, open, fired_[static_cast<size_t>(l)].data(), isa);
}

void GateCounts::Add(const GateCounts& other) {
  for (size_t l = 0; l < fired_.size(); ++l) {
    for (size_t j = 0; j < fired_[l].size(); ++j) fired_[l][j] += other.fired_[l][j];
  }
}

GateStatistics GateCounts::Summary(int samples) const {
  return AsGuest([&] {
    const double least = std::max(kNonlinearShare * samples, 1.0);
    GateStatistics statistics;
    for (const std::vector<int32_t>& layer : fired_) {
      const auto nonlinear = std::count_if(layer.begin(), layer.end(),
                                           [&](int32_t fired) { return fired >= least && samples - fired >= least; });
      statistics.nonlinear.push_back(static_cast<double>(nonlinear) / static_cast<double>(layer.size()));
    }
    return statistics;
  });
}

}  // namespace fplab::nets
