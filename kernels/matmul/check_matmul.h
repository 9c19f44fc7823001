// Checks of the arguments of a matrix product: programming errors, so each prints what is wrong and aborts.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_MATMUL_CHECK_MATMUL_H_
#define FPLAB_KERNELS_MATMUL_CHECK_MATMUL_H_

#include <fplab/fparith/float/check.h>
#include <fplab/kernels/core/check_arguments.h>
#include <fplab/kernels/matmul/matmul.h>

namespace fplab::kernels {

inline Extent ExtentOf(const ConstMatrixView& v) { return {v.data, v.cols, v.stride, v.rows}; }

inline void CheckMatrix(const ConstMatrixView& v, const char* kernel, const char* argument) {
  CheckArgument(v.rows >= 0 && v.cols >= 0, kernel, argument, "has negative rows or columns");
  if (v.rows == 0 || v.cols == 0) return;
  CheckArgument(v.data != nullptr, kernel, argument, "is null");
  CheckArgument(v.stride >= v.cols, kernel, argument, "has a stride less than its columns");
  CheckArgument(Addressable(v.cols, v.stride, v.rows), kernel, argument, "has a size that overflows");
}

// c = the product of a's transpose and b, all in panels.
inline void CheckTransposedMatmul(const ConstPanelView& a, const ConstPanelView& b, const ConstPanelView& c) {
  constexpr char kName[] = "matmul";
  FPLAB_CHECK(a.rows == b.rows, "matmul: a and b must have the same number of rows (K)");
  FPLAB_CHECK(c.rows == a.cols && c.cols == b.cols, "matmul: c must be a.cols x b.cols (M x N)");
  CheckView(a, kName, "a");
  CheckView(b, kName, "b");
  CheckView(c, kName, "c");
  CheckApart(kName, ExtentOf(c), ExtentOf(a), "c overlaps a");
  CheckApart(kName, ExtentOf(c), ExtentOf(b), "c overlaps b");
}

// c = a b, all row-major but b.
inline void CheckRowMajorMatmul(const ConstMatrixView& a, const ConstPanelView& b, const ConstMatrixView& c) {
  constexpr char kName[] = "matmul";
  FPLAB_CHECK(a.cols == b.rows, "matmul: b must have a.cols rows (K)");
  FPLAB_CHECK(c.rows == a.rows && c.cols == b.cols, "matmul: c must be a.rows x b.cols (M x N)");
  CheckMatrix(a, kName, "a");
  CheckView(b, kName, "b");
  CheckMatrix(c, kName, "c");
  CheckApart(kName, ExtentOf(c), ExtentOf(a), "c overlaps a");
  CheckApart(kName, ExtentOf(c), ExtentOf(b), "c overlaps b");
}

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_MATMUL_CHECK_MATMUL_H_
