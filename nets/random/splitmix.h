// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014) for generated data sets: a
// stream of its own for every sample, so that sample i is the same bits whoever generates it, and in which order.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_RANDOM_SPLITMIX_H_
#define FPLAB_NETS_RANDOM_SPLITMIX_H_

#include <cstdint>

namespace fplab::nets {

class SplitMix {
 public:
  SplitMix(uint64_t seed, uint64_t stream) : state_(Mix(seed) ^ Mix(~stream)) {}

  uint64_t Next() { return Mix(state_ += 0x9e3779b97f4a7c15); }

  // Below `bound`, by multiplication; the bias is bound / 2^32.
  uint32_t Below(uint32_t bound) { return static_cast<uint32_t>((Next() >> 32) * bound >> 32); }

  // Multiples of 2^-24 in [0, 1), exact in float. Computed, like all below, in the caller's mode.
  float Unit() { return static_cast<float>(Next() >> 40) * 0x1p-24f; }

  float Between(float low, float high) { return low + (high - low) * Unit(); }

  // Mean 0, variance 1, range +-2 sqrt(3): the sum of four uniform 16-bit fields of one number.
  float Normalish() {
    const uint64_t bits = Next();
    const uint64_t sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48);
    constexpr float kScale = 1.7320508f / 65536;  // each field has variance 2^32 / 12
    return (static_cast<float>(sum) - 131070.0f) * kScale;
  }

 private:
  static uint64_t Mix(uint64_t z) {
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }

  uint64_t state_;
};

}  // namespace fplab::nets

#endif  // FPLAB_NETS_RANDOM_SPLITMIX_H_
