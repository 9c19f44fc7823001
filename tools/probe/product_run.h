// One call of a function that sums products, its operands set element by element, whatever its interface.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PROBE_PRODUCT_RUN_H_
#define FPLAB_TOOLS_PROBE_PRODUCT_RUN_H_

#include <cstdint>
#include <string>
#include <vector>

#include <fplab/fparith/float/format.h>
#include <fplab/fparith/identity/operand_generator.h>
#include <fplab/fparith/mode/mode.h>
#include "tools/probe/probe_child.h"

namespace fplab::tools {

struct ProductShape {
  int m = 1, n = 1, k = 1;

  friend bool operator==(const ProductShape&, const ProductShape&) = default;
};

// "64x32x256", m x n x k.
std::string Name(const ProductShape& shape);

// Where operands lie: elements between rows beyond those needed (between elements of vectors), and bytes past a
// multiple of 4096.
struct OperandLayout {
  int gap_a = 0, gap_b = 0, gap_c = 0;
  int shift_a = 0, shift_b = 0, shift_c = 0;
};

// c = alpha*a*b + beta*c in the memory shared with a child. Values are bit patterns of the function's format.
class ProductRun {
 public:
  // The child has the function open, and outlives this. All elements are +0 at first. A dot product has m = n = 1, a
  // matrix-vector product n = 1, kAxpy m = k = 1; a norm and a sum m = n = 1 and no b.
  ProductRun(ProbeChild& child, const Signature& signature, const ProductShape& shape,
             const OperandLayout& layout = {});

  const ProductShape& shape() const { return shape_; }
  const Format& format() const { return signature_.is_double ? kBinary64 : kBinary32; }

  void SetA(int i, int k, uint64_t bits) { Put(call_.a, IndexA(i, k), bits); }
  void SetB(int k, int j, uint64_t bits) { Put(call_.b, int64_t{k} * call_.ldb + j * ColumnStepB(), bits); }
  void SetC(int i, int j, uint64_t bits) { Put(call_.c, IndexC(i, j), bits); }
  uint64_t A(int i, int k) const { return Get(call_.a, IndexA(i, k)); }
  uint64_t B(int k, int j) const { return Get(call_.b, int64_t{k} * call_.ldb + j * ColumnStepB()); }
  uint64_t C(int i, int j) const { return Get(call_.c, IndexC(i, j)); }
  std::vector<uint64_t> RowOfA(int i) const;
  std::vector<uint64_t> ColumnOfB(int j) const;
  std::vector<uint64_t> AllC() const;  // m*n, row by row

  void FillA(uint64_t bits);
  void FillB(uint64_t bits);
  void FillC(uint64_t bits);
  // Numbers of either sign, magnitudes from 2^-8 to 2^8. Row i of a is the same whatever m is, b whatever m is.
  void FillRandom(uint64_t seed);

  double alpha = 1, beta = 0;  // of interfaces that have them
  int threads = 1;
  int repeats = 1;

  LibraryAnswer Go(Mode mode = kIeee);

 private:
  bool IsVectorA() const { return signature_.operation >= Operation::kDot; }
  int64_t IndexA(int i, int k) const { return IsVectorA() ? int64_t{k} * call_.lda : int64_t{i} * call_.lda + k; }
  // Rows of kAxpy are vectors with steps.
  int ColumnStepB() const { return signature_.operation == Operation::kAxpy ? call_.ldb : 1; }
  int64_t IndexC(int i, int j) const {
    return signature_.operation == Operation::kAxpy ? int64_t{j} * call_.ldc : int64_t{i} * call_.ldc + j;
  }
  void Put(uint64_t offset, int64_t index, uint64_t bits);
  uint64_t Get(uint64_t offset, int64_t index) const;

  ProbeChild& child_;
  Signature signature_;
  ProductShape shape_;
  LibraryCall call_;
};

// A random number of the format, of either sign, with an exponent in [low, high].
uint64_t RandomNumber(identity::RandomBits& random, const Format& format, int low, int high);

// The value in the format; precondition: it has one.
uint64_t BitsOfValue(const Format& format, double value);
double ValueOfBits(const Format& format, uint64_t bits);

// "0x1.8p+3 [0x41400000]"
std::string ShowBits(const Format& format, uint64_t bits);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PROBE_PRODUCT_RUN_H_
