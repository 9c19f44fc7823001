// Double-precision products in panels: argument checks, dispatch, the plan of a prepared product, division among
// workers. SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/formats/binary64_matmul.h>

#include <fplab/kernels/core/targets.h>  // before any Highway header
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fplab/kernels/formats/binary64_matmul.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
// After highway.h.
#include <fplab/kernels/formats/product_tile-inl.h>

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {

void Binary64Product(const LaneProduct<double>& product) { RunLaneProduct(product); }

// The tiles of the product, its operands contiguous: those that fit in `room`, and how many there are.
void Binary64Plan(const LaneProduct<double>& product, LaneTileStep<double>* plan, size_t room, size_t* count) {
  constexpr int kWidth = LaneProduct<double>::kWidth;
  ForEachLaneTile<double>(product, [&](ProductTile<double>* tile, const LanePlace& at) HWY_ATTR {
    const auto step = static_cast<ptrdiff_t>(at.step);
    if (*count < room) {
      plan[*count] = {tile,
                      LeftPlace(product, at.row) + step * kWidth,
                      at.panel * product.b_panel + at.column + step * kWidth,
                      at.panel * product.c_panel + static_cast<ptrdiff_t>(at.row) * kWidth + at.column,
                      at.steps,
                      at.step > 0};
    }
    ++*count;
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>
#include <utility>

#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/kernels/core/check_arguments.h>
#include <fplab/kernels/core/dispatch.h>
#include <fplab/kernels/matmul/check_matmul.h>
#include <fplab/kernels/matmul/divide_product.h>

namespace fplab::kernels {
namespace {

constexpr char kName64[] = "binary64 matmul";
constexpr int kWidth64 = kPanelWidthOf<double>;
// Rows of a row-major left factor are divided in units of the tallest tile of a wide panel on any instruction set.
constexpr int kRowUnit64 = 12;

// Operands of an empty sum may be null, and a null pointer must not be moved: this stands instead, and nothing is read.
alignas(64) constexpr double kUnread64[2 * kWidth64] = {};

void Run64(const LaneProduct<double>& product, const Execution& execution) {
  RunKernel(FPLAB_CHOOSE(Binary64Product, execution.isa), execution.mode, product);
}

LaneProduct<double> TransposedProduct64(const ConstPanelView64& a, const ConstPanelView64& b, const PanelView64& c) {
  LaneProduct<double> p = {};
  p.m = c.rows;
  p.n = c.cols;
  p.steps = static_cast<size_t>(a.rows);
  p.a_in_panels = true;
  p.a = a.data;
  p.a_panel = a.panel_stride;
  p.a_row = 1;
  p.a_step = kWidth64;
  p.width = kWidth64;
  p.b = b.data;
  p.b_panel = b.panel_stride;
  p.b_step = kWidth64;
  p.c = p.partial = c.data;
  p.c_panel = p.partial_panel = c.panel_stride;
  p.c_row = p.partial_row = kWidth64;
  p.c_padded = true;
  return p;
}

size_t PanelBytes64(int rows, int cols, const char* argument) {
  const ptrdiff_t panels = cols / kWidth64 + (cols % kWidth64 != 0 ? 1 : 0);
  const ptrdiff_t length = static_cast<ptrdiff_t>(rows) * kWidth64;
  CheckArgument(Addressable<double>(0, length, panels), kName64, argument, "has a size that overflows");
  return static_cast<size_t>(length * panels) * sizeof(double);
}

void CheckOperand64(const double* data, size_t bytes, const char* argument) {
  CheckArgument(data != nullptr || bytes == 0, kName64, argument, "is null");
  CheckArgument(reinterpret_cast<uintptr_t>(data) % kAlignment == 0, kName64, argument, "is not aligned to 64 bytes");
}

Extent FloatsOf(const double* data, size_t bytes) { return ExtentOf(data, bytes / sizeof(float)); }

using Plan64 = std::vector<LaneTileStep<double>>;

void RunPlan64(const Plan64& plan, const double* a, const double* b, double* c) {
  for (const LaneTileStep<double>& step : plan) {
    TileEnds<double> ends;
    ends.init = step.goes_on ? c + step.c : nullptr;
    ends.init_row = kWidth64;
    step.tile(a + step.a, 1, kWidth64, b + step.b, kWidth64, step.steps, ends, c + step.c, kWidth64, kWidth64);
  }
}

}  // namespace

void MatmulTransposed(const ConstPanelView64& a, const ConstPanelView64& b, const PanelView64& c,
                      const Execution& execution) {
  CheckTransposedMatmul<double>(kName64, a, b, c);
  Run64(TransposedProduct64(a, b, c), execution);
}

void MatmulTransposedFrom(const ConstPanelView64& init, const ConstPanelView64& a, const ConstPanelView64& b,
                          const PanelView64& c, const Execution& execution) {
  CheckTransposedMatmulFrom<double>(kName64, init, a, b, c);
  LaneProduct<double> product = TransposedProduct64(a, b, c);
  product.ends.init = init.data;
  product.ends.init_row = kWidth64;
  product.init_panel = init.panel_stride;
  Run64(product, execution);
}

void Matmul(const ConstMatrixView64& a, const ConstPanelView64& b, const MatrixView64& c, const Execution& execution) {
  CheckRowMajorMatmul<double>(kName64, a, b, c);
  LaneProduct<double> p = TransposedProduct64({a.data, a.cols, a.rows, 0}, b, {c.data, c.rows, c.cols, kWidth64});
  p.a_in_panels = p.c_padded = false;
  p.a_row = a.stride;
  p.a_step = 1;
  p.c_row = p.partial_row = c.stride;
  BasicAlignedBuffer<double> partial;
  if (a.cols > p.MostSteps() && c.cols % kWidth64 != 0) {  // c has no room for whole panels
    partial.resize(static_cast<size_t>(b.panels()) * kWidth64 * static_cast<size_t>(c.rows));
    p.partial = partial.data();
    p.partial_panel = static_cast<ptrdiff_t>(c.rows) * kWidth64;
    p.partial_row = kWidth64;
  }
  Run64(p, execution);
}

void MatmulTransposed(Workers& workers, const ConstPanelView64& a, const ConstPanelView64& b, const PanelView64& c,
                      const Execution& execution) {
  CheckTransposedMatmul<double>(kName64, a, b, c);
  DivideTransposed<double>(workers, a, b, c, execution);
}

void Matmul(Workers& workers, const ConstMatrixView64& a, const ConstPanelView64& b, const MatrixView64& c,
            const Execution& execution) {
  CheckRowMajorMatmul<double>(kName64, a, b, c);
  DivideRowMajor<double>(workers, kRowUnit64, a, b, c, execution);
}

PreparedMatmul64::PreparedMatmul64(int m, int n, int k, const Execution& execution) : mode_(execution.mode) {
  CheckArgument(m >= 0 && n >= 0 && k >= 0, kName64, "m, n or k", "is negative");
  RequireHardwareSupport(mode_);
  a_bytes_ = PanelBytes64(k, m, "a");
  b_bytes_ = PanelBytes64(k, n, "b");
  c_bytes_ = PanelBytes64(m, n, "c");
  const ptrdiff_t panel = static_cast<ptrdiff_t>(k) * kWidth64;
  const LaneProduct<double> product = TransposedProduct64({nullptr, k, m, panel}, {nullptr, k, n, panel},
                                                          {nullptr, m, n, static_cast<ptrdiff_t>(m) * kWidth64});
  const auto plan = FPLAB_CHOOSE(Binary64Plan, execution.isa);
  size_t count = 0;
  plan(product, nullptr, 0, &count);
  tiles_.resize(std::exchange(count, 0));
  plan(product, tiles_.data(), tiles_.size(), &count);
  if (k > 0) return;
  for (LaneTileStep<double>& step : tiles_) step.a = step.b = 0;  // null operands of an empty sum are not moved
}

PreparedMatmul64::~PreparedMatmul64() = default;
PreparedMatmul64::PreparedMatmul64(const PreparedMatmul64&) = default;
PreparedMatmul64& PreparedMatmul64::operator=(const PreparedMatmul64&) = default;
PreparedMatmul64::PreparedMatmul64(PreparedMatmul64&&) noexcept = default;
PreparedMatmul64& PreparedMatmul64::operator=(PreparedMatmul64&&) noexcept = default;

void PreparedMatmul64::Check(const double* a, const double* b, const double* c) const {
  CheckOperand64(a, a_bytes_, "a");
  CheckOperand64(b, b_bytes_, "b");
  CheckOperand64(c, c_bytes_, "c");
  CheckApart(kName64, FloatsOf(c, c_bytes_), FloatsOf(a, a_bytes_), "c overlaps a");
  CheckApart(kName64, FloatsOf(c, c_bytes_), FloatsOf(b, b_bytes_), "c overlaps b");
}

void PreparedMatmul64::operator()(const double* a, const double* b, double* c) const {
  Check(a, b, c);
  RunKernel(&RunPlan64, mode_, tiles_, a == nullptr ? kUnread64 : a, b == nullptr ? kUnread64 : b, c);
}

}  // namespace fplab::kernels
#endif  // HWY_ONCE
