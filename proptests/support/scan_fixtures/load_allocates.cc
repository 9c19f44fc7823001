// A constructor that uses all the memory there is, and dies of it.
// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <cstring>

[[gnu::constructor]] static void Prepare() {
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  for (;;) {
    void* block = std::malloc(kBlock);
    if (block == nullptr) std::abort();
    std::memset(block, 1, kBlock);
  }
}
