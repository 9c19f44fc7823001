// The division of an output into nearly equal parts, by rows or by columns.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/matmul/product_parts.h>

#include <algorithm>
#include <cstdint>

#include <fplab/kernels/matmul/parallel_matmul.h>

namespace fplab::kernels {
namespace {

// Where part i of `parts` begins.
int Begin(int units, int parts, int i) { return static_cast<int>(static_cast<int64_t>(units) * i / parts); }

}  // namespace

int Units(int count, int unit) { return count / unit + (count % unit != 0 ? 1 : 0); }

int Parts(int workers, int m, int n, int k) {
  int64_t work = 0;
  if (__builtin_mul_overflow(int64_t{m} * n, int64_t{k}, &work)) return workers;
  return static_cast<int>(std::clamp<int64_t>(work / kLeastMultiplyAdds, 1, workers));
}

bool DividesAsEqually(int a, int b, int parts) {
  if (a == 0 || b == 0) return b == 0;
  return int64_t{Units(a, parts)} * b <= int64_t{Units(b, parts)} * a;
}

PartOfUnits::PartOfUnits(int units, int parts, int i)
    : first(Begin(units, parts, i)), size(Begin(units, parts, i + 1) - first) {}

}  // namespace fplab::kernels
