// Fisher and Yates' shuffle on the epoch's stream.
#include "nets/shuffle.h"

#include <numeric>
#include <utility>

#include "kernels/random.h"
#include "nets/streams.h"

namespace fplab {

std::vector<int> ShuffledOrder(int count, uint64_t seed, int epoch, Isa isa) {
  std::vector<uint32_t> bits(static_cast<size_t>(count));
  FillBits(Shuffle(seed, epoch), bits.data(), bits.size(), isa);
  std::vector<int> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  for (size_t i = order.size(); i > 1; --i) {
    // Lemire's multiplication maps 32 bits to [0, i) with a bias below i / 2^32.
    const auto j = static_cast<size_t>((uint64_t{bits[i - 1]} * i) >> 32);
    std::swap(order[i - 1], order[j]);
  }
  return order;
}

}  // namespace fplab
