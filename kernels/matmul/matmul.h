// Single-precision matrix products; every element is the sequential chain, in the mode asked for, on every ISA.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_MATMUL_MATMUL_H_
#define FPLAB_KERNELS_MATMUL_MATMUL_H_

#include <cstddef>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/panel.h>

namespace fplab::kernels {

// Row-major matrix; `stride` floats from a row to the next, at least cols.
template <typename Float>
struct BasicMatrixView {
  Float* data = nullptr;
  int rows = 0;
  int cols = 0;
  ptrdiff_t stride = 0;

  operator BasicMatrixView<const Float>() const { return {data, rows, cols, stride}; }
};
using MatrixView = BasicMatrixView<float>;
using ConstMatrixView = BasicMatrixView<const float>;

// c(i, j) = acc after K steps of acc = fma(a(k, i), b(k, j), acc), k ascending; acc starts at +0, or at init(i, j).
//
// Shapes: a is K x M, b is K x N, c and init are M x N: the product of a's transpose and b, all in panels. K = 0 gives
// +0 or init. K is never padded or given two accumulators (a long chain rests in c and goes on from there), so the bits
// depend on the operands and the mode only (any NaN equals any NaN). init may be c itself; c must not overlap a or b.
// Padding columns of c hold unspecified values afterwards. One thread: the calling one, as a guest
// (fparith/mode/guest.h): whatever its control word holds, it is as before on return, sticky flags included, and
// nothing traps. Bad arguments (null with elements, shapes that do not fit, overlap, a size that overflows) abort; a
// mode this machine lacks throws Error.
FPLAB_EXPORT void MatmulTransposed(const ConstPanelView& a, const ConstPanelView& b, const PanelView& c,
                                   const Execution& execution);
FPLAB_EXPORT void MatmulTransposedFrom(const ConstPanelView& init, const ConstPanelView& a, const ConstPanelView& b,
                                       const PanelView& c, const Execution& execution);

// c(i, j) = the chain over k of a(i, k), b(k, j): a is M x K row-major, b the K x N weights packed once (ToPanels), c
// is M x N row-major. Same contract; nothing outside c's M x N elements is written.
FPLAB_EXPORT void Matmul(const ConstMatrixView& a, const ConstPanelView& b, const MatrixView& c,
                         const Execution& execution);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_MATMUL_MATMUL_H_
