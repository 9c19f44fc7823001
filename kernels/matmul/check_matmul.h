// Checks of the arguments of a matrix product: programming errors, so each prints what is wrong and aborts. Of binary32
// and binary64: `kernel` is whose product it is.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_MATMUL_CHECK_MATMUL_H_
#define FPLAB_KERNELS_MATMUL_CHECK_MATMUL_H_

#include <fplab/kernels/core/check_arguments.h>
#include <fplab/kernels/matmul/matmul.h>

namespace fplab::kernels {

template <typename Float>
Extent ExtentOf(const BasicMatrixView<const Float>& v) {
  return {v.data, FloatsLong<Float>() * v.cols, FloatsLong<Float>() * v.stride, v.rows};
}

template <typename Float>
void CheckMatrix(const BasicMatrixView<const Float>& v, const char* kernel, const char* argument) {
  CheckArgument(v.rows >= 0 && v.cols >= 0, kernel, argument, "has negative rows or columns");
  if (v.rows == 0 || v.cols == 0) return;
  CheckArgument(v.data != nullptr, kernel, argument, "is null");
  CheckArgument(v.stride >= v.cols, kernel, argument, "has a stride less than its columns");
  CheckArgument(Addressable<Float>(v.cols, v.stride, v.rows), kernel, argument, "has a size that overflows");
}

// c = the product of a's transpose and b, all in panels.
template <typename Float>
void CheckTransposedMatmul(const char* kernel, const BasicPanelView<const Float>& a,
                           const BasicPanelView<const Float>& b, const BasicPanelView<const Float>& c) {
  CheckArgument(a.rows == b.rows, kernel, "a and b", "must have the same number of rows (K)");
  CheckArgument(c.rows == a.cols && c.cols == b.cols, kernel, "c", "must be a.cols x b.cols (M x N)");
  CheckView(a, kernel, "a");
  CheckView(b, kernel, "b");
  CheckView(c, kernel, "c");
  CheckApart(kernel, ExtentOf(c), ExtentOf(a), "c overlaps a");
  CheckApart(kernel, ExtentOf(c), ExtentOf(b), "c overlaps b");
}

// The same, going on with chains from init.
template <typename Float>
void CheckTransposedMatmulFrom(const char* kernel, const BasicPanelView<const Float>& init,
                               const BasicPanelView<const Float>& a, const BasicPanelView<const Float>& b,
                               const BasicPanelView<const Float>& c) {
  CheckArgument(init.rows == c.rows && init.cols == c.cols, kernel, "init", "must have the shape of c");
  CheckView(init, kernel, "init");
  CheckApartOrSame(kernel, ExtentOf(c), ExtentOf(init), "c overlaps init and is not init itself");
  CheckTransposedMatmul<Float>(kernel, a, b, c);
}

// c = a b, all row-major but b.
template <typename Float>
void CheckRowMajorMatmul(const char* kernel, const BasicMatrixView<const Float>& a,
                         const BasicPanelView<const Float>& b, const BasicMatrixView<const Float>& c) {
  CheckArgument(a.cols == b.rows, kernel, "b", "must have a.cols rows (K)");
  CheckArgument(c.rows == a.rows && c.cols == b.cols, kernel, "c", "must be a.rows x b.cols (M x N)");
  CheckMatrix(a, kernel, "a");
  CheckView(b, kernel, "b");
  CheckMatrix(c, kernel, "c");
  CheckApart(kernel, ExtentOf(c), ExtentOf(a), "c overlaps a");
  CheckApart(kernel, ExtentOf(c), ExtentOf(b), "c overlaps b");
}

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_MATMUL_CHECK_MATMUL_H_
