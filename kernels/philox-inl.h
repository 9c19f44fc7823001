// Philox4x32-10 on vectors: one counter a lane.
#if defined(FPLAB_KERNELS_PHILOX_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef FPLAB_KERNELS_PHILOX_INL_H_
#undef FPLAB_KERNELS_PHILOX_INL_H_
#else
#define FPLAB_KERNELS_PHILOX_INL_H_
#endif

#include "hwy/highway.h"
#include "kernels/philox.h"

HWY_BEFORE_NAMESPACE();
namespace fplab {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// High and low halves of the 64-bit products of the lanes of x with a constant.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void WideMultiply(D d, V x, uint32_t by, V& high, V& low) {
#if HWY_TARGET == HWY_SCALAR
  const uint64_t product = static_cast<uint64_t>(hn::GetLane(x)) * by;
  high = hn::Set(d, static_cast<uint32_t>(product >> 32));
  low = hn::Set(d, static_cast<uint32_t>(product));
#else
  const hn::RepartitionToWide<D> wide;
  const V factor = hn::Set(d, by);
  const auto even = hn::MulEven(x, factor);
  const auto odd = hn::MulEven(hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(wide, x))), factor);
  high = hn::OddEven(hn::BitCast(d, odd), hn::BitCast(d, hn::ShiftRight<32>(even)));
  low = hn::OddEven(hn::BitCast(d, hn::ShiftLeft<32>(odd)), hn::BitCast(d, even));
#endif
}

// Replaces the counters in x0..x3 by their random words.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void PhiloxRounds(D d, uint64_t key, V& x0, V& x1, V& x2, V& x3) {
  uint32_t k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
  HWY_UNROLL(10)
  for (int round = 0; round < kPhiloxRounds; ++round) {
    V high0, low0, high2, low2;
    WideMultiply(d, x0, kPhiloxMultiplier0, high0, low0);
    WideMultiply(d, x2, kPhiloxMultiplier1, high2, low2);
    x0 = hn::Xor(hn::Xor(high2, x1), hn::Set(d, k0));
    x2 = hn::Xor(hn::Xor(high0, x3), hn::Set(d, k1));
    x1 = low2;
    x3 = low0;
    k0 += kPhiloxWeyl0;
    k1 += kPhiloxWeyl1;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab
HWY_AFTER_NAMESPACE();

#endif  // FPLAB_KERNELS_PHILOX_INL_H_
