// General products: argument checks, scratch memory, dispatch, division among workers.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/formats/gemm.h>

#include <fplab/kernels/core/targets.h>  // before any Highway header
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fplab/kernels/formats/gemm.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
// After highway.h.
#include <fplab/kernels/formats/gemm_job.h>
#include <fplab/kernels/formats/pack-inl.h>
#include <fplab/kernels/formats/product_tile-inl.h>

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {

template <typename T>
HWY_INLINE void PackRight(const GemmFactor<T>& b, int width, typename GemmTraits<T>::Lane* to) {
  const int steps = LaneSteps<T>(b.rows());
  b.transposed ? PackColumns(b.matrix, steps, width, to) : PackRows(b.matrix, steps, width, to);
}

template <typename T>
HWY_INLINE void OneGemm(const GemmJob<T>& job) {
  using Lane = typename GemmTraits<T>::Lane;
  LaneProduct<Lane> p = job.product;
  if (job.pack_a) {
    p.a = job.a_scratch;
    job.a.transposed ? PackRows(job.a.matrix, static_cast<int>(p.steps), LaneProduct<Lane>::kWidth, job.a_scratch)
                     : WidenRows(job.a.matrix, static_cast<int>(p.steps), job.a_scratch);
  }
  if (job.pack_b) {
    p.b = job.b_scratch;
    PackRight(job.b, p.width, job.b_scratch);
  }
  RunLaneProduct(p);
}

template <typename T>
HWY_INLINE void GemmOf(const GemmJob<T>& first) {
  GemmJob<T> job = first;
  for (int i = 0; i < job.batch.count; ++i) {
    OneGemm(job);
    job.MoveOn();
    if (job.batch.b_next == 0 && job.pack_b) {  // it is packed
      job.pack_b = false;
      job.product.b = job.b_scratch;
    }
  }
}

void GemmFloat(const GemmJob<float>& job) { GemmOf(job); }
void GemmDouble(const GemmJob<double>& job) { GemmOf(job); }
void GemmBfloat16(const GemmJob<Bfloat16>& job) { GemmOf(job); }
void GemmBinary16(const GemmJob<Binary16>& job) { GemmOf(job); }
void GemmInt8(const GemmJob<int8_t>& job) { GemmOf(job); }

void PackFloat(const GemmFactor<float>& b, int width, float* to) { PackRight(b, width, to); }
void PackDouble(const GemmFactor<double>& b, int width, double* to) { PackRight(b, width, to); }
void PackBfloat16(const GemmFactor<Bfloat16>& b, int width, float* to) { PackRight(b, width, to); }
void PackBinary16(const GemmFactor<Binary16>& b, int width, float* to) { PackRight(b, width, to); }
void PackInt8(const GemmFactor<int8_t>& b, int width, int32_t* to) { PackRight(b, width, to); }

// c = beta * c, each rounded once.
template <typename Float>
HWY_INLINE void Scale(Float beta, const BasicMatrixView<Float>& c) {
  const hn::ScalableTag<Float> d;
  constexpr int kLaneCount = HWY_LANES(Float);
  const auto factor = hn::Set(d, beta);
  for (int i = 0; i < c.rows; ++i) {
    Float* row = c.data + i * c.stride;
    int j = 0;
    for (; j + kLaneCount <= c.cols; j += kLaneCount) {
      hn::StoreU(hn::Mul(factor, hn::LoadU(d, row + j)), d, row + j);
    }
    HWY_ALIGN Float lanes[kLaneCount] = {};
    for (int at = j; at < c.cols; ++at) lanes[at - j] = row[at];
    hn::Store(hn::Mul(factor, hn::Load(d, lanes)), d, lanes);
    for (int at = j; at < c.cols; ++at) row[at] = lanes[at - j];
  }
}

void ScaleFloat(float beta, const BasicMatrixView<float>& c) { Scale(beta, c); }
void ScaleDouble(double beta, const BasicMatrixView<double>& c) { Scale(beta, c); }

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>
#include <memory>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/kernels/core/check_arguments.h>
#include <fplab/kernels/core/dispatch.h>
#include <fplab/kernels/matmul/product_parts.h>

namespace fplab::kernels {
namespace {

constexpr char kGemm[] = "gemm";
// Rows are divided among workers in units of the tallest tile of a wide panel on any instruction set.
constexpr int kGemmRowUnit = 12;
// A row-major right factor is read where it lies, instead of packed, if that is little: by so few rows of the left
// factor, or by so few bytes (of a first-level cache of 32 KiB).
constexpr int kFewRows = 12;
constexpr ptrdiff_t kFewBytes = 16 * 1024;

auto GemmFor(Isa isa, const GemmJob<float>*) { return FPLAB_CHOOSE(GemmFloat, isa); }
auto GemmFor(Isa isa, const GemmJob<double>*) { return FPLAB_CHOOSE(GemmDouble, isa); }
auto GemmFor(Isa isa, const GemmJob<Bfloat16>*) { return FPLAB_CHOOSE(GemmBfloat16, isa); }
auto GemmFor(Isa isa, const GemmJob<Binary16>*) { return FPLAB_CHOOSE(GemmBinary16, isa); }
auto GemmFor(Isa isa, const GemmJob<int8_t>*) { return FPLAB_CHOOSE(GemmInt8, isa); }

auto PackFor(Isa isa, const GemmFactor<float>&) { return FPLAB_CHOOSE(PackFloat, isa); }
auto PackFor(Isa isa, const GemmFactor<double>&) { return FPLAB_CHOOSE(PackDouble, isa); }
auto PackFor(Isa isa, const GemmFactor<Bfloat16>&) { return FPLAB_CHOOSE(PackBfloat16, isa); }
auto PackFor(Isa isa, const GemmFactor<Binary16>&) { return FPLAB_CHOOSE(PackBinary16, isa); }
auto PackFor(Isa isa, const GemmFactor<int8_t>&) { return FPLAB_CHOOSE(PackInt8, isa); }

auto ScaleFor(Isa isa, float) { return FPLAB_CHOOSE(ScaleFloat, isa); }
auto ScaleFor(Isa isa, double) { return FPLAB_CHOOSE(ScaleDouble, isa); }

// Bits, not values: under flush_inputs a subnormal number compares equal to zero.
bool IsZeroBits(float x) { return IsZero(x); }
bool IsZeroBits(double x) { return IsZero(x); }
bool IsZeroBits(int32_t x) { return x == 0; }
template <HardwareFloat Float>
bool IsOneBits(Float x) {
  return ToBits(x) == ToBits(Float{1});
}
bool IsOneBits(int32_t x) { return x == 1; }

// The bytes that a matrix, or a batch of them, spans; none if it has no elements.
struct Span {
  const char* first = nullptr;
  size_t bytes = 0;
};

template <typename T>
Span CheckGemmMatrix(const BasicMatrixView<const T>& v, int count, ptrdiff_t next, const char* argument) {
  CheckArgument(v.rows >= 0 && v.cols >= 0, kGemm, argument, "has negative rows or columns");
  CheckArgument(next >= 0, kGemm, argument, "has a negative distance to the next");
  if (v.rows == 0 || v.cols == 0 || count == 0) return {};
  CheckArgument(v.data != nullptr, kGemm, argument, "is null");
  CheckArgument(v.rows == 1 || v.stride >= v.cols, kGemm, argument, "has a stride less than its columns");
  ptrdiff_t one = 0, all = 0, elements = 0, bytes = 0;
  const bool overflows = __builtin_mul_overflow(v.rows == 1 ? 0 : v.stride, ptrdiff_t{v.rows} - 1, &one) ||
                         __builtin_add_overflow(one, v.cols, &one) ||
                         __builtin_mul_overflow(next, ptrdiff_t{count} - 1, &all) ||
                         __builtin_add_overflow(all, one, &elements) ||
                         __builtin_mul_overflow(elements, static_cast<ptrdiff_t>(sizeof(T)), &bytes);
  CheckArgument(!overflows, kGemm, argument, "has a size that overflows");
  return {reinterpret_cast<const char*>(v.data), static_cast<size_t>(bytes)};
}

void CheckGemmApart(const Span& c, const Span& other, const char* rule) {
  const auto at_c = reinterpret_cast<uintptr_t>(c.first), at = reinterpret_cast<uintptr_t>(other.first);
  const bool apart = c.bytes == 0 || other.bytes == 0 || (at - at_c >= c.bytes && at_c - at >= other.bytes);
  CheckArgument(apart, kGemm, "output", rule);
}

// Everything that a product is called with; b is either packed already or a factor.
template <typename T>
struct GemmArguments {
  GemmBatch batch;
  GemmSum<T> alpha;
  GemmFactor<T> a;
  GemmFactor<T> b;
  const typename GemmTraits<T>::Lane* packed_b;
  GemmSum<T> beta;
  BasicMatrixView<GemmSum<T>> c;
};

template <typename T>
void CheckGemm(const GemmArguments<T>& g) {
  using Sum = GemmSum<T>;
  FPLAB_CHECK(g.batch.count >= 0, "gemm: a negative number of products");
  FPLAB_CHECK(g.a.cols() == g.b.rows(), "gemm: op(b) must have as many rows as op(a) has columns (K)");
  FPLAB_CHECK(g.c.rows == g.a.rows() && g.c.cols == g.b.cols(),
              "gemm: c must be M x N, of op(a)'s rows, op(b)'s columns");
  if constexpr (std::is_same_v<T, int8_t>) {
    FPLAB_CHECK(g.alpha == 1 && g.beta == 0, "gemm: of int8, alpha must be 1 and beta 0");
    FPLAB_CHECK(g.a.cols() <= kMaxInt8Steps, "gemm: of int8, K must be at most 131071, lest a sum overflow");
  }
  const Span c = CheckGemmMatrix<Sum>(g.c, g.batch.count, g.batch.c_next, "c");
  CheckGemmApart(c, CheckGemmMatrix<T>(g.a.matrix, g.batch.count, g.batch.a_next, "a"), "c overlaps a");
  const bool one = g.batch.count <= 1 || c.bytes == 0;
  const ptrdiff_t occupied = g.c.rows == 0 ? 0 : (g.c.rows - 1) * g.c.stride + g.c.cols;
  CheckArgument(one || g.batch.c_next >= occupied, kGemm, "output", "c overlaps the next product's");
  if (g.packed_b != nullptr) return;
  CheckGemmApart(c, CheckGemmMatrix<T>(g.b.matrix, g.batch.count, g.batch.b_next, "b"), "c overlaps b");
}

// Lanes of `rows` steps in panels of `width` for `cols` columns.
template <typename Lane>
size_t PanelLanes(int rows, int cols, int width, const char* argument) {
  const ptrdiff_t panels = cols / width + (cols % width != 0 ? 1 : 0), length = ptrdiff_t{rows} * width;
  CheckArgument(Addressable<Lane>(0, length, panels), kGemm, argument, "has a size that overflows");
  return static_cast<size_t>(length * panels);
}

// Memory of no particular contents, aligned to a cache line.
template <typename Lane>
class Scratch {
 public:
  Lane* Need(size_t lanes) {
    memory_.reset(CacheLineAllocator<Lane>().allocate(lanes));
    return memory_.get();
  }

 private:
  struct Free {
    void operator()(Lane* p) const { CacheLineAllocator<Lane>().deallocate(p, 0); }
  };
  std::unique_ptr<Lane, Free> memory_;
};

template <typename T>
void ScaleAll(const GemmArguments<T>& g, const Execution& execution) {
  RequireHardwareSupport(execution.mode);
  if (IsOneBits(g.beta)) return;
  BasicMatrixView<GemmSum<T>> c = g.c;
  for (int i = 0; i < g.batch.count; ++i, c.data += g.batch.c_next) {
    if (!IsZeroBits(g.beta)) {
      if constexpr (!std::is_same_v<T, int8_t>) {
        RunKernel(ScaleFor(execution.isa, g.beta), execution.mode, g.beta, c);
      }
      continue;
    }
    for (int row = 0; row < c.rows; ++row) std::fill_n(c.data + row * c.stride, c.cols, GemmSum<T>{});
  }
}

// Runs products whose arguments were checked.
template <typename T>
void RunGemm(const GemmArguments<T>& g, const Execution& execution) {
  using Lane = typename GemmTraits<T>::Lane;
  constexpr bool kSame = std::is_same_v<T, Lane>;
  if (g.c.rows == 0 || g.c.cols == 0 || g.batch.count == 0) return RequireHardwareSupport(execution.mode);
  if (g.a.cols() == 0 || IsZeroBits(g.alpha)) return ScaleAll(g, execution);

  GemmJob<T> job = {};
  job.batch = g.batch;
  job.a = g.a;
  job.b = g.b;
  LaneProduct<Lane>& p = job.product;
  constexpr int kWidth = LaneProduct<Lane>::kWidth;
  const int steps = LaneSteps<T>(g.a.cols());
  p.m = g.c.rows;
  p.n = g.c.cols;
  p.steps = static_cast<size_t>(steps);
  p.width = SliverWidth<Lane>(execution.isa);

  Scratch<Lane> a_scratch, b_scratch, partial;
  p.a_in_panels = g.a.transposed;
  p.a_panel = ptrdiff_t{steps} * kWidth;
  p.a_row = g.a.transposed ? 1 : kSame ? g.a.matrix.stride : steps;
  p.a_step = g.a.transposed ? kWidth : 1;
  job.pack_a = !kSame || g.a.transposed;
  if (job.pack_a) {
    CheckArgument(Addressable<Lane>(0, steps, p.m), kGemm, "a", "has a size that overflows");
    job.a_scratch = a_scratch.Need(g.a.transposed ? PanelLanes<Lane>(steps, p.m, kWidth, "a")
                                                  : static_cast<size_t>(p.m) * static_cast<size_t>(steps));
  }
  p.b_panel = ptrdiff_t{steps} * p.width;
  p.b_step = p.width;
  p.b = g.packed_b;
  job.pack_b = g.packed_b == nullptr;
  if constexpr (kSame) {
    if (!job.pack_a) p.a = g.a.matrix.data;
    const bool little = p.m <= kFewRows || ptrdiff_t{p.n} * steps <= kFewBytes / static_cast<ptrdiff_t>(sizeof(Lane));
    if (job.pack_b && !g.b.transposed && p.n % (kWidth / 2) == 0 && little) {
      job.pack_b = false;
      p.b = g.b.matrix.data;
      p.b_panel = p.width;
      p.b_step = g.b.matrix.stride;
      job.b_moves = true;
    }
  }
  if (job.pack_b) job.b_scratch = b_scratch.Need(PanelLanes<Lane>(steps, p.n, p.width, "b"));

  p.c = g.c.data;
  p.c_panel = p.width;
  p.c_row = g.c.stride;
  p.ends.alpha = g.alpha;
  p.ends.beta = g.beta;
  p.ends.finish = IsZeroBits(g.beta)  ? (IsOneBits(g.alpha) ? Finish::kChain : Finish::kScaled)
                  : IsOneBits(g.beta) ? Finish::kAdded
                                      : Finish::kScaledAndAdded;
  if (steps > p.MostSteps()) {
    p.partial_panel = ptrdiff_t{p.m} * p.width;
    p.partial_row = p.width;
    p.partial = partial.Need(PanelLanes<Lane>(p.m, p.n, p.width, "c"));
  }
  RunKernel(GemmFor(execution.isa, &job), execution.mode, job);
}

// The columns [first, first + count) of op(b), or rows of op(a).
template <typename T>
GemmFactor<T> ColumnsOf(const GemmFactor<T>& b, int first, int count) {
  const BasicMatrixView<const T>& v = b.matrix;
  if (v.data == nullptr)
    return {{nullptr, b.transposed ? count : v.rows, b.transposed ? v.cols : count, v.stride}, b.transposed};
  if (b.transposed) return {{v.data + first * v.stride, count, v.cols, v.stride}, true};
  return {{v.data + first, v.rows, count, v.stride}, false};
}
template <typename T>
GemmFactor<T> RowsOf(const GemmFactor<T>& a, int first, int count) {
  GemmFactor<T> turned = ColumnsOf(GemmFactor<T>{a.matrix, !a.transposed}, first, count);
  turned.transposed = a.transposed;
  return turned;
}

template <typename T>
void DivideGemm(Workers& workers, const GemmArguments<T>& g, const Execution& execution) {
  CheckGemm(g);  // of the whole: a part of c might overlap another part's rows of a
  const int parts = Parts(workers.count(), g.c.rows, g.c.cols, g.a.cols());
  if (parts == 1) return RunGemm(g, execution);
  const int width = SliverWidth<typename GemmTraits<T>::Lane>(execution.isa);
  const int row_units = Units(g.c.rows, kGemmRowUnit), column_units = Units(g.c.cols, width);
  const bool by_columns = DividesAsEqually(column_units, row_units, parts);
  workers.For(parts, execution.mode, [&](int i, int) {
    const PartOfUnits part(by_columns ? column_units : row_units, parts, i);
    GemmArguments<T> mine = g;
    if (by_columns) {
      const int first = part.first * width;
      mine.c.cols = std::min(g.c.cols - first, part.size * width);
      mine.c.data += first;
      mine.b = ColumnsOf(g.b, first, mine.c.cols);
    } else {
      const int first = part.first * kGemmRowUnit;
      mine.c.rows = std::min(g.c.rows - first, part.size * kGemmRowUnit);
      mine.c.data += first * g.c.stride;
      mine.a = RowsOf(g.a, first, mine.c.rows);
    }
    RunGemm(mine, execution);
  });
}

}  // namespace

template <typename T>
void Gemm(GemmSum<T> alpha, const GemmFactor<T>& a, const GemmFactor<T>& b, GemmSum<T> beta,
          const BasicMatrixView<GemmSum<T>>& c, const Execution& execution) {
  BatchedGemm(GemmBatch{1, 0, 0, 0}, alpha, a, b, beta, c, execution);
}

template <typename T>
void Gemm(Workers& workers, GemmSum<T> alpha, const GemmFactor<T>& a, const GemmFactor<T>& b, GemmSum<T> beta,
          const BasicMatrixView<GemmSum<T>>& c, const Execution& execution) {
  DivideGemm<T>(workers, {{1, 0, 0, 0}, alpha, a, b, nullptr, beta, c}, execution);
}

template <typename T>
void PackedGemm(GemmSum<T> alpha, const GemmFactor<T>& a, const PackedFactor<T>& b, GemmSum<T> beta,
                const BasicMatrixView<GemmSum<T>>& c, const Execution& execution) {
  const GemmFactor<T> shape = {{nullptr, b.rows(), b.cols(), b.cols()}, false};
  const GemmArguments<T> g = {{1, 0, 0, 0}, alpha, a, shape, b.data(), beta, c};
  FPLAB_CHECK(execution.isa == b.isa(), "gemm: b was packed for another instruction set");
  CheckGemm(g);
  RunGemm(g, execution);
}

template <typename T>
void BatchedGemm(const GemmBatch& batch, GemmSum<T> alpha, const GemmFactor<T>& a, const GemmFactor<T>& b,
                 GemmSum<T> beta, const BasicMatrixView<GemmSum<T>>& c, const Execution& execution) {
  const GemmArguments<T> g = {batch, alpha, a, b, nullptr, beta, c};
  CheckGemm(g);
  RunGemm(g, execution);
}

template <typename T>
void BatchedGemm(Workers& workers, const GemmBatch& batch, GemmSum<T> alpha, const GemmFactor<T>& a,
                 const GemmFactor<T>& b, GemmSum<T> beta, const BasicMatrixView<GemmSum<T>>& c,
                 const Execution& execution) {
  const GemmArguments<T> g = {batch, alpha, a, b, nullptr, beta, c};
  CheckGemm(g);
  const int64_t one = std::max<int64_t>(1, int64_t{c.rows} * c.cols);
  const int of_work = static_cast<int>(std::min<int64_t>(one, INT32_MAX));
  const int parts = std::max(1, std::min(batch.count, Parts(workers.count(), of_work, a.cols(), batch.count)));
  if (parts == 1) return RunGemm(g, execution);
  workers.For(parts, execution.mode, [&](int i, int) {
    const PartOfUnits part(batch.count, parts, i);
    GemmArguments<T> mine = g;
    mine.batch.count = part.size;
    mine.a.matrix.data += part.first * batch.a_next;
    mine.b.matrix.data += part.first * batch.b_next;
    mine.c.data += part.first * batch.c_next;
    RunGemm(mine, execution);
  });
}

template <typename T>
PackedFactor<T>::PackedFactor(const GemmFactor<T>& b, Isa isa) : rows_(b.rows()), cols_(b.cols()), isa_(isa) {
  CheckGemmMatrix<T>(b.matrix, 1, 0, "b");
  const int width = SliverWidth<Lane>(isa);
  buffer_.resize(PanelLanes<Lane>(LaneSteps<T>(rows_), cols_, width, "b"));
  if (rows_ > 0 && cols_ > 0) PackFor(isa, b)(b, width, buffer_.data());
}

#define FPLAB_GEMM_OF(T)                                                                                             \
  template void Gemm<T>(GemmSum<T>, const GemmFactor<T>&, const GemmFactor<T>&, GemmSum<T>,                          \
                        const BasicMatrixView<GemmSum<T>>&, const Execution&);                                       \
  template void Gemm<T>(Workers&, GemmSum<T>, const GemmFactor<T>&, const GemmFactor<T>&, GemmSum<T>,                \
                        const BasicMatrixView<GemmSum<T>>&, const Execution&);                                       \
  template void PackedGemm<T>(GemmSum<T>, const GemmFactor<T>&, const PackedFactor<T>&, GemmSum<T>,                  \
                              const BasicMatrixView<GemmSum<T>>&, const Execution&);                                 \
  template void BatchedGemm<T>(const GemmBatch&, GemmSum<T>, const GemmFactor<T>&, const GemmFactor<T>&, GemmSum<T>, \
                               const BasicMatrixView<GemmSum<T>>&, const Execution&);                                \
  template void BatchedGemm<T>(Workers&, const GemmBatch&, GemmSum<T>, const GemmFactor<T>&, const GemmFactor<T>&,   \
                               GemmSum<T>, const BasicMatrixView<GemmSum<T>>&, const Execution&);                    \
  template class PackedFactor<T>;
FPLAB_GEMM_OF(float)
FPLAB_GEMM_OF(double)
FPLAB_GEMM_OF(Bfloat16)
FPLAB_GEMM_OF(Binary16)
FPLAB_GEMM_OF(int8_t)
#undef FPLAB_GEMM_OF

}  // namespace fplab::kernels
#endif  // HWY_ONCE
