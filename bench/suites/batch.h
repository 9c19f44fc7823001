// One row of a product beside many: whether its bits are the same, for every contestant.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_BENCH_SUITES_BATCH_H_
#define FPLAB_BENCH_SUITES_BATCH_H_

#include <string>
#include <vector>

#include <fplab/kernels/core/isa.h>

namespace fplab::bench {

// How many of the outputs of a batch have other bits than when their row was multiplied alone.
struct BatchDifference {
  int batch;
  int outputs;  // batch * the columns
  int differing;
};

struct BatchInvariance {
  std::string who;  // "ours", or a peer by its name
  std::vector<BatchDifference> batches;
  bool Holds() const;
};

// For ours on `isa` and for every peer, on one thread: each row of batches of 2, 8 and 100 normal deviates times a
// matrix of `size` x `size`, beside the product of that row alone. Peers that decline a shape have no entry for it.
std::vector<BatchInvariance> MeasureInvariance(int size, kernels::Isa isa);

}  // namespace fplab::bench

#endif  // FPLAB_BENCH_SUITES_BATCH_H_
