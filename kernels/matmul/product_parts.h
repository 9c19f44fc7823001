// How an output is divided among workers. In integers: nobody sets a mode for it.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_MATMUL_PRODUCT_PARTS_H_
#define FPLAB_KERNELS_MATMUL_PRODUCT_PARTS_H_

#include <algorithm>
#include <cstdint>

#include <fplab/kernels/matmul/parallel_matmul.h>

namespace fplab::kernels {

// How many units of `unit` it takes to hold `count`.
inline int Units(int count, int unit) { return count / unit + (count % unit != 0 ? 1 : 0); }

// Into how many parts to divide m x n outputs of k steps for `workers` workers.
inline int Parts(int workers, int m, int n, int k) {
  int64_t work = 0;
  if (__builtin_mul_overflow(int64_t{m} * n, int64_t{k}, &work)) return workers;
  return static_cast<int>(std::clamp<int64_t>(work / kLeastMultiplyAdds, 1, workers));
}

// Whether the largest of `parts` parts of `a` units has at most the share of them that it has of `b` units; of no units
// it has all.
inline bool DividesAsEqually(int a, int b, int parts) {
  if (a == 0 || b == 0) return b == 0;
  return int64_t{Units(a, parts)} * b <= int64_t{Units(b, parts)} * a;
}

// Part i of `parts` nearly equal parts of [0, units).
struct PartOfUnits {
  PartOfUnits(int units, int parts, int i)
      : first(static_cast<int>(static_cast<int64_t>(units) * i / parts)),
        size(static_cast<int>(static_cast<int64_t>(units) * (i + 1) / parts) - first) {}
  int first, size;
};

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_MATMUL_PRODUCT_PARTS_H_
