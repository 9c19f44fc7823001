// InEveryMode: which modes run and fail, what leaves a mode, and the state that it leaves behind.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/mode/control_word.h>
#include <fplab/proptests/property/check.h>
#include <fplab/proptests/property/in_every_mode.h>
#include <fplab/proptests/property/matchers.h>
#include <fplab/proptests/property/operands.h>
#include <fplab/proptests/property/oracle.h>
#include <fplab/proptests/property/under_mode.h>

namespace fplab::proptests {
namespace {

// Read at run time, so that nothing is computed while compiling.
volatile float min_normal = 0x1p-126f, half = 0.5f, one = 1, three = 3;

float Gap(float a, float b) { return a - b; }

// The message of the failure that f throws; "" if it throws none.
template <typename F>
std::string MessageOf(const F& f) {
  try {
    f();
  } catch (const PropertyFailure& failure) {
    return failure.what();
  }
  return "";
}

bool Contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(UnderMode, ComputesInTheModeAndLeavesTheStateAsItWas) {
  const uint64_t word = ReadControlWord();
  for (const Mode mode : ModesOfThisMachine()) {
    EXPECT_EQ(UnderMode(mode, [] { return CurrentMode(); }), mode);
    EXPECT_EQ(UnderMode(mode, [] { return ToBits(min_normal * half) == 0; }), mode.flush_outputs) << Name(mode);
    EXPECT_EQ(UnderMode(mode, [] { return ToBits(one / three); }),
              mode.rounding == Rounding::kUp || mode.rounding == Rounding::kNearestEven ? 0x3eaaaaabu : 0x3eaaaaaau)
        << Name(mode);
    EXPECT_EQ(ReadControlWord(), word);
  }
}

TEST(UnderMode, AnExceptionLeavesTheStateAsItWas) {
  const uint64_t word = ReadControlWord();
  for (const Mode mode : ModesOfThisMachine()) {
    EXPECT_THROW(UnderMode(mode,
                           [] {
                             if (half * min_normal != 1) throw std::runtime_error("out");
                           }),
                 std::runtime_error);
    EXPECT_EQ(ReadControlWord(), word) << Name(mode);
  }
}

TEST(InEveryMode, RunsEveryModeOfTheMachineOnceIeeeFirst) {
  std::vector<Mode> seen;
  InEveryMode([&] { seen.push_back(CurrentMode()); });
  EXPECT_EQ(seen, ModesOfThisMachine());
  EXPECT_EQ(seen[0], kIeee);
  EXPECT_GE(seen.size(), 4u);
}

TEST(InEveryMode, AFaultUnderFtzAloneIsNamedShrunkAndPrinted) {
  if (!HardwareSupports(kFtz)) GTEST_SKIP() << "no FTZ here";
  const auto failure = FailureOf("", [] {
    const auto at = *Operands<float>("a", "b").When("normal(a) and normal(b)");
    InEveryMode(at, Gap, AgreesWith("a - b").And("result == 0 => a == b"));
  });
  ASSERT_TRUE(failure);
  EXPECT_TRUE(Contains(*failure, "fails under ftz (and under ftz+daz; ftz,toward-zero; ")) << *failure;
  EXPECT_TRUE(Contains(*failure, "const auto at = fplab::proptests::Operands<float>(\"a\", \"b\").At(0x1")) << *failure;
  EXPECT_TRUE(Contains(*failure, "fplab refute 'let result = a - b in result == 0 => a == b' --at 'a=0x1")) << *failure;
  EXPECT_TRUE(Contains(*failure, " --mode ftz\n")) << *failure;
}

TEST(InEveryMode, APropertyThatHoldsThrowsNothing) {
  EXPECT_FALSE(FailureOf("", [] {
    const auto at = *Operands<double>("a", "b").AllValues();
    InEveryMode(
        at, [](double a, double b) { return a + b; }, AgreesWith("b + a"));
  }));
}

TEST(InEveryMode, ATruthValueIsTheProgramsOwnUnderTheMode) {
  const auto at = Operands<float>("x").At(0x1p-149f);
  const std::string message = MessageOf([&] { InEveryMode(at, [](float x) { return x != 0; }); });
  if (HardwareSupports(kDaz)) {
    EXPECT_TRUE(Contains(message, "fails under daz (and under ftz+daz; daz,toward-zero")) << message;
  }
  EXPECT_TRUE(Contains(message, "  returned false\n")) << message;
  EXPECT_TRUE(Contains(message, "0x0.000002p-126 [0x00000001] 1e-45")) << message;
  EXPECT_FALSE(Contains(message, "refute")) << message;
}

TEST(InEveryMode, AnAssertionAndAnExceptionAreNamedWithTheirMode) {
  const auto failing_up = [](const auto& fail) {
    return MessageOf([&] {
      InEveryMode([&] {
        if (CurrentMode() == Mode{Rounding::kUp}) fail();
      });
    });
  };
  const uint64_t word = ReadControlWord();
  std::string message = failing_up([] { RC_ASSERT(1 + 1 == 3); });
  EXPECT_TRUE(message.starts_with("fails under none,up\n")) << message;
  EXPECT_TRUE(Contains(message, "1 + 1 == 3")) << message;
  message = failing_up([] { throw std::runtime_error("the message"); });
  EXPECT_EQ(message, "fails under none,up\n  threw an exception: the message\n");
  message = failing_up([] { throw 7; });
  EXPECT_EQ(message, "fails under none,up\n  threw something that is no std::exception\n");
  message = failing_up([] { RC_FAIL("by itself"); });
  EXPECT_TRUE(Contains(message, "by itself")) << message;
  EXPECT_EQ(ReadControlWord(), word);
}

TEST(InEveryMode, EveryOtherModeIsSaidInThreeWords) {
  EXPECT_EQ(MessageOf([] { InEveryMode([] { return false; }); }),
            "fails under none (and under every other mode)\n  returned false\n");
  EXPECT_EQ(MessageOf([] { InModes({kIeee}, [] { return false; }); }), "fails under none\n  returned false\n");
}

TEST(InEveryMode, ACaseIsDiscardedWhereEveryModeDiscardsIt) {
  int passed = 0;
  InEveryMode([&] {
    RC_PRE(CurrentMode() == kIeee);
    ++passed;
  });
  EXPECT_EQ(passed, 1);
  try {
    InEveryMode([] { RC_DISCARD("always"); });
    FAIL();
  } catch (const rc::detail::CaseResult& result) {
    EXPECT_EQ(result.type, rc::detail::CaseResult::Type::Discard);
  }
  EXPECT_NO_THROW(InEveryMode([] { RC_SUCCEED("early"); }));
}

// A first failure under toward-zero; simpler cases fail under up alone, and are none of its.
TEST(InEveryMode, ShrinkingKeepsToTheModeThatFailedFirst) {
  const auto failure = FailureOf("", [] {
    const auto at = *Operands<float>("x").When("x > 1000");
    InEveryMode(at, [](float x) {
      const Rounding rounding = CurrentMode().rounding;
      return rounding == Rounding::kTowardZero ? x < 100000 : rounding != Rounding::kUp || x >= 100000;
    });
  });
  ASSERT_TRUE(failure);
  if (Contains(*failure, "fails under none,up ")) {
    EXPECT_TRUE(Contains(*failure, "At(0x1p+10f)")) << *failure;
  } else {
    EXPECT_TRUE(Contains(*failure, "fails under none,toward-zero ")) << *failure;
    EXPECT_TRUE(Contains(*failure, "At(0x1p+17f)")) << *failure;
  }
}

TEST(InEveryMode, AFailureIsAnExceptionWithAMessageOutsideOfRapidCheck) {
  const auto at = Operands<float>("a", "b").At(1.0f, 0x1p-25f);
  try {
    InEveryMode(
        at, [](float a, float b) { return a + (b - a); }, BitEqual(0x1p-25f));
    FAIL();
  } catch (const std::exception& failure) {
    EXPECT_TRUE(Contains(failure.what(), "fails under none (and under every other mode)")) << failure.what();
    EXPECT_TRUE(Contains(failure.what(), "fplab refute 'result === 0x1p-25' --at 'result=0x0p+0' --mode none"))
        << failure.what();
  }
}

TEST(InEveryMode, AModeThatNoMachineHasIsRefusedWhereThereIsNoOther) {
  const Mode away{Rounding::kNearestAway};
  EXPECT_THROW(InModes({away}, [] {}), Error);
  EXPECT_THROW(InModes({}, [] {}), Error);
  int runs = 0;
  testing::internal::CaptureStderr();
  InModes({away, kIeee}, [&] { ++runs; });
  InModes({away, kIeee}, [&] { ++runs; });
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(runs, 2);
  if (HardwareSupports(kFtz)) {  // elsewhere it was said of others before
    EXPECT_EQ(said, "fplab: this machine has no none,nearest-away: left out\n");
  }
}

TEST(Check, WhatIsDrawnBesideOperandsIsInTheMessage) {
  const auto failure = FailureOf("", [] {
    const int n = *rc::gen::inRange(10, 20);
    const auto at = *Operands<float>("x");
    InEveryMode(at, [&](float x) { return n < 10 && x == x; });
  });
  ASSERT_TRUE(failure);
  EXPECT_TRUE(Contains(*failure, "int: 10\n")) << *failure;
  EXPECT_FALSE(Contains(*failure, "Case<")) << *failure;
}

TEST(Check, APropertyThatDiscardsEverythingDoesNotHold) {
  const auto failure = FailureOf("", [] { RC_DISCARD("always"); });
  ASSERT_TRUE(failure);
  EXPECT_TRUE(Contains(*failure, "Gave up")) << *failure;
}

TEST(Check, AThousandCasesAreTried) {
  int cases = 0;
  EXPECT_FALSE(FailureOf("", [&] { ++cases; }));
  EXPECT_EQ(cases, kCases);
}

}  // namespace
}  // namespace fplab::proptests
