// Fisher and Yates' shuffle on the epoch's stream.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/shuffle.h>

#include <numeric>
#include <utility>

#include <fplab/kernels/random/random.h>
#include <fplab/nets/random/stream_names.h>

namespace fplab::nets {

namespace {

std::vector<int> OrderBy(const kernels::Stream& stream, int count, kernels::Isa isa) {
  std::vector<uint32_t> bits(static_cast<size_t>(count));
  kernels::FillBits(stream, bits.data(), bits.size(), isa);
  std::vector<int> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  for (size_t i = order.size(); i > 1; --i) {
    // Lemire's multiplication maps 32 bits to [0, i) with a bias below i / 2^32.
    const auto j = static_cast<size_t>((uint64_t{bits[i - 1]} * i) >> 32);
    std::swap(order[i - 1], order[j]);
  }
  return order;
}

}  // namespace

std::vector<int> ShuffledOrder(int count, uint64_t seed, int epoch, kernels::Isa isa) {
  return OrderBy(Shuffle(seed, epoch), count, isa);
}

std::vector<int> HoldOutOrder(int count, uint64_t seed, kernels::Isa isa) {
  return OrderBy(HeldOutSamples(seed), count, isa);
}

}  // namespace fplab::nets
