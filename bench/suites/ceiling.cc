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
// Two int16 of 3.
[[maybe_unused]] const volatile int32_t kPair = 0x00030003;

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
#pragma GCC unroll 12
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
#pragma GCC unroll 12
  for (int i = 0; i < kChains; ++i) {
    _mm256_storeu_ps(lanes, acc[i]);
    *sink += lanes[i % 8];
  }
  return 2.0 * 8 * kChains * static_cast<double>(rounds);
}

[[gnu::target("avx512f")]] double Avx512Binary64(int64_t rounds, float* sink) {
  const __m512d x = _mm512_set1_pd(kFactors[0]), y = _mm512_set1_pd(kFactors[1]);
  __m512d acc[kChains];
  for (int i = 0; i < kChains; ++i) acc[i] = _mm512_set1_pd(i + static_cast<double>(kFactors[1]));
  for (int64_t r = 0; r < rounds; ++r) {
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) acc[i] = _mm512_fmadd_pd(acc[i], x, y);
  }
  double lanes[8];
  *sink = 0;
#pragma GCC unroll 12
  for (int i = 0; i < kChains; ++i) {
    _mm512_storeu_pd(lanes, acc[i]);
    *sink += static_cast<float>(lanes[i % 8]);
  }
  return 2.0 * 8 * kChains * static_cast<double>(rounds);
}

[[gnu::target("avx2,fma")]] double Avx2Binary64(int64_t rounds, float* sink) {
  const __m256d x = _mm256_set1_pd(kFactors[0]), y = _mm256_set1_pd(kFactors[1]);
  __m256d acc[kChains];
  for (int i = 0; i < kChains; ++i) acc[i] = _mm256_set1_pd(i + static_cast<double>(kFactors[1]));
  for (int64_t r = 0; r < rounds; ++r) {
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) acc[i] = _mm256_fmadd_pd(acc[i], x, y);
  }
  double lanes[4];
  *sink = 0;
#pragma GCC unroll 12
  for (int i = 0; i < kChains; ++i) {
    _mm256_storeu_pd(lanes, acc[i]);
    *sink += static_cast<float>(lanes[i % 4]);
  }
  return 2.0 * 4 * kChains * static_cast<double>(rounds);
}

[[gnu::target("avx512f,avx512bw")]] double Avx512Int8(int64_t rounds, float* sink) {
  const __m512i x = _mm512_set1_epi32(kPair);
  __m512i acc[kChains];
  for (int i = 0; i < kChains; ++i) acc[i] = _mm512_set1_epi32(i + kPair);
  for (int64_t r = 0; r < rounds; ++r) {
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) acc[i] = _mm512_add_epi32(acc[i], _mm512_madd_epi16(acc[i], x));
  }
  int32_t lanes[16];
  *sink = 0;
#pragma GCC unroll 12
  for (int i = 0; i < kChains; ++i) {
    _mm512_storeu_si512(lanes, acc[i]);
    *sink += static_cast<float>(lanes[i % 16]);
  }
  return 2.0 * 32 * kChains * static_cast<double>(rounds);
}

[[gnu::target("avx2")]] double Avx2Int8(int64_t rounds, float* sink) {
  const __m256i x = _mm256_set1_epi32(kPair);
  __m256i acc[kChains];
  for (int i = 0; i < kChains; ++i) acc[i] = _mm256_set1_epi32(i + kPair);
  for (int64_t r = 0; r < rounds; ++r) {
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) acc[i] = _mm256_add_epi32(acc[i], _mm256_madd_epi16(acc[i], x));
  }
  int32_t lanes[8];
  *sink = 0;
#pragma GCC unroll 12
  for (int i = 0; i < kChains; ++i) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(lanes), acc[i]);
    *sink += static_cast<float>(lanes[i % 8]);
  }
  return 2.0 * 16 * kChains * static_cast<double>(rounds);
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

double NeonBinary64(int64_t rounds, float* sink) {
  const float64x2_t x = vdupq_n_f64(kFactors[0]), y = vdupq_n_f64(kFactors[1]);
  float64x2_t acc[kChains];
  for (int i = 0; i < kChains; ++i) acc[i] = vdupq_n_f64(i + static_cast<double>(kFactors[1]));
  for (int64_t r = 0; r < rounds; ++r) {
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) acc[i] = vfmaq_f64(acc[i], x, y);
  }
  *sink = 0;
  for (int i = 0; i < kChains; ++i) *sink += static_cast<float>(vgetq_lane_f64(acc[i], 0));
  return 2.0 * 2 * kChains * static_cast<double>(rounds);
}
#endif

using Loop = double(int64_t rounds, float* sink);

Loop* LoopFor(kernels::Isa isa, Arithmetic arithmetic) {
  const auto of = [arithmetic](Loop* binary32, Loop* binary64, Loop* int8) {
    Loop* const loops[] = {binary32, binary64, int8};
    return loops[static_cast<int>(arithmetic)];
  };
  switch (isa) {
#if defined(__x86_64__)
    case kernels::Isa::kAvx512:
      return of(Avx512, Avx512Binary64, Avx512Int8);
    case kernels::Isa::kAvx2:
      return of(Avx2, Avx2Binary64, Avx2Int8);
#elif defined(__aarch64__)
    case kernels::Isa::kNeon:
      return of(Neon, NeonBinary64, nullptr);
#endif
    default:
      return of(nullptr, nullptr, nullptr);
  }
}

}  // namespace

bool HasCeiling(kernels::Isa isa, Arithmetic arithmetic) {
  return kernels::IsSupported(isa) && LoopFor(isa, arithmetic) != nullptr;
}

double RunCeiling(kernels::Isa isa, int64_t rounds, float* sink, Arithmetic arithmetic) {
  FPLAB_CHECK(HasCeiling(isa, arithmetic), "isa: there is no loop for that instruction set");
  return LoopFor(isa, arithmetic)(rounds, sink);
}

}  // namespace fplab::bench
