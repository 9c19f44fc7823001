// One pool for each number of threads, kept for the whole program.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_BENCH_SUITES_SHARED_WORKERS_H_
#define FPLAB_BENCH_SUITES_SHARED_WORKERS_H_

#include <map>
#include <memory>

#include <fplab/kernels/core/workers.h>

namespace fplab::bench {

inline kernels::Workers& SharedWorkers(int threads) {
  static std::map<int, std::unique_ptr<kernels::Workers>> pools;
  auto& pool = pools[threads];
  if (!pool) pool = std::make_unique<kernels::Workers>(threads);
  return *pool;
}

}  // namespace fplab::bench

#endif  // FPLAB_BENCH_SUITES_SHARED_WORKERS_H_
