// What is known of an x86-64 thread while its code is followed on paper: registers, memory, MXCSR, bit by bit.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_ELF_X86_STATE_H_
#define FPLAB_TOOLS_SCAN_ELF_X86_STATE_H_

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "tools/scan/elf_image.h"
#include "tools/scan/elf_x86_decode.h"

namespace fplab::tools {

// A 64-bit value of which some bits are known, or an address relative to the stack pointer at entry.
struct PartialValue {
  uint64_t ones = 0;   // bits known to be 1
  uint64_t zeros = 0;  // bits known to be 0
  bool on_stack = false;
  int64_t stack_offset = 0;

  static PartialValue Constant(uint64_t value) { return {value, ~value, false, 0}; }
  static PartialValue Stack(int64_t offset) { return {0, 0, true, offset}; }
  bool IsConstant() const { return !on_stack && (ones | zeros) == ~uint64_t{0}; }
};

class X86State {
 public:
  explicit X86State(const ElfImage& image) : image_(&image) { registers_[kStackPointer] = PartialValue::Stack(0); }

  static constexpr int kStackPointer = 4;
  static constexpr int kFramePointer = 5;

  // A memory operand's place: an address in the image or an offset from the entry stack pointer; unknown otherwise.
  struct Place {
    bool known = false, on_stack = false;
    int64_t at = 0;
  };
  // `next` is the address of the following instruction, which RIP-relative operands count from.
  Place PlaceOf(const X86Instruction& instruction, uint64_t next) const;

  // Values of `size` bytes, zero-extended. An unwritten image byte has the value that the file gives it.
  PartialValue Load(const Place& place, int size) const;
  void Store(const Place& place, int size, const PartialValue& value);
  PartialValue Register(int number, int size, bool rex = true) const;
  void SetRegister(int number, int size, const PartialValue& value, bool rex = true);
  void ForgetRegister(int number) { registers_[static_cast<size_t>(number)] = {}; }
  // What a call to unknown code leaves behind: caller-saved registers are unknown.
  void ForgetCallerSaved();

  void Push(const PartialValue& value);
  PartialValue Pop();

  PartialValue mxcsr;                      // unknown at entry
  uint64_t last_ldmxcsr = 0;               // address of the instruction that loaded it; 0: none
  std::vector<uint64_t> return_addresses;  // of the calls that are being followed

 private:
  const ElfImage* image_;
  std::array<PartialValue, 16> registers_;
  std::map<std::pair<bool, int64_t>, std::pair<uint8_t, uint8_t>> bytes_;  // {on stack, address} -> {ones, zeros}
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_ELF_X86_STATE_H_
