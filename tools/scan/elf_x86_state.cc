// Partially known registers and memory.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/elf_x86_state.h"

namespace fplab::tools {
namespace {

uint64_t LowMask(int size) { return size >= 8 ? ~uint64_t{0} : (uint64_t{1} << (8 * size)) - 1; }

// AH, CH, DH, BH: byte registers 4..7 without a REX prefix.
bool IsHighByte(int number, int size, bool rex) { return size == 1 && !rex && number >= 4 && number < 8; }

}  // namespace

X86State::Place X86State::PlaceOf(const X86Instruction& in, uint64_t next) const {
  if (!in.IsMemory() || in.other_segment || in.index != X86Instruction::kNone) return {};
  if (in.base == X86Instruction::kNone) return {true, false, in.displacement};
  if (in.base == X86Instruction::kRip) {
    return {true, false, static_cast<int64_t>(next + static_cast<uint64_t>(in.displacement))};
  }
  const PartialValue& base = registers_[static_cast<size_t>(in.base)];
  const auto offset = static_cast<uint64_t>(in.displacement);
  if (base.on_stack) return {true, true, static_cast<int64_t>(static_cast<uint64_t>(base.stack_offset) + offset)};
  if (base.IsConstant()) return {true, false, static_cast<int64_t>(base.ones + offset)};
  return {};
}

PartialValue X86State::Load(const Place& place, int size) const {
  PartialValue value{0, ~LowMask(size), false, 0};
  if (!place.known) return value;
  for (int i = 0; i < size; ++i) {
    const auto at = static_cast<int64_t>(static_cast<uint64_t>(place.at) + static_cast<uint64_t>(i));
    uint8_t ones = 0, zeros = 0, initial = 0;
    if (const auto found = bytes_.find({place.on_stack, at}); found != bytes_.end()) {
      ones = found->second.first;
      zeros = found->second.second;
    } else if (!place.on_stack && image_->ReadMemory(static_cast<uint64_t>(at), &initial, 1) == 1) {
      ones = initial;
      zeros = static_cast<uint8_t>(~initial);
    }
    value.ones |= uint64_t{ones} << (8 * i);
    value.zeros |= uint64_t{zeros} << (8 * i);
  }
  return value;
}

void X86State::Store(const Place& place, int size, const PartialValue& value) {
  if (!place.known) return;
  for (int i = 0; i < size; ++i) {
    const auto at = static_cast<int64_t>(static_cast<uint64_t>(place.at) + static_cast<uint64_t>(i));
    const bool known = i < 8 && !value.on_stack;
    bytes_[{place.on_stack, at}] = {known ? static_cast<uint8_t>(value.ones >> (8 * i)) : uint8_t{0},
                                    known ? static_cast<uint8_t>(value.zeros >> (8 * i)) : uint8_t{0}};
  }
}

PartialValue X86State::Register(int number, int size, bool rex) const {
  const bool high = IsHighByte(number, size, rex);
  PartialValue value = registers_[static_cast<size_t>(high ? number - 4 : number)];
  if (size >= 8) return value;
  if (value.on_stack) return {0, ~LowMask(size), false, 0};
  const int shift = high ? 8 : 0;
  value.ones = (value.ones >> shift) & LowMask(size);
  value.zeros = (value.zeros >> shift) | ~LowMask(size);
  return value;
}

void X86State::SetRegister(int number, int size, const PartialValue& value, bool rex) {
  const bool high = IsHighByte(number, size, rex);
  PartialValue& target = registers_[static_cast<size_t>(high ? number - 4 : number)];
  if (size >= 8) {
    target = value;
    return;
  }
  const uint64_t ones = value.on_stack ? 0 : value.ones & LowMask(size);
  const uint64_t zeros = value.on_stack ? 0 : value.zeros & LowMask(size);
  if (size == 4) {  // writing 32 bits clears the upper half
    target = {ones, zeros | ~LowMask(4), false, 0};
    return;
  }
  const int shift = high ? 8 : 0;
  const uint64_t written = LowMask(size) << shift;
  if (target.on_stack) target = {};
  target.ones = (target.ones & ~written) | (ones << shift);
  target.zeros = (target.zeros & ~written) | (zeros << shift);
}

void X86State::ForgetCallerSaved() {
  for (int number : {0, 1, 2, 6, 7, 8, 9, 10, 11}) ForgetRegister(number);
}

void X86State::Push(const PartialValue& value) {
  PartialValue& pointer = registers_[kStackPointer];
  if (!pointer.on_stack) return;
  pointer.stack_offset = static_cast<int64_t>(static_cast<uint64_t>(pointer.stack_offset) - 8);
  Store({true, true, pointer.stack_offset}, 8, value);
}

PartialValue X86State::Pop() {
  PartialValue& pointer = registers_[kStackPointer];
  if (!pointer.on_stack) return {};
  const PartialValue value = Load({true, true, pointer.stack_offset}, 8);
  pointer.stack_offset = static_cast<int64_t>(static_cast<uint64_t>(pointer.stack_offset) + 8);
  return value;
}

}  // namespace fplab::tools
