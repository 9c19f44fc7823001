// Computing as a guest: the same results in every host, nothing traps, and the host's state comes back to the bit.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/mode/guest.h>

#include <gtest/gtest.h>

#include <cfenv>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include <fplab/fparith/float/bits.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/control_word.h>
#include "proptests/support/host_states.h"

namespace fplab {
namespace {

// Operations whose operands the compiler does not know, in functions of their own.
[[gnu::noinline]] float Multiply(const volatile float* a, const volatile float* b) { return *a * *b; }
[[gnu::noinline]] float Divide(const volatile float* a, const volatile float* b) { return *a / *b; }

constexpr float kMinNormal = 0x1p-126f, kHalf = 0.5f, kTiny = 0x1.8p-148f, kThree = 3, kOne = 1, kZero = 0;

// The bits of operations that tell IEEE arithmetic to nearest from all else, and raise every flag but invalid.
struct Seen {
  uint32_t subnormal = 0, of_subnormal = 0, third = 0, minus_third = 0, by_zero = 0, huge = 0;

  friend bool operator==(const Seen&, const Seen&) = default;
};

[[gnu::noinline]] Seen See() {
  const volatile float minus_one = -1, large = 0x1.8p127f;
  return {ToBits(Multiply(&kMinNormal, &kHalf)), ToBits(Multiply(&kTiny, &kThree)), ToBits(Divide(&kOne, &kThree)),
          ToBits(Divide(&minus_one, &kThree)),   ToBits(Divide(&kOne, &kZero)),     ToBits(Multiply(&large, &large))};
}

constexpr Seen kIeeeSees = {0x00400000, 0x00000009, 0x3eaaaaab, 0xbeaaaaab, 0x7f800000, 0x7f800000};

TEST(Guest, ComputesInIeeeModeInEveryHostAndLeavesItAsItIs) {
  for (const HostState& state : HostStates()) {
    Seen seen;
    const bool as_it_is = LeavesHostAsItIs(state, [&] { seen = AsGuest(See); });
    EXPECT_EQ(seen, kIeeeSees) << state.name;
    EXPECT_TRUE(as_it_is) << state.name;
  }
}

TEST(Guest, AGuardComputesInItsModeInEveryHostAndLeavesItAsItIs) {
  const auto& see = See;
  Seen (*volatile hidden)() = see;
  for (Mode mode : HardwareModes()) {
    Seen expected;
    {
      const ScopedMode guard(mode);
      expected = hidden();
    }
    for (const HostState& state : HostStates()) {
      Seen seen;
      const bool as_it_is = LeavesHostAsItIs(state, [&] {
        const ScopedGuest guard(mode);
        seen = hidden();
      });
      EXPECT_EQ(seen, expected) << Name(mode) << " in a host " << state.name;
      EXPECT_TRUE(as_it_is) << Name(mode) << " in a host " << state.name;
    }
  }
}

TEST(Guest, AnExceptionThatLeavesItLeavesTheHostAsItIs) {
  for (const HostState& state : HostStates()) {
    EXPECT_TRUE(LeavesHostAsItIs(state, [] {
      try {
        AsGuest([] {
          See();
          throw std::runtime_error("out");
        });
      } catch (const std::runtime_error&) {
      }
    })) << state.name;
  }
}

TEST(Guest, AModeThatTheMachineLacksIsRefusedAndNothingChanges) {
  EXPECT_TRUE(LeavesHostAsItIs({"", kIeee, 0, FE_INVALID}, [] {
    EXPECT_THROW(ScopedGuest(Mode{Rounding::kNearestAway, false, false}), Error);
  }));
}

TEST(Guest, ReturnsWhatCanOnlyBeMovedAndNests) {
  const std::unique_ptr<int> seven = AsGuest([] { return AsGuest([] { return std::make_unique<int>(7); }); });
  EXPECT_EQ(*seven, 7);
}

TEST(Guest, TheCLibraryReadsDecimalsToNearestInsideWhateverTheHostsX87Rounds) {
  const std::string text = "0.1", small = "1e-310";  // neither is a binary64
  for (const HostState& state : HostStates()) {
    double tenth = 0, subnormal = 0;
    EXPECT_TRUE(LeavesHostAsItIs(state, [&] {
      AsGuest([&] {
        tenth = std::strtod(text.c_str(), nullptr);
        subnormal = std::strtod(small.c_str(), nullptr);
      });
    })) << state.name;
    EXPECT_EQ(ToBits(tenth), 0x3fb999999999999au) << state.name;
    EXPECT_EQ(ToBits(subnormal), ToBits(1e-310)) << state.name;
  }
}

TEST(Guest, KnowsWhetherItHasNothingToSet) {
  for (Mode mode : HardwareModes()) {
    for (Mode asked : HardwareModes()) {
      bool nothing = false;
      LeavesHostAsItIs({"", mode, 0, FE_INVALID}, [&] { nothing = ComputesAsGuest(ModeBits(asked)); });
      EXPECT_EQ(nothing, mode == asked) << Name(asked) << " asked for in " << Name(mode);
    }
  }
  if (!MachineTraps()) return;
  bool nothing = true;
  LeavesHostAsItIs({"", kIeee, FE_UNDERFLOW, 0}, [&] { nothing = ComputesAsGuest(ModeBits(kIeee)); });
  EXPECT_FALSE(nothing);
}

TEST(GuestDeathTest, TheFirstQuestionAboutTheHardwareDoesNotTrap) {
  if (!MachineTraps()) GTEST_SKIP() << "this machine does not trap";
  // A process of its own, in which nobody has asked yet.
  EXPECT_EXIT(
      {
        feenableexcept(FE_ALL_EXCEPT);
        const HostView before = ViewHost();
        const bool as_it_is = HardwareSupports(kIeee) && ViewHost() == before;
        std::_Exit(as_it_is ? 7 : 8);
      },
      testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace fplab
