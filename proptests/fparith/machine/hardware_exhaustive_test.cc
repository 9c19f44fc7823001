// The hardware against the model at length: 100 million stratified operations in each flushing mode, and every binary32
// operand of the unary instructions.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdio>

#include "proptests/support/hardware_cases.h"

namespace fplab::machine {
namespace {

constexpr size_t kOperationsPerMode = 100'000'000;

std::vector<model::Function> JudgedFunctions() {
  std::vector<model::Function> functions;
  for (const Format& format : {kBinary32, kBinary64}) {
    for (model::Operation operation : {model::Operation::kAdd, model::Operation::kMul, model::Operation::kDiv,
                                       model::Operation::kFma, model::Operation::kSqrt}) {
      functions.push_back(model::Function::On(operation, format));
    }
  }
  functions.push_back(model::Function::Conversion(kBinary64, kBinary32));
  return functions;
}

void ExpectAgreementIn(Mode mode) {
  if (!HardwareSupports(mode)) GTEST_SKIP() << Name(mode);
  const std::vector<model::Function> functions = JudgedFunctions();
  const size_t each = kOperationsPerMode / functions.size() + 1;
  for (const model::Function& function : functions) {
    ASSERT_TRUE(HardwareHas(function, Path::kScalar)) << Name(function);
    ExpectHardwareIsTheModel(function, Path::kScalar, mode, each, 101);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(HardwareExhaustive, ModelHasNoMismatchOn100MillionOperationsInIeeeMode) { ExpectAgreementIn(kIeee); }
TEST(HardwareExhaustive, ModelHasNoMismatchOn100MillionOperationsUnderFtz) { ExpectAgreementIn(kFtz); }
TEST(HardwareExhaustive, ModelHasNoMismatchOn100MillionOperationsUnderDaz) { ExpectAgreementIn(kDaz); }
TEST(HardwareExhaustive, ModelHasNoMismatchOn100MillionOperationsUnderFtzAndDaz) { ExpectAgreementIn(kFtzDaz); }

// Every one of the 2^32 operands, on the widest path that has the function: flags by the union of each block, bits one
// by one. Full vectors, so that it takes minutes.
void ExpectAgreementOnEveryOperand(const model::Function& function, Mode mode) {
  const std::optional<Path> widest = WidestPath(function);
  const Path path = widest.value_or(Path::kScalar);
  if (!HardwareHas(function, path) || !HardwareSupports(mode)) GTEST_SKIP() << Name(function);
  constexpr uint64_t kBlock = 1 << 16;
  std::vector<uint64_t> operands(kBlock), results(kBlock);
  uint64_t compared = 0;
  for (uint64_t start = 0; start < uint64_t{1} << 32; start += kBlock) {
    for (uint64_t i = 0; i < kBlock; ++i) operands[i] = start + i;
    const model::Flags flags = ExecutePacked(function, path, mode, operands, {}, {}, results);
    model::Flags expected_flags = 0;
    for (uint64_t i = 0; i < kBlock; ++i) {
      const model::Outcome expected = ModelOfHardware(function, mode, start + i, 0, 0);
      expected_flags |= expected.flags;
      ASSERT_TRUE(function.SameResult(results[i], expected.bits))
          << ShowCase(function, model::HardwareEnvironment(mode), {start + i, 0, 0}) << "\n  hardware "
          << ShowOutcome(function, {results[i], 0}) << "\n  model    " << ShowOutcome(function, expected);
    }
    ASSERT_EQ(flags, expected_flags) << "operands " << start << " and on";
    compared += kBlock;
  }
  ASSERT_EQ(compared, uint64_t{1} << 32);
}

model::Function Raising(model::Function function) {
  function.inexact = model::InexactFlag::kRaise;
  return function;
}

TEST(HardwareExhaustive, SquareRootOfEveryBinary32IsTheModelsInIeeeMode) {
  ExpectAgreementOnEveryOperand(model::Function::On(model::Operation::kSqrt, kBinary32), kIeee);
}
TEST(HardwareExhaustive, SquareRootOfEveryBinary32IsTheModelsUnderFtzAndDaz) {
  ExpectAgreementOnEveryOperand(model::Function::On(model::Operation::kSqrt, kBinary32), kFtzDaz);
}
TEST(HardwareExhaustive, RoundingEveryBinary32ToAnIntegralValueIsTheModels) {
  ExpectAgreementOnEveryOperand(Raising(model::Function::On(model::Operation::kRoundToIntegral, kBinary32)), kIeee);
}
TEST(HardwareExhaustive, WideningEveryBinary32IsTheModels) {
  ExpectAgreementOnEveryOperand(model::Function::Conversion(kBinary32, kBinary64), kIeee);
}
TEST(HardwareExhaustive, NarrowingEveryBinary32ToBinary16IsTheModels) {
  ExpectAgreementOnEveryOperand(model::Function::Conversion(kBinary32, kBinary16), kIeee);
}
TEST(HardwareExhaustive, NarrowingEveryBinary32ToBfloat16IsTheModels) {
  ExpectAgreementOnEveryOperand(model::Function::Conversion(kBinary32, kBfloat16), kIeee);
}
TEST(HardwareExhaustive, ConvertingEveryBinary32ToAnInt32IsTheModels) {
  ExpectAgreementOnEveryOperand(Raising(model::Function::On(model::Operation::kToInteger, kBinary32)), kIeee);
}

}  // namespace
}  // namespace fplab::machine
