// AArch64: scalar and 128-bit arithmetic and conversions, and the sticky flags of FPSR. Arm DDI 0487, C7 and FPSR.
// SPDX-License-Identifier: Apache-2.0
#if defined(__aarch64__)

#include <arm_neon.h>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/machine/instruction_table.h>

namespace fplab::machine {
namespace {

template <typename T>
const T& At(const void* p) {
  return *static_cast<const T*>(p);
}
template <typename T>
T& At(void* p) {
  return *static_cast<T*>(p);
}

// One instruction each: FADD, FSUB, FMUL, FDIV, FSQRT, FMADD, FRINTX. Comparisons: == is FCMP (quiet), < and <= are
// FCMPE.
template <typename T>
struct Scalar {
  using Bits = BitsOf<T>;
#define FPLAB_SCALAR(name, expression)                                                                 \
  [[gnu::noinline]] static void name([[maybe_unused]] const void* pa, [[maybe_unused]] const void* pb, \
                                     [[maybe_unused]] const void* pc, void* result) {                  \
    const T a = At<T>(pa);                                                                             \
    [[maybe_unused]] const T b = At<T>(pb), c = At<T>(pc);                                             \
    At<T>(result) = expression;                                                                        \
  }
#define FPLAB_SCALAR_COMPARE(name, expression)                                                    \
  [[gnu::noinline]] static void name(const void* pa, const void* pb, const void*, void* result) { \
    const T a = At<T>(pa), b = At<T>(pb);                                                         \
    At<Bits>(result) = (expression) ? 1 : 0;                                                      \
  }
  FPLAB_SCALAR(Add, a + b)
  FPLAB_SCALAR(Sub, a - b)
  FPLAB_SCALAR(Mul, a* b)
  FPLAB_SCALAR(Div, a / b)
  FPLAB_SCALAR(Sqrt, SquareRoot(a))
  FPLAB_SCALAR(Fma, FusedMultiplyAdd(a, b, c))
  FPLAB_SCALAR(Round, RoundExact(a))
  FPLAB_SCALAR_COMPARE(Equal, a == b)
  FPLAB_SCALAR_COMPARE(Less, a < b)
  FPLAB_SCALAR_COMPARE(LessEqual, a <= b)
  FPLAB_SCALAR_COMPARE(LessQuiet, __builtin_isless(a, b))
  FPLAB_SCALAR_COMPARE(LessEqualQuiet, __builtin_islessequal(a, b))

  // In assembly, for libm's functions set errno and may be called.
  static float SquareRoot(float a) {
    asm volatile("fsqrt %s0, %s0" : "+w"(a));
    return a;
  }
  static double SquareRoot(double a) {
    asm volatile("fsqrt %d0, %d0" : "+w"(a));
    return a;
  }
  static float FusedMultiplyAdd(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
  static double FusedMultiplyAdd(double a, double b, double c) { return __builtin_fma(a, b, c); }
  static float RoundExact(float a) {
    asm volatile("frintx %s0, %s0" : "+w"(a));
    return a;
  }
  static double RoundExact(double a) {
    asm volatile("frintx %d0, %d0" : "+w"(a));
    return a;
  }
};

#define FPLAB_VECTOR(name, load, store, type, expression)                                                       \
  [[gnu::noinline]] void name([[maybe_unused]] const void* pa, [[maybe_unused]] const void* pb,                 \
                              [[maybe_unused]] const void* pc, void* result) {                                  \
    const auto a = load(static_cast<const type*>(pa));                                                          \
    [[maybe_unused]] const auto b = load(static_cast<const type*>(pb)), c = load(static_cast<const type*>(pc)); \
    store(static_cast<type*>(result), expression);                                                              \
  }
#define FPLAB_VECTOR_SET(type, suffix)                                             \
  FPLAB_VECTOR(Add, vld1q_##suffix, vst1q_##suffix, type, vaddq_##suffix(a, b))    \
  FPLAB_VECTOR(Sub, vld1q_##suffix, vst1q_##suffix, type, vsubq_##suffix(a, b))    \
  FPLAB_VECTOR(Mul, vld1q_##suffix, vst1q_##suffix, type, vmulq_##suffix(a, b))    \
  FPLAB_VECTOR(Div, vld1q_##suffix, vst1q_##suffix, type, vdivq_##suffix(a, b))    \
  FPLAB_VECTOR(Sqrt, vld1q_##suffix, vst1q_##suffix, type, vsqrtq_##suffix(a))     \
  FPLAB_VECTOR(Fma, vld1q_##suffix, vst1q_##suffix, type, vfmaq_##suffix(c, a, b)) \
  FPLAB_VECTOR(Round, vld1q_##suffix, vst1q_##suffix, type, vrndxq_##suffix(a))

namespace f32x4 {
FPLAB_VECTOR_SET(float, f32)
}  // namespace f32x4
namespace f64x2 {
FPLAB_VECTOR_SET(double, f64)
}  // namespace f64x2

[[gnu::noinline]] void Narrow(const void* a, const void*, const void*, void* result) {
  At<float>(result) = static_cast<float>(At<double>(a));
}
[[gnu::noinline]] void Widen(const void* a, const void*, const void*, void* result) {
  At<double>(result) = static_cast<double>(At<float>(a));
}

struct Row {
  Family family;
  model::Operation operation;
  std::string_view mnemonic;
  Instruction scalar32, scalar64, vector32, vector64;  // null where there is none
};

const Row kRows[] = {
    {Family::kAdd, model::Operation::kAdd, "FADD", Scalar<float>::Add, Scalar<double>::Add, f32x4::Add, f64x2::Add},
    {Family::kAdd, model::Operation::kSub, "FSUB", Scalar<float>::Sub, Scalar<double>::Sub, f32x4::Sub, f64x2::Sub},
    {Family::kMul, model::Operation::kMul, "FMUL", Scalar<float>::Mul, Scalar<double>::Mul, f32x4::Mul, f64x2::Mul},
    {Family::kFma, model::Operation::kFma, "FMADD", Scalar<float>::Fma, Scalar<double>::Fma, f32x4::Fma, f64x2::Fma},
    {Family::kDiv, model::Operation::kDiv, "FDIV", Scalar<float>::Div, Scalar<double>::Div, f32x4::Div, f64x2::Div},
    {Family::kSqrt, model::Operation::kSqrt, "FSQRT", Scalar<float>::Sqrt, Scalar<double>::Sqrt, f32x4::Sqrt,
     f64x2::Sqrt},
    {Family::kRound, model::Operation::kRoundToIntegral, "FRINTX", Scalar<float>::Round, Scalar<double>::Round,
     f32x4::Round, f64x2::Round},
    {Family::kCompare, model::Operation::kEqual, "FCMP", Scalar<float>::Equal, Scalar<double>::Equal, nullptr, nullptr},
    {Family::kCompare, model::Operation::kLess, "FCMPE", Scalar<float>::Less, Scalar<double>::Less, nullptr, nullptr},
    {Family::kCompare, model::Operation::kLessEqual, "FCMPE", Scalar<float>::LessEqual, Scalar<double>::LessEqual,
     nullptr, nullptr},
    {Family::kCompare, model::Operation::kLessQuiet, "FCMP", Scalar<float>::LessQuiet, Scalar<double>::LessQuiet,
     nullptr, nullptr},
    {Family::kCompare, model::Operation::kLessEqualQuiet, "FCMP", Scalar<float>::LessEqualQuiet,
     Scalar<double>::LessEqualQuiet, nullptr, nullptr},
};

}  // namespace

void AppendArithmetic(std::vector<Kernel>& table) {
  for (const Row& row : kRows) {
    const auto append = [&](const Format& format, Path path, int lanes, Instruction run) {
      if (run == nullptr) return;
      model::Function function = model::Function::On(row.operation, format);
      if (row.operation == model::Operation::kRoundToIntegral) function.inexact = model::InexactFlag::kRaise;
      const int bytes = format.Width() / 8;
      table.push_back({row.family, function, path, row.mnemonic, "neon", lanes, format, format, bytes, bytes, run});
    };
    append(kBinary32, Path::kScalar, 1, row.scalar32);
    append(kBinary64, Path::kScalar, 1, row.scalar64);
    append(kBinary32, Path::kVector128, 4, row.vector32);
    append(kBinary64, Path::kVector128, 2, row.vector64);
  }
}

void AppendConversions(std::vector<Kernel>& table) {
  table.push_back({Family::kNarrow, model::Function::Conversion(kBinary64, kBinary32), Path::kScalar, "FCVT", "neon", 1,
                   kBinary64, kBinary32, 8, 4, Narrow});
  table.push_back({Family::kWiden, model::Function::Conversion(kBinary32, kBinary64), Path::kScalar, "FCVT", "neon", 1,
                   kBinary32, kBinary64, 4, 8, Widen});
}

void AppendEstimates(std::vector<Kernel>&) {}

bool HasIsa(std::string_view isa) { return isa == "neon"; }

uint64_t ReadStickyFlags() {
  uint64_t flags;
  asm volatile("mrs %0, fpsr" : "=r"(flags) : : "memory");
  return flags;
}

void WriteStickyFlags(uint64_t flags) { asm volatile("msr fpsr, %0" : : "r"(flags) : "memory"); }

// FPSR: IOC 0, DZC 1, OFC 2, UFC 3, IXC 4, IDC 7.
model::Flags DecodeStickyFlags(uint64_t flags) {
  model::Flags decoded = 0;
  if ((flags & 1u << 0) != 0) decoded |= model::kInvalid;
  if ((flags & 1u << 1) != 0) decoded |= model::kDivideByZero;
  if ((flags & 1u << 2) != 0) decoded |= model::kOverflow;
  if ((flags & 1u << 3) != 0) decoded |= model::kUnderflow;
  if ((flags & 1u << 4) != 0) decoded |= model::kInexact;
  if ((flags & 1u << 7) != 0) decoded |= model::kDenormal;
  return decoded;
}

}  // namespace fplab::machine

#endif  // defined(__aarch64__)
