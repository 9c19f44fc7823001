// Nonlinearity functions and normalisation through Highway: samples in the lanes.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/layers/nonlinearity.h>

#include <fplab/kernels/core/targets.h>  // before any Highway header
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fplab/kernels/layers/nonlinearity.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
// After highway.h.
#include <fplab/kernels/core/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
using FloatTag = hn::ScalableTag<float>;
constexpr int kLanes = HWY_LANES(float);

template <Nonlinearity kFunction, class V>
HWY_INLINE V ValueOf(V z) {
  const FloatTag d;
  if constexpr (kFunction == Nonlinearity::kTanh) return VectorTanh(d, z);
  return hn::IfThenElse(hn::Gt(z, hn::Zero(d)), z, VectorExpMinusOne(d, z));
}

template <Nonlinearity kFunction, class V>
HWY_INLINE V DerivativeAt(V y) {
  const FloatTag d;
  const auto one = hn::Set(d, 1.0f);
  // The factors are exact where the product is small.
  if constexpr (kFunction == Nonlinearity::kTanh) return hn::Mul(hn::Sub(one, y), hn::Add(one, y));
  return hn::IfThenElse(hn::Gt(y, hn::Zero(d)), one, hn::Add(y, one));
}

template <Nonlinearity kFunction>
HWY_INLINE void ActivatePass(ConstPanelView in, PanelView out) {
  const FloatTag d;
  for (int p = 0; p < in.panels(); ++p) {
    const float* from = in.Panel(p);
    float* to = out.Panel(p);
    for (ptrdiff_t i = 0; i < ptrdiff_t{in.rows} * kPanelWidth; i += kLanes) {
      hn::Store(ValueOf<kFunction>(hn::Load(d, from + i)), d, to + i);
    }
  }
}

template <Nonlinearity kFunction>
HWY_INLINE void DerivativePass(ConstPanelView output, PanelView delta) {
  const FloatTag d;
  for (int p = 0; p < output.panels(); ++p) {
    const float* from = output.Panel(p);
    float* to = delta.Panel(p);
    for (ptrdiff_t i = 0; i < ptrdiff_t{output.rows} * kPanelWidth; i += kLanes) {
      hn::Store(hn::Mul(hn::Load(d, to + i), DerivativeAt<kFunction>(hn::Load(d, from + i))), d, to + i);
    }
  }
}

void EluKernel(ConstPanelView in, PanelView out) { ActivatePass<Nonlinearity::kElu>(in, out); }
void TanhKernel(ConstPanelView in, PanelView out) { ActivatePass<Nonlinearity::kTanh>(in, out); }
void EluDerivativeKernel(ConstPanelView output, PanelView delta) { DerivativePass<Nonlinearity::kElu>(output, delta); }
void TanhDerivativeKernel(ConstPanelView output, PanelView delta) {
  DerivativePass<Nonlinearity::kTanh>(output, delta);
}

void NormaliseKernel(ConstPanelView in, PanelView out, float* factors) {
  const FloatTag d;
  const auto rows = hn::Set(d, static_cast<float>(in.rows)), floor = hn::Set(d, kNormaliseFloor);
  for (int p = 0; p < in.panels(); ++p) {
    for (int c = 0; c < kPanelWidth; c += kLanes) {
      const float* from = in.Panel(p) + c;
      float* to = out.Panel(p) + c;
      auto sum = hn::Zero(d);
      for (int r = 0; r < in.rows; ++r) {
        const auto x = hn::Load(d, from + ptrdiff_t{r} * kPanelWidth);
        sum = Fma(d, x, x, sum);
      }
      const auto factor = hn::Div(hn::Set(d, 1.0f), hn::Sqrt(hn::Add(hn::Div(sum, rows), floor)));
      for (int r = 0; r < in.rows; ++r) {
        hn::Store(hn::Mul(hn::Load(d, from + ptrdiff_t{r} * kPanelWidth), factor), d, to + ptrdiff_t{r} * kPanelWidth);
      }
      hn::StoreU(factor, d, factors + p * kPanelWidth + c);
    }
  }
}

void NormaliseBackwardKernel(ConstPanelView out, const float* factors, PanelView delta) {
  const FloatTag d;
  const auto rows = hn::Set(d, static_cast<float>(out.rows));
  for (int p = 0; p < out.panels(); ++p) {
    for (int c = 0; c < kPanelWidth; c += kLanes) {
      const float* y = out.Panel(p) + c;
      float* to = delta.Panel(p) + c;
      auto sum = hn::Zero(d);
      for (int r = 0; r < out.rows; ++r) {
        sum = Fma(d, hn::Load(d, y + ptrdiff_t{r} * kPanelWidth), hn::Load(d, to + ptrdiff_t{r} * kPanelWidth), sum);
      }
      const auto along = hn::Neg(hn::Div(sum, rows));
      const auto factor = hn::LoadU(d, factors + p * kPanelWidth + c);
      for (int r = 0; r < out.rows; ++r) {
        const auto rest =
            Fma(d, hn::Load(d, y + ptrdiff_t{r} * kPanelWidth), along, hn::Load(d, to + ptrdiff_t{r} * kPanelWidth));
        hn::Store(hn::Mul(rest, factor), d, to + ptrdiff_t{r} * kPanelWidth);
      }
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <cstring>

#include <fplab/kernels/core/check_arguments.h>
#include <fplab/kernels/core/dispatch.h>

namespace fplab::kernels {
namespace {

// `out` has the shape of `in` and is `in` itself, or lies apart from it.
void CheckSame(const char* kernel, ConstPanelView in, const char* in_name, ConstPanelView out, const char* out_name) {
  CheckArgument(in.rows == out.rows && in.cols == out.cols, kernel, out_name, "must have the shape of the input");
  CheckView(in, kernel, in_name);
  CheckView(out, kernel, out_name);
  CheckApartOrSame(kernel, ExtentOf(out), ExtentOf(in), "overlaps the input and is not the input");
}

Extent Factors(const float* factors, ConstPanelView x) {
  return ExtentOf(factors, static_cast<size_t>(x.panels()) * kPanelWidth);
}

void CheckFactors(const char* kernel, ConstPanelView x, const float* factors) {
  CheckArgument(x.rows > 0, kernel, "input", "has no rows");
  CheckArgument(factors != nullptr || x.cols == 0, kernel, "factors", "is null");
}

void Copy(ConstPanelView in, PanelView out) {
  if (in.data == out.data) return;
  for (int p = 0; p < in.panels(); ++p) {
    std::memcpy(out.Panel(p), in.Panel(p), static_cast<size_t>(in.rows) * kPanelWidth * sizeof(float));
  }
}

}  // namespace

void ApplyNonlinearity(Nonlinearity activation, ConstPanelView in, PanelView out, Isa isa) {
  CheckSame("activate", in, "in", out, "out");
  if (activation == Nonlinearity::kLinear) return Copy(in, out);
  const bool elu = activation == Nonlinearity::kElu;
  RunKernel(elu ? FPLAB_CHOOSE(EluKernel, isa) : FPLAB_CHOOSE(TanhKernel, isa), kIeee, in, out);
}

void MultiplyByDerivative(Nonlinearity activation, ConstPanelView output, PanelView delta, Isa isa) {
  CheckSame("multiply by derivative", output, "output", delta, "delta");
  if (activation == Nonlinearity::kLinear) return;
  const bool elu = activation == Nonlinearity::kElu;
  RunKernel(elu ? FPLAB_CHOOSE(EluDerivativeKernel, isa) : FPLAB_CHOOSE(TanhDerivativeKernel, isa), kIeee, output,
            delta);
}

void NormaliseColumns(ConstPanelView in, PanelView out, float* factors, Isa isa) {
  constexpr char kName[] = "normalise";
  CheckSame(kName, in, "in", out, "out");
  CheckFactors(kName, in, factors);
  CheckApart(kName, Factors(factors, in), ExtentOf(in), "factors overlaps in");
  CheckApart(kName, ExtentOf(out), Factors(factors, in), "out overlaps factors");
  RunKernel(FPLAB_CHOOSE(NormaliseKernel, isa), kIeee, in, out, factors);
}

void NormaliseColumnsBackward(ConstPanelView out, const float* factors, PanelView delta, Isa isa) {
  constexpr char kName[] = "normalise backward";
  CheckSame(kName, out, "out", delta, "delta");
  CheckFactors(kName, out, factors);
  CheckApart(kName, ExtentOf(delta), Factors(factors, out), "delta overlaps factors");
  RunKernel(FPLAB_CHOOSE(NormaliseBackwardKernel, isa), kIeee, out, factors, delta);
}

}  // namespace fplab::kernels
#endif  // HWY_ONCE
