// Adam, SGD with momentum and the moving average through Highway.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/layers/optimizer_step.h>

#include <initializer_list>

#include <fplab/kernels/core/targets.h>  // before any Highway header
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fplab/kernels/layers/optimizer_step.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
// After highway.h.
#include <fplab/kernels/core/fma-inl.h>

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Calls step(tag, i) for whole vectors, then lane by lane for what is left.
template <class Step>
HWY_INLINE void ForEach(size_t count, const Step& step) {
  const hn::ScalableTag<float> d;
  const hn::CappedTag<float, 1> one;
  size_t i = 0;
  for (; i + HWY_LANES(float) <= count; i += HWY_LANES(float)) step(d, i);
  for (; i < count; ++i) step(one, i);
}

struct AdamAt {
  AdamStep s;
  const float* gradient;
  float *weights, *first, *second;

  template <class D>
  HWY_INLINE void operator()(D d, size_t i) const {
    const auto g = hn::LoadU(d, gradient + i);
    const auto m = Fma(d, hn::Set(d, s.beta1), hn::LoadU(d, first + i), hn::Mul(hn::Set(d, 1.0f - s.beta1), g));
    const auto v =
        Fma(d, hn::Set(d, s.beta2), hn::LoadU(d, second + i), hn::Mul(hn::Set(d, 1.0f - s.beta2), hn::Mul(g, g)));
    const auto scale = hn::Add(hn::Sqrt(hn::Mul(v, hn::Set(d, s.correction2))), hn::Set(d, s.epsilon));
    const auto move = hn::Div(hn::Mul(m, hn::Set(d, s.learning_rate * s.correction1)), scale);
    hn::StoreU(m, d, first + i);
    hn::StoreU(v, d, second + i);
    hn::StoreU(hn::Sub(hn::LoadU(d, weights + i), move), d, weights + i);
  }
};

struct SgdAt {
  float learning_rate, momentum;
  const float* gradient;
  float *weights, *velocity;

  template <class D>
  HWY_INLINE void operator()(D d, size_t i) const {
    const auto v = Fma(d, hn::Set(d, momentum), hn::LoadU(d, velocity + i), hn::LoadU(d, gradient + i));
    hn::StoreU(v, d, velocity + i);
    hn::StoreU(Fma(d, hn::Set(d, -learning_rate), v, hn::LoadU(d, weights + i)), d, weights + i);
  }
};

struct AverageAt {
  float share;
  const float* weights;
  float* average;

  template <class D>
  HWY_INLINE void operator()(D d, size_t i) const {
    const auto old = hn::LoadU(d, average + i);
    const auto distance = hn::Sub(hn::LoadU(d, weights + i), old);
    hn::StoreU(Fma(d, hn::Set(d, share), distance, old), d, average + i);
  }
};

void AdamKernel(const AdamStep* step, const float* gradient, float* weights, float* first, float* second,
                size_t count) {
  ForEach(count, AdamAt{*step, gradient, weights, first, second});
}
void SgdKernel(float learning_rate, float momentum, const float* gradient, float* weights, float* velocity,
               size_t count) {
  ForEach(count, SgdAt{learning_rate, momentum, gradient, weights, velocity});
}
void AverageKernel(float decay, const float* weights, float* average, size_t count) {
  ForEach(count, AverageAt{1.0f - decay, weights, average});
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <fplab/kernels/core/check_arguments.h>
#include <fplab/kernels/core/dispatch.h>

namespace fplab::kernels {
namespace {

void CheckAllApart(const char* kernel, std::initializer_list<const float*> arrays, size_t count) {
  for (auto a = arrays.begin(); a != arrays.end(); ++a) {
    for (auto b = arrays.begin(); b != a; ++b) {
      CheckApart(kernel, ExtentOf(*a, count), ExtentOf(*b, count), "overlaps another array");
    }
  }
}

}  // namespace

void Adam(const AdamStep& step, const float* gradient, float* weights, float* first, float* second, size_t count,
          Isa isa) {
  FPLAB_CHECK(count == 0 || (gradient && weights && first && second), "adam: an array with elements is null");
  CheckAllApart("adam", {gradient, weights, first, second}, count);
  RunKernel(FPLAB_CHOOSE(AdamKernel, isa), kIeee, &step, gradient, weights, first, second, count);
}

void SgdMomentum(float learning_rate, float momentum, const float* gradient, float* weights, float* velocity,
                 size_t count, Isa isa) {
  FPLAB_CHECK(count == 0 || (gradient && weights && velocity), "sgd: an array with elements is null");
  CheckAllApart("sgd", {gradient, weights, velocity}, count);
  RunKernel(FPLAB_CHOOSE(SgdKernel, isa), kIeee, learning_rate, momentum, gradient, weights, velocity, count);
}

void MoveAverage(float decay, const float* weights, float* average, size_t count, Isa isa) {
  FPLAB_CHECK(count == 0 || (weights && average), "average: an array with elements is null");
  CheckAllApart("average", {weights, average}, count);
  RunKernel(FPLAB_CHOOSE(AverageKernel, isa), kIeee, decay, weights, average, count);
}

}  // namespace fplab::kernels
#endif  // HWY_ONCE
