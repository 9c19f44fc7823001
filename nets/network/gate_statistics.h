// What the gates of a network do over a data set: how many of them are nonlinear, and the underflow path length.
//
// A unit's gate fires for a sample where flushing changes what the unit puts out (ForwardPass::ApplyUnflushed), and
// passes where it does not. A gate that passes for all samples is linear, one that fires for all is a constant; what
// does both is nonlinear. The underflow path length is the expected number of nonlinear units on a random path from
// input to output, one unit a layer: the sum over layers of their share. It is the average path length of Ali
// Mehmeti-Goepel and Disselhoff, "Nonlinear Advantage: Trained Networks Might Not Be As Complex as You Think", 2023,
// with underflow as the activation function.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_NETWORK_GATE_STATISTICS_H_
#define FPLAB_NETS_NETWORK_GATE_STATISTICS_H_

#include <cstdint>
#include <utility>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/panel.h>
#include <fplab/nets/network/network.h>

namespace fplab::nets {

// A gate is nonlinear if it fires and passes each for at least this share of the samples, and at least once: one odd
// image among thousands does not make a unit nonlinear.
inline constexpr double kNonlinearShare = 0.01;

struct FPLAB_EXPORT GateStatistics {
  std::vector<double> nonlinear;  // for each layer, the last included, the share of units whose gate is nonlinear

  double PathLength() const;
};

// For every unit, the number of samples for which its gate fired.
class FPLAB_EXPORT GateCounts {
 public:
  explicit GateCounts(const NetworkConfig& config);
  // Counts that fired() gave.
  explicit GateCounts(std::vector<std::vector<int32_t>> fired) : fired_(std::move(fired)) {}

  // Adds samples of layer l: what the layer put out, and what it would have without flushing.
  void Count(int l, kernels::ConstPanelView output, kernels::ConstPanelView open, kernels::Isa isa);
  // Adds other samples of the same network.
  void Add(const GateCounts& other);

  // `samples` is the number counted in all. Of no samples, no gate is nonlinear.
  GateStatistics Summary(int samples) const;

  const std::vector<std::vector<int32_t>>& fired() const { return fired_; }  // by layer and unit

 private:
  std::vector<std::vector<int32_t>> fired_;
};

}  // namespace fplab::nets

#endif  // FPLAB_NETS_NETWORK_GATE_STATISTICS_H_
