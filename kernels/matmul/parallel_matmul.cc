// The static partition of a product among workers.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/matmul/parallel_matmul.h>

#include <algorithm>

#include <fplab/kernels/matmul/check_matmul.h>
#include <fplab/kernels/matmul/product_parts.h>

namespace fplab::kernels {
namespace {

// Rows of a row-major left factor are divided in units of the tallest tile of a wide panel on any instruction set.
constexpr int kRowUnit = 12;

// Part `range`, in units of kRowUnit, of the rows of a row-major matrix.
template <typename Float>
BasicMatrixView<Float> Rows(const BasicMatrixView<Float>& v, const PartOfUnits& range) {
  const int first = range.first * kRowUnit;
  const int count = std::min(v.rows - first, range.size * kRowUnit);
  return {v.data + first * v.stride, count, v.cols, v.stride};
}

}  // namespace

void MatmulTransposed(Workers& workers, const ConstPanelView& a, const ConstPanelView& b, const PanelView& c,
                      const Execution& execution) {
  CheckTransposedMatmul(a, b, c);  // of the whole: a part of c might overlap another part's rows of a
  const int parts = Parts(workers.count(), a.cols, b.cols, a.rows);
  if (parts == 1) return MatmulTransposed(a, b, c, execution);
  const bool by_columns = DividesAsEqually(b.panels(), a.panels(), parts);
  workers.For(parts, execution.mode, [&](int i, int) {
    const PartOfUnits part(by_columns ? b.panels() : a.panels(), parts, i);
    if (by_columns) {
      MatmulTransposed(a, b.Panels(part.first, part.size), c.Panels(part.first, part.size), execution);
    } else {
      const ConstPanelView left = a.Panels(part.first, part.size);
      MatmulTransposed(left, b, c.Rows(part.first * kPanelWidth, left.cols), execution);
    }
  });
}

void Matmul(Workers& workers, const ConstMatrixView& a, const ConstPanelView& b, const MatrixView& c,
            const Execution& execution) {
  CheckRowMajorMatmul(a, b, c);
  const int parts = Parts(workers.count(), a.rows, b.cols, a.cols);
  if (parts == 1) return Matmul(a, b, c, execution);
  const int row_units = Units(a.rows, kRowUnit);
  const bool by_columns = DividesAsEqually(b.panels(), row_units, parts);
  workers.For(parts, execution.mode, [&](int i, int) {
    const PartOfUnits part(by_columns ? b.panels() : row_units, parts, i);
    if (by_columns) {
      const ConstPanelView columns = b.Panels(part.first, part.size);
      Matmul(a, columns, {c.data + part.first * kPanelWidth, c.rows, columns.cols, c.stride}, execution);
    } else {
      Matmul(Rows(a, part), b, Rows(c, part), execution);
    }
  });
}

}  // namespace fplab::kernels
