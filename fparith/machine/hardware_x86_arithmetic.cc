// x86-64 arithmetic, comparisons and rounding to integral values, on each vector width.
// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)

// GCC 12 warns of its own "undefined" operands in the AVX-512 intrinsics.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#include <fplab/fparith/machine/instruction_table.h>

// One instruction on memory. `width` and `suffix` are parts of the intrinsics' names: _mm256 and pd make _mm256_add_pd.
#define FPLAB_KERNEL(name, isa)                                                                                 \
  [[gnu::target(isa), gnu::noinline]] void name([[maybe_unused]] const void* a, [[maybe_unused]] const void* b, \
                                                [[maybe_unused]] const void* c, void* result)
#define FPLAB_A(load) load(static_cast<const Element*>(a))
#define FPLAB_B(load) load(static_cast<const Element*>(b))
#define FPLAB_C(load) load(static_cast<const Element*>(c))

// The operations that all widths spell alike. `square_root` is spelled apart: SQRTSD takes two operands.
#define FPLAB_ARITHMETIC(element, isa, fma_isa, width, load, store, suffix, square_root)                               \
  using Element = element;                                                                                             \
  FPLAB_KERNEL(Add, isa) { store(static_cast<Element*>(result), width##_add_##suffix(FPLAB_A(load), FPLAB_B(load))); } \
  FPLAB_KERNEL(Sub, isa) { store(static_cast<Element*>(result), width##_sub_##suffix(FPLAB_A(load), FPLAB_B(load))); } \
  FPLAB_KERNEL(Mul, isa) { store(static_cast<Element*>(result), width##_mul_##suffix(FPLAB_A(load), FPLAB_B(load))); } \
  FPLAB_KERNEL(Div, isa) { store(static_cast<Element*>(result), width##_div_##suffix(FPLAB_A(load), FPLAB_B(load))); } \
  FPLAB_KERNEL(Min, isa) { store(static_cast<Element*>(result), width##_min_##suffix(FPLAB_A(load), FPLAB_B(load))); } \
  FPLAB_KERNEL(Max, isa) { store(static_cast<Element*>(result), width##_max_##suffix(FPLAB_A(load), FPLAB_B(load))); } \
  FPLAB_KERNEL(Sqrt, isa) { store(static_cast<Element*>(result), square_root(FPLAB_A(load))); }                        \
  FPLAB_KERNEL(Fma, fma_isa) {                                                                                         \
    store(static_cast<Element*>(result), width##_fmadd_##suffix(FPLAB_A(load), FPLAB_B(load), FPLAB_C(load)));         \
  }

#define FPLAB_ROUND(isa, load, store, round) \
  FPLAB_KERNEL(Round, isa) { store(static_cast<Element*>(result), round(FPLAB_A(load))); }

// Scalar comparisons, in assembly: COMIS signals for quiet NaNs, UCOMIS does not, and GCC 12's intrinsics for "equal"
// overlook the parity flag that says unordered. With the operands swapped, "above" is false for unordered ones.
#define FPLAB_COMPARE_SCALAR(name, load, code, x, y)                                       \
  FPLAB_KERNEL(name, "sse2") {                                                             \
    unsigned char truth = 0, ordered = 0;                                                  \
    asm volatile(code : "=&q"(truth), "=&q"(ordered) : "x"(x(load)), "x"(y(load)) : "cc"); \
    *static_cast<Bits*>(result) = static_cast<Bits>(truth & ordered);                      \
  }
#define FPLAB_COMPARE_SCALARS(bits, load, suffix)                                                          \
  using Bits = bits;                                                                                       \
  FPLAB_COMPARE_SCALAR(Equal, load, "ucomi" suffix " %3, %2; sete %0; setnp %1", FPLAB_A, FPLAB_B)         \
  FPLAB_COMPARE_SCALAR(Less, load, "comi" suffix " %3, %2; seta %0; setnp %1", FPLAB_B, FPLAB_A)           \
  FPLAB_COMPARE_SCALAR(LessEqual, load, "comi" suffix " %3, %2; setae %0; setnp %1", FPLAB_B, FPLAB_A)     \
  FPLAB_COMPARE_SCALAR(EqualSignaling, load, "comi" suffix " %3, %2; sete %0; setnp %1", FPLAB_A, FPLAB_B) \
  FPLAB_COMPARE_SCALAR(LessQuiet, load, "ucomi" suffix " %3, %2; seta %0; setnp %1", FPLAB_B, FPLAB_A)     \
  FPLAB_COMPARE_SCALAR(LessEqualQuiet, load, "ucomi" suffix " %3, %2; setae %0; setnp %1", FPLAB_B, FPLAB_A)

// Vector comparisons, in assembly: Clang 14 compiles its intrinsics to comparisons that forget whether the predicate
// signals.
#define FPLAB_COMPARE_VECTOR(name, isa, load, store, compare, predicate)                    \
  FPLAB_KERNEL(name, isa) {                                                                 \
    const auto x = FPLAB_A(load), y = FPLAB_B(load);                                        \
    auto truth = x;                                                                         \
    asm volatile(compare " %3, %2, %1, %0" : "=x"(truth) : "x"(x), "x"(y), "i"(predicate)); \
    store(static_cast<Element*>(result), truth);                                            \
  }
#define FPLAB_COMPARE_MASK(name, isa, load, store, compare, predicate)                      \
  FPLAB_KERNEL(name, isa) {                                                                 \
    const auto x = FPLAB_A(load), y = FPLAB_B(load);                                        \
    __mmask16 truth;                                                                        \
    asm volatile(compare " %3, %2, %1, %0" : "=k"(truth) : "v"(x), "v"(y), "i"(predicate)); \
    store(result, truth);                                                                   \
  }
#define FPLAB_COMPARE_ALL(one, isa, load, store, compare)                                                              \
  one(Equal, isa, load, store, compare, _CMP_EQ_OQ) one(Less, isa, load, store, compare, _CMP_LT_OS)                   \
      one(LessEqual, isa, load, store, compare, _CMP_LE_OS) one(EqualSignaling, isa, load, store, compare, _CMP_EQ_OS) \
          one(LessQuiet, isa, load, store, compare, _CMP_LT_OQ)                                                        \
              one(LessEqualQuiet, isa, load, store, compare, _CMP_LE_OQ)

namespace fplab::machine {
namespace {

#define FPLAB_SQRT_SD(x) _mm_sqrt_sd(x, x)
#define FPLAB_ROUND_SS(x) _mm_round_ss(x, x, _MM_FROUND_CUR_DIRECTION)
#define FPLAB_ROUND_SD(x) _mm_round_sd(x, x, _MM_FROUND_CUR_DIRECTION)
#define FPLAB_ROUND_PS(x) _mm_round_ps(x, _MM_FROUND_CUR_DIRECTION)
#define FPLAB_ROUND_PD(x) _mm_round_pd(x, _MM_FROUND_CUR_DIRECTION)
#define FPLAB_ROUND_PS256(x) _mm256_round_ps(x, _MM_FROUND_CUR_DIRECTION)
#define FPLAB_ROUND_PD256(x) _mm256_round_pd(x, _MM_FROUND_CUR_DIRECTION)
#define FPLAB_ROUND_PS512(x) _mm512_roundscale_ps(x, _MM_FROUND_CUR_DIRECTION)
#define FPLAB_ROUND_PD512(x) _mm512_roundscale_pd(x, _MM_FROUND_CUR_DIRECTION)
#define FPLAB_STORE_MASK16(p, mask) _mm512_storeu_si512(p, _mm512_maskz_set1_epi32(mask, 1))
#define FPLAB_STORE_MASK8(p, mask) _mm512_storeu_si512(p, _mm512_maskz_set1_epi64(static_cast<__mmask8>(mask), 1))

namespace ss {
FPLAB_ARITHMETIC(float, "sse2", "fma", _mm, _mm_load_ss, _mm_store_ss, ss, _mm_sqrt_ss)
FPLAB_ROUND("sse4.1", _mm_load_ss, _mm_store_ss, FPLAB_ROUND_SS)
FPLAB_COMPARE_SCALARS(uint32_t, _mm_load_ss, "ss")
}  // namespace ss
namespace sd {
FPLAB_ARITHMETIC(double, "sse2", "fma", _mm, _mm_load_sd, _mm_store_sd, sd, FPLAB_SQRT_SD)
FPLAB_ROUND("sse4.1", _mm_load_sd, _mm_store_sd, FPLAB_ROUND_SD)
FPLAB_COMPARE_SCALARS(uint64_t, _mm_load_sd, "sd")
}  // namespace sd
namespace ps128 {
FPLAB_ARITHMETIC(float, "sse2", "fma", _mm, _mm_loadu_ps, _mm_storeu_ps, ps, _mm_sqrt_ps)
FPLAB_ROUND("sse4.1", _mm_loadu_ps, _mm_storeu_ps, FPLAB_ROUND_PS)
FPLAB_COMPARE_ALL(FPLAB_COMPARE_VECTOR, "avx", _mm_loadu_ps, _mm_storeu_ps, "vcmpps")
}  // namespace ps128
namespace pd128 {
FPLAB_ARITHMETIC(double, "sse2", "fma", _mm, _mm_loadu_pd, _mm_storeu_pd, pd, _mm_sqrt_pd)
FPLAB_ROUND("sse4.1", _mm_loadu_pd, _mm_storeu_pd, FPLAB_ROUND_PD)
FPLAB_COMPARE_ALL(FPLAB_COMPARE_VECTOR, "avx", _mm_loadu_pd, _mm_storeu_pd, "vcmppd")
}  // namespace pd128
namespace ps256 {
FPLAB_ARITHMETIC(float, "avx", "avx,fma", _mm256, _mm256_loadu_ps, _mm256_storeu_ps, ps, _mm256_sqrt_ps)
FPLAB_ROUND("avx", _mm256_loadu_ps, _mm256_storeu_ps, FPLAB_ROUND_PS256)
FPLAB_COMPARE_ALL(FPLAB_COMPARE_VECTOR, "avx", _mm256_loadu_ps, _mm256_storeu_ps, "vcmpps")
}  // namespace ps256
namespace pd256 {
FPLAB_ARITHMETIC(double, "avx", "avx,fma", _mm256, _mm256_loadu_pd, _mm256_storeu_pd, pd, _mm256_sqrt_pd)
FPLAB_ROUND("avx", _mm256_loadu_pd, _mm256_storeu_pd, FPLAB_ROUND_PD256)
FPLAB_COMPARE_ALL(FPLAB_COMPARE_VECTOR, "avx", _mm256_loadu_pd, _mm256_storeu_pd, "vcmppd")
}  // namespace pd256
namespace ps512 {
FPLAB_ARITHMETIC(float, "avx512f", "avx512f", _mm512, _mm512_loadu_ps, _mm512_storeu_ps, ps, _mm512_sqrt_ps)
FPLAB_ROUND("avx512f", _mm512_loadu_ps, _mm512_storeu_ps, FPLAB_ROUND_PS512)
FPLAB_COMPARE_ALL(FPLAB_COMPARE_MASK, "avx512f", _mm512_loadu_ps, FPLAB_STORE_MASK16, "vcmpps")
}  // namespace ps512
namespace pd512 {
FPLAB_ARITHMETIC(double, "avx512f", "avx512f", _mm512, _mm512_loadu_pd, _mm512_storeu_pd, pd, _mm512_sqrt_pd)
FPLAB_ROUND("avx512f", _mm512_loadu_pd, _mm512_storeu_pd, FPLAB_ROUND_PD512)
FPLAB_COMPARE_ALL(FPLAB_COMPARE_MASK, "avx512f", _mm512_loadu_pd, FPLAB_STORE_MASK8, "vcmppd")
}  // namespace pd512

// Mnemonics without the vector type, in the order of the instructions below.
struct Operations {
  Instruction add, sub, mul, div, min, max, sqrt, fma, round;
  Instruction equal, less, less_equal, equal_signaling, less_quiet, less_equal_quiet;
};

#define FPLAB_OPERATIONS(n)                                                                                     \
  Operations {                                                                                                  \
    n::Add, n::Sub, n::Mul, n::Div, n::Min, n::Max, n::Sqrt, n::Fma, n::Round, n::Equal, n::Less, n::LessEqual, \
        n::EqualSignaling, n::LessQuiet, n::LessEqualQuiet                                                      \
  }

// A set of operations on one vector type, and the features that parts of it need.
struct VectorType {
  Path path;
  Format format;
  int lanes;
  std::string_view isa, fma_isa, round_isa, compare_isa;
  Operations run;
};

const VectorType kVectorTypes[] = {
    {Path::kScalar, kBinary32, 1, "sse2", "fma", "sse4.1", "sse2", FPLAB_OPERATIONS(ss)},
    {Path::kScalar, kBinary64, 1, "sse2", "fma", "sse4.1", "sse2", FPLAB_OPERATIONS(sd)},
    {Path::kVector128, kBinary32, 4, "sse2", "fma", "sse4.1", "avx", FPLAB_OPERATIONS(ps128)},
    {Path::kVector128, kBinary64, 2, "sse2", "fma", "sse4.1", "avx", FPLAB_OPERATIONS(pd128)},
    {Path::kVector256, kBinary32, 8, "avx", "fma", "avx", "avx", FPLAB_OPERATIONS(ps256)},
    {Path::kVector256, kBinary64, 4, "avx", "fma", "avx", "avx", FPLAB_OPERATIONS(pd256)},
    {Path::kVector512, kBinary32, 16, "avx512f", "avx512f", "avx512f", "avx512f", FPLAB_OPERATIONS(ps512)},
    {Path::kVector512, kBinary64, 8, "avx512f", "avx512f", "avx512f", "avx512f", FPLAB_OPERATIONS(pd512)},
};

}  // namespace

void AppendArithmetic(std::vector<Kernel>& table) {
  for (const VectorType& type : kVectorTypes) {
    const auto append = [&](Family family, model::Operation operation, std::string_view mnemonic, std::string_view isa,
                            Instruction run) {
      model::Function function = model::Function::On(operation, type.format);
      if (operation == model::Operation::kRoundToIntegral) function.inexact = model::InexactFlag::kRaise;
      const int bytes = type.format.Width() / 8;
      table.push_back(
          {family, function, type.path, mnemonic, isa, type.lanes, type.format, type.format, bytes, bytes, run});
    };
    append(Family::kAdd, model::Operation::kAdd, "ADD", type.isa, type.run.add);
    append(Family::kAdd, model::Operation::kSub, "SUB", type.isa, type.run.sub);
    append(Family::kMul, model::Operation::kMul, "MUL", type.isa, type.run.mul);
    append(Family::kFma, model::Operation::kFma, "VFMADD", type.fma_isa, type.run.fma);
    append(Family::kDiv, model::Operation::kDiv, "DIV", type.isa, type.run.div);
    append(Family::kSqrt, model::Operation::kSqrt, "SQRT", type.isa, type.run.sqrt);
    append(Family::kMinMax, model::Operation::kX86Min, "MIN", type.isa, type.run.min);
    append(Family::kMinMax, model::Operation::kX86Max, "MAX", type.isa, type.run.max);
    append(Family::kRound, model::Operation::kRoundToIntegral, type.path == Path::kVector512 ? "VRNDSCALE" : "ROUND",
           type.round_isa, type.run.round);
    const std::string_view quiet = type.path == Path::kScalar ? "UCOMI" : "VCMP";
    const std::string_view signaling = type.path == Path::kScalar ? "COMI" : "VCMP";
    append(Family::kCompare, model::Operation::kEqual, quiet, type.compare_isa, type.run.equal);
    append(Family::kCompare, model::Operation::kLess, signaling, type.compare_isa, type.run.less);
    append(Family::kCompare, model::Operation::kLessEqual, signaling, type.compare_isa, type.run.less_equal);
    append(Family::kCompare, model::Operation::kEqualSignaling, signaling, type.compare_isa, type.run.equal_signaling);
    append(Family::kCompare, model::Operation::kLessQuiet, quiet, type.compare_isa, type.run.less_quiet);
    append(Family::kCompare, model::Operation::kLessEqualQuiet, quiet, type.compare_isa, type.run.less_equal_quiet);
  }
}

}  // namespace fplab::machine

#endif  // defined(__x86_64__)
