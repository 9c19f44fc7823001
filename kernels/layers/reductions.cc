// Sums and counts through Highway.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/layers/reductions.h>

#include <fplab/kernels/core/targets.h>  // before any Highway header
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fplab/kernels/layers/reductions.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
// After highway.h.

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using FloatTag = hn::ScalableTag<float>;
constexpr int kLanes = HWY_LANES(float);
constexpr int kPartials = 16;
constexpr int kPanelVecs = kPanelWidth / kLanes;

void SumKernel(const float* x, size_t count, float* sum) {
  const FloatTag d;
  HWY_ALIGN float partial[kPartials] = {};
  const size_t whole = count / kPartials * kPartials;
  constexpr int kGroups = kPartials / kLanes;
  hn::Vec<FloatTag> acc[kGroups];
  for (auto& group : acc) group = hn::Zero(d);
  for (size_t i = 0; i < whole; i += kPartials) {
    HWY_UNROLL(16)
    for (int g = 0; g < kGroups; ++g) acc[g] = hn::Add(acc[g], hn::LoadU(d, x + i + g * kLanes));
  }
  for (int g = 0; g < kGroups; ++g) hn::Store(acc[g], d, partial + g * kLanes);
  for (size_t i = whole; i < count; ++i) partial[i - whole] += x[i];
  for (int width = kPartials / 2; width > 0; width /= 2) {
    for (int l = 0; l < width; ++l) partial[l] += partial[l + width];
  }
  *sum = partial[0];
}

void ColumnSumsKernel(ConstPanelView x, float* out) {
  const FloatTag d;
  for (int p = 0; p < x.panels(); ++p) {
    hn::Vec<FloatTag> acc[kPanelVecs];
    for (auto& vec : acc) vec = hn::Zero(d);
    for (int r = 0; r < x.rows; ++r) {
      const float* row = x.Panel(p) + static_cast<ptrdiff_t>(r) * kPanelWidth;
      HWY_UNROLL(8)
      for (int v = 0; v < kPanelVecs; ++v) acc[v] = hn::Add(acc[v], hn::Load(d, row + v * kLanes));
    }
    for (int v = 0; v < kPanelVecs; ++v) hn::StoreU(acc[v], d, out + p * kPanelWidth + v * kLanes);
  }
}

void CountZerosKernel(ConstPanelView x, int64_t* zeros) {
  const FloatTag d;
  *zeros = 0;
  for (int p = 0; p < x.panels(); ++p) {
    const int cols = HWY_MIN(kPanelWidth, x.cols - p * kPanelWidth);
    for (int r = 0; r < x.rows; ++r) {
      const float* row = x.Panel(p) + ptrdiff_t{r} * kPanelWidth;
      for (int c = 0; c < cols; c += kLanes) {
        const auto live = hn::FirstN(d, static_cast<size_t>(cols - c));
        *zeros += hn::CountTrue(d, hn::And(live, hn::Eq(hn::Load(d, row + c), hn::Zero(d))));
      }
    }
  }
}

void CountCorrectKernel(ConstPanelView logits, const int32_t* labels, int64_t* correct) {
  const FloatTag d;
  const hn::RebindToSigned<FloatTag> di;
  *correct = 0;
  for (int p = 0; p < logits.panels(); ++p) {
    const int cols = HWY_MIN(kPanelWidth, logits.cols - p * kPanelWidth);
    for (int c = 0; c < cols; c += kLanes) {
      const float* column = logits.Panel(p) + c;
      auto best = hn::Load(d, column);
      auto best_row = hn::Zero(di);
      auto ordered = hn::Eq(best, best);
      for (int r = 1; r < logits.rows; ++r) {
        const auto x = hn::Load(d, column + ptrdiff_t{r} * kPanelWidth);
        const auto greater = hn::Gt(x, best);
        best = hn::IfThenElse(greater, x, best);
        best_row = hn::IfThenElse(hn::RebindMask(di, greater), hn::Set(di, r), best_row);
        ordered = hn::And(ordered, hn::Eq(x, x));
      }
      const auto right = hn::Eq(best_row, hn::LoadU(di, labels + p * kPanelWidth + c));
      const auto live = hn::FirstN(d, static_cast<size_t>(cols - c));
      *correct += hn::CountTrue(d, hn::And(hn::And(live, ordered), hn::RebindMask(d, right)));
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <fplab/kernels/core/check_arguments.h>
#include <fplab/kernels/core/dispatch.h>

namespace fplab::kernels {

float Sum(const float* x, size_t count, Isa isa) {
  FPLAB_CHECK(x != nullptr || count == 0, "sum: x is null");
  float sum = 0.0f;
  RunKernel(FPLAB_CHOOSE(SumKernel, isa), kIeee, x, count, &sum);
  return sum;
}

void ColumnSums(ConstPanelView x, float* out, Isa isa) {
  CheckView(x, "column sums", "x");
  CheckArgument(out != nullptr || x.cols == 0, "column sums", "out", "is null");
  CheckApart("column sums", ExtentOf(out, static_cast<size_t>(x.panels()) * kPanelWidth), ExtentOf(x),
             "out overlaps x");
  RunKernel(FPLAB_CHOOSE(ColumnSumsKernel, isa), kIeee, x, out);
}

int64_t CountZeros(ConstPanelView x, Isa isa) {
  CheckView(x, "count zeros", "x");
  int64_t zeros = 0;
  RunKernel(FPLAB_CHOOSE(CountZerosKernel, isa), kIeee, x, &zeros);
  return zeros;
}

int64_t CountCorrect(ConstPanelView logits, const int32_t* labels, Isa isa) {
  FPLAB_CHECK(logits.rows > 0, "count correct: logits have no rows");
  CheckView(logits, "count correct", "logits");
  FPLAB_CHECK(labels != nullptr || logits.cols == 0, "count correct: labels is null");
  int64_t correct = 0;
  RunKernel(FPLAB_CHOOSE(CountCorrectKernel, isa), kIeee, logits, labels, &correct);
  return correct;
}

}  // namespace fplab::kernels
#endif  // HWY_ONCE
