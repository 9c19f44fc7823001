// Which NaN the model returns under each rule: against this machine's instructions, against the cases that the manuals
// state, and against the canonical rule, from which nothing else may differ.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/machine/hardware.h>
#include <fplab/fparith/model/function.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/model/nan_rule.h>
#include <fplab/fparith/text/float_text.h>
#include "proptests/support/model_cases.h"

namespace fplab::model {
namespace {

constexpr std::array kAllRules = {NanRule::kCanonical, NanRule::kX86, NanRule::kArm, NanRule::kRiscV};

Environment Under(NanRule rule) {
  Environment environment = HardwareEnvironment(kIeee);
  environment.nans = rule;
  return environment;
}

// Both signs of: quiet and signaling NaNs of several payloads, infinity, zero, and numbers small, ordinary and large.
std::vector<uint64_t> Landmarks(const Format& format) {
  const uint64_t infinity = format.Infinity(), quiet = infinity | QuietBit(format), payload = PayloadMask(format);
  std::vector<uint64_t> values = {quiet,
                                  quiet | 1,
                                  quiet | payload,
                                  infinity | 1,
                                  infinity | payload,
                                  infinity,
                                  0,
                                  format.MinSubnormal(),
                                  format.One(),
                                  format.MaxFinite(),
                                  quiet | (payload & ~(payload >> 1))};
  for (const uint64_t value : std::vector(values)) values.push_back(value | format.SignMask());
  return values;
}

template <typename Body>
void ForTuples(const Format& format, int arity, const Body& body) {
  const std::vector<uint64_t> values = Landmarks(format);
  for (const uint64_t a : values) {
    for (const uint64_t b : arity > 1 ? values : std::vector<uint64_t>{0}) {
      for (const uint64_t c : arity > 2 ? values : std::vector<uint64_t>{0}) body(std::array{a, b, c});
    }
  }
}

bool ReturnsNumbers(const Function& function) {
  return function.ResultKind() == ValueKind::kFloat && function.OperandKind() == ValueKind::kFloat;
}

TEST(NanRule, ThisMachinesScalarInstructionsReturnTheNansOfItsRule) {
  const NanRule rule = HardwareNanRule();
  if (rule == NanRule::kCanonical) GTEST_SKIP() << "an architecture whose NaNs fplab does not know";
  size_t functions = 0;
  for (const Format& format : {kBinary16, kBfloat16, kBinary32, kBinary64}) {
    for (const Function& function : FunctionsOn(format)) {
      if (!ReturnsNumbers(function) || !machine::HardwareHas(function, machine::Path::kScalar)) continue;
      ++functions;
      ForTuples(format, function.Arity(), [&](const std::array<uint64_t, 3>& v) {
        const Outcome machine = machine::ExecuteOne(function, machine::Path::kScalar, kIeee, v[0], v[1], v[2]);
        const Outcome model = Evaluate(function, Under(rule), v[0], v[1], v[2]);
        if (!function.result_format.IsNan(model.bits)) return;
        EXPECT_EQ(model.bits, machine.bits)
            << ShowCase(function, Under(rule), v) << "\n  machine " << ShowOutcome(function, machine) << "\n  model   "
            << ShowOutcome(function, model);
        EXPECT_EQ(model.flags & kInvalid, machine.flags & kInvalid) << ShowCase(function, Under(rule), v);
      });
    }
  }
  EXPECT_GE(functions, 14u) << "sums, differences, products, quotients, roots, conversions and more, in two formats";
}

#if defined(__x86_64__)
// In assembly, so that no compiler orders the operands: AT&T writes the last source first.
enum class Fused : uint8_t { k132, k213, k231 };

template <typename T, typename Bits>
uint64_t FusedMultiplyAdd(Fused form, uint64_t a, uint64_t b, uint64_t c) {
  const T x = std::bit_cast<T>(static_cast<Bits>(a)), y = std::bit_cast<T>(static_cast<Bits>(b)),
          z = std::bit_cast<T>(static_cast<Bits>(c));
  T result{};
  constexpr bool kSingle = sizeof(T) == 4;
  switch (form) {
    case Fused::k132:  // first * third + second
      result = x;
      if constexpr (kSingle) {
        asm volatile("vfmadd132ss %1, %2, %0" : "+x"(result) : "x"(y), "x"(z));
      } else {
        asm volatile("vfmadd132sd %1, %2, %0" : "+x"(result) : "x"(y), "x"(z));
      }
      break;
    case Fused::k213:  // second * first + third
      result = y;
      if constexpr (kSingle) {
        asm volatile("vfmadd213ss %2, %1, %0" : "+x"(result) : "x"(x), "x"(z));
      } else {
        asm volatile("vfmadd213sd %2, %1, %0" : "+x"(result) : "x"(x), "x"(z));
      }
      break;
    case Fused::k231:  // second * third + first
      result = z;
      if constexpr (kSingle) {
        asm volatile("vfmadd231ss %2, %1, %0" : "+x"(result) : "x"(x), "x"(y));
      } else {
        asm volatile("vfmadd231sd %2, %1, %0" : "+x"(result) : "x"(x), "x"(y));
      }
      break;
  }
  return std::bit_cast<Bits>(result);
}

TEST(NanRule, EveryFormOfX86sFusedMultiplyAddTakesMultiplicandThenMultiplierThenAddend) {
  if (__builtin_cpu_supports("fma") == 0) GTEST_SKIP() << "this processor has no FMA";
  for (const Format& format : {kBinary32, kBinary64}) {
    ForTuples(format, 3, [&](const std::array<uint64_t, 3>& v) {
      const uint64_t model = Fma(format, Under(NanRule::kX86), v[0], v[1], v[2]).bits;
      for (const Fused form : {Fused::k132, Fused::k213, Fused::k231}) {
        const uint64_t machine = format == kBinary32 ? FusedMultiplyAdd<float, uint32_t>(form, v[0], v[1], v[2])
                                                     : FusedMultiplyAdd<double, uint64_t>(form, v[0], v[1], v[2]);
        EXPECT_EQ(model, machine) << ShowCase(Function::On(Operation::kFma, format), Under(NanRule::kX86), v)
                                  << "\n  machine " << HexBits(format, machine) << ", form " << static_cast<int>(form);
      }
    });
  }
}
#endif

// Bits of binary32.
constexpr uint64_t kQuiet1 = 0x7fc00001, kQuiet2 = 0xffc00002, kSignaling3 = 0x7f800003, kSignaling4 = 0xff800004;
constexpr uint64_t kQuieted3 = 0x7fc00003, kQuieted4 = 0xffc00004;
constexpr uint64_t kOne = 0x3f800000, kInfinity = 0x7f800000, kMinusInfinity = 0xff800000;
constexpr uint64_t kPositiveDefault = 0x7fc00000, kNegativeDefault = 0xffc00000;

struct Case {
  const char* function;
  std::array<uint64_t, 3> operands;
  uint64_t x86, arm;
};

TEST(NanRule, TheManualsCasesAreAsTheyState) {
  const std::vector<Case> cases = {
      // One NaN: it comes back, quieted, wherever it stands; a subtrahend keeps its sign.
      {"f32_add", {kOne, kQuiet2}, kQuiet2, kQuiet2},
      {"f32_sub", {kOne, kSignaling3}, kQuieted3, kQuieted3},
      {"f32_mul", {kSignaling4, 0}, kQuieted4, kQuieted4},
      {"f32_div", {kQuiet1, 0}, kQuiet1, kQuiet1},
      {"f32_sqrt", {kSignaling4}, kQuieted4, kQuieted4},
      {"f32_roundToInt", {kSignaling3}, kQuieted3, kQuieted3},
      // Two: the first on x86; on Arm a signaling one before a quiet one.
      {"f32_add", {kQuiet1, kQuiet2}, kQuiet1, kQuiet1},
      {"f32_add", {kQuiet2, kQuiet1}, kQuiet2, kQuiet2},
      {"f32_mul", {kQuiet1, kSignaling4}, kQuiet1, kQuieted4},
      {"f32_div", {kSignaling3, kSignaling4}, kQuieted3, kQuieted3},
      {"f32_rem", {kQuiet1, kSignaling3}, kQuiet1, kQuieted3},
      // None, and the operation is invalid.
      {"f32_add", {kInfinity, kMinusInfinity}, kNegativeDefault, kPositiveDefault},
      {"f32_mul", {kInfinity, 0}, kNegativeDefault, kPositiveDefault},
      {"f32_div", {0, 0}, kNegativeDefault, kPositiveDefault},
      {"f32_sqrt", {kOne | kBinary32.SignMask()}, kNegativeDefault, kPositiveDefault},
      // a*b + c: x86 a, b, c; Arm c, a, b, signaling ones first.
      {"f32_mulAdd", {kOne, kQuiet1, kQuiet2}, kQuiet1, kQuiet2},
      {"f32_mulAdd", {kQuiet2, kQuiet1, kOne}, kQuiet2, kQuiet2},
      {"f32_mulAdd", {kOne, kSignaling3, kQuiet2}, kQuieted3, kQuieted3},
      {"f32_mulAdd", {kQuiet1, kSignaling3, kSignaling4}, kQuiet1, kQuieted4},
      {"f32_mulAdd", {kInfinity, 0, kQuiet1}, kQuiet1, kPositiveDefault},
      {"f32_mulAdd", {0, kMinusInfinity, kSignaling4}, kQuieted4, kQuieted4},
      {"f32_mulAdd", {kInfinity, 0, kOne}, kNegativeDefault, kPositiveDefault},
      // Minima: MINPS gives its second operand as it is; minimumNumber has a NaN only of two.
      {"f32_x86min", {kQuiet1, kOne}, kOne, kOne},
      {"f32_x86min", {kQuiet1, kSignaling4}, kSignaling4, kSignaling4},
      {"f32_x86max", {kOne, kSignaling3}, kSignaling3, kSignaling3},
      {"f32_minimumNumber", {kQuiet1, kOne}, kOne, kOne},
      {"f32_maximumNumber", {kQuiet1, kSignaling3}, kQuiet1, kQuieted3},
      // Conversions keep the sign and the top bits, quieted.
      {"f32_to_f64", {kQuiet2}, 0xfff8000040000000, 0xfff8000040000000},
      {"f32_to_f64", {kSignaling3}, 0x7ff8000060000000, 0x7ff8000060000000},
      {"f64_to_f32", {0x7ff0000060000000}, kQuieted3, kQuieted3},
      {"f64_to_f32", {0xfff0000000000001}, kNegativeDefault, kNegativeDefault},
      {"f32_to_f16", {0xff802000}, 0xfe01, 0xfe01},
      {"bf16_to_f32", {0x7f81}, 0x7fc10000, 0x7fc10000},
  };
  for (const Case& one : cases) {
    const Function function = ParseFunction(one.function);
    const auto nan = [&](NanRule rule) {
      return Evaluate(function, Under(rule), one.operands[0], one.operands[1], one.operands[2]).bits;
    };
    const Format& format = function.result_format;
    const std::string text = ShowCase(function, Under(NanRule::kX86), one.operands);
    EXPECT_EQ(HexBits(format, nan(NanRule::kX86)), HexBits(format, one.x86)) << text;
    EXPECT_EQ(HexBits(format, nan(NanRule::kArm)), HexBits(format, one.arm)) << text;
  }
}

TEST(NanRule, ArmsMinimaPropagateAndMissQuietNansAsTheirNamesSay) {
  const Environment arm = Under(NanRule::kArm);
  EXPECT_EQ(Minimum(kBinary32, arm, kOne, kQuiet2).bits, kQuiet2) << "FMIN";
  EXPECT_EQ(Maximum(kBinary32, arm, kQuiet1, kSignaling4).bits, kQuieted4) << "FMAX";
  EXPECT_EQ(MinNum(kBinary32, arm, kOne, kQuiet2).bits, kOne) << "FMINNM";
  EXPECT_EQ(MinNum(kBinary32, arm, kQuiet1, kSignaling4).bits, kQuieted4) << "FMINNM";
  EXPECT_EQ(MaxNum(kBinary32, arm, kSignaling3, kOne).bits, kQuieted3) << "FMAXNM";
  EXPECT_EQ(MaxNum(kBinary32, arm, kQuiet2, kQuiet1).bits, kQuiet2) << "FMAXNM";
}

TEST(NanRule, X86RaisesNothingForInfinityTimesZeroPlusAQuietNanAndTheOthersDo) {
  for (const NanRule rule : kAllRules) {
    const Flags invalid = rule == NanRule::kX86 ? Flags{0} : kInvalid;
    EXPECT_EQ(Fma(kBinary32, Under(rule), kInfinity, 0, kQuiet1).flags, invalid) << Name(rule);
    EXPECT_EQ(Fma(kBinary32, Under(rule), kInfinity, 0, kSignaling3).flags, kInvalid) << Name(rule);
    EXPECT_EQ(Fma(kBinary32, Under(rule), kInfinity, 0, kOne).flags, kInvalid) << Name(rule);
  }
}

TEST(NanRule, AFlushedOperandOfAFusedProductIsAZeroToArm) {
  Environment flushing = Under(NanRule::kArm);
  EXPECT_EQ(Fma(kBinary32, flushing, kInfinity, 1, kQuiet1).bits, kQuiet1);
  flushing.mode = kFtzDaz;
  EXPECT_EQ(Fma(kBinary32, flushing, kInfinity, 1, kQuiet1).bits, kPositiveDefault);
}

// Of every pair and every triple of a format with NaNs of each kind, under every rule.
TEST(NanRule, NothingButTheBitsOfANanDependsOnTheRule) {
  const Format format = ParseFormat("e3p3");
  for (const Function& function : FunctionsOn(format)) {
    const uint64_t count = uint64_t{1} << (format.Width() * function.Arity());
    for (uint64_t i = 0; i < count; ++i) {
      const auto at = [&](int position) { return i >> (position * format.Width()) & format.Mask(); };
      const Outcome canonical = Evaluate(function, Under(NanRule::kCanonical), at(0), at(1), at(2));
      for (const NanRule rule : {NanRule::kX86, NanRule::kArm, NanRule::kRiscV}) {
        const Outcome outcome = Evaluate(function, Under(rule), at(0), at(1), at(2));
        ASSERT_TRUE(function.SameResult(canonical.bits, outcome.bits)) << Name(function) << " " << i << Name(rule);
        // x86 lets the invalid flag of infinity times zero plus a quiet NaN be.
        const Flags spared = rule == NanRule::kX86 && function.operation == Operation::kFma ? kInvalid : Flags{0};
        ASSERT_EQ(canonical.flags & ~spared, outcome.flags & ~spared) << Name(function) << " " << i << Name(rule);
        ASSERT_TRUE(rule != NanRule::kRiscV || canonical.bits == outcome.bits) << Name(function) << " " << i;
      }
    }
  }
}

TEST(NanRule, NansAreQuietAndByItselfCanonicalButForX86sMinima) {
  for (const Function& function : FunctionsOn(kE5M2)) {
    if (!ReturnsNumbers(function) || function.Arity() != 2) continue;
    const bool as_it_is = function.operation == Operation::kX86Min || function.operation == Operation::kX86Max;
    for (uint64_t i = 0; i < 1 << 16; ++i) {
      for (const NanRule rule : kAllRules) {
        const uint64_t bits = Evaluate(function, Under(rule), i & 0xff, i >> 8, 0).bits;
        if (as_it_is || !kE5M2.IsNan(bits)) continue;
        ASSERT_FALSE(kE5M2.IsSignalingNan(bits)) << Name(function) << " " << i << Name(rule);
        ASSERT_TRUE(KeepsPayloads(rule) || bits == kE5M2.CanonicalNan()) << Name(function) << " " << i;
      }
    }
  }
}

TEST(NanRule, AFormatOfOneNanHasItUnderEveryRule) {
  for (const NanRule rule : kAllRules) {
    EXPECT_EQ(Div(kE4M3, Under(rule), 0x80, 0).bits, kE4M3.CanonicalNan()) << Name(rule);
    EXPECT_EQ(Add(kE4M3, Under(rule), 0xff, 0).bits, kE4M3.CanonicalNan()) << Name(rule);
    EXPECT_EQ(Convert(kE4M3, kBinary32, Under(rule), 0xff).bits, kPositiveDefault) << Name(rule);
    EXPECT_EQ(Convert(kBinary32, kE5M2Fnuz, Under(rule), kQuiet2).bits, kE5M2Fnuz.CanonicalNan()) << Name(rule);
    EXPECT_EQ(Mul(kE2M1, Under(rule), 3, 5), Mul(kE2M1, {}, 3, 5)) << Name(rule);
  }
}

TEST(NanRule, NamesAreReadBackAndAnotherIsRefused) {
  for (const NanRule rule : kAllRules) EXPECT_EQ(ParseNanRule(Name(rule)), rule);
  EXPECT_THROW(ParseNanRule("sparc"), Error);
}

}  // namespace
}  // namespace fplab::model
