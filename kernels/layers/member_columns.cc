// Grouped operations through Highway: a group's value is broadcast, or looked up lane by lane.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/layers/member_columns.h>

#include <algorithm>

#include <fplab/kernels/core/targets.h>  // before any Highway header
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fplab/kernels/layers/member_columns.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
// After highway.h.
#include <fplab/kernels/core/fma-inl.h>

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using FloatTag = hn::ScalableTag<float>;
using V = hn::Vec<FloatTag>;
constexpr int kLanes = HWY_LANES(float);

// All lanes of a vector lie in one group.
struct Broadcast {
  explicit Broadcast(int) {}
  HWY_INLINE V operator()(const float* values) const { return hn::Set(FloatTag(), *values); }
};

// A vector holds several groups: kLanes / width of them, from the first on.
struct Lookup {
  explicit Lookup(int width) {
    for (int i = 0; i < kLanes; ++i) lanes[i] = i / width;
  }
  HWY_INLINE V operator()(const float* values) const {
    const FloatTag d;
    return hn::TableLookupLanes(hn::LoadU(d, values), hn::SetTableIndices(d, lanes));
  }
  HWY_ALIGN int32_t lanes[kLanes];
};

template <class Expand>
HWY_INLINE void Dots(ConstPanelView x, const MemberView& b, const Expand& expand, float* out) {
  const FloatTag d;
  for (int p = 0; p < x.panels(); ++p) {
    for (int c = 0; c < kPanelWidth; c += kLanes) {
      const float* column = x.Panel(p) + c;
      const float* values = b.data + c / b.width;
      V acc = hn::Zero(d);
      for (int r = 0; r < x.rows; ++r, column += kPanelWidth, values += b.stride) {
        acc = Fma(d, hn::Load(d, column), expand(values), acc);
      }
      hn::StoreU(acc, d, out + p * kPanelWidth + c);
    }
  }
}

template <class Expand>
HWY_INLINE void Update(ConstPanelView z, const MemberView& a, const Expand& expand, const float* t, PanelView out) {
  const FloatTag d;
  for (int p = 0; p < z.panels(); ++p) {
    for (int c = 0; c < kPanelWidth; c += kLanes) {
      const V factor = hn::LoadU(d, t + p * kPanelWidth + c);
      const float *values = a.data + c / a.width, *from = z.Panel(p) + c;
      float* to = out.Panel(p) + c;
      for (int r = 0; r < z.rows; ++r, from += kPanelWidth, to += kPanelWidth, values += a.stride) {
        hn::Store(Fma(d, expand(values), factor, hn::Load(d, from)), d, to);
      }
    }
  }
}

template <bool kScale, class Expand>
HWY_INLINE void Bias(ConstPanelView in, const MemberView& bias, const Expand& expand, float factor, PanelView out) {
  const FloatTag d;
  const V scale = hn::Set(d, factor);
  for (int p = 0; p < in.panels(); ++p) {
    for (int c = 0; c < kPanelWidth; c += kLanes) {
      const float *values = bias.data + c / bias.width, *from = in.Panel(p) + c;
      float* to = out.Panel(p) + c;
      for (int r = 0; r < in.rows; ++r, from += kPanelWidth, to += kPanelWidth, values += bias.stride) {
        V x = hn::Add(hn::Load(d, from), expand(values));
        if constexpr (kScale) x = hn::Mul(x, scale);
        hn::Store(x, d, to);
      }
    }
  }
}

// Views without rows may be null, and a null pointer must not be moved: they end here.
void DotsKernel(ConstPanelView x, const MemberView* b, float* out) {
  if (x.rows == 0) {
    std::fill_n(out, static_cast<size_t>(x.panels()) * kPanelWidth, 0.0f);
    return;
  }
  if (b->width >= kLanes) return Dots(x, *b, Broadcast(b->width), out);
  Dots(x, *b, Lookup(b->width), out);
}
void UpdateKernel(ConstPanelView z, const MemberView* a, const float* t, PanelView out) {
  if (z.rows == 0) return;
  if (a->width >= kLanes) return Update(z, *a, Broadcast(a->width), t, out);
  Update(z, *a, Lookup(a->width), t, out);
}
void GroupedBiasKernel(ConstPanelView in, const MemberView* bias, PanelView out) {
  if (in.rows == 0) return;
  if (bias->width >= kLanes) return Bias<false>(in, *bias, Broadcast(bias->width), 1.0f, out);
  Bias<false>(in, *bias, Lookup(bias->width), 1.0f, out);
}
void GroupedBiasScaleKernel(ConstPanelView in, const MemberView* bias, float factor, PanelView out) {
  if (in.rows == 0) return;
  if (bias->width >= kLanes) return Bias<true>(in, *bias, Broadcast(bias->width), factor, out);
  Bias<true>(in, *bias, Lookup(bias->width), factor, out);
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <fplab/kernels/core/check_arguments.h>
#include <fplab/kernels/core/dispatch.h>

namespace fplab::kernels {
namespace {

Extent GroupedExtent(const MemberView& v) { return {v.data, kPanelWidth / v.width, v.stride, v.rows}; }

// The grouped matrix fits the panels.
void CheckGrouped(const char* kernel, ConstPanelView x, const char* x_name, const MemberView& grouped,
                  const char* grouped_name) {
  CheckView(x, kernel, x_name);
  CheckArgument(grouped.rows == x.rows, kernel, grouped_name, "has another number of rows than the panels");
  const int width = grouped.width;
  CheckArgument(width > 0 && width <= kPanelWidth && (width & (width - 1)) == 0, kernel, grouped_name,
                "has a width that is not a power of two, at most 32");
  const int values = kPanelWidth / width;
  CheckArgument(grouped.stride >= values, kernel, grouped_name, "has a stride less than a row's values");
  CheckArgument(Addressable(values, grouped.stride, grouped.rows), kernel, grouped_name, "has a size that overflows");
  CheckArgument(x.rows == 0 || x.cols == 0 || grouped.data != nullptr, kernel, grouped_name, "is null");
}

// `out` has the shape of `in` and is `in` itself, or lies apart from it and from the grouped matrix.
void CheckOutput(const char* kernel, ConstPanelView in, const MemberView& grouped, ConstPanelView out) {
  CheckArgument(in.rows == out.rows && in.cols == out.cols, kernel, "out", "must have the shape of the input");
  CheckView(out, kernel, "out");
  CheckApartOrSame(kernel, ExtentOf(out), ExtentOf(in), "out overlaps an input and is not that input");
  CheckApart(kernel, ExtentOf(out), GroupedExtent(grouped), "out overlaps the grouped matrix");
}

// One value for each column, padding included.
Extent Columns(const float* values, ConstPanelView x) {
  return ExtentOf(values, static_cast<size_t>(x.panels()) * kPanelWidth);
}

}  // namespace

void MemberDots(ConstPanelView x, MemberView b, float* out, Execution execution) {
  constexpr char kName[] = "grouped dots";
  CheckGrouped(kName, x, "x", b, "b");
  CheckArgument(out != nullptr || x.cols == 0, kName, "out", "is null");
  CheckApart(kName, Columns(out, x), ExtentOf(x), "out overlaps x");
  CheckApart(kName, Columns(out, x), GroupedExtent(b), "out overlaps b");
  RunKernel(FPLAB_CHOOSE(DotsKernel, execution.isa), execution.mode, x, &b, out);
}

void MemberUpdate(ConstPanelView z, MemberView a, const float* t, PanelView out, Execution execution) {
  constexpr char kName[] = "grouped update";
  CheckGrouped(kName, z, "z", a, "a");
  CheckOutput(kName, z, a, out);
  CheckArgument(t != nullptr || z.cols == 0, kName, "t", "is null");
  CheckApart(kName, ExtentOf(out), Columns(t, z), "out overlaps t");
  RunKernel(FPLAB_CHOOSE(UpdateKernel, execution.isa), execution.mode, z, &a, t, out);
}

void AddBias(ConstPanelView in, MemberView bias, PanelView out, Execution execution) {
  constexpr char kName[] = "add grouped bias";
  CheckGrouped(kName, in, "in", bias, "bias");
  CheckOutput(kName, in, bias, out);
  RunKernel(FPLAB_CHOOSE(GroupedBiasKernel, execution.isa), execution.mode, in, &bias, out);
}

void AddBiasScale(ConstPanelView in, MemberView bias, float factor, PanelView out, Execution execution) {
  constexpr char kName[] = "add grouped bias and scale";
  CheckGrouped(kName, in, "in", bias, "bias");
  CheckOutput(kName, in, bias, out);
  RunKernel(FPLAB_CHOOSE(GroupedBiasScaleKernel, execution.isa), execution.mode, in, &bias, factor, out);
}

}  // namespace fplab::kernels
#endif  // HWY_ONCE
