// What is known of an x86-64 thread while its code is followed on paper: registers, memory, flags, MXCSR, bit by bit.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_ELF_X86_STATE_H_
#define FPLAB_TOOLS_SCAN_ELF_X86_STATE_H_

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "tools/scan/elf_image.h"
#include "tools/scan/elf_x86_decode.h"

namespace fplab::tools {

// A 64-bit value of which some bits are known, or an address relative to the stack pointer at entry.
struct PartialValue {
  uint64_t ones = 0;   // bits known to be 1
  uint64_t zeros = 0;  // bits known to be 0
  uint64_t entry = 0;  // bits known to be what MXCSR's were at entry: those of the same number, from byte entry_from on
  bool on_stack = false;
  int64_t stack_offset = 0;
  int entry_from = 0;

  static PartialValue Constant(uint64_t value) { return {value, ~value, 0, false, 0}; }
  static PartialValue Stack(int64_t offset) { return {0, 0, 0, true, offset}; }
  // Takes back what is known of entry bits that are not counted from byte `from`.
  void KeepEntryFrom(int from);
  bool IsConstant() const { return !on_stack && (ones | zeros) == ~uint64_t{0}; }
  // What is known whichever of the two it is.
  static PartialValue Join(const PartialValue& a, const PartialValue& b);

  friend bool operator==(const PartialValue&, const PartialValue&) = default;
};

// Arithmetic flags, each known or not.
struct Flags {
  enum Bit : uint8_t { kCarry = 1, kZero = 2, kSign = 4, kOverflow = 8 };
  uint8_t known = 0, value = 0;

  // Whether condition `code`, the low four bits of Jcc, SETcc and CMOVcc, holds; nothing if that is not known.
  std::optional<bool> Holds(int code) const;

  friend bool operator==(const Flags&, const Flags&) = default;
};

class X86State {
 public:
  explicit X86State(const ElfImage& image) : image_(&image) {
    registers_[kStackPointer] = PartialValue::Stack(0);
    mxcsr.entry = 0xFFFFFFFF;
    mxcsr.zeros = ~uint64_t{0xFFFFFFFF};
  }

  static constexpr int kStackPointer = 4;
  static constexpr int kFramePointer = 5;

  // A memory operand's place: an address in the image or an offset from the entry stack pointer. One that is not known
  // but `on_stack` is somewhere from `at` upwards, on the stack.
  struct Place {
    bool known = false, on_stack = false;
    int64_t at = 0;
  };
  // `next` is the address of the following instruction, which RIP-relative operands count from.
  Place PlaceOf(const X86Instruction& instruction, uint64_t next) const;
  static Place PlaceAt(const PartialValue& address);

  // Values of `size` bytes, zero-extended. An unwritten byte has the value that the file gives it if nobody may write
  // there, and is unknown else.
  PartialValue Load(const Place& place, int size) const;
  // What the file gives writable memory that has not been written: a guess, not knowledge.
  PartialValue LoadInitial(const Place& place, int size) const;
  void Store(const Place& place, int size, const PartialValue& value);
  // `size` bytes hold what is not known. An unknown place may be any but the stack that nobody was told the address of.
  void Forget(const Place& place, uint64_t size);
  // A string instruction writes from the place upwards.
  void ForgetUpwards(const Place& place);

  PartialValue Register(int number, int size, bool rex = true) const;
  void SetRegister(int number, int size, const PartialValue& value, bool rex = true);
  void ForgetRegister(int number) { registers_[static_cast<size_t>(number)] = {}; }
  void ForgetAllButStackPointer();
  // What a call to code that is not followed leaves behind: unknown caller-saved registers and flags, and unknown
  // memory but for the stack that the callee was not told of.
  void ForgetAcrossCall();
  // What a call to code that touches no memory leaves behind.
  void ForgetCallerSaved();

  void Push(const PartialValue& value);
  PartialValue Pop();

  // Calls that are followed: the address to return to, where the stack pointer is after it was pushed.
  void EnterFrame(uint64_t return_address);
  uint64_t LeaveFrame();
  // The stack offset at the beginning of the function that is being followed.
  int64_t FrameOffset() const { return frames_.empty() ? 0 : frames_.back(); }

  // What is known in either state. True if that is less than this state knew.
  bool JoinWith(const X86State& other);
  // Same knowledge; which instruction loaded MXCSR aside.
  bool SameAs(const X86State& other) const;
  // Same knowledge of MXCSR and of the registers that calls keep: what the code between two loads of MXCSR leaves
  // alone.
  bool KeepsSameAs(const X86State& other) const;

  // MXCSR is loaded by the instruction at `address`.
  void SetMxcsr(const PartialValue& value, uint64_t address);

  // Bytes of memory that a copy takes, about.
  size_t Cost() const { return sizeof *this + kNodeBytes * (bytes_.size() + stack_addresses_.size()); }

  PartialValue mxcsr;         // at entry: its own entry bits
  uint64_t last_ldmxcsr = 0;  // address of the instruction that loaded it; 0: none
  uint64_t undone = 0;        // the one before, if it had set FTZ or DAZ and this one cleared that
  bool conditional = false;   // it did so, or not, by a condition that was not known
  Flags flags;
  std::vector<uint64_t> return_addresses;  // of the calls that are being followed

 private:
  static constexpr size_t kNodeBytes = 80;
  struct Byte {
    uint8_t ones = 0, zeros = 0, entry = 0;
    int entry_byte = 0;  // which byte of MXCSR the entry bits are of
    friend bool operator==(const Byte&, const Byte&) = default;
  };
  using Address = std::pair<bool, int64_t>;  // {on stack, address}
  void Tell(const PartialValue& value);
  void ForgetTold();
  void ForgetRange(Address begin, Address end);

  const ElfImage* image_;
  std::vector<int64_t> frames_;  // stack offsets at the beginning of the functions of return_addresses
  std::array<PartialValue, 16> registers_;
  // Bytes that were written and of which something is known.
  std::map<Address, Byte> bytes_;
  // Places of 8 bytes that hold addresses relative to the stack pointer at entry: saved frame pointers.
  std::map<Address, int64_t> stack_addresses_;
  // The lowest stack offset whose address others may know, and may write through from there upwards.
  int64_t told_from_ = std::numeric_limits<int64_t>::max();
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_ELF_X86_STATE_H_
