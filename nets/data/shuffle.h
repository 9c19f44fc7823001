// The order in which an epoch sees the samples.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_DATA_SHUFFLE_H_
#define FPLAB_NETS_DATA_SHUFFLE_H_

#include <cstdint>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>

namespace fplab::nets {

// 0 .. count - 1, shuffled: a function of (count, seed, epoch) alone.
FPLAB_EXPORT std::vector<int> ShuffledOrder(int count, uint64_t seed, int epoch, kernels::Isa isa);

// Another order, that of no epoch, in which samples are held out of training.
FPLAB_EXPORT std::vector<int> HoldOutOrder(int count, uint64_t seed, kernels::Isa isa);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_DATA_SHUFFLE_H_
