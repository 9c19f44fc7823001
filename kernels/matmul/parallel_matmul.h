// Matrix products divided among workers: the same chains, to the same bits, for every number of them.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_MATMUL_PARALLEL_MATMUL_H_
#define FPLAB_KERNELS_MATMUL_PARALLEL_MATMUL_H_

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/workers.h>
#include <fplab/kernels/matmul/matmul.h>

namespace fplab::kernels {

// A worker's share of a product is not made smaller than this: dividing takes some microseconds, in which a core does
// as many multiply-adds.
inline constexpr int kLeastMultiplyAdds = 1 << 18;

// MatmulTransposed and Matmul of the same arguments. The output is divided once, by rows or by columns, whichever gives
// the more equal parts, into as many parts as there are workers and work for them. K is never divided. Same contract
// otherwise; not to be called from inside a loop of the same workers.
FPLAB_EXPORT void MatmulTransposed(Workers& workers, const ConstPanelView& a, const ConstPanelView& b,
                                   const PanelView& c, const Execution& execution);
FPLAB_EXPORT void Matmul(Workers& workers, const ConstMatrixView& a, const ConstPanelView& b, const MatrixView& c,
                         const Execution& execution);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_MATMUL_PARALLEL_MATMUL_H_
