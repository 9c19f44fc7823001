// The machine's own instructions, executed as a guest: what the host traps is masked, what it computes in is not used.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/machine/conformance.h>
#include <fplab/fparith/machine/hardware.h>
#include <fplab/fparith/text/bits_text.h>
#include <fplab/fparith/text/float_text.h>
#include "proptests/support/host_states.h"

namespace fplab::machine {
namespace {

using model::Function;
using model::Operation;

TEST(HardwareGuest, EveryInstructionGivesTheSameBitsAndFlagsInEveryHostAndLeavesItAsItIs) {
  // Among them every flag: inexact, underflow, division by zero, overflow, invalid, a subnormal operand.
  const std::vector<uint64_t> a = {0x3f800000, 0x00800000, 0x3f800000, 0x7f7fffff, 0x7f800000, 0x00000003, 0x3eaaaaab},
                              b = {0x40400000, 0x4b000000, 0x00000000, 0x00800000, 0x7f800000, 0x4b000000, 0x3f000001};
  for (Operation operation : {Operation::kAdd, Operation::kSub, Operation::kMul, Operation::kDiv}) {
    const Function function = Function::On(operation, kBinary32);
    for (Path path : kAllPaths) {
      if (!HardwareHas(function, path)) continue;
      for (Mode mode : HardwareModes()) {
        std::vector<model::Outcome> expected(a.size());
        Execute(function, path, mode, a, b, {}, expected);
        for (const HostState& state : HostStates()) {
          std::vector<model::Outcome> found(a.size());
          std::vector<uint64_t> packed(a.size());
          EXPECT_TRUE(LeavesHostAsItIs(state, [&] {
            Execute(function, path, mode, a, b, {}, found);
            ExecutePacked(function, path, mode, a, b, {}, packed);
          })) << state.name;
          for (size_t i = 0; i < a.size(); ++i) {
            ASSERT_EQ(found[i].bits, expected[i].bits) << Name(function) << " in a host " << state.name;
            ASSERT_EQ(found[i].flags, expected[i].flags) << Name(function) << " in a host " << state.name;
            ASSERT_EQ(packed[i], expected[i].bits) << Name(function) << " in a host " << state.name;
          }
        }
      }
    }
  }
}

TEST(HardwareGuest, StatementsAreRefutedOnTheHardwareAlikeInEveryHost) {
  identity::SearchOptions options;
  options.modes = HardwareFlushModes();
  options.targets = {statement::Target::kModel, statement::Target::kHardware};
  options.cases = 2000;
  std::vector<std::string> statements = {"(a+b)*c == a*c+b*c", "a-b == 0 <=> a == b", "1/(1/a) == a",
                                         "sqrt(a*a) == a when a > 0", "fma(a,b,c) == a*b+c"};
  for (const std::string& text : statements) {
    const auto hidden = [&] { return identity::Refute(text, kBinary32, options); };
    const identity::Refutation expected = hidden();
    for (const HostState& state : HostStates()) {
      std::vector<identity::Refutation> found;
      EXPECT_TRUE(LeavesHostAsItIs(state, [&] { found.push_back(hidden()); })) << text << " in a host " << state.name;
      for (size_t m = 0; m < options.modes.size(); ++m) {
        const auto &one = found[0].findings[m].failure, &other = expected.findings[m].failure;
        ASSERT_EQ(one.has_value(), other.has_value()) << text << " in a host " << state.name;
        if (one) {
          EXPECT_EQ(one->operands, other->operands) << text << " in a host " << state.name;
        }
      }
    }
  }
}

TEST(HardwareGuest, TheCLibraryIsAskedAlikeInEveryHost) {
  identity::SearchOptions options;
  options.modes = {kIeee};
  options.targets = {statement::Target::kHardware};
  options.cases = 2000;
  for (const char* text : {"libm_strtod(a) == a", "libm_log(libm_exp(a)) == a", "libm_exp(a) > 0 when a < 0"}) {
    const identity::Refutation expected = identity::Refute(text, kBinary32, options);
    for (const HostState& state : HostStates()) {
      std::vector<identity::Refutation> found;
      EXPECT_TRUE(LeavesHostAsItIs(state, [&] { found.push_back(identity::Refute(text, kBinary32, options)); }))
          << text << " in a host " << state.name;
      EXPECT_EQ(found[0].Holds(), expected.Holds()) << text << " in a host " << state.name;
    }
  }
}

TEST(HardwareGuest, TheModelAndTheTextOfNumbersAreTheSameInEveryHost) {
  const auto answers = [] {
    std::vector<std::string> lines;
    for (const char* text : {"0.1", "1e-310", "0x1.8p-1074", "1e308"}) {
      const uint64_t bits = ParseFloat(kBinary64, text);
      lines.push_back(HexFloat(kBinary64, bits) + " " + Decimal(kBinary64, bits) + " " + ExactDecimal(kBinary64, bits));
      lines.push_back(HexFloat(DoubleFromBits(bits)) + " " + BitFields(DoubleFromBits(bits)));
    }
    const model::Outcome third = model::Div(kBinary32, {}, 0x3f800000, 0x40400000);
    lines.push_back(std::to_string(third.bits) + model::DescribeFlags(third.flags));
    return lines;
  };
  const std::vector<std::string> expected = answers();
  for (const HostState& state : HostStates()) {
    std::vector<std::string> found;
    EXPECT_TRUE(LeavesHostAsItIs(state, [&] { found = answers(); })) << state.name;
    EXPECT_EQ(found, expected) << state.name;
  }
}

TEST(HardwareGuest, ConformanceIsMeasuredAlikeInEveryHost) {
  const std::vector<ConformanceRow> expected = MeasureConformance();
  for (const HostState& state : HostStates()) {
    std::vector<ConformanceRow> found;
    EXPECT_TRUE(LeavesHostAsItIs(state, [&] { found = MeasureConformance(); })) << state.name;
    ASSERT_EQ(found.size(), expected.size());
    for (size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].flushes_outputs, expected[i].flushes_outputs) << found[i].mnemonic << " " << state.name;
      EXPECT_EQ(found[i].flushes_inputs, expected[i].flushes_inputs) << found[i].mnemonic << " " << state.name;
      EXPECT_EQ(found[i].rounding, expected[i].rounding) << found[i].mnemonic << " " << state.name;
      EXPECT_EQ(found[i].raises_flags, expected[i].raises_flags) << found[i].mnemonic << " " << state.name;
    }
  }
}

}  // namespace
}  // namespace fplab::machine
