// What a training would gain from more machines: the time of one machine's share, and of what it exchanges.
//
// A step of R machines takes as long as the largest share of it, and then every exchange takes the link's latency, a
// while for each message and the bytes that it moves over its bandwidth. The shares are measured, each on
// this machine by itself: what divides and what every machine does again is in them. The bytes are those of the
// exchanges, counted. All machines are like this one, and what each receives and sends goes over its link at the same
// time. SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCALE_SCALE_MODEL_H_
#define FPLAB_TOOLS_SCALE_SCALE_MODEL_H_

#include <string>
#include <vector>

#include <fplab/nets/data/dataset.h>
#include <fplab/nets/training/train_config.h>
#include "tools/ranks/slow_ranks.h"

namespace fplab::tools {

struct NamedLink {
  std::string name;
  Link link;
};

// 1 and 10 Gb/s Ethernet and 100 Gb/s, with latencies of TCP and of a cluster's network.
const std::vector<NamedLink>& CommonLinks();

struct ScaleOptions {
  kernels::Isa isa = kernels::BestIsa();
  int threads = 1;       // of a machine
  double seconds = 0.5;  // that measuring a share takes, at least two steps
};

// The work of one machine among `machines`, the busiest, a step.
struct MachineShare {
  int machines = 1;
  double compute = 0;    // seconds
  double exchanges = 0;  // with all others
  double moved = 0;      // bytes into it or out of it, whichever are more

  double Exchange(Link link) const;  // seconds
  double Step(Link link) const { return compute + Exchange(link); }
};

// The share of one of the ranks, measured by training as it among others that are not there. Throws Error as
// nets::Train.
MachineShare MeasureRank(const nets::TrainConfig& config, const nets::TrainTest& data, int rank, int machines,
                         const ScaleOptions& options);

// That of the busiest.
MachineShare MeasureShare(const nets::TrainConfig& config, const nets::TrainTest& data, int machines,
                          const ScaleOptions& options);

// Seconds a step of ranks that are there, all of which call it.
double MeasureStep(const nets::TrainConfig& config, const nets::TrainTest& data, nets::Ranks& ranks,
                   const ScaleOptions& options);

// Where more machines stop paying: of `shares`, by growing number of machines, the last to which the step before it
// brought at least half of what it could; and which part of a step then falls least.
struct Limit {
  int machines = 1;
  std::string reason;  // "compute that does not divide", "latency", "bandwidth"; empty: none of these stopped it
};
Limit LimitOf(const std::vector<MachineShare>& shares, Link link);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCALE_SCALE_MODEL_H_
