// What subnormal numbers cost on this processor.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_MATMUL_SUBNORMAL_COST_H_
#define FPLAB_KERNELS_MATMUL_SUBNORMAL_COST_H_

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>

namespace fplab::kernels {

// How many times as long a small matmul takes when all its products and sums are subnormal, as in the later layers of
// the post's network, than when none is: about 1 where hardware handles them, 20 to 200 where each takes a microcode
// assist. Measured when called, in about a millisecond, without flushing: a figure to choose and warn by, never to
// compute with.
FPLAB_EXPORT double SubnormalSlowdown(Isa isa);

// From this slowdown on, training is better rescaled (nets/network/network.h).
inline constexpr double kSlowSubnormals = 4;

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_MATMUL_SUBNORMAL_COST_H_
