// Selections through Highway.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/layers/select.h>

#include <fplab/kernels/core/targets.h>  // before any Highway header
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fplab/kernels/layers/select.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
// After highway.h.

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void ZeroWhereZeroKernel(ConstPanelView gate, PanelView x) {
  const hn::ScalableTag<float> d;
  for (int p = 0; p < x.panels(); ++p) {
    const float* from = gate.Panel(p);
    float* to = x.Panel(p);
    for (ptrdiff_t i = 0; i < ptrdiff_t{x.rows} * kPanelWidth; i += HWY_LANES(float)) {
      const auto closed = hn::Eq(hn::Load(d, from + i), hn::Zero(d));
      hn::Store(hn::IfThenZeroElse(closed, hn::Load(d, to + i)), d, to + i);
    }
  }
}

void CountDifferencesKernel(ConstPanelView a, ConstPanelView b, int32_t* counts) {
  const hn::ScalableTag<float> d;
  for (int p = 0; p < a.panels(); ++p) {
    const int cols = HWY_MIN(kPanelWidth, a.cols - p * kPanelWidth);
    for (int r = 0; r < a.rows; ++r) {
      const float* left = a.Panel(p) + ptrdiff_t{r} * kPanelWidth;
      const float* right = b.Panel(p) + ptrdiff_t{r} * kPanelWidth;
      size_t different = 0;
      for (int c = 0; c < cols; c += HWY_LANES(float)) {
        const auto x = hn::Load(d, left + c), y = hn::Load(d, right + c);
        // Highway's Ne is ordered on some targets and unordered on others.
        const auto some_number = hn::Or(hn::Eq(x, x), hn::Eq(y, y));
        const auto live = hn::FirstN(d, static_cast<size_t>(cols - c));
        different += hn::CountTrue(d, hn::And(live, hn::AndNot(hn::Eq(x, y), some_number)));
      }
      counts[r] += static_cast<int32_t>(different);
    }
  }
}

void AntitheticDeltaKernel(const float* loss, const float* flipped_loss, ConstPanelView deviate, ConstPanelView change,
                           float factor, PanelView delta) {
  const hn::ScalableTag<float> d;
  const auto scale = hn::Set(d, factor);
  for (int c = 0; c < kPanelWidth; c += HWY_LANES(float)) {
    const auto difference = hn::Sub(hn::LoadU(d, loss + c), hn::LoadU(d, flipped_loss + c));
    for (int r = 0; r < delta.rows; ++r) {
      const ptrdiff_t at = ptrdiff_t{r} * kPanelWidth + c;
      const auto unchanged = hn::Eq(hn::Load(d, change.data + at), hn::Zero(d));
      const auto estimate = hn::Mul(difference, hn::Mul(hn::Load(d, deviate.data + at), scale));
      hn::Store(hn::IfThenZeroElse(unchanged, estimate), d, delta.data + at);
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

void ZeroWhereZero(ConstPanelView gate, PanelView x, Isa isa) {
  FPLAB_CHECK(gate.rows == x.rows && gate.cols == x.cols, "zero where zero: gate must have the shape of x");
  CheckView(gate, "zero where zero", "gate");
  CheckView(x, "zero where zero", "x");
  CheckApartOrSame("zero where zero", ExtentOf(x), ExtentOf(gate), "x overlaps gate and is not gate");
  RunKernel(FPLAB_CHOOSE(ZeroWhereZeroKernel, isa), kIeee, gate, x);
}

void CountDifferences(ConstPanelView a, ConstPanelView b, int32_t* counts, Isa isa) {
  FPLAB_CHECK(a.rows == b.rows && a.cols == b.cols, "count differences: b must have the shape of a");
  CheckView(a, "count differences", "a");
  CheckView(b, "count differences", "b");
  CheckArgument(counts != nullptr || a.rows == 0 || a.cols == 0, "count differences", "counts", "is null");
  const Extent output = ExtentOf(counts, a.cols == 0 ? 0 : static_cast<size_t>(a.rows));
  CheckApart("count differences", output, ExtentOf(a), "counts overlaps a");
  CheckApart("count differences", output, ExtentOf(b), "counts overlaps b");
  RunKernel(FPLAB_CHOOSE(CountDifferencesKernel, isa), kIeee, a, b, counts);
}

void AntitheticDelta(const float* loss, const float* flipped_loss, ConstPanelView deviate, ConstPanelView change,
                     float factor, PanelView delta, Isa isa) {
  FPLAB_CHECK(delta.cols <= kPanelWidth, "antithetic delta: more than one panel");
  FPLAB_CHECK(deviate.rows == delta.rows && deviate.cols == delta.cols, "antithetic delta: deviate has another shape");
  FPLAB_CHECK(change.rows == delta.rows && change.cols == delta.cols, "antithetic delta: change has another shape");
  FPLAB_CHECK(loss != nullptr && flipped_loss != nullptr, "antithetic delta: loss or flipped_loss is null");
  CheckView(deviate, "antithetic delta", "deviate");
  CheckView(change, "antithetic delta", "change");
  CheckView(delta, "antithetic delta", "delta");
  for (const float* losses : {loss, flipped_loss}) {
    CheckApart("antithetic delta", ExtentOf(delta), ExtentOf(losses, kPanelWidth), "delta overlaps a loss");
  }
  CheckApartOrSame("antithetic delta", ExtentOf(delta), ExtentOf(deviate), "delta overlaps deviate");
  CheckApartOrSame("antithetic delta", ExtentOf(delta), ExtentOf(change), "delta overlaps change");
  RunKernel(FPLAB_CHOOSE(AntitheticDeltaKernel, isa), kIeee, loss, flipped_loss, deviate, change, factor, delta);
}

}  // namespace fplab::kernels
#endif  // HWY_ONCE
