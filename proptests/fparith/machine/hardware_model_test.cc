// The hardware against the model, bits and flags, in every mode and on every path that the machine has.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/machine/hardware.h>
#include <fplab/fparith/mode/control_word.h>
#include "proptests/support/hardware_cases.h"

namespace fplab::machine {
namespace {

constexpr Format kHardwareFormats[] = {kBinary16, kBinary32, kBinary64};

// A million operations in each mode, spread over all functions and the scalar path.
TEST(HardwareModel, ScalarInstructionsReturnTheBitsAndFlagsOfTheModelInEveryMode) {
  constexpr size_t kCasesPerMode = 1'000'000;
  size_t function_count = 0;
  for (const Format& format : kHardwareFormats) {
    for (const model::Function& function : FunctionsOn(format)) function_count += HardwareHas(function, Path::kScalar);
  }
  ASSERT_GT(function_count, 20u);
  for (Mode mode : HardwareModes()) {
    for (const Format& format : kHardwareFormats) {
      for (const model::Function& function : FunctionsOn(format)) {
        if (!HardwareHas(function, Path::kScalar)) continue;
        ExpectHardwareIsTheModel(function, Path::kScalar, mode, kCasesPerMode / function_count, 23);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(HardwareModel, EveryLaneOfVectorInstructionsReturnsTheBitsAndFlagsOfTheModelInEveryMode) {
  constexpr size_t kCases = 4096;
  for (Path path : {Path::kVector128, Path::kVector256, Path::kVector512}) {
    for (const Format& format : kHardwareFormats) {
      for (const model::Function& function : FunctionsOn(format)) {
        if (!HardwareHas(function, path)) continue;
        for (Mode mode : HardwareModes()) {
          ExpectHardwareIsTheModel(function, path, mode, kCases, 29);
          if (HasFatalFailure()) return;
        }
      }
    }
  }
}

// Full vectors, as kernels use them: the same bits, and the union of the flags.
TEST(HardwareModel, PackedExecutionReturnsTheBitsOfSingleExecutionAndTheUnionOfItsFlags) {
  constexpr size_t kCount = 1003;  // no multiple of any lane count
  for (const Format& format : {kBinary32, kBinary64}) {
    FloatGenerator generator(format, Specials::kAll, 31);
    for (model::Operation operation :
         {model::Operation::kAdd, model::Operation::kMul, model::Operation::kDiv, model::Operation::kFma}) {
      const model::Function function = model::Function::On(operation, format);
      std::vector<uint64_t> a, b, c;
      for (size_t i = 0; i < kCount; ++i) {
        const auto [x, y, z] = generator.Operands(function);
        a.push_back(x);
        b.push_back(y);
        c.push_back(z);
      }
      for (Path path : kAllPaths) {
        if (!HardwareHas(function, path)) continue;
        std::vector<model::Outcome> single(kCount);
        std::vector<uint64_t> packed(kCount);
        Execute(function, path, kFtzDaz, a, b, c, single);
        const model::Flags flags = ExecutePacked(function, path, kFtzDaz, a, b, c, packed);
        model::Flags all = 0;
        for (size_t i = 0; i < kCount; ++i) {
          all |= single[i].flags;
          ASSERT_TRUE(format.SameBits(single[i].bits, packed[i])) << Name(path);
        }
        EXPECT_EQ(flags, all) << Name(path);
      }
    }
  }
}

TEST(HardwareModel, ExecutionLeavesTheControlWordAndTheStickyFlagsAsTheyWere) {
  const uint64_t before = ReadControlWord();
  const model::Function divide = model::Function::On(model::Operation::kDiv, kBinary32);
  const Mode mode = HardwareSupports(kFtz) ? kFtz : kFtzDaz;
  const model::Outcome outcome = ExecuteOne(divide, Path::kScalar, mode, kBinary32.One(), 0);
  EXPECT_EQ(outcome.bits, kBinary32.Infinity());
  EXPECT_EQ(outcome.flags, model::kDivideByZero);
  EXPECT_EQ(ReadControlWord(), before);
}

TEST(HardwareModel, WhatTheMachineLacksIsRefusedByName) {
  const model::Function half_add = model::Function::On(model::Operation::kAdd, kBinary16);
  EXPECT_FALSE(HardwareHas(half_add, Path::kScalar));
  EXPECT_THROW(ExecuteOne(half_add, Path::kScalar, kIeee, 0, 0), Error);
  const model::Function add = model::Function::On(model::Operation::kAdd, kBinary32);
  EXPECT_THROW(ExecuteOne(add, Path::kScalar, {Rounding::kNearestAway, false, false}, 0, 0), Error);
}

TEST(HardwareModelDeathTest, OperandsOfAnotherCountThanTheResultsAbort) {
  const model::Function fma = model::Function::On(model::Operation::kFma, kBinary32);
  const std::vector<uint64_t> two(2, kBinary32.One()), one(1, kBinary32.One());
  std::vector<model::Outcome> outcomes(2);
  std::vector<uint64_t> bits(2);
  EXPECT_DEATH(Execute(fma, Path::kScalar, kIeee, one, two, two, outcomes), "Execute: a must have");
  EXPECT_DEATH(Execute(fma, Path::kScalar, kIeee, two, one, two, outcomes), "Execute: b must have");
  EXPECT_DEATH(Execute(fma, Path::kScalar, kIeee, two, two, one, outcomes), "Execute: c must have");
  EXPECT_DEATH(ExecutePacked(fma, Path::kVector128, kIeee, one, two, two, bits), "Execute: a must have");
  EXPECT_DEATH(ExecutePacked(fma, Path::kVector128, kIeee, two, one, two, bits), "Execute: b must have");
  EXPECT_DEATH(ExecutePacked(fma, Path::kVector128, kIeee, two, two, one, bits), "Execute: c must have");
}

}  // namespace
}  // namespace fplab::machine
