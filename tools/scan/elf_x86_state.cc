// Partially known registers and memory.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/elf_x86_state.h"

#include <algorithm>
#include <iterator>

namespace fplab::tools {
namespace {

// More known bytes than this are forgotten one by one: a bound on what a state costs.
constexpr size_t kMaxKnownBytes = 256;

constexpr int64_t kLowest = std::numeric_limits<int64_t>::min();
constexpr std::pair<bool, int64_t> kEnd{true, std::numeric_limits<int64_t>::max()};

uint64_t LowMask(int size) { return size >= 8 ? ~uint64_t{0} : (uint64_t{1} << (8 * size)) - 1; }

// AH, CH, DH, BH: byte registers 4..7 without a REX prefix.
bool IsHighByte(int number, int size, bool rex) { return size == 1 && !rex && number >= 4 && number < 8; }

int64_t Plus(int64_t a, uint64_t b) { return static_cast<int64_t>(static_cast<uint64_t>(a) + b); }

}  // namespace

PartialValue PartialValue::Join(const PartialValue& a, const PartialValue& b) {
  if (a.on_stack || b.on_stack) return a == b ? a : PartialValue();
  const uint64_t entry = a.entry_from == b.entry_from ? a.entry & b.entry : 0;
  PartialValue value{a.ones & b.ones, a.zeros & b.zeros, entry, false, 0, a.entry_from};
  value.KeepEntryFrom(a.entry_from);
  return value;
}

void PartialValue::KeepEntryFrom(int from) {
  if (entry_from != from) entry = 0;
  entry_from = entry == 0 ? 0 : from;
}

std::optional<bool> Flags::Holds(int code) const {
  const auto bit = [this](Bit flag) -> std::optional<bool> {
    if ((known & flag) == 0) return std::nullopt;
    return (value & flag) != 0;
  };
  const auto either = [](std::optional<bool> a, std::optional<bool> b) -> std::optional<bool> {
    if ((a && *a) || (b && *b)) return true;
    return a && b ? std::optional<bool>(false) : std::nullopt;
  };
  const auto differ = [](std::optional<bool> a, std::optional<bool> b) -> std::optional<bool> {
    return a && b ? std::optional<bool>(*a != *b) : std::nullopt;
  };
  std::optional<bool> holds;
  switch (code >> 1 & 7) {
    case 0:
      holds = bit(kOverflow);
      break;
    case 1:
      holds = bit(kCarry);
      break;
    case 2:
      holds = bit(kZero);
      break;
    case 3:
      holds = either(bit(kCarry), bit(kZero));
      break;
    case 4:
      holds = bit(kSign);
      break;
    case 5:
      return std::nullopt;  // parity is not followed
    case 6:
      holds = differ(bit(kSign), bit(kOverflow));
      break;
    default:
      holds = either(bit(kZero), differ(bit(kSign), bit(kOverflow)));
      break;
  }
  return holds ? std::optional<bool>(*holds != ((code & 1) != 0)) : std::nullopt;
}

X86State::Place X86State::PlaceAt(const PartialValue& address) {
  if (address.on_stack) return {true, true, address.stack_offset};
  if (address.IsConstant()) return {true, false, static_cast<int64_t>(address.ones)};
  return {};
}

X86State::Place X86State::PlaceOf(const X86Instruction& in, uint64_t next) const {
  if (!in.IsMemory() || in.other_segment) return {};
  if (in.index != X86Instruction::kNone || in.scaled_displacement) {
    if (in.base == X86Instruction::kNone || in.base == X86Instruction::kRip) return {};
    const PartialValue& base = registers_[static_cast<size_t>(in.base)];
    constexpr int64_t kMaxScale = 64;
    const int64_t lowest = in.scaled_displacement ? std::min<int64_t>(in.displacement * kMaxScale, 0) : in.displacement;
    return {false, base.on_stack, base.on_stack ? Plus(base.stack_offset, static_cast<uint64_t>(lowest)) : 0};
  }
  if (in.base == X86Instruction::kNone) return {true, false, in.displacement};
  if (in.base == X86Instruction::kRip) return {true, false, Plus(in.displacement, next)};
  Place place = PlaceAt(registers_[static_cast<size_t>(in.base)]);
  if (place.known) place.at = Plus(place.at, static_cast<uint64_t>(in.displacement));
  return place;
}

PartialValue X86State::Load(const Place& place, int size) const {
  PartialValue value;
  value.zeros = ~LowMask(size);
  if (!place.known) return value;
  if (size == 8) {
    const auto address = stack_addresses_.find({place.on_stack, place.at});
    if (address != stack_addresses_.end()) return PartialValue::Stack(address->second);
  }
  for (int i = 0; i < size && i < 8; ++i) {
    const int64_t at = Plus(place.at, static_cast<uint64_t>(i));
    Byte byte;
    if (const auto found = bytes_.find({place.on_stack, at}); found != bytes_.end()) {
      byte = found->second;
    } else if (!place.on_stack && !image_->IsWritable(static_cast<uint64_t>(at))) {
      const auto initial = image_->BytesAt(static_cast<uint64_t>(at));
      if (!initial.empty()) byte = {initial[0], static_cast<uint8_t>(~initial[0]), 0, 0};
    }
    value.ones |= uint64_t{byte.ones} << (8 * i);
    value.zeros |= uint64_t{byte.zeros} << (8 * i);
    if (byte.entry == 0) continue;
    const int from = byte.entry_byte - i;
    if (value.entry == 0) value.entry_from = from;
    if (value.entry_from == from) value.entry |= uint64_t{byte.entry} << (8 * i);
  }
  return value;
}

PartialValue X86State::LoadInitial(const Place& place, int size) const {
  const auto initial = image_->BytesAt(static_cast<uint64_t>(place.at));
  const bool usable = place.known && !place.on_stack && initial.size() >= static_cast<size_t>(size);
  if (!usable || bytes_.contains({false, place.at})) return {};
  return PartialValue::Constant(ReadAs<uint64_t>(initial.first(static_cast<size_t>(size))));
}

void X86State::Store(const Place& place, int size, const PartialValue& value) {
  Forget(place, static_cast<uint64_t>(size));
  if (value.on_stack) Tell(value);
  if (!place.known) return;
  if (value.on_stack && size == 8) stack_addresses_[{place.on_stack, place.at}] = value.stack_offset;
  if (value.on_stack) return;
  for (int i = 0; i < size && i < 8; ++i) {
    const auto part = [i](uint64_t bits) { return static_cast<uint8_t>(bits >> (8 * i)); };
    const Byte byte{part(value.ones), part(value.zeros), part(value.entry), value.entry_from + i};
    if ((byte.ones | byte.zeros | byte.entry) == 0) continue;
    bytes_[{place.on_stack, Plus(place.at, static_cast<uint64_t>(i))}] = byte;
  }
  while (bytes_.size() > kMaxKnownBytes) bytes_.erase(bytes_.begin());
  while (stack_addresses_.size() > kMaxKnownBytes) stack_addresses_.erase(stack_addresses_.begin());
}

void X86State::ForgetRange(Address begin, Address end) {
  if (!(begin < end)) return;
  bytes_.erase(bytes_.lower_bound(begin), bytes_.lower_bound(end));
  begin.second = begin.second < kLowest + 7 ? kLowest : begin.second - 7;  // those that reach into it
  stack_addresses_.erase(stack_addresses_.lower_bound(begin), stack_addresses_.lower_bound(end));
}

void X86State::Forget(const Place& place, uint64_t size) {
  if (!place.known) {
    if (place.on_stack) ForgetRange({true, place.at}, kEnd);
    return ForgetTold();
  }
  // What the image's read-only bytes hold, nobody writes; a store there would end the process.
  const int64_t end = Plus(place.at, size);
  if (end < place.at) return ForgetTold();
  ForgetRange({place.on_stack, place.at}, {place.on_stack, end});
}

void X86State::ForgetUpwards(const Place& place) { Forget({false, place.on_stack, place.at}, 0); }

void X86State::Tell(const PartialValue& value) { told_from_ = std::min(told_from_, value.stack_offset); }

void X86State::ForgetTold() {
  ForgetRange({false, kLowest}, {true, kLowest});
  ForgetRange({true, told_from_}, kEnd);
}

PartialValue X86State::Register(int number, int size, bool rex) const {
  const bool high = IsHighByte(number, size, rex);
  PartialValue value = registers_[static_cast<size_t>(high ? number - 4 : number)];
  if (size >= 8) return value;
  if (value.on_stack) return {0, ~LowMask(size), 0, false, 0};
  const int shift = high ? 8 : 0;
  value.ones = (value.ones >> shift) & LowMask(size);
  value.zeros = (value.zeros >> shift) | ~LowMask(size);
  value.entry = (value.entry >> shift) & LowMask(size);
  value.entry_from += high ? 1 : 0;
  value.KeepEntryFrom(value.entry_from);
  return value;
}

void X86State::SetRegister(int number, int size, const PartialValue& value, bool rex) {
  const bool high = IsHighByte(number, size, rex);
  PartialValue& target = registers_[static_cast<size_t>(high ? number - 4 : number)];
  if (size >= 8) {
    target = value;
    return;
  }
  const uint64_t mask = value.on_stack ? 0 : LowMask(size);
  const uint64_t ones = value.ones & mask, zeros = value.zeros & mask, entry = value.entry & mask;
  if (size == 4) {  // writing 32 bits clears the upper half
    target = {ones, zeros | ~LowMask(4), entry, false, 0, entry == 0 ? 0 : value.entry_from};
    return;
  }
  const int shift = high ? 8 : 0;
  const uint64_t written = LowMask(size) << shift;
  if (target.on_stack) target = {};
  target.ones = (target.ones & ~written) | (ones << shift);
  target.zeros = (target.zeros & ~written) | (zeros << shift);
  const int from = value.entry_from - (high ? 1 : 0);
  target.entry &= ~written;
  if (target.entry == 0) target.entry_from = from;
  if (target.entry_from == from) target.entry |= entry << shift;
  target.KeepEntryFrom(target.entry_from);
}

void X86State::ForgetAllButStackPointer() {
  for (int number = 0; number < 16; ++number) {
    if (number != kStackPointer) ForgetRegister(number);
  }
}

void X86State::ForgetAcrossCall() {
  constexpr int kArguments[] = {7, 6, 2, 1, 8, 9};  // RDI, RSI, RDX, RCX, R8, R9
  for (int number : kArguments) {
    if (registers_[static_cast<size_t>(number)].on_stack) Tell(registers_[static_cast<size_t>(number)]);
  }
  ForgetTold();
  ForgetCallerSaved();
}

void X86State::ForgetCallerSaved() {
  for (int number : {0, 1, 2, 6, 7, 8, 9, 10, 11}) ForgetRegister(number);
  flags = {};
}

void X86State::Push(const PartialValue& value) {
  PartialValue& pointer = registers_[kStackPointer];
  if (!pointer.on_stack) return ForgetTold();
  pointer.stack_offset = Plus(pointer.stack_offset, ~uint64_t{7});
  const Place place{true, true, pointer.stack_offset};
  const int64_t told_from = told_from_;
  Store(place, 8, value);
  told_from_ = told_from;  // a saved frame pointer tells nobody anything
}

PartialValue X86State::Pop() {
  PartialValue& pointer = registers_[kStackPointer];
  if (!pointer.on_stack) return {};
  const PartialValue value = Load({true, true, pointer.stack_offset}, 8);
  pointer.stack_offset = Plus(pointer.stack_offset, 8);
  return value;
}

void X86State::SetMxcsr(const PartialValue& value, uint64_t address) {
  constexpr uint64_t kModeBits = 0x8040;
  PartialValue loaded = value;
  loaded.KeepEntryFrom(0);
  const uint64_t lost = mxcsr.ones & (loaded.zeros | loaded.entry) & kModeBits;
  if (lost != 0) undone = last_ldmxcsr;
  mxcsr = loaded;
  last_ldmxcsr = address;
}

void X86State::EnterFrame(uint64_t return_address) {
  return_addresses.push_back(return_address);
  frames_.push_back(registers_[kStackPointer].stack_offset);
}

uint64_t X86State::LeaveFrame() {
  const uint64_t address = return_addresses.back();
  return_addresses.pop_back();
  frames_.pop_back();
  return address;
}

bool X86State::JoinWith(const X86State& other) {
  bool less = false;
  const auto set = [&less](auto& mine, const auto& joined) {
    if (mine == joined) return;
    mine = joined;
    less = true;
  };
  for (size_t i = 0; i < registers_.size(); ++i) {
    set(registers_[i], PartialValue::Join(registers_[i], other.registers_[i]));
  }
  set(mxcsr, PartialValue::Join(mxcsr, other.mxcsr));
  Flags joined;
  joined.known = static_cast<uint8_t>(flags.known & other.flags.known & ~(flags.value ^ other.flags.value));
  joined.value = static_cast<uint8_t>(flags.value & joined.known);
  set(flags, joined);
  set(conditional, conditional || other.conditional);
  if (undone == 0) set(undone, other.undone);
  set(told_from_, std::min(told_from_, other.told_from_));
  const size_t known = bytes_.size() + stack_addresses_.size();
  for (auto entry = bytes_.begin(); entry != bytes_.end();) {
    const auto theirs = other.bytes_.find(entry->first);
    Byte both;
    if (theirs != other.bytes_.end()) {
      const Byte &a = entry->second, &b = theirs->second;
      both = {static_cast<uint8_t>(a.ones & b.ones), static_cast<uint8_t>(a.zeros & b.zeros),
              static_cast<uint8_t>(a.entry & b.entry), a.entry_byte};
      if (a.entry_byte != b.entry_byte) both.entry = 0;
    }
    set(entry->second, both);
    entry = (both.ones | both.zeros | both.entry) == 0 ? bytes_.erase(entry) : std::next(entry);
  }
  std::erase_if(stack_addresses_, [&other](const auto& entry) {
    const auto theirs = other.stack_addresses_.find(entry.first);
    return theirs == other.stack_addresses_.end() || theirs->second != entry.second;
  });
  return less || known != bytes_.size() + stack_addresses_.size();
}

bool X86State::KeepsSameAs(const X86State& other) const {
  constexpr size_t kKept[] = {3, 4, 5, 12, 13, 14, 15};  // RBX, RSP, RBP, R12 to R15
  return mxcsr == other.mxcsr && conditional == other.conditional && undone == other.undone &&
         std::all_of(std::begin(kKept), std::end(kKept),
                     [&](size_t i) { return registers_[i] == other.registers_[i]; });
}

bool X86State::SameAs(const X86State& other) const {
  return registers_ == other.registers_ && mxcsr == other.mxcsr && flags == other.flags &&
         conditional == other.conditional && undone == other.undone && told_from_ == other.told_from_ &&
         bytes_ == other.bytes_ && stack_addresses_ == other.stack_addresses_;
}

}  // namespace fplab::tools
