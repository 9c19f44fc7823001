// Filling arrays with the numbers of a stream.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/random/random.h>

#include <fplab/kernels/core/targets.h>  // before any Highway header
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fplab/kernels/random/random.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
// After highway.h.
#include <fplab/kernels/random/normal-inl.h>

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {

using UintTag = hn::ScalableTag<uint32_t>;
using FloatTag = hn::ScalableTag<float>;
constexpr int kLanes = HWY_LANES(float);
// What becomes of the four words of each counter. A maker is a function object with a static
// Make(words..., parameter, out): it writes results j to out + 16 j.
struct BitMaker {
  using Out = uint32_t;
  template <class V>
  static HWY_INLINE void Make(V x0, V x1, V x2, V x3, float, uint32_t* out) {
    const UintTag d;
    hn::StoreU(x0, d, out);
    hn::StoreU(x1, d, out + kCounters);
    hn::StoreU(x2, d, out + 2 * kCounters);
    hn::StoreU(x3, d, out + 3 * kCounters);
  }
};

struct NormalMaker {
  using Out = float;
  template <class V>
  static HWY_INLINE void Make(V x0, V x1, V x2, V x3, float deviation, float* out) {
    const FloatTag d;
    hn::Vec<FloatTag> first, second;
    BoxMuller(d, x0, x1, deviation, first, second);
    hn::StoreU(first, d, out);
    hn::StoreU(second, d, out + kCounters);
    BoxMuller(d, x2, x3, deviation, first, second);
    hn::StoreU(first, d, out + 2 * kCounters);
    hn::StoreU(second, d, out + 3 * kCounters);
  }
};

struct SignMaker {
  using Out = float;
  template <class V>
  static HWY_INLINE void One(V word, float magnitude, float* out) {
    const FloatTag d;
    const auto sign = hn::And(word, hn::Set(UintTag(), 0x80000000u));
    hn::StoreU(hn::Xor(hn::Set(d, magnitude), hn::BitCast(d, sign)), d, out);
  }
  template <class V>
  static HWY_INLINE void Make(V x0, V x1, V x2, V x3, float magnitude, float* out) {
    One(x0, magnitude, out);
    One(x1, magnitude, out + kCounters);
    One(x2, magnitude, out + 2 * kCounters);
    One(x3, magnitude, out + 3 * kCounters);
  }
};

template <class Maker>
HWY_INLINE void FillBlock(const KeyedStream& stream, uint32_t block, float parameter, typename Maker::Out* out) {
  const UintTag d;
  for (int lane = 0; lane < kCounters; lane += kLanes) {
    hn::Vec<UintTag> x0, x1, x2, x3;
    Words(d, stream, block * kCounters + lane, x0, x1, x2, x3);
    Maker::Make(x0, x1, x2, x3, parameter, out + lane);
  }
}

template <class Maker>
HWY_INLINE void Fill(const KeyedStream& stream, float parameter, typename Maker::Out* out, size_t count,
                     uint32_t block = 0) {
  size_t i = 0;
  for (; i + kBlock <= count; i += kBlock) FillBlock<Maker>(stream, block++, parameter, out + i);
  if (i == count) return;
  HWY_ALIGN typename Maker::Out last[kBlock];
  FillBlock<Maker>(stream, block, parameter, last);
  for (size_t j = 0; i + j < count; ++j) out[i + j] = last[j];
}

void BitsKernel(const Stream* stream, uint32_t* out, size_t count) {
  Fill<BitMaker>(KeyedStream(*stream), 0.0f, out, count);
}
void NormalsKernel(const Stream* stream, float deviation, size_t first, float* out, size_t count) {
  Fill<NormalMaker>(KeyedStream(*stream), deviation, out, count, static_cast<uint32_t>(first / kBlock));
}
void SignsKernel(const Stream* stream, float magnitude, float* out, size_t count) {
  Fill<SignMaker>(KeyedStream(*stream), magnitude, out, count);
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <fplab/kernels/core/dispatch.h>

namespace fplab::kernels {
namespace {

void CheckFill(const void* out, size_t count) {
  FPLAB_CHECK(out != nullptr || count == 0, "random: out is null");
  FPLAB_CHECK(count <= size_t{1} << 34, "random: a stream has 2^34 numbers");
}

}  // namespace

std::array<uint32_t, 4> Philox4x32(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < kPhiloxRounds; ++round) {
    const uint64_t product0 = static_cast<uint64_t>(counter[0]) * kPhiloxMultiplier0;
    const uint64_t product1 = static_cast<uint64_t>(counter[2]) * kPhiloxMultiplier1;
    counter = {static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(product1),
               static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(product0)};
    key[0] += kPhiloxWeyl0;
    key[1] += kPhiloxWeyl1;
  }
  return counter;
}

void FillBits(const Stream& stream, uint32_t* out, size_t count, Isa isa) {
  CheckFill(out, count);
  RunKernel(FPLAB_CHOOSE(BitsKernel, isa), kIeee, &stream, out, count);
}

void FillNormals(const Stream& stream, float deviation, float* out, size_t count, Isa isa) {
  FillNormalsFrom(stream, deviation, 0, out, count, isa);
}

void FillNormalsFrom(const Stream& stream, float deviation, size_t first, float* out, size_t count, Isa isa) {
  CheckFill(out, count);
  FPLAB_CHECK(first % 64 == 0, "normals: `first` must be a multiple of 64");
  FPLAB_CHECK(first <= (size_t{1} << 34) - count, "random: a stream has 2^34 numbers");
  RunKernel(FPLAB_CHOOSE(NormalsKernel, isa), kIeee, &stream, deviation, first, out, count);
}

void FillSigns(const Stream& stream, float magnitude, float* out, size_t count, Isa isa) {
  CheckFill(out, count);
  RunKernel(FPLAB_CHOOSE(SignsKernel, isa), kIeee, &stream, magnitude, out, count);
}

}  // namespace fplab::kernels
#endif  // HWY_ONCE
