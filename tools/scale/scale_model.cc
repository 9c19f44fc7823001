// Shares are measured by training as one rank among others that are not there.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scale/scale_model.h"

#include <algorithm>
#include <chrono>

#include <fplab/nets/training/trainer.h>

namespace fplab::tools {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// One of several ranks by itself: nothing comes from the others. What it computes is worthless, and takes as long.
class LoneRank final : public nets::Ranks {
 public:
  LoneRank(int rank, int count) : Ranks(rank, count) {}

 private:
  void Move(const std::vector<nets::Pieces>&, const std::vector<nets::Pieces>&) override {}
};

// What the steps of a training by `ranks` take.
struct StepTimes {
  double median = 0;        // of one, in seconds
  nets::ExchangeCost cost;  // of all
  double steps = 0;         // how many were timed
};

StepTimes TimeSteps(const nets::TrainConfig& config, const nets::TrainTest& data, nets::Ranks& ranks, int64_t steps,
                    const ScaleOptions& options) {
  nets::TrainOptions train;
  train.isa = options.isa;
  train.threads = options.threads;
  train.ranks = &ranks;
  train.max_steps = steps + 1;  // the first makes memory, and is not timed
  std::vector<double> seconds;
  nets::ExchangeCost first, last;
  Clock::time_point step_before;
  train.progress = [&](const nets::TrainProgress& progress) {
    if (progress.step == 1) {
      first = progress.exchange;
    } else {
      seconds.push_back(SecondsSince(step_before));
      last = progress.exchange;
    }
    step_before = Clock::now();
  };
  nets::Train(config, data, train);
  std::nth_element(seconds.begin(), seconds.begin() + static_cast<ptrdiff_t>(seconds.size() / 2), seconds.end());
  return {seconds[seconds.size() / 2], last - first, static_cast<double>(seconds.size())};
}

// So many that they take about as long as the options say, by what two take. Ranks that work together agree on it.
int64_t StepsFor(const nets::TrainConfig& config, const nets::TrainTest& data, nets::Ranks& ranks,
                 const ScaleOptions& options) {
  double once = TimeSteps(config, data, ranks, 2, options).median;
  ranks.FromFirst({nets::PieceOf(&once, 1)});
  return std::clamp<int64_t>(static_cast<int64_t>(options.seconds / std::max(once, 1e-6)), 2, 1000);
}

}  // namespace

const std::vector<NamedLink>& CommonLinks() {
  static const std::vector<NamedLink> links = {
      {"1 Gb/s", {50e-6, 0.118e9, 2e-6}}, {"10 Gb/s", {20e-6, 1.18e9, 1e-6}}, {"100 Gb/s", {2e-6, 11.8e9, 0.5e-6}}};
  return links;
}

double MachineShare::Exchange(Link link) const {
  double seconds = exchanges * (link.latency + link.message * (machines - 1));
  if (link.bandwidth > 0) seconds += moved / link.bandwidth;
  return seconds;
}

MachineShare MeasureRank(const nets::TrainConfig& config, const nets::TrainTest& data, int rank, int machines,
                         const ScaleOptions& options) {
  LoneRank ranks(rank, machines);
  const StepTimes times = TimeSteps(config, data, ranks, StepsFor(config, data, ranks, options), options);
  MachineShare share;
  share.machines = machines;
  share.exchanges = static_cast<double>(times.cost.exchanges) / times.steps;
  share.moved = static_cast<double>(std::max(times.cost.received, times.cost.sent)) / times.steps;
  share.compute = times.median - times.cost.seconds / times.steps;
  return share;
}

MachineShare MeasureShare(const nets::TrainConfig& config, const nets::TrainTest& data, int machines,
                          const ScaleOptions& options) {
  // Shares differ by one item, and the last rank's is never the smaller; but the first may have the costlier layer.
  MachineShare share = MeasureRank(config, data, machines - 1, machines, options);
  if (machines == 1) return share;
  const MachineShare first = MeasureRank(config, data, 0, machines, options);
  share.compute = std::max(share.compute, first.compute);
  share.moved = std::max(share.moved, first.moved);
  return share;
}

double MeasureStep(const nets::TrainConfig& config, const nets::TrainTest& data, nets::Ranks& ranks,
                   const ScaleOptions& options) {
  return TimeSteps(config, data, ranks, StepsFor(config, data, ranks, options), options).median;
}

Limit LimitOf(const std::vector<MachineShare>& shares, Link link) {
  Limit limit;
  for (size_t i = 1; i < shares.size(); ++i) {
    const MachineShare &before = shares[i - 1], &now = shares[i];
    const double gain = before.Step(link) / now.Step(link), ideal = static_cast<double>(now.machines) / before.machines;
    if (gain >= 1 + (ideal - 1) / 2) continue;
    limit.machines = before.machines;
    // What each part of a step takes beyond its share of what it took before.
    const auto beyond = [ideal](double part_before, double part_now) { return part_now - part_before / ideal; };
    const auto bytes = [link](const MachineShare& share) {
      return link.bandwidth > 0 ? share.moved / link.bandwidth : 0;
    };
    const double compute = beyond(before.compute, now.compute), moving = beyond(bytes(before), bytes(now));
    const double waiting = beyond(before.Exchange(link) - bytes(before), now.Exchange(link) - bytes(now));
    limit.reason = compute >= std::max(moving, waiting) ? "compute that does not divide"
                   : moving >= waiting                  ? "bandwidth"
                                                        : "latency";
    return limit;
  }
  limit.machines = shares.back().machines;
  return limit;
}

}  // namespace fplab::tools
