// Named vectors at the boundary of underflow, on the model and on the hardware, each with its negative mirror.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fplab/fparith/machine/hardware.h>
#include <fplab/fparith/mode/control_word.h>
#include "proptests/support/hardware_cases.h"

namespace fplab::model {
namespace {

constexpr uint64_t kMinNormal32 = 0x00800000;

struct Vector {
  const char* name;
  Function function;
  Mode mode;
  std::array<uint64_t, 3> operands;
  Outcome expected;  // tininess after rounding, flush semantics A
};

const Function kMul32 = Function::On(Operation::kMul, kBinary32);
const Function kDiv32 = Function::On(Operation::kDiv, kBinary32);
const Function kSub32 = Function::On(Operation::kSub, kBinary32);
const Function kFma32 = Function::On(Operation::kFma, kBinary32);
const Function kFma64 = Function::On(Operation::kFma, kBinary64);
const Function kNarrow = Function::Conversion(kBinary64, kBinary32);
constexpr Flags kTiny = kUnderflow | kInexact;

// 2^-126 * (1 - k 2^-27) in binary64, for k = 8, 6, 4, 2.
constexpr uint64_t kOneUlpBelow = 0x380fffffe0000000, kThreeQuarters = 0x380fffffe8000000;
constexpr uint64_t kHalfUlpBelow = 0x380ffffff0000000, kQuarterUlpBelow = 0x380ffffff8000000;

const Vector kVectors[] = {
    {"(1-2^-24) min normal rounds up to min normal", kMul32, kIeee, {0x3f7fffff, kMinNormal32}, {kMinNormal32, kTiny}},
    {"but x86 flushes it, for it underflowed", kMul32, kFtz, {0x3f7fffff, kMinNormal32}, {0, kTiny}},
    {"narrowing min normal (1-2^-24)", kNarrow, kFtz, {kOneUlpBelow}, {0, kTiny}},
    {"narrowing min normal (1-1.5*2^-25)", kNarrow, kFtz, {kThreeQuarters}, {0, kTiny}},
    {"narrowing min normal (1-2^-25), a tie that goes to min normal",
     kNarrow,
     kFtz,
     {kHalfUlpBelow},
     {kMinNormal32, kInexact}},
    {"narrowing min normal (1-2^-26)", kNarrow, kFtz, {kQuarterUlpBelow}, {kMinNormal32, kInexact}},
    {"narrowing min normal (1-2^-24) without flushing", kNarrow, kIeee, {kOneUlpBelow}, {kMinNormal32, kTiny}},
    {"a quotient just below min normal", kDiv32, kIeee, {0x00ffffff, 0x40000000}, {kMinNormal32, kTiny}},
    {"is flushed", kDiv32, kFtz, {0x00ffffff, 0x40000000}, {0, kTiny}},
    {"half of min normal is exact", kMul32, kIeee, {kMinNormal32, 0x3f000000}, {0x00400000, 0}},
    {"and flushed all the same", kMul32, kFtz, {kMinNormal32, 0x3f000000}, {0, kTiny}},
    {"neighbours differ by a subnormal", kSub32, kIeee, {0x00800001, kMinNormal32}, {1, 0}},
    {"that FTZ makes zero", kSub32, kFtz, {0x00800001, kMinNormal32}, {0, kTiny}},
    {"fma keeps a tiny product, for only its result is flushed",
     kFma32,
     kFtz,
     {0x0d800000, 0x2b800000, kMinNormal32},
     {0x00800200, 0}},
    {"a multiplication loses it", kMul32, kFtz, {0x0d800000, 0x2b800000}, {0, kTiny}},
    {"1/2^127 is a subnormal", kDiv32, kIeee, {0x3f800000, 0x7f000000}, {0x00400000, 0}},
    {"that FTZ makes zero, so that 1/(1/a) is infinite", kDiv32, kFtz, {0x3f800000, 0x7f000000}, {0, kTiny}},
    {"1/subnormal under DAZ divides by zero", kDiv32, kDaz, {0x3f800000, 0x00400000}, {0x7f800000, kDivideByZero}},
    // QEMU flushed before rounding until this case of its tests/tcg/x86_64/fma.c: rounded to 53 bits it is min normal.
    {"QEMU's fma case",
     kFma64,
     kFtz,
     {0x3fdfffffffffffff, 0x001fffffffffffff, 0x801fffffffffffff},
     {0x8010000000000000, kInexact}},
};

// The same with the sign of the result changed: of the first operand, and of the addend.
Vector Mirror(Vector vector) {
  vector.operands[0] = vector.function.format.Negate(vector.operands[0]);
  if (vector.function.operation == Operation::kFma) {
    vector.operands[2] = vector.function.format.Negate(vector.operands[2]);
  }
  if (vector.function.operation == Operation::kSub) {
    vector.operands[1] = vector.function.format.Negate(vector.operands[1]);
  }
  vector.expected.bits = vector.function.result_format.Negate(vector.expected.bits);
  return vector;
}

bool HasSubnormalOperand(const Vector& vector) {
  for (int i = 0; i < vector.function.Arity(); ++i) {
    if (vector.function.format.IsSubnormal(vector.operands[static_cast<size_t>(i)])) return true;
  }
  return false;
}

void ExpectModel(const Vector& vector) {
  const auto [a, b, c] = vector.operands;
  const Outcome got = Evaluate(vector.function, {vector.mode}, a, b, c);
  EXPECT_EQ(got, vector.expected) << vector.name << ": " << ShowCase(vector.function, {vector.mode}, vector.operands)
                                  << " = " << ShowOutcome(vector.function, got);
}

TEST(ModelVectors, NamedBoundaryVectorsHoldOnTheModelWithBothSigns) {
  for (const Vector& vector : kVectors) {
    ExpectModel(vector);
    ExpectModel(Mirror(vector));
  }
}

TEST(ModelVectors, NamedBoundaryVectorsHoldOnEveryPathOfTheHardware) {
  if (HardwareFlushSemantics() != FlushSemantics::kAfterRounding) GTEST_SKIP() << "these are x86's";
  for (const Vector& named : kVectors) {
    for (const Vector& vector : {named, Mirror(named)}) {
      ASSERT_FALSE(HasSubnormalOperand(vector) && !vector.mode.flush_inputs);
      for (machine::Path path : machine::kAllPaths) {
        if (!machine::HardwareHas(vector.function, path)) continue;
        const auto [a, b, c] = vector.operands;
        const Outcome got = machine::ExecuteOne(vector.function, path, vector.mode, a, b, c);
        EXPECT_EQ(got, vector.expected) << Name(path) << " " << vector.name << ": "
                                        << ShowOutcome(vector.function, got);
      }
    }
  }
}

TEST(ModelVectors, FlushSemanticsDifferJustBelowMinNormalAsTheirDefinitionsSay) {
  const auto narrow = [](uint64_t bits, FlushSemantics flush) {
    return Evaluate(kNarrow, {kFtz, Tininess::kAfterRounding, flush}, bits, 0, 0).bits;
  };
  using enum FlushSemantics;
  const struct {
    uint64_t bits, a, b, c, d;
  } rows[] = {{kOneUlpBelow, 0, 0, kMinNormal32, kMinNormal32},
              {kHalfUlpBelow, kMinNormal32, 0, kMinNormal32, kMinNormal32},
              {kQuarterUlpBelow, kMinNormal32, 0, kMinNormal32, kMinNormal32},
              {0x3803333333333333, 0, 0, 0, kMinNormal32},  // 0.6 min normal
              {0x3800000000000000, 0, 0, 0, kMinNormal32},  // 0.5 min normal: D's tie
              {0x37f999999999999a, 0, 0, 0, 0}};            // 0.4 min normal
  for (const auto& row : rows) {
    EXPECT_EQ(narrow(row.bits, kAfterRounding), row.a) << std::hex << row.bits;
    EXPECT_EQ(narrow(row.bits, kBeforeRounding), row.b) << std::hex << row.bits;
    EXPECT_EQ(narrow(row.bits, kIeeeThenZero), row.c) << std::hex << row.bits;
    EXPECT_EQ(narrow(row.bits, kNoSubnormals), row.d) << std::hex << row.bits;
  }
}

TEST(ModelVectors, E4M3OverflowsToNanAndHas448AsItsGreatestValue) {
  const Function narrow = Function::Conversion(kBinary32, kE4M3);
  const auto convert = [&](const char* text, Rounding rounding) {
    return Evaluate(narrow, {{rounding, false, false}}, ParseFloat(kBinary32, text), 0, 0);
  };
  EXPECT_EQ(convert("448", Rounding::kNearestEven), (Outcome{0x7e, 0}));
  EXPECT_EQ(convert("464", Rounding::kNearestEven), (Outcome{0x7e, kInexact}));  // a tie with 480, which is not there
  EXPECT_EQ(convert("465", Rounding::kNearestEven), (Outcome{0x7f, kOverflow | kInexact}));
  EXPECT_EQ(convert("479", Rounding::kTowardZero), (Outcome{0x7e, kInexact}));
  EXPECT_EQ(convert("480", Rounding::kTowardZero), (Outcome{0x7e, kOverflow | kInexact}));
  EXPECT_EQ(Evaluate(narrow, {}, kBinary32.Infinity(), 0, 0), (Outcome{0x7f, kInvalid}));
}

}  // namespace
}  // namespace fplab::model
