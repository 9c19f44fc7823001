// Philox4x32-10 on vectors: one counter a lane.
// SPDX-License-Identifier: Apache-2.0
#if defined(FPLAB_KERNELS_RANDOM_PHILOX_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef FPLAB_KERNELS_RANDOM_PHILOX_INL_H_
#undef FPLAB_KERNELS_RANDOM_PHILOX_INL_H_
#else
#define FPLAB_KERNELS_RANDOM_PHILOX_INL_H_
#endif

#include <fplab/kernels/random/philox.h>
#include <fplab/kernels/random/random.h>
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// A key and the Weyl sequences that follow from it: in memory, for the rounds to broadcast.
struct RoundKeys {
  explicit RoundKeys(uint64_t key) {
    uint32_t k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
    for (int round = 0; round < kPhiloxRounds; ++round, k0 += kPhiloxWeyl0, k1 += kPhiloxWeyl1) {
      first[round] = k0;
      second[round] = k1;
    }
  }
  uint32_t first[kPhiloxRounds], second[kPhiloxRounds];
};

#if HWY_TARGET == HWY_SCALAR

// Replaces the counters in x0..x3 by their random words.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void PhiloxRounds(D d, const RoundKeys& keys, V& x0, V& x1, V& x2, V& x3) {
  const std::array<uint32_t, 4> words =
      Philox4x32({hn::GetLane(x0), hn::GetLane(x1), hn::GetLane(x2), hn::GetLane(x3)}, {keys.first[0], keys.second[0]});
  x0 = hn::Set(d, words[0]);
  x1 = hn::Set(d, words[1]);
  x2 = hn::Set(d, words[2]);
  x3 = hn::Set(d, words[3]);
}

#else

// One round of the counters in the even lanes. Multiplication reads even lanes only, so odd lanes may hold anything,
// and both halves of a product stay where they are but for one shift.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void EvenLanesRound(D d, V k0, V k1, V& x0, V& x1, V& x2, V& x3) {
  const auto product0 = hn::MulEven(x0, hn::Set(d, kPhiloxMultiplier0));
  const auto product2 = hn::MulEven(x2, hn::Set(d, kPhiloxMultiplier1));
  x0 = hn::Xor(hn::Xor(hn::BitCast(d, hn::ShiftRight<32>(product2)), x1), k0);
  x2 = hn::Xor(hn::Xor(hn::BitCast(d, hn::ShiftRight<32>(product0)), x3), k1);
  x1 = hn::BitCast(d, product2);
  x3 = hn::BitCast(d, product0);
}

// Replaces the counters in x0..x3 by their random words. Even and odd lanes go through the rounds side by side, which
// also keeps two chains in flight.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void PhiloxRounds(D d, const RoundKeys& keys, V& x0, V& x1, V& x2, V& x3) {
  const hn::RepartitionToWide<D> wide;
  const auto odd_lanes = [&](V x) HWY_ATTR { return hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(wide, x))); };
  V odd0 = odd_lanes(x0), odd1 = odd_lanes(x1), odd2 = odd_lanes(x2), odd3 = odd_lanes(x3);
  HWY_UNROLL(10)
  for (int round = 0; round < kPhiloxRounds; ++round) {
    const V k0 = hn::Set(d, keys.first[round]), k1 = hn::Set(d, keys.second[round]);
    EvenLanesRound(d, k0, k1, x0, x1, x2, x3);
    EvenLanesRound(d, k0, k1, odd0, odd1, odd2, odd3);
  }
  const auto join = [&](V odd, V even) HWY_ATTR {
    return hn::OddEven(hn::BitCast(d, hn::ShiftLeft<32>(hn::BitCast(wide, odd))), even);
  };
  x0 = join(odd0, x0);
  x1 = join(odd1, x1);
  x2 = join(odd2, x2);
  x3 = join(odd3, x3);
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#endif  // FPLAB_KERNELS_RANDOM_PHILOX_INL_H_
