// How a product's output is divided among workers, whatever its format; inside parallel_matmul.cc and the products of
// kernels/formats.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_MATMUL_DIVIDE_PRODUCT_H_
#define FPLAB_KERNELS_MATMUL_DIVIDE_PRODUCT_H_

#include <algorithm>

#include <fplab/kernels/core/workers.h>
#include <fplab/kernels/matmul/matmul.h>
#include <fplab/kernels/matmul/product_parts.h>

namespace fplab::kernels {

// Part `range`, in units of `unit` rows, of a row-major matrix.
template <typename Float>
BasicMatrixView<Float> RowsOf(const BasicMatrixView<Float>& v, const PartOfUnits& range, int unit) {
  const int first = range.first * unit;
  return {v.data + first * v.stride, std::min(v.rows - first, range.size * unit), v.cols, v.stride};
}

// MatmulTransposed of each part. The arguments were checked as a whole: a part of c might overlap another part's rows
// of a.
template <typename Float>
void DivideTransposed(Workers& workers, const BasicPanelView<const Float>& a, const BasicPanelView<const Float>& b,
                      const BasicPanelView<Float>& c, const Execution& execution) {
  const int parts = Parts(workers.count(), a.cols, b.cols, a.rows);
  if (parts == 1) return MatmulTransposed(a, b, c, execution);
  const bool by_columns = DividesAsEqually(b.panels(), a.panels(), parts);
  workers.For(parts, execution.mode, [&](int i, int) {
    const PartOfUnits part(by_columns ? b.panels() : a.panels(), parts, i);
    if (by_columns) {
      MatmulTransposed(a, b.Panels(part.first, part.size), c.Panels(part.first, part.size), execution);
    } else {
      const BasicPanelView<const Float> left = a.Panels(part.first, part.size);
      MatmulTransposed(left, b, c.Rows(part.first * c.kWidth, left.cols), execution);
    }
  });
}

// Matmul of each part, rows in units of `row_unit`, likewise.
template <typename Float>
void DivideRowMajor(Workers& workers, int row_unit, const BasicMatrixView<const Float>& a,
                    const BasicPanelView<const Float>& b, const BasicMatrixView<Float>& c, const Execution& execution) {
  const int parts = Parts(workers.count(), a.rows, b.cols, a.cols);
  if (parts == 1) return Matmul(a, b, c, execution);
  const int row_units = Units(a.rows, row_unit);
  const bool by_columns = DividesAsEqually(b.panels(), row_units, parts);
  workers.For(parts, execution.mode, [&](int i, int) {
    const PartOfUnits part(by_columns ? b.panels() : row_units, parts, i);
    if (by_columns) {
      const BasicPanelView<const Float> columns = b.Panels(part.first, part.size);
      Matmul(a, columns, {c.data + part.first * b.kWidth, c.rows, columns.cols, c.stride}, execution);
    } else {
      Matmul(RowsOf(a, part, row_unit), b, RowsOf(c, part, row_unit), execution);
    }
  });
}

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_MATMUL_DIVIDE_PRODUCT_H_
