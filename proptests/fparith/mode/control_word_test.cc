// The control word, its guard, and the capabilities of the machine.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/mode/control_word.h>

#include <gtest/gtest.h>

#include <csignal>
#include <stdexcept>
#include <thread>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/error.h>

namespace fplab {
namespace {

// Operations whose operands the compiler does not know, in a function of their own.
[[gnu::noinline]] float Multiply(const volatile float* a, const volatile float* b) { return *a * *b; }

// The flushing that the calling thread really does.
Mode ObservedFlushing() {
  const volatile float min_normal = 0x1p-126f, half = 0.5f, subnormal = 0x1p-127f, four = 4.0f;
  const float output = Multiply(&min_normal, &half);
  const float input = Multiply(&subnormal, &four);
  return {Rounding::kNearestEven, IsZero(output), IsZero(input)};
}

TEST(ControlWord, ProgramStartsInIeeeMode) {
  EXPECT_EQ(CurrentMode(), kIeee);
  EXPECT_EQ(ObservedFlushing(), kIeee);
}

TEST(ControlWord, GuardComputesInEverySupportedModeAndRestores) {
  for (Mode mode : kFlushModes) {
    if (!HardwareSupports(mode)) continue;
    Mode observed;
    {
      ScopedMode guard(mode);
      observed = ObservedFlushing();
    }
    EXPECT_EQ(observed, mode) << Name(mode);
    EXPECT_EQ(ObservedFlushing(), kIeee);
  }
}

TEST(ControlWord, HasTheBitsOfTheModeThatIsOnAndOfNoOther) {
  for (Mode on : kFlushModes) {
    if (!HardwareSupports(on)) continue;
    for (Mode asked : kFlushModes) {
      if (!HardwareSupports(asked)) continue;
      bool has = false;
      {
        ScopedMode guard(on);
        has = ControlWordHas(ModeBits(asked));
      }
      EXPECT_EQ(has, asked == on) << Name(asked) << " asked for in " << Name(on);
    }
  }
}

TEST(ControlWord, GuardsNest) {
  if (!HardwareSupports(kFtzDaz)) GTEST_SKIP();
  Mode outer, inner, outer_again;
  {
    ScopedMode a(kFtzDaz);
    outer = ObservedFlushing();
    {
      ScopedMode b(kIeee);
      inner = ObservedFlushing();
    }
    outer_again = ObservedFlushing();
  }
  EXPECT_EQ(outer, kFtzDaz);
  EXPECT_EQ(inner, kIeee);
  EXPECT_EQ(outer_again, kFtzDaz);
  EXPECT_EQ(CurrentMode(), kIeee);
}

TEST(ControlWord, GuardRestoresWhenAnExceptionLeavesTheScope) {
  try {
    ScopedMode guard(kFtzDaz);
    throw std::runtime_error("out");
  } catch (const std::runtime_error&) {
  }
  EXPECT_EQ(CurrentMode(), kIeee);
  EXPECT_EQ(ObservedFlushing(), kIeee);
}

TEST(ControlWord, GuardIsPerThread) {
  ScopedMode guard(kFtzDaz);
  Mode before_guard = kIeee;
  std::thread([&] {
    WriteControlWord(ReadControlWord() & ~ModeMask());
    before_guard = ObservedFlushing();
  }).join();
  const Mode here = ObservedFlushing();
  EXPECT_EQ(before_guard, kIeee);
  EXPECT_EQ(here, kFtzDaz);
}

#if defined(__x86_64__)
TEST(ControlWord, GuardKeepsStickyFlagsRaisedInside) {
  constexpr uint64_t kUnderflow = 1u << 4;
  WriteControlWord(ReadControlWord() & ~uint64_t{0x3f});
  {
    ScopedMode guard(kFtz);
    ObservedFlushing();
  }
  EXPECT_NE(ReadControlWord() & kUnderflow, 0u);
  EXPECT_EQ(CurrentMode(), kIeee);
  WriteControlWord(ReadControlWord() & ~uint64_t{0x3f});
}

TEST(ControlWord, X86HasAllFourFlushingModes) {
  for (Mode mode : kFlushModes) EXPECT_TRUE(HardwareSupports(mode)) << Name(mode);
}
#endif

TEST(ControlWord, UnsupportedModeIsRefusedByNameAndNothingChanges) {
  const Mode away{Rounding::kNearestAway, false, false};
  ASSERT_FALSE(HardwareSupports(away));
  const uint64_t before = ReadControlWord();
  try {
    ScopedMode guard(away);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("nearest-away"), std::string::npos);
  }
  EXPECT_EQ(ReadControlWord(), before);
}

TEST(ControlWord, ModeNamesParseBack) {
  for (Rounding rounding : kAllRoundings) {
    for (Mode mode : kFlushModes) {
      mode.rounding = rounding;
      EXPECT_EQ(ParseMode(Name(mode)), mode);
    }
  }
  EXPECT_THROW(ParseMode("FTZ"), Error);
  EXPECT_THROW(ParseMode(""), Error);
  EXPECT_THROW(ParseMode("ftz,sideways"), Error);
}

}  // namespace
}  // namespace fplab
