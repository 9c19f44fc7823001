// One pool for each number of threads, kept for the whole program.
#ifndef FPLAB_BENCH_SHARED_WORKERS_H_
#define FPLAB_BENCH_SHARED_WORKERS_H_

#include <map>
#include <memory>

#include "kernels/parallel.h"

namespace fplab::bench {

inline Workers& SharedWorkers(int threads) {
  static std::map<int, std::unique_ptr<Workers>> pools;
  auto& pool = pools[threads];
  if (!pool) pool = std::make_unique<Workers>(threads);
  return *pool;
}

}  // namespace fplab::bench

#endif  // FPLAB_BENCH_SHARED_WORKERS_H_
