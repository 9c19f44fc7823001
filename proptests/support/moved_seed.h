// MovedSeed: the seeds that tests name are pinned, so that a red run is red again, until a soak moves them all.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_MOVED_SEED_H_
#define FPLAB_PROPTESTS_SUPPORT_MOVED_SEED_H_

#include <cstdint>
#include <cstdlib>

namespace fplab {

// `seed` itself, or another one for every value of the environment's FPLAB_TEST_SEED (tools/test --soak).
inline uint64_t MovedSeed(uint64_t seed) {
  static const uint64_t moved = [] {
    const char* text = std::getenv("FPLAB_TEST_SEED");
    return text == nullptr ? 0 : std::strtoull(text, nullptr, 10);
  }();
  return seed ^ moved * 0x9e3779b97f4a7c15u;
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_MOVED_SEED_H_
