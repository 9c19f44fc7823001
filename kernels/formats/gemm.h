// Gemm: general matrix products as users of BLAS know them, c = alpha op(a) op(b) + beta c, all row-major, in five
// formats; every element is the sequential chain, in the mode asked for, on every ISA.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_FORMATS_GEMM_H_
#define FPLAB_KERNELS_FORMATS_GEMM_H_

#include <cstddef>
#include <cstdint>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/aligned_buffer.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/workers.h>
#include <fplab/kernels/formats/narrow_float.h>
#include <fplab/kernels/matmul/matmul.h>

namespace fplab::kernels {

// What products of elements of type T are added in. Sums: that type. Lane: what T is widened to in a packed factor; two
// consecutive steps of int8, each as int16, are one.
template <typename T>
struct GemmTraits {
  using Sum = T;
  using Lane = T;
};
template <>
struct GemmTraits<Bfloat16> {
  using Sum = float;
  using Lane = float;
};
template <>
struct GemmTraits<Binary16> {
  using Sum = float;
  using Lane = float;
};
template <>
struct GemmTraits<int8_t> {
  using Sum = int32_t;
  using Lane = int32_t;
};
template <typename T>
using GemmSum = typename GemmTraits<T>::Sum;

// op(a): a row-major matrix, or its transpose.
template <typename T>
struct GemmFactor {
  BasicMatrixView<const T> matrix;
  bool transposed = false;

  int rows() const { return transposed ? matrix.cols : matrix.rows; }
  int cols() const { return transposed ? matrix.rows : matrix.cols; }
};

// The most steps of a product of int8, so that no sum overflows: 131071 times (-128)^2 is less than 2^31.
inline constexpr int kMaxInt8Steps = 131071;

// c(i, j) of op(a), M x K, and op(b), K x N, for T = float, double, Bfloat16, Binary16 and int8_t.
//
// The chain: acc = fma(a(i, k), b(k, j), acc) in GemmSum<T>, k ascending from +0; never split, padded or given two
// accumulators. Then, one rounding for each * and each fma, in the same mode:
//   beta zero (of either sign)    c = alpha * chain, or the chain itself if alpha is 1; c is not read
//   beta 1                        c = fma(alpha, chain, c)
//   any other beta                c = fma(alpha, chain, beta * c)
// If alpha is zero or K is 0, a and b are not read: c = +0, c as it was, or beta * c.
//
// Bfloat16 and Binary16 are widened to binary32 exactly before the chain, in no mode: a subnormal Binary16 is a normal
// number there and counts, flush or not; a subnormal Bfloat16 is subnormal there and obeys flush_inputs. So every
// product is exact but for what the fma rounds, and the bits are those of the model's binary32 chain of the widened
// operands. Sums of int8 are exact in int32 (K at most kMaxInt8Steps, alpha 1, beta 0, else abort); no mode matters to
// them.
//
// Any NaN equals any NaN. One thread: the calling one, as a guest (fparith/mode/guest.h). Allocates scratch memory:
// what has to be widened, transposed or packed of a and b, and chains under way when K is long. Nothing outside c's M x
// N elements is written. Bad arguments (null with elements, shapes that do not fit, c overlapping a or b, a size that
// overflows) abort; a mode this machine lacks throws Error.
template <typename T>
FPLAB_EXPORT void Gemm(GemmSum<T> alpha, const GemmFactor<T>& a, const GemmFactor<T>& b, GemmSum<T> beta,
                       const BasicMatrixView<GemmSum<T>>& c, const Execution& execution);

// The same bits, the output divided among workers by rows or by columns; not to be called from a loop of the same.
template <typename T>
FPLAB_EXPORT void Gemm(Workers& workers, GemmSum<T> alpha, const GemmFactor<T>& a, const GemmFactor<T>& b,
                       GemmSum<T> beta, const BasicMatrixView<GemmSum<T>>& c, const Execution& execution);

// op(b), widened and packed once for many products on one instruction set. K x N lanes of memory, of int8 half as many.
template <typename T>
class FPLAB_EXPORT PackedFactor {
 public:
  using Lane = typename GemmTraits<T>::Lane;

  explicit PackedFactor(const GemmFactor<T>& b, Isa isa = BestIsa());

  int rows() const { return rows_; }  // K
  int cols() const { return cols_; }  // N
  Isa isa() const { return isa_; }
  const Lane* data() const { return buffer_.data(); }

 private:
  int rows_, cols_;
  Isa isa_;
  BasicAlignedBuffer<Lane> buffer_;
};

// Gemm with op(b) packed before, for execution.isa, else abort.
template <typename T>
FPLAB_EXPORT void PackedGemm(GemmSum<T> alpha, const GemmFactor<T>& a, const PackedFactor<T>& b, GemmSum<T> beta,
                             const BasicMatrixView<GemmSum<T>>& c, const Execution& execution);

// `count` products of one shape: the operands of the next begin so many elements after those of the one before. 0: the
// same operand for all, which c's may not be. None is negative.
struct GemmBatch {
  int count = 0;
  ptrdiff_t a_next = 0, b_next = 0, c_next = 0;
};

// Gemm of each product of the batch; a, b and c are the first's. No two outputs, and no output and no operand, overlap,
// else abort. Small products are checked, and the mode set, once for all.
template <typename T>
FPLAB_EXPORT void BatchedGemm(const GemmBatch& batch, GemmSum<T> alpha, const GemmFactor<T>& a, const GemmFactor<T>& b,
                              GemmSum<T> beta, const BasicMatrixView<GemmSum<T>>& c, const Execution& execution);
// The products divided among workers.
template <typename T>
FPLAB_EXPORT void BatchedGemm(Workers& workers, const GemmBatch& batch, GemmSum<T> alpha, const GemmFactor<T>& a,
                              const GemmFactor<T>& b, GemmSum<T> beta, const BasicMatrixView<GemmSum<T>>& c,
                              const Execution& execution);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_FORMATS_GEMM_H_
