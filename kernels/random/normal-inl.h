// Vectors of normal deviates: Philox's words of a stream, and Box-Muller on them; the layout of random.h.
// SPDX-License-Identifier: Apache-2.0
#if defined(FPLAB_KERNELS_RANDOM_NORMAL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef FPLAB_KERNELS_RANDOM_NORMAL_INL_H_
#undef FPLAB_KERNELS_RANDOM_NORMAL_INL_H_
#else
#define FPLAB_KERNELS_RANDOM_NORMAL_INL_H_
#endif

#include <fplab/kernels/core/math-inl.h>
#include <fplab/kernels/random/philox-inl.h>
#include <fplab/kernels/random/random.h>
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// A block is 16 counters and 64 numbers on every target, whatever its vectors hold.
constexpr int kCounters = 16;
constexpr int kBlock = 4 * kCounters;

// A stream with what its key makes: a copy of the kernel's own, so that no store to an output makes it read anew.
struct KeyedStream {
  explicit KeyedStream(const Stream& stream) : keys(stream.key), words(stream.words) {}
  RoundKeys keys;
  std::array<uint32_t, 3> words;
};

// The four words of counters counter, counter + 1, ... of a stream.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void Words(D d, const KeyedStream& stream, uint32_t counter, V& x0, V& x1, V& x2, V& x3) {
  x0 = hn::Add(hn::Iota(d, 0), hn::Set(d, counter));
  x1 = hn::Set(d, stream.words[0]);
  x2 = hn::Set(d, stream.words[1]);
  x3 = hn::Set(d, stream.words[2]);
  PhiloxRounds(d, stream.keys, x0, x1, x2, x3);
}

// Two deviates of standard deviation `deviation` from two words.
template <class DF, class VU, class V = hn::Vec<DF>>
HWY_INLINE void BoxMuller(DF d, VU word_radius, VU word_angle, float deviation, V& first, V& second) {
  const hn::RebindToUnsigned<DF> du;
  const hn::RebindToSigned<DF> di;
  // (0, 1] in steps of 2^-24, so that the logarithm is finite.
  const auto steps = hn::BitCast(di, hn::Add(hn::ShiftRight<8>(word_radius), hn::Set(du, 1)));
  const V uniform = hn::Mul(hn::ConvertTo(d, steps), hn::Set(d, 0x1p-24f));
  const V logarithm = VectorLogOfNormal(d, uniform, hn::Zero(d));
  const V radius = hn::Mul(hn::Sqrt(hn::Mul(hn::Set(d, -2.0f), logarithm)), hn::Set(d, deviation));
  V sine, cosine;
  SinCosOfTurn(d, word_angle, sine, cosine);
  first = hn::Mul(radius, cosine);
  second = hn::Mul(radius, sine);
}

// The four deviates of each of the counters counter, counter + 1, ...: vector j holds elements 16 j + (counter mod 16),
// ... of the counters' block.
template <class DF, class V = hn::Vec<DF>>
HWY_INLINE void FourNormals(DF d, const KeyedStream& stream, uint32_t counter, float deviation, V (&normals)[4]) {
  const hn::RebindToUnsigned<DF> du;
  hn::Vec<decltype(du)> x0, x1, x2, x3;
  Words(du, stream, counter, x0, x1, x2, x3);
  BoxMuller(d, x0, x1, deviation, normals[0], normals[1]);
  BoxMuller(d, x2, x3, deviation, normals[2], normals[3]);
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#endif  // FPLAB_KERNELS_RANDOM_NORMAL_INL_H_
