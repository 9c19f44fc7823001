// The static partition of a product among workers.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/matmul/parallel_matmul.h>

#include <algorithm>
#include <cstdint>

#include <fplab/kernels/matmul/check_matmul.h>

namespace fplab::kernels {
namespace {

// Rows of a row-major left factor are divided in units of the tallest tile of a wide panel on any instruction set.
constexpr int kRowUnit = 12;

int Units(int count, int unit) { return count / unit + (count % unit != 0 ? 1 : 0); }

// Into how many parts to divide m x n outputs of k steps. In integers, as all here: no kernel sets the mode for it.
int Parts(const Workers& workers, int m, int n, int k) {
  int64_t work = 0;
  if (__builtin_mul_overflow(int64_t{m} * n, int64_t{k}, &work)) return workers.count();
  return static_cast<int>(std::clamp<int64_t>(work / kLeastMultiplyAdds, 1, workers.count()));
}

// Whether the largest of `parts` parts of `a` units has at most the share of them that it has of `b` units; of no units
// it has all.
bool DividesAsEqually(int a, int b, int parts) {
  if (a == 0 || b == 0) return b == 0;
  return int64_t{Units(a, parts)} * b <= int64_t{Units(b, parts)} * a;
}

// Part i of `parts` nearly equal parts of [0, units).
struct Range {
  Range(int units, int parts, int i)
      : first(static_cast<int>(static_cast<int64_t>(units) * i / parts)),
        size(static_cast<int>(static_cast<int64_t>(units) * (i + 1) / parts) - first) {}
  int first, size;
};

// Part `range`, in units of kRowUnit, of the rows of a row-major matrix.
template <typename Float>
BasicMatrixView<Float> Rows(const BasicMatrixView<Float>& v, const Range& range) {
  const int first = range.first * kRowUnit;
  const int count = std::min(v.rows - first, range.size * kRowUnit);
  return {v.data + first * v.stride, count, v.cols, v.stride};
}

}  // namespace

void MatmulTransposed(Workers& workers, const ConstPanelView& a, const ConstPanelView& b, const PanelView& c,
                      const Execution& execution) {
  CheckTransposedMatmul(a, b, c);  // of the whole: a part of c might overlap another part's rows of a
  const int parts = Parts(workers, a.cols, b.cols, a.rows);
  if (parts == 1) return MatmulTransposed(a, b, c, execution);
  const bool by_columns = DividesAsEqually(b.panels(), a.panels(), parts);
  workers.For(parts, execution.mode, [&](int i, int) {
    const Range part(by_columns ? b.panels() : a.panels(), parts, i);
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
  const int parts = Parts(workers, a.rows, b.cols, a.cols);
  if (parts == 1) return Matmul(a, b, c, execution);
  const int row_units = Units(a.rows, kRowUnit);
  const bool by_columns = DividesAsEqually(b.panels(), row_units, parts);
  workers.For(parts, execution.mode, [&](int i, int) {
    const Range part(by_columns ? b.panels() : row_units, parts, i);
    if (by_columns) {
      const ConstPanelView columns = b.Panels(part.first, part.size);
      Matmul(a, columns, {c.data + part.first * kPanelWidth, c.rows, columns.cols, c.stride}, execution);
    } else {
      Matmul(Rows(a, part), b, Rows(c, part), execution);
    }
  });
}

}  // namespace fplab::kernels
