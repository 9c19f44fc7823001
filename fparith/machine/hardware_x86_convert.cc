// x86-64 conversions: between formats (F16C and bfloat16 among them), and to and from integers.
// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)

// GCC 12 warns of its own "undefined" operands in the AVX-512 intrinsics.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#include <fplab/fparith/machine/instruction_table.h>

#define FPLAB_CONVERSION(name, isa, statement) \
  [[gnu::target(isa), gnu::noinline]] void name(const void* a, const void*, const void*, void* result) { statement; }

namespace fplab::machine {
namespace {

const float* Floats(const void* a) { return static_cast<const float*>(a); }
const double* Doubles(const void* a) { return static_cast<const double*>(a); }
float* Floats(void* a) { return static_cast<float*>(a); }
double* Doubles(void* a) { return static_cast<double*>(a); }
const __m128i* Integers(const void* a) { return static_cast<const __m128i*>(a); }
__m128i* Integers(void* a) { return static_cast<__m128i*>(a); }
const __m256i* Integers256(const void* a) { return static_cast<const __m256i*>(a); }
__m256i* Integers256(void* a) { return static_cast<__m256i*>(a); }
template <typename T>
T& As(void* a) {
  return *static_cast<T*>(a);
}
template <typename T>
const T& As(const void* a) {
  return *static_cast<const T*>(a);
}

FPLAB_CONVERSION(NarrowSd, "sse2",
                 _mm_store_ss(Floats(result), _mm_cvtsd_ss(_mm_setzero_ps(), _mm_load_sd(Doubles(a)))))
FPLAB_CONVERSION(WidenSs, "sse2", _mm_store_sd(Doubles(result), _mm_cvtss_sd(_mm_setzero_pd(), _mm_load_ss(Floats(a)))))
FPLAB_CONVERSION(Narrow128, "sse2",
                 _mm_storel_epi64(Integers(result), _mm_castps_si128(_mm_cvtpd_ps(_mm_loadu_pd(Doubles(a))))))
FPLAB_CONVERSION(Widen128, "sse2",
                 _mm_storeu_pd(Doubles(result), _mm_cvtps_pd(_mm_castsi128_ps(_mm_loadl_epi64(Integers(a))))))
FPLAB_CONVERSION(Narrow256, "avx", _mm_storeu_ps(Floats(result), _mm256_cvtpd_ps(_mm256_loadu_pd(Doubles(a)))))
FPLAB_CONVERSION(Widen256, "avx", _mm256_storeu_pd(Doubles(result), _mm256_cvtps_pd(_mm_loadu_ps(Floats(a)))))
FPLAB_CONVERSION(Narrow512, "avx512f", _mm256_storeu_ps(Floats(result), _mm512_cvtpd_ps(_mm512_loadu_pd(Doubles(a)))))
FPLAB_CONVERSION(Widen512, "avx512f", _mm512_storeu_pd(Doubles(result), _mm512_cvtps_pd(_mm256_loadu_ps(Floats(a)))))

FPLAB_CONVERSION(ToHalf128, "f16c",
                 _mm_storel_epi64(Integers(result), _mm_cvtps_ph(_mm_loadu_ps(Floats(a)), _MM_FROUND_CUR_DIRECTION)))
FPLAB_CONVERSION(FromHalf128, "f16c", _mm_storeu_ps(Floats(result), _mm_cvtph_ps(_mm_loadl_epi64(Integers(a)))))
FPLAB_CONVERSION(ToHalf256, "f16c,avx",
                 _mm_storeu_si128(Integers(result),
                                  _mm256_cvtps_ph(_mm256_loadu_ps(Floats(a)), _MM_FROUND_CUR_DIRECTION)))
FPLAB_CONVERSION(FromHalf256, "f16c,avx",
                 _mm256_storeu_ps(Floats(result), _mm256_cvtph_ps(_mm_loadu_si128(Integers(a)))))
FPLAB_CONVERSION(ToHalf512, "avx512f",
                 _mm256_storeu_si256(Integers256(result),
                                     _mm512_cvtps_ph(_mm512_loadu_ps(Floats(a)), _MM_FROUND_CUR_DIRECTION)))
FPLAB_CONVERSION(FromHalf512, "avx512f",
                 _mm512_storeu_ps(Floats(result), _mm512_cvtph_ps(_mm256_loadu_si256(Integers256(a)))))
FPLAB_CONVERSION(ToBfloat512, "avx512f,avx512bf16", As<__m256bh>(result) = _mm512_cvtneps_pbh(_mm512_loadu_ps(a)))

FPLAB_CONVERSION(SsToInt32, "sse2", As<int>(result) = _mm_cvtss_si32(_mm_load_ss(Floats(a))))
FPLAB_CONVERSION(SsToInt64, "sse2", As<long long>(result) = _mm_cvtss_si64(_mm_load_ss(Floats(a))))
FPLAB_CONVERSION(SdToInt32, "sse2", As<int>(result) = _mm_cvtsd_si32(_mm_load_sd(Doubles(a))))
FPLAB_CONVERSION(SdToInt64, "sse2", As<long long>(result) = _mm_cvtsd_si64(_mm_load_sd(Doubles(a))))
FPLAB_CONVERSION(Int32ToSs, "sse2", _mm_store_ss(Floats(result), _mm_cvtsi32_ss(_mm_setzero_ps(), As<int>(a))))
FPLAB_CONVERSION(Int64ToSs, "sse2", _mm_store_ss(Floats(result), _mm_cvtsi64_ss(_mm_setzero_ps(), As<long long>(a))))
FPLAB_CONVERSION(Int32ToSd, "sse2", _mm_store_sd(Doubles(result), _mm_cvtsi32_sd(_mm_setzero_pd(), As<int>(a))))
FPLAB_CONVERSION(Int64ToSd, "sse2", _mm_store_sd(Doubles(result), _mm_cvtsi64_sd(_mm_setzero_pd(), As<long long>(a))))
FPLAB_CONVERSION(PsToInt128, "sse2", _mm_storeu_si128(Integers(result), _mm_cvtps_epi32(_mm_loadu_ps(Floats(a)))))
FPLAB_CONVERSION(IntToPs128, "sse2", _mm_storeu_ps(Floats(result), _mm_cvtepi32_ps(_mm_loadu_si128(Integers(a)))))
FPLAB_CONVERSION(PsToInt256, "avx",
                 _mm256_storeu_si256(Integers256(result), _mm256_cvtps_epi32(_mm256_loadu_ps(Floats(a)))))
FPLAB_CONVERSION(IntToPs256, "avx",
                 _mm256_storeu_ps(Floats(result), _mm256_cvtepi32_ps(_mm256_loadu_si256(Integers256(a)))))
FPLAB_CONVERSION(PsToInt512, "avx512f", _mm512_storeu_si512(result, _mm512_cvtps_epi32(_mm512_loadu_ps(a))))
FPLAB_CONVERSION(IntToPs512, "avx512f", _mm512_storeu_ps(result, _mm512_cvtepi32_ps(_mm512_loadu_si512(a))))
FPLAB_CONVERSION(PsToUint512, "avx512f", _mm512_storeu_si512(result, _mm512_cvtps_epu32(_mm512_loadu_ps(a))))
FPLAB_CONVERSION(UintToPs512, "avx512f", _mm512_storeu_ps(result, _mm512_cvtepu32_ps(_mm512_loadu_si512(a))))
FPLAB_CONVERSION(PdToInt512, "avx512dq", _mm512_storeu_si512(result, _mm512_cvtpd_epi64(_mm512_loadu_pd(a))))
FPLAB_CONVERSION(IntToPd512, "avx512dq", _mm512_storeu_pd(result, _mm512_cvtepi64_pd(_mm512_loadu_si512(a))))
FPLAB_CONVERSION(PdToUint512, "avx512dq", _mm512_storeu_si512(result, _mm512_cvtpd_epu64(_mm512_loadu_pd(a))))
FPLAB_CONVERSION(UintToPd512, "avx512dq", _mm512_storeu_pd(result, _mm512_cvtepu64_pd(_mm512_loadu_si512(a))))

struct FormatConversion {
  Format from, to;
  Path path;
  std::string_view mnemonic, isa;
  int lanes;
  Instruction run;
};

const FormatConversion kFormatConversions[] = {
    {kBinary64, kBinary32, Path::kScalar, "CVTSD2SS", "sse2", 1, NarrowSd},
    {kBinary64, kBinary32, Path::kVector128, "CVTPD2PS", "sse2", 2, Narrow128},
    {kBinary64, kBinary32, Path::kVector256, "VCVTPD2PS", "avx", 4, Narrow256},
    {kBinary64, kBinary32, Path::kVector512, "VCVTPD2PS", "avx512f", 8, Narrow512},
    {kBinary32, kBinary64, Path::kScalar, "CVTSS2SD", "sse2", 1, WidenSs},
    {kBinary32, kBinary64, Path::kVector128, "CVTPS2PD", "sse2", 2, Widen128},
    {kBinary32, kBinary64, Path::kVector256, "VCVTPS2PD", "avx", 4, Widen256},
    {kBinary32, kBinary64, Path::kVector512, "VCVTPS2PD", "avx512f", 8, Widen512},
    {kBinary32, kBinary16, Path::kVector128, "VCVTPS2PH", "f16c", 4, ToHalf128},
    {kBinary32, kBinary16, Path::kVector256, "VCVTPS2PH", "f16c", 8, ToHalf256},
    {kBinary32, kBinary16, Path::kVector512, "VCVTPS2PH", "avx512f", 16, ToHalf512},
    {kBinary16, kBinary32, Path::kVector128, "VCVTPH2PS", "f16c", 4, FromHalf128},
    {kBinary16, kBinary32, Path::kVector256, "VCVTPH2PS", "f16c", 8, FromHalf256},
    {kBinary16, kBinary32, Path::kVector512, "VCVTPH2PS", "avx512f", 16, FromHalf512},
    {kBinary32, kBfloat16, Path::kVector512, "VCVTNEPS2BF16", "avx512_bf16", 16, ToBfloat512},
};

struct IntegerConversion {
  model::Operation operation;
  Format format;
  model::IntegerType integer;
  Path path;
  std::string_view mnemonic, isa;
  int lanes;
  Instruction run;
};

using enum model::Operation;
using enum model::IntegerType;

const IntegerConversion kIntegerConversions[] = {
    {kToInteger, kBinary32, kInt32, Path::kScalar, "CVTSS2SI", "sse2", 1, SsToInt32},
    {kToInteger, kBinary32, kInt64, Path::kScalar, "CVTSS2SI", "sse2", 1, SsToInt64},
    {kToInteger, kBinary64, kInt32, Path::kScalar, "CVTSD2SI", "sse2", 1, SdToInt32},
    {kToInteger, kBinary64, kInt64, Path::kScalar, "CVTSD2SI", "sse2", 1, SdToInt64},
    {kFromInteger, kBinary32, kInt32, Path::kScalar, "CVTSI2SS", "sse2", 1, Int32ToSs},
    {kFromInteger, kBinary32, kInt64, Path::kScalar, "CVTSI2SS", "sse2", 1, Int64ToSs},
    {kFromInteger, kBinary64, kInt32, Path::kScalar, "CVTSI2SD", "sse2", 1, Int32ToSd},
    {kFromInteger, kBinary64, kInt64, Path::kScalar, "CVTSI2SD", "sse2", 1, Int64ToSd},
    {kToInteger, kBinary32, kInt32, Path::kVector128, "CVTPS2DQ", "sse2", 4, PsToInt128},
    {kFromInteger, kBinary32, kInt32, Path::kVector128, "CVTDQ2PS", "sse2", 4, IntToPs128},
    {kToInteger, kBinary32, kInt32, Path::kVector256, "VCVTPS2DQ", "avx", 8, PsToInt256},
    {kFromInteger, kBinary32, kInt32, Path::kVector256, "VCVTDQ2PS", "avx", 8, IntToPs256},
    {kToInteger, kBinary32, kInt32, Path::kVector512, "VCVTPS2DQ", "avx512f", 16, PsToInt512},
    {kFromInteger, kBinary32, kInt32, Path::kVector512, "VCVTDQ2PS", "avx512f", 16, IntToPs512},
    {kToInteger, kBinary32, kUint32, Path::kVector512, "VCVTPS2UDQ", "avx512f", 16, PsToUint512},
    {kFromInteger, kBinary32, kUint32, Path::kVector512, "VCVTUDQ2PS", "avx512f", 16, UintToPs512},
    {kToInteger, kBinary64, kInt64, Path::kVector512, "VCVTPD2QQ", "avx512dq", 8, PdToInt512},
    {kFromInteger, kBinary64, kInt64, Path::kVector512, "VCVTQQ2PD", "avx512dq", 8, IntToPd512},
    {kToInteger, kBinary64, kUint64, Path::kVector512, "VCVTPD2UQQ", "avx512dq", 8, PdToUint512},
    {kFromInteger, kBinary64, kUint64, Path::kVector512, "VCVTUQQ2PD", "avx512dq", 8, UintToPd512},
};

int IntegerBytes(model::IntegerType type) { return type == kInt64 || type == kUint64 ? 8 : 4; }

}  // namespace

void AppendConversions(std::vector<Kernel>& table) {
  for (const FormatConversion& row : kFormatConversions) {
    const Family family = row.to.precision < row.from.precision ? Family::kNarrow : Family::kWiden;
    table.push_back({family, model::Function::Conversion(row.from, row.to), row.path, row.mnemonic, row.isa, row.lanes,
                     row.from, row.to, row.from.Width() / 8, row.to.Width() / 8, row.run});
  }
  for (const IntegerConversion& row : kIntegerConversions) {
    model::Function function = model::Function::On(row.operation, row.format);
    function.integer = row.integer;
    const int float_bytes = row.format.Width() / 8, integer_bytes = IntegerBytes(row.integer);
    const bool to_integer = row.operation == kToInteger;
    if (to_integer) function.inexact = model::InexactFlag::kRaise;
    table.push_back({Family::kInteger, function, row.path, row.mnemonic, row.isa, row.lanes, row.format, row.format,
                     to_integer ? float_bytes : integer_bytes, to_integer ? integer_bytes : float_bytes, row.run});
  }
}

}  // namespace fplab::machine

#endif  // defined(__x86_64__)
