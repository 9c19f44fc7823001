// Scalar operations over arrays; compiled without vectorisation.
// SPDX-License-Identifier: Apache-2.0
#include "bench/suites/subnormal_ops.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define FPLAB_TARGET_FMA [[gnu::target("fma")]]
#else
#include <cmath>
#define FPLAB_TARGET_FMA
#endif

namespace fplab::bench {

void AddPass(const float* a, const float* b, const float*, float* out, size_t count) {
  for (size_t i = 0; i < count; ++i) out[i] = a[i] + b[i];
}

void MulPass(const float* a, const float* b, const float*, float* out, size_t count) {
  for (size_t i = 0; i < count; ++i) out[i] = a[i] * b[i];
}

void DivPass(const float* a, const float* b, const float*, float* out, size_t count) {
  for (size_t i = 0; i < count; ++i) out[i] = a[i] / b[i];
}

FPLAB_TARGET_FMA void FmaPass(const float* a, const float* b, const float* c, float* out, size_t count) {
  for (size_t i = 0; i < count; ++i) {
#if defined(__x86_64__)
    out[i] = _mm_cvtss_f32(_mm_fmadd_ss(_mm_set_ss(a[i]), _mm_set_ss(b[i]), _mm_set_ss(c[i])));
#else
    out[i] = std::fma(a[i], b[i], c[i]);
#endif
  }
}

void SqrtPass(const float* a, const float*, const float*, float* out, size_t count) {
  for (size_t i = 0; i < count; ++i) {
#if defined(__x86_64__)
    out[i] = _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(a[i])));
#else
    out[i] = std::sqrt(a[i]);
#endif
  }
}

bool HasScalarFma() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("fma") != 0;
#else
  return true;
#endif
}

}  // namespace fplab::bench
