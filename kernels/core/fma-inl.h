// Per-target Fma(d, a, b, c) = a*b + c with one rounding on every target; hwy::MulAdd rounds twice where there is no
// such instruction.
// SPDX-License-Identifier: Apache-2.0
#if defined(FPLAB_KERNELS_CORE_FMA_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef FPLAB_KERNELS_CORE_FMA_INL_H_
#undef FPLAB_KERNELS_CORE_FMA_INL_H_
#else
#define FPLAB_KERNELS_CORE_FMA_INL_H_
#endif

#include <fplab/kernels/core/scalar_fma.h>
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {

template <class D, class V = hwy::HWY_NAMESPACE::Vec<D>>
HWY_INLINE V Fma(D d, V a, V b, V c) {
#if HWY_NATIVE_FMA
  (void)d;
  return hwy::HWY_NAMESPACE::MulAdd(a, b, c);
#else
  static_assert(HWY_TARGET == HWY_SCALAR, "the only target without a fused multiply-add is the scalar fallback");
  namespace hn = hwy::HWY_NAMESPACE;
  return hn::Set(d, FmaByBinary64(hn::GetLane(a), hn::GetLane(b), hn::GetLane(c)));
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#endif  // FPLAB_KERNELS_CORE_FMA_INL_H_
