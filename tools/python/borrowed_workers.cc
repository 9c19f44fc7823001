// The workers that are kept.
// SPDX-License-Identifier: Apache-2.0
#include "tools/python/borrowed_workers.h"

#include <utility>
#include <vector>

namespace fplab::python {
namespace {

constexpr size_t kMostKept = 4;

// Never destroyed: at the interpreter's end nobody waits for threads that sleep.
std::vector<std::unique_ptr<kernels::Workers>>& Kept() {
  static auto* kept = new std::vector<std::unique_ptr<kernels::Workers>>;
  return *kept;
}

}  // namespace

BorrowedWorkers::BorrowedWorkers(int threads) {
  auto& kept = Kept();
  for (auto one = kept.begin(); one != kept.end(); ++one) {
    if ((*one)->count() != threads) continue;
    workers_ = std::move(*one);
    kept.erase(one);
    return;
  }
  workers_ = std::make_unique<kernels::Workers>(threads);
}

BorrowedWorkers::~BorrowedWorkers() {
  auto& kept = Kept();
  if (kept.size() >= kMostKept) kept.erase(kept.begin());
  kept.push_back(std::move(workers_));
}

}  // namespace fplab::python
