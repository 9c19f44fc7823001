// Constants of Philox4x32 (Salmon et al., SC 2011, table 2).
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_RANDOM_PHILOX_H_
#define FPLAB_KERNELS_RANDOM_PHILOX_H_

#include <cstdint>

namespace fplab::kernels {

inline constexpr int kPhiloxRounds = 10;
inline constexpr uint32_t kPhiloxMultiplier0 = 0xD2511F53;
inline constexpr uint32_t kPhiloxMultiplier1 = 0xCD9E8D57;
inline constexpr uint32_t kPhiloxWeyl0 = 0x9E3779B9;  // golden ratio
inline constexpr uint32_t kPhiloxWeyl1 = 0xBB67AE85;  // sqrt(3) - 1

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_RANDOM_PHILOX_H_
