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

// Vectors of samples at a time: what one waits for, in exp and log, the others fill.
constexpr int kVecs = HWY_MIN(4, kPanelWidth / HWY_LANES(float));

// kVecs vectors of samples; `gradient` may be null. Rows of logits and gradient are kPanelWidth floats apart.
HWY_INLINE void LossOfLanes(const float* logits, int rows, const int32_t* labels, float* loss, float* gradient) {
  const hn::ScalableTag<float> d;
  const hn::RebindToSigned<decltype(d)> di;
  constexpr int kLanes = HWY_LANES(float);
  hn::Vec<decltype(d)> max[kVecs], sum[kVecs], own[kVecs];
  hn::Vec<decltype(di)> label[kVecs];
  HWY_UNROLL(4)
  for (int v = 0; v < kVecs; ++v) {
    label[v] = hn::LoadU(di, labels + v * kLanes);
    max[v] = hn::Load(d, logits + v * kLanes);
    sum[v] = own[v] = hn::Zero(d);
  }
  for (int r = 1; r < rows; ++r) {
    HWY_UNROLL(4)
    for (int v = 0; v < kVecs; ++v) {
      max[v] = hn::Max(max[v], hn::Load(d, logits + ptrdiff_t{r} * kPanelWidth + v * kLanes));
    }
  }

  for (int r = 0; r < rows; ++r) {
    const auto row = hn::Set(di, r);
    HWY_UNROLL(4)
    for (int v = 0; v < kVecs; ++v) {
      const auto logit = hn::Load(d, logits + ptrdiff_t{r} * kPanelWidth + v * kLanes);
      const auto e = VectorExp(d, hn::Sub(logit, max[v]));
      if (gradient != nullptr) hn::Store(e, d, gradient + ptrdiff_t{r} * kPanelWidth + v * kLanes);
      sum[v] = hn::Add(sum[v], e);
      own[v] = hn::IfThenElse(hn::RebindMask(d, hn::Eq(label[v], row)), logit, own[v]);
    }
  }
  HWY_UNROLL(4)
  for (int v = 0; v < kVecs; ++v) {
    hn::StoreU(hn::Add(VectorLog(d, sum[v]), hn::Sub(max[v], own[v])), d, loss + v * kLanes);
  }
  if (gradient == nullptr) return;

  for (int v = 0; v < kVecs; ++v) {
    const auto inverse = hn::Div(hn::Set(d, 1.0f), sum[v]);
    for (int r = 0; r < rows; ++r) {
      const auto is_label = hn::RebindMask(d, hn::Eq(label[v], hn::Set(di, r)));
      const auto target = hn::IfThenElseZero(is_label, hn::Set(d, 1.0f));
      float* at = gradient + ptrdiff_t{r} * kPanelWidth + v * kLanes;
      hn::Store(hn::Sub(hn::Mul(hn::Load(d, at), inverse), target), d, at);
    }
  }
}

void LossKernel(ConstPanelView logits, const int32_t* labels, float* loss, PanelView gradient) {
  for (int p = 0; p < logits.panels(); ++p) {
    for (int c = 0; c < kPanelWidth; c += kVecs * HWY_LANES(float)) {
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
