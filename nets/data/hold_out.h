// Samples held out of training, so that choices need not be made on the test set.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_DATA_HOLD_OUT_H_
#define FPLAB_NETS_DATA_HOLD_OUT_H_

#include <cstdint>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/nets/data/dataset.h>

namespace fplab::nets {

struct HeldOut {
  Dataset rest, held_out;  // both in the order in which the samples lay
};

// Draws `count` samples without replacement: which ones is a function of (number of samples, count, seed) alone.
// Throws Error unless a sample is left: 0 <= count < data.count().
FPLAB_EXPORT HeldOut HoldOut(const Dataset& data, int count, uint64_t seed, kernels::Isa isa);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_DATA_HOLD_OUT_H_
