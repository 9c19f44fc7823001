// Softmax cross-entropy through Highway: samples in the lanes, classes in order.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/layers/loss.h>

#include <fplab/kernels/core/targets.h>  // before any Highway header
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fplab/kernels/layers/loss.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
// After highway.h.
#include <fplab/kernels/core/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {

// One vector of samples; `gradient` may be null. Rows of logits and gradient are kPanelWidth floats apart.
HWY_INLINE void LossOfLanes(const float* logits, int rows, const int32_t* labels, float* loss, float* gradient) {
  const hn::ScalableTag<float> d;
  const hn::RebindToSigned<decltype(d)> di;
  const auto label = hn::LoadU(di, labels);

  auto max = hn::Load(d, logits);
  for (int r = 1; r < rows; ++r) max = hn::Max(max, hn::Load(d, logits + ptrdiff_t{r} * kPanelWidth));

  auto sum = hn::Zero(d), own = hn::Zero(d);
  for (int r = 0; r < rows; ++r) {
    const auto logit = hn::Load(d, logits + ptrdiff_t{r} * kPanelWidth);
    const auto is_label = hn::RebindMask(d, hn::Eq(label, hn::Set(di, r)));
    const auto e = VectorExp(d, hn::Sub(logit, max));
    if (gradient != nullptr) hn::Store(e, d, gradient + ptrdiff_t{r} * kPanelWidth);
    sum = hn::Add(sum, e);
    own = hn::IfThenElse(is_label, logit, own);
  }
  hn::StoreU(hn::Add(VectorLog(d, sum), hn::Sub(max, own)), d, loss);
  if (gradient == nullptr) return;

  const auto inverse = hn::Div(hn::Set(d, 1.0f), sum);
  for (int r = 0; r < rows; ++r) {
    const auto is_label = hn::RebindMask(d, hn::Eq(label, hn::Set(di, r)));
    const auto target = hn::IfThenElseZero(is_label, hn::Set(d, 1.0f));
    const auto softmax = hn::Mul(hn::Load(d, gradient + ptrdiff_t{r} * kPanelWidth), inverse);
    hn::Store(hn::Sub(softmax, target), d, gradient + ptrdiff_t{r} * kPanelWidth);
  }
}

void LossKernel(ConstPanelView logits, const int32_t* labels, float* loss, PanelView gradient) {
  for (int p = 0; p < logits.panels(); ++p) {
    for (int c = 0; c < kPanelWidth; c += HWY_LANES(float)) {
      const int column = p * kPanelWidth + c;
      LossOfLanes(logits.Panel(p) + c, logits.rows, labels + column, loss + column,
                  gradient.data == nullptr ? nullptr : gradient.Panel(p) + c);
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
namespace {

void Run(ConstPanelView logits, const int32_t* labels, float* loss, PanelView gradient, Isa isa) {
  FPLAB_CHECK(logits.rows > 0, "loss: logits have no rows");
  CheckView(logits, "loss", "logits");
  FPLAB_CHECK(logits.cols == 0 || (labels != nullptr && loss != nullptr), "loss: labels or loss is null");
  const size_t losses = static_cast<size_t>(logits.panels()) * kPanelWidth;
  CheckApart("loss", ExtentOf(loss, losses), ExtentOf(logits), "loss overlaps logits");
  CheckApart("loss", ExtentOf(loss, losses), ExtentOf(labels, losses), "loss overlaps labels");
  if (gradient.data != nullptr) {
    CheckApart("loss", ExtentOf(gradient), ExtentOf(loss, losses), "gradient overlaps loss");
    CheckApart("loss", ExtentOf(gradient), ExtentOf(labels, losses), "gradient overlaps labels");
  }
  RunKernel(FPLAB_CHOOSE(LossKernel, isa), kIeee, logits, labels, loss, gradient);
}

}  // namespace

void SoftmaxCrossEntropy(ConstPanelView logits, const int32_t* labels, float* loss, Isa isa) {
  Run(logits, labels, loss, {}, isa);
}

void SoftmaxCrossEntropyGradient(ConstPanelView logits, const int32_t* labels, float* loss, PanelView gradient,
                                 Isa isa) {
  FPLAB_CHECK(gradient.rows == logits.rows && gradient.cols == logits.cols,
              "loss: gradient must have the shape of logits");
  CheckView(gradient, "loss", "gradient");
  CheckApartOrSame("loss", ExtentOf(gradient), ExtentOf(logits), "gradient overlaps logits and is not logits");
  Run(logits, labels, loss, gradient, isa);
}

}  // namespace fplab::kernels
#endif  // HWY_ONCE
