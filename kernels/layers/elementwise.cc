// Element-wise layers through Highway.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/layers/elementwise.h>

#include <fplab/kernels/core/targets.h>  // before any Highway header
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fplab/kernels/layers/elementwise.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
// After highway.h.

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using FloatTag = hn::ScalableTag<float>;
constexpr int kLanes = HWY_LANES(float);

template <bool kScale>
HWY_INLINE void BiasPass(ConstPanelView in, const float* bias, float factor, PanelView out) {
  const FloatTag d;
  const auto scale = hn::Set(d, factor);
  for (int p = 0; p < in.panels(); ++p) {
    const float* from = in.Panel(p);
    float* to = out.Panel(p);
    for (int r = 0; r < in.rows; ++r, from += kPanelWidth, to += kPanelWidth) {
      const auto b = hn::Set(d, bias[r]);
      HWY_UNROLL(4)
      for (int c = 0; c < kPanelWidth; c += kLanes) {
        auto x = hn::Add(hn::Load(d, from + c), b);
        if constexpr (kScale) x = hn::Mul(x, scale);
        hn::Store(x, d, to + c);
      }
    }
  }
}

void BiasKernel(ConstPanelView in, const float* bias, PanelView out) { BiasPass<false>(in, bias, 1.0f, out); }
void BiasScaleKernel(ConstPanelView in, const float* bias, float factor, PanelView out) {
  BiasPass<true>(in, bias, factor, out);
}

template <bool kSubtract>
HWY_INLINE void SumPass(ConstPanelView a, ConstPanelView b, PanelView out) {
  const FloatTag d;
  const ptrdiff_t count = ptrdiff_t{a.rows} * kPanelWidth;
  for (int p = 0; p < a.panels(); ++p) {
    const float *from_a = a.Panel(p), *from_b = b.Panel(p);
    float* to = out.Panel(p);
    for (ptrdiff_t i = 0; i < count; i += kLanes) {
      const auto x = hn::Load(d, from_a + i), y = hn::Load(d, from_b + i);
      hn::Store(kSubtract ? hn::Sub(x, y) : hn::Add(x, y), d, to + i);
    }
  }
}

void AddKernel(ConstPanelView a, ConstPanelView b, PanelView out) { SumPass<false>(a, b, out); }
void SubtractKernel(ConstPanelView a, ConstPanelView b, PanelView out) { SumPass<true>(a, b, out); }

void ScaleKernel(const float* in, float factor, float* out, size_t count) {
  const FloatTag d;
  const hn::CappedTag<float, 1> one;
  const auto scale = hn::Set(d, factor);
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) hn::StoreU(hn::Mul(hn::LoadU(d, in + i), scale), d, out + i);
  for (; i < count; ++i) hn::StoreU(hn::Mul(hn::LoadU(one, in + i), hn::Set(one, factor)), one, out + i);
}

void ScalePanelsKernel(ConstPanelView in, float factor, PanelView out) {
  for (int p = 0; p < in.panels(); ++p) {
    ScaleKernel(in.Panel(p), factor, out.Panel(p), static_cast<size_t>(in.rows) * kPanelWidth);
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

// `out` has the shape of `in` and is `in` itself, or lies apart from it.
void CheckPass(const char* kernel, ConstPanelView in, const char* in_name, PanelView out, const char* shape) {
  CheckArgument(in.rows == out.rows && in.cols == out.cols, kernel, "out", shape);
  CheckView(in, kernel, in_name);
  CheckView(out, kernel, "out");
  CheckApartOrSame(kernel, ExtentOf(out), ExtentOf(in), "out overlaps an input and is not that input");
}

void CheckBias(const char* kernel, const float* bias, PanelView out) {
  CheckArgument(bias != nullptr || out.rows == 0, kernel, "bias", "is null");
  CheckApart(kernel, ExtentOf(out), ExtentOf(bias, static_cast<size_t>(out.rows)), "out overlaps bias");
}

void CheckSum(const char* kernel, ConstPanelView a, ConstPanelView b, PanelView out) {
  CheckArgument(a.rows == b.rows && a.cols == b.cols, kernel, "a and b", "must have one shape");
  CheckPass(kernel, a, "a", out, "must have the shape of a");
  CheckPass(kernel, b, "b", out, "must have the shape of b");
}

}  // namespace

void AddBias(ConstPanelView in, const float* bias, PanelView out, Execution execution) {
  CheckPass("add bias", in, "in", out, "must have the shape of in");
  CheckBias("add bias", bias, out);
  RunKernel(FPLAB_CHOOSE(BiasKernel, execution.isa), execution.mode, in, bias, out);
}

void AddBiasScale(ConstPanelView in, const float* bias, float factor, PanelView out, Execution execution) {
  CheckPass("add bias and scale", in, "in", out, "must have the shape of in");
  CheckBias("add bias and scale", bias, out);
  RunKernel(FPLAB_CHOOSE(BiasScaleKernel, execution.isa), execution.mode, in, bias, factor, out);
}

void Add(ConstPanelView a, ConstPanelView b, PanelView out, Execution execution) {
  CheckSum("add", a, b, out);
  RunKernel(FPLAB_CHOOSE(AddKernel, execution.isa), execution.mode, a, b, out);
}

void Subtract(ConstPanelView a, ConstPanelView b, PanelView out, Execution execution) {
  CheckSum("subtract", a, b, out);
  RunKernel(FPLAB_CHOOSE(SubtractKernel, execution.isa), execution.mode, a, b, out);
}

void Scale(ConstPanelView in, float factor, PanelView out, Execution execution) {
  CheckPass("scale", in, "in", out, "must have the shape of in");
  RunKernel(FPLAB_CHOOSE(ScalePanelsKernel, execution.isa), execution.mode, in, factor, out);
}

void Scale(const float* in, float factor, float* out, size_t count, Execution execution) {
  FPLAB_CHECK(count == 0 || (in != nullptr && out != nullptr), "scale: an array with elements is null");
  CheckApartOrSame("scale", ExtentOf(out, count), ExtentOf(in, count), "out overlaps in and is not in");
  RunKernel(FPLAB_CHOOSE(ScaleKernel, execution.isa), execution.mode, in, factor, out, count);
}

}  // namespace fplab::kernels
#endif  // HWY_ONCE
