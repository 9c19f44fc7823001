// Perturbing weights, and the weighted sum of perturbations, with the deviates in registers.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/random/gaussian_noise.h>

#include <fplab/kernels/core/targets.h>  // before any Highway header
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fplab/kernels/random/gaussian_noise.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
// After highway.h.
#include <fplab/kernels/random/normal-inl.h>

HWY_BEFORE_NAMESPACE();
namespace fplab::kernels {
namespace HWY_NAMESPACE {
using FloatTag = hn::ScalableTag<float>;
using V = hn::Vec<FloatTag>;
constexpr int kLanes = HWY_LANES(float);

// The arrays of one block of 64.
HWY_INLINE void PerturbBlock(const KeyedStream& stream, uint32_t block, float deviation, const float* center,
                             float* plus, float* minus) {
  const FloatTag d;
  for (int lane = 0; lane < kCounters; lane += kLanes) {
    V e[4];
    FourNormals(d, stream, block * kCounters + lane, deviation, e);
    HWY_UNROLL(4)
    for (int j = 0; j < 4; ++j) {
      const int at = lane + j * kCounters;
      const V c = hn::LoadU(d, center + at);
      hn::StoreU(hn::Add(c, e[j]), d, plus + at);
      hn::StoreU(hn::Sub(c, e[j]), d, minus + at);
    }
  }
}

void PerturbKernel(const Stream* stream, float deviation, const float* center, float* plus, float* minus,
                   size_t count) {
  const KeyedStream keyed(*stream);
  size_t i = 0;
  for (; i + kBlock <= count; i += kBlock) {
    PerturbBlock(keyed, static_cast<uint32_t>(i / kBlock), deviation, center + i, plus + i, minus + i);
  }
  if (i == count) return;
  HWY_ALIGN float last[3][kBlock] = {};
  for (size_t j = 0; i + j < count; ++j) last[0][j] = center[i + j];
  PerturbBlock(keyed, static_cast<uint32_t>(i / kBlock), deviation, last[0], last[1], last[2]);
  for (size_t j = 0; i + j < count; ++j) {
    plus[i + j] = last[1][j];
    minus[i + j] = last[2][j];
  }
}

HWY_INLINE void SumBlock(const KeyedStream& first, const float* weights, int streams, uint32_t block, float* sum) {
  const FloatTag d;
  for (int lane = 0; lane < kCounters; lane += kLanes) {
    V acc[4] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
    KeyedStream stream = first;
    for (int s = 0; s < streams; ++s, ++stream.words[2]) {
      V e[4];
      FourNormals(d, stream, block * kCounters + lane, 1.0f, e);
      const V weight = hn::Set(d, weights[s]);
      HWY_UNROLL(4)
      for (int j = 0; j < 4; ++j) acc[j] = Fma(d, weight, e[j], acc[j]);
    }
    HWY_UNROLL(4)
    for (int j = 0; j < 4; ++j) hn::StoreU(acc[j], d, sum + lane + j * kCounters);
  }
}

void SumKernel(const Stream* stream, const float* weights, int streams, size_t first, float* sum, size_t count) {
  const KeyedStream keyed(*stream);
  size_t i = 0;
  for (; i + kBlock <= count; i += kBlock) {
    SumBlock(keyed, weights, streams, static_cast<uint32_t>((first + i) / kBlock), sum + i);
  }
  if (i == count) return;
  HWY_ALIGN float last[kBlock];
  SumBlock(keyed, weights, streams, static_cast<uint32_t>((first + i) / kBlock), last);
  for (size_t j = 0; i + j < count; ++j) sum[i + j] = last[j];
}

}  // namespace HWY_NAMESPACE
}  // namespace fplab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <fplab/kernels/core/check_arguments.h>
#include <fplab/kernels/core/dispatch.h>

namespace fplab::kernels {
namespace {

constexpr size_t kStreamLength = size_t{1} << 34;

}  // namespace

void PerturbByNormals(const Stream& stream, float deviation, const float* center, float* plus, float* minus,
                      size_t count, Isa isa) {
  FPLAB_CHECK(count == 0 || (center != nullptr && plus != nullptr && minus != nullptr), "perturb: an array is null");
  FPLAB_CHECK(count <= kStreamLength, "perturb: a stream has 2^34 numbers");
  const Extent in = ExtentOf(center, count), first = ExtentOf(plus, count), second = ExtentOf(minus, count);
  CheckApartOrSame("perturb", first, in, "plus overlaps center and is not center");
  CheckApartOrSame("perturb", second, in, "minus overlaps center and is not center");
  CheckApart("perturb", first, second, "plus overlaps minus");
  RunKernel(FPLAB_CHOOSE(PerturbKernel, isa), kIeee, &stream, deviation, center, plus, minus, count);
}

void SumOfNormals(const Stream& stream, const float* weights, int streams, size_t first, float* sum, size_t count,
                  Isa isa) {
  FPLAB_CHECK(count == 0 || (sum != nullptr && (weights != nullptr || streams == 0)), "sum of normals: null array");
  FPLAB_CHECK(streams >= 0 && first % 64 == 0, "sum of normals: `first` must be a multiple of 64, streams >= 0");
  FPLAB_CHECK(count <= kStreamLength && first <= kStreamLength - count, "sum of normals: a stream has 2^34 numbers");
  CheckApart("sum of normals", ExtentOf(sum, count), ExtentOf(weights, static_cast<size_t>(streams)),
             "sum overlaps weights");
  RunKernel(FPLAB_CHOOSE(SumKernel, isa), kIeee, &stream, weights, streams, first, sum, count);
}

}  // namespace fplab::kernels
#endif  // HWY_ONCE
