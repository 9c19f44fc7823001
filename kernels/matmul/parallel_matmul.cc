// The static partition of a product among workers.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/matmul/parallel_matmul.h>

#include <fplab/kernels/matmul/check_matmul.h>
#include <fplab/kernels/matmul/divide_product.h>

namespace fplab::kernels {
namespace {

// Rows of a row-major left factor are divided in units of the tallest tile of a wide panel on any instruction set.
constexpr int kRowUnit = 12;

}  // namespace

void MatmulTransposed(Workers& workers, const ConstPanelView& a, const ConstPanelView& b, const PanelView& c,
                      const Execution& execution) {
  CheckTransposedMatmul<float>("matmul", a, b, c);
  DivideTransposed<float>(workers, a, b, c, execution);
}

void Matmul(Workers& workers, const ConstMatrixView& a, const ConstPanelView& b, const MatrixView& c,
            const Execution& execution) {
  CheckRowMajorMatmul<float>("matmul", a, b, c);
  DivideRowMajor<float>(workers, kRowUnit, a, b, c, execution);
}

}  // namespace fplab::kernels
