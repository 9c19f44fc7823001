// The order in which an epoch sees the samples.
#ifndef FPLAB_NETS_SHUFFLE_H_
#define FPLAB_NETS_SHUFFLE_H_

#include <cstdint>
#include <vector>

#include "kernels/isa.h"

namespace fplab {

// 0 .. count - 1, shuffled: a function of (count, seed, epoch) alone.
std::vector<int> ShuffledOrder(int count, uint64_t seed, int epoch, Isa isa);

}  // namespace fplab

#endif  // FPLAB_NETS_SHUFFLE_H_
