// Following integer instructions on partially known values (Intel SDM volume 2).
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/elf_x86_execute.h"

#include <algorithm>
#include <initializer_list>

namespace fplab::tools {
namespace {

enum Register { kRax = 0, kRcx = 1, kRdx = 2, kRsp = 4, kRbp = 5, kRsi = 6, kRdi = 7 };
// ALU operations by their number in the opcode.
enum Operation { kAdd = 0, kOr = 1, kAdc = 2, kSbb = 3, kAnd = 4, kSub = 5, kXor = 6, kCompare = 7 };
// 0F AE and 0F C7 by digit.
enum Group15 { kFxsave = 0, kFxrstor = 1, kLdmxcsr = 2, kStmxcsr = 3, kXsave = 4, kXrstor = 5, kXsaveopt = 6 };
enum Group9 { kCmpxchg8b = 1, kXrstors = 3, kXsavec = 4, kXsaves = 5 };

// Where FXSAVE and XSAVE put MXCSR, and no less than what they write in all (SDM volume 1, 10.5.1 and 13.4).
constexpr int64_t kMxcsrInArea = 24;
constexpr uint64_t kFxsaveBytes = 512, kXsaveBytes = 16384;
constexpr uint64_t kX87Bytes = 108;  // FNSAVE, the most that an x87 instruction stores

bool IsOneOf(int value, std::initializer_list<int> list) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// The instruction's operands, read and written through the state.
class Operands {
 public:
  Operands(const X86Instruction& in, uint64_t address, X86State& state, int size)
      : in_(in), state_(state), place_(state.PlaceOf(in, address + in.length)), size_(size) {}

  PartialValue ReadRm() const {
    return in_.IsMemory() ? state_.Load(place_, size_) : state_.Register(in_.rm, size_, in_.rex);
  }
  void WriteRm(const PartialValue& value) {
    in_.IsMemory() ? state_.Store(place_, size_, value) : state_.SetRegister(in_.rm, size_, value, in_.rex);
  }
  PartialValue ReadReg() const { return state_.Register(in_.reg, size_, in_.rex); }
  void WriteReg(const PartialValue& value) { state_.SetRegister(in_.reg, size_, value, in_.rex); }
  const X86State::Place& place() const { return place_; }

 private:
  const X86Instruction& in_;
  X86State& state_;
  X86State::Place place_;
  int size_;
};

PartialValue Immediate(const X86Instruction& in) { return PartialValue::Constant(static_cast<uint64_t>(in.immediate)); }

uint64_t Mask(int size) { return size >= 8 ? ~uint64_t{0} : (uint64_t{1} << (8 * size)) - 1; }

Flags ZeroAndSign(const PartialValue& result, int size) {
  Flags flags;
  if (result.on_stack) return flags;
  const uint64_t mask = Mask(size), sign = uint64_t{1} << (8 * size - 1);
  const auto set = [&flags](Flags::Bit bit, bool value) {
    flags.known = static_cast<uint8_t>(flags.known | bit);
    if (value) flags.value = static_cast<uint8_t>(flags.value | bit);
  };
  if ((result.ones & mask) != 0) set(Flags::kZero, false);
  if ((result.zeros & mask) == mask) set(Flags::kZero, true);
  if ((result.ones & sign) != 0) set(Flags::kSign, true);
  if ((result.zeros & sign) != 0) set(Flags::kSign, false);
  return flags;
}

Flags LogicFlags(const PartialValue& result, int size) {
  Flags flags = ZeroAndSign(result, size);  // carry and overflow are cleared
  flags.known = static_cast<uint8_t>(flags.known | Flags::kCarry | Flags::kOverflow);
  return flags;
}

Flags ArithmeticFlags(const PartialValue& a, const PartialValue& b, bool subtract, int size) {
  if (!a.IsConstant() || !b.IsConstant()) return {};
  const uint64_t mask = Mask(size), sign = uint64_t{1} << (8 * size - 1);
  const uint64_t x = a.ones & mask, y = b.ones & mask, result = (subtract ? x - y : x + y) & mask;
  Flags flags = ZeroAndSign(PartialValue::Constant(result), size);
  flags.known = 0xF;
  if (subtract ? x < y : result < x) flags.value = static_cast<uint8_t>(flags.value | Flags::kCarry);
  const uint64_t overflow = subtract ? (x ^ y) & (x ^ result) : ~(x ^ y) & (x ^ result);
  if ((overflow & sign) != 0) flags.value = static_cast<uint8_t>(flags.value | Flags::kOverflow);
  return flags;
}

PartialValue Offset(const PartialValue& a, const PartialValue& b, bool subtract) {
  if (!b.IsConstant()) return {};
  const uint64_t by = subtract ? 0 - b.ones : b.ones;
  if (a.IsConstant()) return PartialValue::Constant(a.ones + by);
  if (a.on_stack) return PartialValue::Stack(static_cast<int64_t>(static_cast<uint64_t>(a.stack_offset) + by));
  return {};
}

// The values of a bitwise operation, with entry bits that are counted from the same byte.
PartialValue Bitwise(int operation, const PartialValue& a, PartialValue b) {
  const int from = a.entry != 0 ? a.entry_from : b.entry_from;
  b.KeepEntryFrom(from);
  PartialValue result;
  result.entry_from = from;
  switch (operation) {
    case kOr:
      result.ones = a.ones | b.ones;
      result.zeros = a.zeros & b.zeros;
      result.entry = (a.entry & (b.zeros | b.entry)) | (b.entry & a.zeros);
      break;
    case kAnd:
      result.ones = a.ones & b.ones;
      result.zeros = a.zeros | b.zeros;
      result.entry = (a.entry & (b.ones | b.entry)) | (b.entry & a.ones);
      break;
    default:
      result.ones = (a.ones & b.zeros) | (a.zeros & b.ones);
      result.zeros = (a.ones & b.ones) | (a.zeros & b.zeros) | (a.entry & b.entry);
      result.entry = (a.entry & b.zeros) | (b.entry & a.zeros);
  }
  result.KeepEntryFrom(from);
  return result;
}

// The result of an ALU operation on `size` bytes, and its flags.
PartialValue Alu(int operation, const PartialValue& a, const PartialValue& b, int size, bool same_register,
                 Flags& flags) {
  const bool subtract = operation == kSub || operation == kCompare;
  if (same_register && (operation == kXor || subtract)) {
    flags = ArithmeticFlags(PartialValue::Constant(0), PartialValue::Constant(0), true, size);
    return PartialValue::Constant(0);
  }
  if (operation == kAdd || subtract) {
    flags = ArithmeticFlags(a, b, subtract, size);
    return Offset(a, b, subtract);
  }
  flags = {};
  const bool bitwise = operation == kOr || operation == kAnd || operation == kXor;
  if (!bitwise || a.on_stack || b.on_stack) return {};  // AND aligns the stack pointer: its new offset is not known
  const PartialValue result = Bitwise(operation, a, b);
  flags = LogicFlags(result, size);
  return result;
}

// 80, 81, 83: an operation of r/m with an immediate.
void ExecuteAluImmediate(const X86Instruction& in, Operands& operands, X86State& state, int size) {
  const PartialValue value = operands.ReadRm(), immediate = Immediate(in);
  PartialValue result = Alu(in.digit, value, immediate, size, false, state.flags);
  // AND aligns the stack pointer. How far that lowers it is not known; what follows uses places below all that lie
  // there and never mixes the two, so the lowest it can be stands for it.
  const bool aligns = in.digit == kAnd && !in.IsMemory() && in.rm == kRsp && value.on_stack;
  const uint64_t step = 0 - immediate.ones;
  if (aligns && step <= 4096) result = Offset(value, PartialValue::Constant(step), true);
  if (in.digit != kCompare) operands.WriteRm(result);
}

// 00..3F: operations between r/m and reg, or the accumulator and an immediate.
void ExecuteAlu(const X86Instruction& in, uint64_t address, X86State& state) {
  const int operation = in.opcode >> 3, form = in.opcode & 7;
  if (form > 5) return;
  const int size = (form & 1) == 0 ? 1 : in.OperandSize();
  if (form >= 4) {
    const PartialValue result = Alu(operation, state.Register(kRax, size), Immediate(in), size, false, state.flags);
    if (operation != kCompare) state.SetRegister(kRax, size, result);
    return;
  }
  Operands operands(in, address, state, size);
  const bool same = !in.IsMemory() && in.rm == in.reg;
  const PartialValue rm = operands.ReadRm(), reg = operands.ReadReg();
  const PartialValue result =
      form < 2 ? Alu(operation, rm, reg, size, same, state.flags) : Alu(operation, reg, rm, size, same, state.flags);
  if (operation == kCompare) return;
  form < 2 ? operands.WriteRm(result) : operands.WriteReg(result);
}

// 0F A3/AB/B3/BB and BA: BT, BTS, BTR, BTC.
void ExecuteBitTest(const X86Instruction& in, uint64_t address, X86State& state) {
  const bool immediate = in.opcode == 0xBA;
  const int operation = immediate ? in.digit - 4 : (in.opcode >> 3) & 3;
  state.flags = {};
  if (operation < 0) return;
  const int size = in.OperandSize();
  Operands operands(in, address, state, size);
  const PartialValue number = immediate ? Immediate(in) : operands.ReadReg();
  PartialValue value = operands.ReadRm();
  // With a register, the bit may lie outside the operand in memory.
  const bool elsewhere = !immediate && in.IsMemory();
  if (elsewhere && operation > 0) state.Forget({}, 1);
  if (!number.IsConstant() || value.on_stack || elsewhere) {
    if (operation > 0) operands.WriteRm({});
    return;
  }
  const uint64_t bit = uint64_t{1} << (number.ones % static_cast<uint64_t>(8 * size));
  const bool was_one = (value.ones & bit) != 0, was_zero = (value.zeros & bit) != 0;
  if (was_one || was_zero) state.flags = {Flags::kCarry, was_one ? uint8_t{Flags::kCarry} : uint8_t{0}};
  if (operation == 0) return;
  value.ones &= ~bit;
  value.zeros &= ~bit;
  value.entry &= ~bit;
  value.KeepEntryFrom(value.entry_from);
  if (operation == 1 || (operation == 3 && was_zero)) value.ones |= bit;
  if (operation == 2 || (operation == 3 && was_one)) value.zeros |= bit;
  operands.WriteRm(value);
}

void LoadMxcsr(X86State& state, X86State::Place place, uint64_t address) {
  PartialValue value = state.Load(place, 4);
  // A word that the file gives and nobody is seen to write is loaded as it is: a guess that can only accuse.
  const PartialValue initial = state.LoadInitial(place, 4);
  if (initial.IsConstant() && (value.ones | value.zeros | value.entry) << 32 == 0) value.ones = initial.ones & 0x8040;
  state.SetMxcsr(value, address);
}

// 0F AE and 0F C7: what saves and loads MXCSR, alone or with the rest of the processor's state.
void ExecuteStateAccess(const X86Instruction& in, uint64_t address, X86State& state) {
  const X86State::Place place = state.PlaceOf(in, address + in.length);
  X86State::Place saved = place;
  saved.at = static_cast<int64_t>(static_cast<uint64_t>(place.at) + kMxcsrInArea);
  const bool group15 = in.opcode == 0xAE;
  if (LoadsMxcsr(in)) return LoadMxcsr(state, group15 && in.digit == kLdmxcsr ? place : saved, address);
  if (group15 && in.digit == kStmxcsr) return state.Store(place, 4, state.mxcsr);
  const bool saves = group15 ? IsOneOf(in.digit, {kFxsave, kXsave, kXsaveopt}) : IsOneOf(in.digit, {kXsavec, kXsaves});
  if (!saves) return;
  state.Forget(place, group15 && in.digit == kFxsave ? kFxsaveBytes : kXsaveBytes);
  state.Store(saved, 4, state.mxcsr);
}

// Which operand an instruction of map 0F may write: the general register or memory of r/m, the general register of reg.
bool Writes0FRm(int op) {
  return IsOneOf(op, {0x00, 0x01, 0x11, 0x13, 0x17, 0x1E, 0x20, 0x21, 0x29, 0x2B, 0x78, 0x7E, 0x7F,
                      0xA4, 0xA5, 0xAC, 0xAD, 0xB0, 0xB1, 0xC0, 0xC1, 0xC3, 0xC7, 0xD6, 0xE7}) ||
         (op >= 0x90 && op <= 0x9F);
}
bool Writes0FReg(int op) {
  return (op >= 0x40 && op <= 0x4F) ||
         IsOneOf(op, {0x02, 0x03, 0x2C, 0x2D, 0x50, 0xAF, 0xB8, 0xBC, 0xBD, 0xBE, 0xBF, 0xC0, 0xC1, 0xC5, 0xD7});
}
// Instructions of map 0F that leave the flags alone, conversions and moves of vectors among them.
bool Keeps0FFlags(int op) {
  if (op == 0x2E || op == 0x2F) return false;  // UCOMIS, COMIS
  return (op >= 0x10 && op <= 0x2F) || (op >= 0x40 && op <= 0x7F) || (op >= 0x90 && op <= 0x9F) || op >= 0xC2 ||
         IsOneOf(op, {0xAE, 0xB6, 0xB7, 0xBE, 0xBF, 0x0D});
}

void ForgetWritten0F(const X86Instruction& in, uint64_t address, X86State& state) {
  if (Writes0FReg(in.opcode)) state.ForgetRegister(in.reg);
  if (in.opcode == 0xF7 && in.has_modrm) state.Forget(X86State::PlaceAt(state.Register(kRdi, 8)), 16);  // MASKMOVDQU
  if (!Writes0FRm(in.opcode)) return;
  const bool hint = in.opcode == 0x1E && !(in.repeat && in.digit == 1);  // RDSSP is the one that is none
  if (hint) return;
  if (in.IsMemory()) {
    state.Forget(state.PlaceOf(in, address + in.length), in.vex ? 64 : 16);
  } else {
    state.ForgetRegister(in.rm);
  }
}

// Map 0F instructions with fixed registers; false if it is none of these.
bool ExecuteFixed0F(const X86Instruction& in, X86State& state) {
  const auto forget = [&state](std::initializer_list<int> registers) {
    for (int number : registers) state.ForgetRegister(number);
    return true;
  };
  const int op = in.opcode;
  if (op == 0xA2) return forget({kRax, kRcx, kRdx, 3});                     // CPUID
  if (op == 0x31 || op == 0x32 || op == 0x33) return forget({kRax, kRdx});  // RDTSC, RDMSR, RDPMC
  if (op == 0xA0 || op == 0xA8) {                                           // PUSH FS, GS
    state.Push({});
    return true;
  }
  if (op == 0xA1 || op == 0xA9) {  // POP FS, GS
    state.Pop();
    return true;
  }
  if (op >= 0xC8 && op <= 0xCF) return forget({(op & 7) | in.rm});  // BSWAP
  if (op == 0x05 || op == 0x34) {                                   // SYSCALL: the kernel may write what it is told of
    state.ForgetAcrossCall();
    return true;
  }
  return false;
}

void Execute0F(const X86Instruction& in, uint64_t address, X86State& state) {
  const int op = in.opcode;
  if (in.IsMemory() && (op == 0xAE || (op == 0xC7 && in.digit != kCmpxchg8b))) {
    return ExecuteStateAccess(in, address, state);
  }
  if (op == 0xA3 || op == 0xAB || op == 0xB3 || op == 0xBB || op == 0xBA) return ExecuteBitTest(in, address, state);
  if (op == 0xB6 || op == 0xB7) {  // MOVZX
    const PartialValue value = Operands(in, address, state, op == 0xB6 ? 1 : 2).ReadRm();
    return state.SetRegister(in.reg, 8, value);
  }
  if (!Keeps0FFlags(op)) state.flags = {};
  if (ExecuteFixed0F(in, state) || !in.has_modrm) return;
  ForgetWritten0F(in, address, state);
  if (op == 0xAE && !in.IsMemory() && in.repeat) state.ForgetRegister(in.rm);   // RDFSBASE, RDGSBASE
  const bool fixed_too = op == 0x01 || op == 0xB0 || op == 0xB1 || op == 0xC7;  // XGETBV, RDTSCP, CMPXCHG
  if (fixed_too) {
    for (int number : {kRax, kRcx, kRdx}) state.ForgetRegister(number);
    state.flags = {};
  }
}

bool ExecuteStack(const X86Instruction& in, uint64_t address, X86State& state) {
  const int op = in.opcode;
  const bool short_push = in.operand_16 && ((op >= 0x50 && op <= 0x5F) || op == 0x68 || op == 0x6A);
  if (short_push) {  // two bytes, which no compiler pushes
    state.ForgetRegister(kRsp);
    if (op >= 0x58 && op <= 0x5F) state.ForgetRegister((op & 7) | in.rm);
    return true;
  }
  if (op >= 0x50 && op <= 0x57) {
    state.Push(state.Register((op & 7) | in.rm, 8));
  } else if (op >= 0x58 && op <= 0x5F) {
    const PartialValue value = state.Pop();
    state.SetRegister((op & 7) | in.rm, 8, value);
  } else if (op == 0x68 || op == 0x6A) {
    state.Push(Immediate(in));
  } else if (op == 0x9C) {  // PUSHF
    state.Push({});
  } else if (op == 0x9D) {  // POPF
    state.Pop();
    state.flags = {};
  } else if (op == 0x8F) {
    const PartialValue value = state.Pop();
    Operands(in, address, state, 8).WriteRm(value);
  } else if (op == 0xC9) {  // LEAVE
    state.SetRegister(kRsp, 8, state.Register(kRbp, 8));
    state.SetRegister(kRbp, 8, state.Pop());
  } else if (op == 0xC8) {  // ENTER
    state.ForgetRegister(kRsp);
    state.ForgetRegister(kRbp);
  } else if (op == 0xFF && in.digit == 6) {
    state.Push(Operands(in, address, state, 8).ReadRm());
  } else {
    return false;
  }
  return true;
}

// C0, C1, D0..D3: rotations and shifts, of which SHL, SHR and SAR of constants by constants are computed.
void ExecuteShift(const X86Instruction& in, uint64_t address, X86State& state) {
  const int size = (in.opcode & 1) == 0 ? 1 : in.OperandSize();
  Operands operands(in, address, state, size);
  const PartialValue value = operands.ReadRm();
  const bool by_immediate = in.opcode == 0xC0 || in.opcode == 0xC1, by_one = in.opcode == 0xD0 || in.opcode == 0xD1;
  state.flags = {};
  const PartialValue count = by_immediate ? Immediate(in)
                             : by_one     ? PartialValue::Constant(1)
                                          : state.Register(kRcx, 1);
  const uint64_t mask = Mask(size);
  if (!value.IsConstant() || !count.IsConstant() || in.digit < 4) return operands.WriteRm({});
  const uint64_t by = count.ones & (size == 8 ? 63 : 31);
  const uint64_t bits = value.ones & mask;
  uint64_t result = 0;
  if (in.digit == 5) {
    result = bits >> by;
  } else if (in.digit == 7) {
    const int unused = 64 - 8 * size;
    result = static_cast<uint64_t>(static_cast<int64_t>(bits << unused) >> unused >> by);
  } else {
    result = bits << by;
  }
  operands.WriteRm(PartialValue::Constant(result & mask));
}

// A4..AF and the like: what their implicit operands are after an unknown number of repetitions.
void ExecuteString(const X86Instruction& in, X86State& state) {
  const int kind = in.opcode & ~1;
  if (kind == 0xA4 || kind == 0xAA || kind == 0x6C) {  // MOVS, STOS, INS
    state.ForgetUpwards(X86State::PlaceAt(state.Register(kRdi, 8)));
  }
  if (kind == 0xAC) state.ForgetRegister(kRax);  // LODS
  if (kind == 0xA6 || kind == 0xAE) state.flags = {};
  for (int number : {kRcx, kRsi, kRdi}) state.ForgetRegister(number);
}

// F6, F7, FE, FF: TEST, NOT, NEG, MUL, DIV, INC, DEC.
void ExecuteUnary(const X86Instruction& in, uint64_t address, X86State& state) {
  const int size = (in.opcode & 1) == 0 ? 1 : in.OperandSize();
  Operands operands(in, address, state, size);
  const PartialValue value = operands.ReadRm();
  const PartialValue one = PartialValue::Constant(1), zero = PartialValue::Constant(0);
  if (in.opcode >= 0xFE) {
    if (in.digit > 1) return;
    const uint8_t carry = state.flags.known & Flags::kCarry, was = state.flags.value & Flags::kCarry;
    operands.WriteRm(Alu(in.digit == 0 ? kAdd : kSub, value, one, size, false, state.flags));
    state.flags.known = static_cast<uint8_t>((state.flags.known & ~Flags::kCarry) | carry);
    state.flags.value = static_cast<uint8_t>((state.flags.value & ~Flags::kCarry) | was);
    return;
  }
  if (in.digit <= 1) {
    Alu(kAnd, value, Immediate(in), size, false, state.flags);
  } else if (in.digit == 2) {
    operands.WriteRm(value.on_stack ? PartialValue() : PartialValue{value.zeros, value.ones, 0, false, 0});
  } else if (in.digit == 3) {
    operands.WriteRm(Alu(kSub, zero, value, size, false, state.flags));
  } else {
    state.flags = {};
    state.ForgetRegister(kRax);
    state.ForgetRegister(kRdx);
  }
}

void Exchange(const X86Instruction& in, Operands& operands) {
  const PartialValue rm = operands.ReadRm(), reg = operands.ReadReg();
  operands.WriteRm(reg);
  if (!in.IsMemory() && in.rm == in.reg) return;
  operands.WriteReg(rm);
}

void ExecuteLea(const X86Instruction& in, const X86State::Place& place, X86State& state) {
  PartialValue value;
  if (place.known) {
    value = place.on_stack ? PartialValue::Stack(place.at) : PartialValue::Constant(static_cast<uint64_t>(place.at));
  }
  state.SetRegister(in.reg, in.OperandSize(), value);
}

// Moves, LEA, TEST and the immediate ALU group; false if it is none of these.
bool ExecuteCommon(const X86Instruction& in, uint64_t address, X86State& state) {
  const int op = in.opcode;
  const int size = (op & 1) == 0 ? 1 : in.OperandSize();
  Operands operands(in, address, state, size);
  switch (op) {
    case 0x80:
    case 0x81:
    case 0x83:
      ExecuteAluImmediate(in, operands, state, size);
      return true;
    case 0x84:
    case 0x85:
      Alu(kAnd, operands.ReadRm(), operands.ReadReg(), size, false, state.flags);
      return true;
    case 0xA8:
    case 0xA9:
      Alu(kAnd, state.Register(kRax, size), Immediate(in), size, false, state.flags);
      return true;
    case 0x86:
    case 0x87:
      Exchange(in, operands);
      return true;
    case 0x88:
    case 0x89:
      operands.WriteRm(operands.ReadReg());
      return true;
    case 0x8A:
    case 0x8B:
      operands.WriteReg(operands.ReadRm());
      return true;
    case 0xC6:
    case 0xC7:
      operands.WriteRm(Immediate(in));
      return true;
    case 0x8D:
      ExecuteLea(in, operands.place(), state);
      return true;
    case 0x8C:
      Operands(in, address, state, in.IsMemory() ? 2 : 8).WriteRm({});
      return true;
    case 0x63:  // MOVSXD
    case 0x69:
    case 0x6B:  // IMUL
      state.SetRegister(in.reg, in.OperandSize(), {});
      if (op != 0x63) state.flags = {};
      return true;
    default:
      return false;
  }
}

// The general registers in the opcode's low bits: MOV with an immediate, XCHG with RAX.
bool ExecuteShort(const X86Instruction& in, X86State& state) {
  const int op = in.opcode, number = (op & 7) | in.rm;
  if (op >= 0xB0 && op <= 0xBF) {
    state.SetRegister(number, op < 0xB8 ? 1 : in.OperandSize(), Immediate(in), in.rex);
    return true;
  }
  if (op < 0x90 || op > 0x97) return false;
  if (number == kRax) return true;  // NOP
  const int size = in.OperandSize();
  const PartialValue other = state.Register(number, size), rax = state.Register(kRax, size);
  state.SetRegister(number, size, rax);
  state.SetRegister(kRax, size, other);
  return true;
}

void ExecuteOneByte(const X86Instruction& in, uint64_t address, X86State& state) {
  const int op = in.opcode;
  if (op < 0x40) return ExecuteAlu(in, address, state);
  if (ExecuteStack(in, address, state) || ExecuteShort(in, state) || ExecuteCommon(in, address, state)) return;
  if (op == 0xC0 || op == 0xC1 || (op >= 0xD0 && op <= 0xD3)) return ExecuteShift(in, address, state);
  if ((op >= 0xA4 && op <= 0xA7) || (op >= 0xAA && op <= 0xAF) || (op >= 0x6C && op <= 0x6F)) {
    return ExecuteString(in, state);
  }
  if (op == 0xF6 || op == 0xF7 || op >= 0xFE) return ExecuteUnary(in, address, state);
  if (op >= 0xD8 && op <= 0xDF) {  // x87: what it stores, and FNSTSW AX
    const bool stores = (op & 1) != 0 && IsOneOf(in.digit, {1, 2, 3, 6, 7});
    if (in.IsMemory() && stores) state.Forget(state.PlaceOf(in, address + in.length), kX87Bytes);
    if (!in.IsMemory() && op == 0xDF) state.ForgetRegister(kRax);
    state.flags = {};
    return;
  }
  if (op == 0x98) return state.SetRegister(kRax, in.OperandSize(), {});  // CBW, CWDE, CDQE
  if (op == 0x99) return state.ForgetRegister(kRdx);                     // CWD, CDQ, CQO
  if (op == 0xA2 || op == 0xA3) return state.Forget({true, false, in.immediate}, 8);
  if (op == 0x9B || op == 0x8E || (op >= 0xF8 && op <= 0xFD)) {
    state.flags = {};
    return;
  }
  state.flags = {};
  state.ForgetAllButStackPointer();
  if (in.has_modrm) Operands(in, address, state, in.OperandSize()).WriteRm({});
}

// The maps beyond 0F, and VEX in them: what of these may write a general register is known too coarsely to keep any.
void ExecuteOtherMaps(const X86Instruction& in, uint64_t address, X86State& state) {
  if (in.IsMemory()) state.Forget(state.PlaceOf(in, address + in.length), 64);
  const bool to_registers = in.map == X86Instruction::k0F38   ? in.opcode >= 0xF0
                            : in.map == X86Instruction::k0F3A ? in.opcode == 0xF0
                                                              : true;
  if (to_registers) state.ForgetAllButStackPointer();
  const bool extracts = in.map == X86Instruction::k0F3A && in.opcode >= 0x14 && in.opcode <= 0x17;  // PEXTR, EXTRACTPS
  if (extracts && !in.IsMemory()) state.ForgetRegister(in.rm);
  if (in.map == X86Instruction::k0F3A && in.opcode >= 0x60 && in.opcode <= 0x63) state.ForgetRegister(kRcx);
  state.flags = {};
}

}  // namespace

bool LoadsMxcsr(const X86Instruction& in) {
  if (in.map != X86Instruction::k0F || !in.IsMemory()) return false;
  if (in.opcode == 0xAE && in.vex) return in.digit == kLdmxcsr;
  if (in.opcode == 0xAE) return IsOneOf(in.digit, {kFxrstor, kLdmxcsr, kXrstor});
  return in.opcode == 0xC7 && !in.vex && in.digit == kXrstors;
}

const char* WriterName(const X86Instruction& in) {
  if (!LoadsMxcsr(in)) return "call";
  if (in.opcode == 0xC7) return "XRSTORS";
  if (in.digit == kLdmxcsr) return in.vex ? "VLDMXCSR" : "LDMXCSR";
  return in.digit == kFxrstor ? "FXRSTOR" : "XRSTOR";
}

int ConditionOf(const X86Instruction& in) {
  if (in.map == X86Instruction::k0F && !in.vex) {
    const bool conditional = (in.opcode & 0xF0) == 0x40 || (in.opcode & 0xF0) == 0x90;
    return conditional ? in.opcode & 15 : -1;
  }
  const bool sbb = in.map == X86Instruction::kOneByte && (in.opcode == 0x19 || in.opcode == 0x1B);
  constexpr int kBelow = 2;  // carry
  return sbb && !in.IsMemory() && in.rm == in.reg ? kBelow : -1;
}

void ExecuteConditional(const X86Instruction& in, uint64_t address, bool holds, X86State& state) {
  if (in.map == X86Instruction::kOneByte) {  // SBB of a register with itself
    state.SetRegister(in.reg, in.OperandSize(), PartialValue::Constant(holds ? ~uint64_t{0} : 0));
    state.flags = {};
    return;
  }
  if ((in.opcode & 0xF0) == 0x90) {
    Operands(in, address, state, 1).WriteRm(PartialValue::Constant(holds ? 1 : 0));
    return;
  }
  Operands operands(in, address, state, in.OperandSize());
  operands.WriteReg(holds ? operands.ReadRm() : operands.ReadReg());  // 32 bits clear the upper half either way
}

void ExecuteX86(const X86Instruction& in, uint64_t address, X86State& state) {
  if (in.map == X86Instruction::kOneByte) return ExecuteOneByte(in, address, state);
  if (in.map != X86Instruction::k0F) return ExecuteOtherMaps(in, address, state);
  if (!in.vex) return Execute0F(in, address, state);
  if (in.opcode == 0xAE && in.IsMemory()) return ExecuteStateAccess(in, address, state);  // VLDMXCSR, VSTMXCSR
  // VEX in map 0F: mask moves (KMOV) write general registers, comparisons the flags.
  if (in.opcode == 0x93) state.ForgetRegister(in.reg);
  if (in.opcode >= 0x90 && in.opcode <= 0x9F && !in.IsMemory()) return;
  if (in.opcode == 0x2E || in.opcode == 0x2F || in.opcode == 0x98 || in.opcode == 0x99) state.flags = {};
  if ((in.opcode & 0xF0) == 0x40) return;  // KAND and its like: no CMOV in VEX
  if (in.has_modrm) ForgetWritten0F(in, address, state);
}

}  // namespace fplab::tools
