// Inside kernels: a general product, checked and with its scratch memory, as gemm.cc hands it to an instruction set.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_FORMATS_GEMM_JOB_H_
#define FPLAB_KERNELS_FORMATS_GEMM_JOB_H_

#include <type_traits>

#include <fplab/kernels/formats/gemm.h>
#include <fplab/kernels/formats/product_tile.h>

namespace fplab::kernels {

// Links of a chain of k steps: of int8 two steps each.
template <typename T>
constexpr int LaneSteps(int k) {
  return std::is_same_v<T, int8_t> ? k / 2 + k % 2 : k;
}

template <typename T>
struct GemmJob {
  using Lane = typename GemmTraits<T>::Lane;

  GemmBatch batch;
  GemmFactor<T> a, b;
  // Which factors are to be packed, and where; those that are not are in `product`. b_moves: b lies there unpacked.
  bool pack_a, pack_b, b_moves;
  Lane* a_scratch;
  Lane* b_scratch;
  LaneProduct<Lane> product;

  // To the operands of the next product.
  void MoveOn() {
    a.matrix.data += batch.a_next;
    if (b.matrix.data != nullptr) b.matrix.data += batch.b_next;
    product.c += batch.c_next;
    if constexpr (std::is_same_v<T, Lane>) {
      if (!pack_a) product.a += batch.a_next;
      if (b_moves) product.b += batch.b_next;
    }
  }
};

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_FORMATS_GEMM_JOB_H_
