// Reading, setting, describing and guarding MXCSR and FPCR.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/mode/control_word.h>

#include <fmt/format.h>

#include <array>

#include <fplab/fparith/mode/mode_table.h>
#include <fplab/fparith/mode/registers.h>

namespace fplab {

uint64_t ReadControlWord() { return registers::ReadControl(); }

void WriteControlWord(uint64_t word) { registers::WriteControl(word); }

uint64_t ModeMask() { return registers::kModeBits; }

bool ControlWordHas(uint64_t mode_bits) { return (registers::ReadControl() & registers::kModeBits) == mode_bits; }

const char* ControlWordName() {
#if defined(__x86_64__)
  return "MXCSR";
#elif defined(__aarch64__)
  return "FPCR";
#else
  return "control word";
#endif
}

std::string DescribeControlWord(uint64_t word) {
  const Mode mode = DecodeMode(word);
  std::string text = fmt::format("{:04x}: {}, flush outputs {}, flush inputs {}", word, Name(mode.rounding),
                                 mode.flush_outputs ? "on" : "off", mode.flush_inputs ? "on" : "off");
#if defined(__x86_64__)
  static constexpr std::array<const char*, 6> kFlags = {"invalid",  "denormal",  "divide-by-zero",
                                                        "overflow", "underflow", "inexact"};
  std::string flags, unmasked;
  for (size_t i = 0; i < kFlags.size(); ++i) {
    if (word >> i & 1) flags.append(" ").append(kFlags[i]);
    if ((word >> (7 + i) & 1) == 0) unmasked.append(" ").append(kFlags[i]);
  }
  text +=
      fmt::format("; flags:{}; trapping:{}", flags.empty() ? " none" : flags, unmasked.empty() ? " none" : unmasked);
#endif
  return text;
}

Mode CurrentMode() { return DecodeMode(ReadControlWord()); }

bool HardwareSupports(Mode mode) { return EntryOf(mode).supported; }

void RequireHardwareSupport(Mode mode) {
  if (!HardwareSupports(mode)) RefuseMode(mode);
}

ScopedMode::ScopedMode(Mode mode) {
  const ModeEntry& entry = EntryOf(mode);
  if (!entry.supported) RefuseMode(mode);
  found_ = registers::ReadControl();
  const uint64_t wanted = (found_ & ~registers::kModeBits) | entry.bits;
  if (wanted != found_) registers::WriteControl(wanted);
}

// Reading is cheap; writing waits for the arithmetic before it, and is seldom needed.
ScopedMode::~ScopedMode() {
  const uint64_t now = registers::ReadControl();
  const uint64_t wanted = (now & ~registers::kModeBits) | (found_ & registers::kModeBits);
  if (wanted != now) registers::WriteControl(wanted);
}

}  // namespace fplab
