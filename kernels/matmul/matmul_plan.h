// The register tiles of a matrix product in the order they are computed; between matmul.cc and prepared_matmul.cc.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_MATMUL_MATMUL_PLAN_H_
#define FPLAB_KERNELS_MATMUL_MATMUL_PLAN_H_

#include <cstddef>

#include <fplab/kernels/core/isa.h>

namespace fplab::kernels {

// Computes a tile of c: `steps` links of each chain. `row` and `c_stride` are the distances between rows of the left
// factor and of c; the chains start at `init` (rows init_stride apart), or at +0 if it is null. All in floats. Writes
// the first `cols` columns, or all that the tile has if it has fewer.
using TileFunction = void(const float* a, ptrdiff_t row, const float* b, size_t steps, const float* init,
                          ptrdiff_t init_stride, float* c, ptrdiff_t c_stride, int cols);

// One tile of a product of contiguous matrices, its places in floats from the start of each operand.
struct TileStep {
  TileFunction* tile;
  ptrdiff_t a, b, c;
  int cols;
};

// Writes the tiles of MatmulTransposed (PlanTransposed) or Matmul (PlanRowMajor) for an m x n product of k steps to
// `steps`, which has room for `room`, and returns how many there are; if more than `room`, writes none beyond it.
size_t PlanTransposed(int m, int n, int k, Isa isa, TileStep* steps, size_t room);
size_t PlanRowMajor(int m, int n, int k, Isa isa, TileStep* steps, size_t room);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_MATMUL_MATMUL_PLAN_H_
