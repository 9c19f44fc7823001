// Double-precision matrix products in panels; every element is the sequential chain, in the mode asked for, on every
// ISA.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_FORMATS_BINARY64_MATMUL_H_
#define FPLAB_KERNELS_FORMATS_BINARY64_MATMUL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/panel.h>
#include <fplab/kernels/core/workers.h>
#include <fplab/kernels/matmul/matmul.h>

namespace fplab::kernels {

using MatrixView64 = BasicMatrixView<double>;
using ConstMatrixView64 = BasicMatrixView<const double>;

// MatmulTransposed, MatmulTransposedFrom and Matmul of matmul/matmul.h in binary64, under the same contract: panels of
// 16 columns, acc = fma(a(k, i), b(k, j), acc) in binary64, k ascending from +0 or from init(i, j). On kFallback by the
// exact model, slowly.
FPLAB_EXPORT void MatmulTransposed(const ConstPanelView64& a, const ConstPanelView64& b, const PanelView64& c,
                                   const Execution& execution);
FPLAB_EXPORT void MatmulTransposedFrom(const ConstPanelView64& init, const ConstPanelView64& a,
                                       const ConstPanelView64& b, const PanelView64& c, const Execution& execution);
FPLAB_EXPORT void Matmul(const ConstMatrixView64& a, const ConstPanelView64& b, const MatrixView64& c,
                         const Execution& execution);

// The same bits, divided among workers by rows or columns of the output as in matmul/parallel_matmul.h.
FPLAB_EXPORT void MatmulTransposed(Workers& workers, const ConstPanelView64& a, const ConstPanelView64& b,
                                   const PanelView64& c, const Execution& execution);
FPLAB_EXPORT void Matmul(Workers& workers, const ConstMatrixView64& a, const ConstPanelView64& b, const MatrixView64& c,
                         const Execution& execution);

template <typename Lane>
struct LaneTileStep;  // product_tile.h, inside

// MatmulTransposed of one shape, checked and planned once, for products of few multiply-adds. The operands of a call
// are contiguous, each a whole PanelMatrix64 of its shape: a k x m, b k x n, c m x n; c overlaps neither a nor b, else
// abort. One thread: the calling one, as a guest; any number of threads may call at a time. Constructing aborts for
// negative sizes and for a size that overflows, and throws Error for a mode this machine lacks.
class FPLAB_EXPORT PreparedMatmul64 {
 public:
  PreparedMatmul64(int m, int n, int k, const Execution& execution);
  ~PreparedMatmul64();
  PreparedMatmul64(const PreparedMatmul64&);
  PreparedMatmul64& operator=(const PreparedMatmul64&);
  PreparedMatmul64(PreparedMatmul64&&) noexcept;
  PreparedMatmul64& operator=(PreparedMatmul64&&) noexcept;

  void operator()(const double* a, const double* b, double* c) const;

 private:
  void Check(const double* a, const double* b, const double* c) const;

  size_t a_bytes_, b_bytes_, c_bytes_;
  Mode mode_;
  std::vector<LaneTileStep<double>> tiles_;
};

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_FORMATS_BINARY64_MATMUL_H_
