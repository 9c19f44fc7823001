// AlignedBuffer: floats, or other numbers, aligned to a cache line (and to the widest vector), zero at first.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_CORE_ALIGNED_BUFFER_H_
#define FPLAB_KERNELS_CORE_ALIGNED_BUFFER_H_

#include <cstddef>
#include <new>
#include <vector>

namespace fplab::kernels {

inline constexpr size_t kAlignment = 64;

template <typename T>
struct CacheLineAllocator {
  using value_type = T;

  CacheLineAllocator() = default;
  template <typename U>
  CacheLineAllocator(const CacheLineAllocator<U>&) {}

  T* allocate(size_t count) {
    return static_cast<T*>(::operator new (count * sizeof(T), std::align_val_t{kAlignment}));
  }
  void deallocate(T* p, size_t) { ::operator delete (p, std::align_val_t{kAlignment}); }

  friend bool operator==(const CacheLineAllocator&, const CacheLineAllocator&) { return true; }
};

template <typename T>
using BasicAlignedBuffer = std::vector<T, CacheLineAllocator<T>>;
using AlignedBuffer = BasicAlignedBuffer<float>;

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_CORE_ALIGNED_BUFFER_H_
