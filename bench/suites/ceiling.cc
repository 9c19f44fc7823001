// The register-only loops, in the intrinsics of each instruction set.
// SPDX-License-Identifier: Apache-2.0
#include "bench/suites/ceiling.h"

#include <fplab/fparith/float/check.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace fplab::bench {
namespace {

// Zen 4 needs 8 chains (two 256-bit units of latency 4), and so does a core with two 512-bit units.
constexpr int kChains = 12;
// acc = acc / 4 + 1 / 2 stays between 1/2 and 12. From memory, so that nothing is known at compile time.
const volatile float kFactors[2] = {0.25f, 0.5f};

#if defined(__x86_64__)
[[gnu::target("avx512f")]] double Avx512(int64_t rounds, float* sink) {
  const __m512 x = _mm512_set1_ps(kFactors[0]), y = _mm512_set1_ps(kFactors[1]);
  __m512 acc[kChains];
  for (int i = 0; i < kChains; ++i) acc[i] = _mm512_set1_ps(static_cast<float>(i) + kFactors[1]);
  for (int64_t r = 0; r < rounds; ++r) {
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) acc[i] = _mm512_fmadd_ps(acc[i], x, y);
  }
  float lanes[16];
  *sink = 0;
  for (int i = 0; i < kChains; ++i) {
    _mm512_storeu_ps(lanes, acc[i]);
    *sink += lanes[i % 16];
  }
  return 2.0 * 16 * kChains * static_cast<double>(rounds);
}

[[gnu::target("avx2,fma")]] double Avx2(int64_t rounds, float* sink) {
  const __m256 x = _mm256_set1_ps(kFactors[0]), y = _mm256_set1_ps(kFactors[1]);
  __m256 acc[kChains];
  for (int i = 0; i < kChains; ++i) acc[i] = _mm256_set1_ps(static_cast<float>(i) + kFactors[1]);
  for (int64_t r = 0; r < rounds; ++r) {
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) acc[i] = _mm256_fmadd_ps(acc[i], x, y);
  }
  float lanes[8];
  *sink = 0;
  for (int i = 0; i < kChains; ++i) {
    _mm256_storeu_ps(lanes, acc[i]);
    *sink += lanes[i % 8];
  }
  return 2.0 * 8 * kChains * static_cast<double>(rounds);
}
#elif defined(__aarch64__)
double Neon(int64_t rounds, float* sink) {
  const float32x4_t x = vdupq_n_f32(kFactors[0]), y = vdupq_n_f32(kFactors[1]);
  float32x4_t acc[kChains];
  for (int i = 0; i < kChains; ++i) acc[i] = vdupq_n_f32(static_cast<float>(i) + kFactors[1]);
  for (int64_t r = 0; r < rounds; ++r) {
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) acc[i] = vfmaq_f32(acc[i], x, y);
  }
  *sink = 0;
  for (int i = 0; i < kChains; ++i) *sink += vgetq_lane_f32(acc[i], 0);
  return 2.0 * 4 * kChains * static_cast<double>(rounds);
}
#endif

using Loop = double(int64_t rounds, float* sink);

Loop* LoopFor(kernels::Isa isa) {
  switch (isa) {
#if defined(__x86_64__)
    case kernels::Isa::kAvx512:
      return Avx512;
    case kernels::Isa::kAvx2:
      return Avx2;
#elif defined(__aarch64__)
    case kernels::Isa::kNeon:
      return Neon;
#endif
    default:
      return nullptr;
  }
}

}  // namespace

bool HasCeiling(kernels::Isa isa) { return kernels::IsSupported(isa) && LoopFor(isa) != nullptr; }

double RunCeiling(kernels::Isa isa, int64_t rounds, float* sink) {
  FPLAB_CHECK(HasCeiling(isa), "isa: there is no loop for that instruction set");
  return LoopFor(isa)(rounds, sink);
}

}  // namespace fplab::bench
