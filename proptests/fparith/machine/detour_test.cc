// Arithmetic of 16-bit formats by wider instructions, against the model.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/machine/detour.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include <fplab/fparith/identity/operand_generator.h>
#include <fplab/fparith/mode/control_word.h>
#include "proptests/support/host_states.h"

namespace fplab::machine {
namespace {

using model::Function;
using model::Operation;

struct Operands {
  std::vector<uint64_t> a, b, c;
};

// Of every kind, the later ones often related to the first.
Operands Draw(const Format& format, size_t count) {
  identity::OperandGenerator generator(format, 11);
  Operands operands;
  const auto another = [&](uint64_t first) {
    const bool related = format.IsFinite(first) && generator.random().OneIn(2);
    return related ? generator.Related(first, generator.PickRelation()) : generator.AnyPattern();
  };
  for (size_t i = 0; i < count; ++i) {
    operands.a.push_back(generator.AnyPattern());
    operands.b.push_back(another(operands.a.back()));
    operands.c.push_back(another(operands.b.back()));
  }
  return operands;
}

std::vector<Function> FunctionsOf(const Format& format) {
  std::vector<Function> functions;
  for (const Operation operation :
       {Operation::kAdd, Operation::kSub, Operation::kMul, Operation::kDiv, Operation::kSqrt, Operation::kFma,
        Operation::kEqual, Operation::kLessQuiet, Operation::kX86Min}) {
    functions.push_back(Function::On(operation, format));
  }
  Function integral = Function::On(Operation::kRoundToIntegral, format);
  integral.inexact = model::InexactFlag::kRaise;
  functions.push_back(integral);
  return functions;
}

// In every mode of this machine, as the model in `model_mode` of it.
template <typename ModelMode>
void ExpectTheModels(const Function& function, const Operands& operands, ModelMode model_mode) {
  const size_t count = operands.a.size();
  std::vector<uint64_t> results(count);
  for (const Mode& mode : HardwareModes()) {
    const std::optional<Mode> expected_mode = model_mode(mode);
    if (!expected_mode) continue;
    const model::Environment environment = model::HardwareEnvironment(*expected_mode);
    ExecuteByDetour(function, mode, operands.a, operands.b, operands.c, results);
    for (size_t i = 0; i < count; ++i) {
      const uint64_t a = operands.a[i], b = operands.b[i], c = operands.c[i];
      ASSERT_TRUE(function.SameResult(results[i], model::Evaluate(function, environment, a, b, c).bits))
          << Name(function) << ", " << Name(mode) << std::hex << ": " << a << " " << b << " " << c << " -> "
          << results[i];
    }
  }
}

TEST(Detour, GivesTheBitsOfOneRoundingInEveryDirection) {
  for (const Format& format : {kBinary16, kBfloat16}) {
    const Operands operands = Draw(format, 60000);
    for (const Function& function : FunctionsOf(format)) {
      if (!DetourOf(function)) continue;
      ExpectTheModels(function, operands, [](Mode mode) {
        return mode.flush_inputs || mode.flush_outputs ? std::nullopt : std::optional(mode);
      });
    }
  }
}

TEST(Detour, FlushesNothingOfBinary16) {
  const Operands operands = Draw(kBinary16, 20000);
  for (const Function& function : FunctionsOf(kBinary16)) {
    if (!DetourOf(function)) continue;
    ExpectTheModels(function, operands, [](Mode mode) { return std::optional(Mode{mode.rounding, false, false}); });
  }
}

TEST(Detour, FlushesTheOperandsOfBfloat16AsTheModelDoes) {
  const Operands operands = Draw(kBfloat16, 20000);
  for (const Function& function : FunctionsOf(kBfloat16)) {
    if (!DetourOf(function)) continue;
    ExpectTheModels(function, operands,
                    [](Mode mode) { return mode.flush_outputs ? std::nullopt : std::optional(mode); });
  }
}

TEST(Detour, FlushesAResultOfBfloat16BeforeItIsRoundedToEightBits) {
  // (1 - 2^-9) * min normal: normal once it is rounded to 8 bits, and subnormal in binary32. As a product of 16 bits.
  if (!HardwareSupports(kFtz)) GTEST_SKIP() << "this machine has no FTZ";
  const Function product = Function::On(Operation::kMul, kBfloat16);
  if (!DetourOf(product)) GTEST_SKIP() << "this machine has no binary32";
  std::vector<uint64_t> a, b;
  for (uint64_t x = 0x3f80; x < 0x4000; ++x) {
    for (uint64_t y = 0x0080; y < 0x0100; ++y) {
      a.push_back(x - 0x80);  // in [0.5, 1)
      b.push_back(y);
    }
  }
  std::vector<uint64_t> results(a.size());
  ExecuteByDetour(product, kFtz, a, b, {}, results);
  size_t differences = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const uint64_t narrow = model::Mul(kBfloat16, model::HardwareEnvironment(kFtz), a[i], b[i]).bits;
    const uint64_t unflushed = model::Mul(kBfloat16, {}, a[i], b[i]).bits;
    if (results[i] == narrow) continue;
    ++differences;
    EXPECT_EQ(results[i], 0u);
    EXPECT_EQ(unflushed, kBfloat16.MinNormal());
  }
  EXPECT_GT(differences, 0u);
}

TEST(Detour, IsOfSixteenBitFormatsOnlyAndNotOfBfloat16sFma) {
  EXPECT_FALSE(DetourOf(Function::On(Operation::kFma, kBfloat16)));
  EXPECT_FALSE(DetourOf(Function::On(Operation::kRemainder, kBinary16)));
  EXPECT_FALSE(DetourOf(Function::Conversion(kBinary16, kBinary32)));
  for (const Format& format : {kE4M3, kBinary32, kBinary64, Format{5, 10}}) {
    EXPECT_FALSE(DetourOf(Function::On(Operation::kAdd, format))) << Name(format);
  }
}

}  // namespace
}  // namespace fplab::machine
