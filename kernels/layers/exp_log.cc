// Array forms of the vector functions in math-inl.h.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/layers/exp_log.h>

#include <fplab/kernels/core/targets.h>  // before any Highway header
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fplab/kernels/layers/exp_log.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
// After highway.h.
#include <fplab/kernels/core/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {

template <bool kLog, class D>
HWY_INLINE void Step(D d, const float* in, float* out) {
  const auto x = hn::LoadU(d, in);
  hn::StoreU(kLog ? VectorLog(d, x) : VectorExp(d, x), d, out);
}

template <bool kLog>
HWY_INLINE void Pass(const float* in, float* out, size_t count) {
  const hn::ScalableTag<float> d;
  const hn::CappedTag<float, 1> one;
  size_t i = 0;
  for (; i + HWY_LANES(float) <= count; i += HWY_LANES(float)) Step<kLog>(d, in + i, out + i);
  for (; i < count; ++i) Step<kLog>(one, in + i, out + i);
}

void ExpKernel(const float* in, float* out, size_t count) { Pass<false>(in, out, count); }
void LogKernel(const float* in, float* out, size_t count) { Pass<true>(in, out, count); }

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <fplab/kernels/core/check_arguments.h>
#include <fplab/kernels/core/dispatch.h>

namespace fplab::kernels {

void Exp(const float* in, float* out, size_t count, Isa isa) {
  FPLAB_CHECK(count == 0 || (in != nullptr && out != nullptr), "exp: an array with elements is null");
  CheckApartOrSame("exp", ExtentOf(out, count), ExtentOf(in, count), "out overlaps in and is not in");
  RunKernel(FPLAB_CHOOSE(ExpKernel, isa), kIeee, in, out, count);
}

void Log(const float* in, float* out, size_t count, Isa isa) {
  FPLAB_CHECK(count == 0 || (in != nullptr && out != nullptr), "log: an array with elements is null");
  CheckApartOrSame("log", ExtentOf(out, count), ExtentOf(in, count), "out overlaps in and is not in");
  RunKernel(FPLAB_CHOOSE(LogKernel, isa), kIeee, in, out, count);
}

}  // namespace fplab::kernels
#endif  // HWY_ONCE
