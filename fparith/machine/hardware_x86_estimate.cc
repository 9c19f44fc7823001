// x86-64 instructions that the model does not have: reciprocal estimates and the bfloat16 dot product. Also the sticky
// flags of MXCSR, and which CPU features there are.
// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)

#include <cpuid.h>
// GCC 12 warns of its own "undefined" operands in the AVX-512 intrinsics.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#include <fplab/fparith/machine/instruction_table.h>
#include <fplab/fparith/mode/control_word.h>

#define FPLAB_ESTIMATE(name, isa, statement) \
  [[gnu::target(isa), gnu::noinline]] void name(const void* a, const void*, const void*, void* result) { statement; }

namespace fplab::machine {
namespace {

const float* Floats(const void* a) { return static_cast<const float*>(a); }
float* Floats(void* a) { return static_cast<float*>(a); }

FPLAB_ESTIMATE(RcpSs, "sse2", _mm_store_ss(Floats(result), _mm_rcp_ss(_mm_load_ss(Floats(a)))))
FPLAB_ESTIMATE(RsqrtSs, "sse2", _mm_store_ss(Floats(result), _mm_rsqrt_ss(_mm_load_ss(Floats(a)))))
FPLAB_ESTIMATE(Rcp128, "sse2", _mm_storeu_ps(Floats(result), _mm_rcp_ps(_mm_loadu_ps(Floats(a)))))
FPLAB_ESTIMATE(Rsqrt128, "sse2", _mm_storeu_ps(Floats(result), _mm_rsqrt_ps(_mm_loadu_ps(Floats(a)))))
FPLAB_ESTIMATE(Rcp256, "avx", _mm256_storeu_ps(Floats(result), _mm256_rcp_ps(_mm256_loadu_ps(Floats(a)))))
FPLAB_ESTIMATE(Rsqrt256, "avx", _mm256_storeu_ps(Floats(result), _mm256_rsqrt_ps(_mm256_loadu_ps(Floats(a)))))
FPLAB_ESTIMATE(Rcp512, "avx512f", _mm512_storeu_ps(result, _mm512_rcp14_ps(_mm512_loadu_ps(a))))
FPLAB_ESTIMATE(Rsqrt512, "avx512f", _mm512_storeu_ps(result, _mm512_rsqrt14_ps(_mm512_loadu_ps(a))))

// The product of the upper bfloat16 of each pair; the lower ones and the accumulator are zero. Operands and results are
// binary32 whose lower half must be zero.
[[gnu::target("avx512f,avx512bf16"), gnu::noinline]] void DotBfloat512(const void* a, const void* b, const void*,
                                                                       void* result) {
  const __m512i x = _mm512_loadu_si512(a), y = _mm512_loadu_si512(b);
  const __m512 dot =
      _mm512_dpbf16_ps(_mm512_setzero_ps(), reinterpret_cast<const __m512bh&>(x), reinterpret_cast<const __m512bh&>(y));
  _mm512_storeu_ps(result, dot);
}

struct Row {
  Family family;
  Path path;
  std::string_view mnemonic, isa;
  int lanes;
  Instruction run;
};

const Row kRows[] = {
    {Family::kReciprocal, Path::kScalar, "RCPSS", "sse2", 1, RcpSs},
    {Family::kReciprocal, Path::kVector128, "RCPPS", "sse2", 4, Rcp128},
    {Family::kReciprocal, Path::kVector256, "VRCPPS", "avx", 8, Rcp256},
    {Family::kReciprocal, Path::kVector512, "VRCP14PS", "avx512f", 16, Rcp512},
    {Family::kReciprocalSqrt, Path::kScalar, "RSQRTSS", "sse2", 1, RsqrtSs},
    {Family::kReciprocalSqrt, Path::kVector128, "RSQRTPS", "sse2", 4, Rsqrt128},
    {Family::kReciprocalSqrt, Path::kVector256, "VRSQRTPS", "avx", 8, Rsqrt256},
    {Family::kReciprocalSqrt, Path::kVector512, "VRSQRT14PS", "avx512f", 16, Rsqrt512},
    {Family::kBfloat16Dot, Path::kVector512, "VDPBF16PS", "avx512_bf16", 16, DotBfloat512},
};

// CPUID and what the operating system saves. Intel SDM volume 1, 14.3 and 15.2.
struct CpuFeatures {
  bool sse41 = false, avx = false, fma = false, f16c = false, avx512f = false, avx512dq = false, avx512_bf16 = false;
};

[[gnu::target("xsave")]] uint64_t EnabledState() { return _xgetbv(0); }

CpuFeatures Detect() {
  CpuFeatures features;
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0) return features;
  features.sse41 = (c & bit_SSE4_1) != 0;
  const uint64_t state = (c & bit_OSXSAVE) != 0 ? EnabledState() : 0;
  const bool ymm = (state & 0x06) == 0x06, zmm = ymm && (state & 0xe0) == 0xe0;
  features.avx = ymm && (c & bit_AVX) != 0;
  features.fma = ymm && (c & bit_FMA) != 0;
  features.f16c = ymm && (c & bit_F16C) != 0;
  if (!zmm || __get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return features;
  features.avx512f = (b & bit_AVX512F) != 0;
  features.avx512dq = features.avx512f && (b & bit_AVX512DQ) != 0;
  constexpr unsigned kBfloat16Bit = 1u << 5;
  if (__get_cpuid_count(7, 1, &a, &b, &c, &d) != 0) features.avx512_bf16 = features.avx512f && (a & kBfloat16Bit) != 0;
  return features;
}

constexpr uint64_t kMxcsrFlags = 0x3f;

}  // namespace

void AppendEstimates(std::vector<Kernel>& table) {
  for (const Row& row : kRows) {
    table.push_back(
        {row.family, std::nullopt, row.path, row.mnemonic, row.isa, row.lanes, kBinary32, kBinary32, 4, 4, row.run});
  }
}

bool HasIsa(std::string_view isa) {
  static const CpuFeatures features = Detect();
  if (isa == "sse2") return true;
  if (isa == "sse4.1") return features.sse41;
  if (isa == "avx") return features.avx;
  if (isa == "fma") return features.fma;
  if (isa == "f16c") return features.f16c;
  if (isa == "avx512f") return features.avx512f;
  if (isa == "avx512dq") return features.avx512dq;
  return isa == "avx512_bf16" && features.avx512_bf16;
}

uint64_t ReadStickyFlags() { return ReadControlWord() & kMxcsrFlags; }

void WriteStickyFlags(uint64_t flags) { WriteControlWord((ReadControlWord() & ~kMxcsrFlags) | flags); }

// MXCSR, from bit 0: invalid, denormal, divide-by-zero, overflow, underflow, inexact. SDM volume 1, 10.2.3.
model::Flags DecodeStickyFlags(uint64_t flags) {
  static constexpr std::array<model::Flags, 6> kBits = {model::kInvalid,  model::kDenormal,  model::kDivideByZero,
                                                        model::kOverflow, model::kUnderflow, model::kInexact};
  model::Flags decoded = 0;
  for (size_t i = 0; i < kBits.size(); ++i) decoded |= (flags >> i & 1) != 0 ? kBits[i] : model::Flags{0};
  return decoded;
}

}  // namespace fplab::machine

#endif  // defined(__x86_64__)
