// Following integer instructions on partially known values (Intel SDM volume 2).
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/elf_x86_execute.h"

#include <algorithm>
#include <initializer_list>

namespace fplab::tools {
namespace {

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

// ALU operations by their number in the opcode (ADD OR ADC SBB AND SUB XOR CMP).
PartialValue Alu(int operation, const PartialValue& a, const PartialValue& b, bool same_register) {
  enum { kAdd = 0, kOr = 1, kAnd = 4, kSub = 5, kXor = 6 };
  const bool constants = a.IsConstant() && b.IsConstant();
  switch (operation) {
    case kOr:
      if (a.on_stack || b.on_stack) return {};
      return {a.ones | b.ones, a.zeros & b.zeros, false, 0};
    case kAnd:
      if (a.on_stack || b.on_stack) return {};  // aligning the stack pointer: the new offset is not known
      return {a.ones & b.ones, a.zeros | b.zeros, false, 0};
    case kXor:
      if (same_register) return PartialValue::Constant(0);
      if (a.on_stack || b.on_stack) return {};
      return {(a.ones & b.zeros) | (a.zeros & b.ones), (a.ones & b.ones) | (a.zeros & b.zeros), false, 0};
    case kAdd:
      if (constants) return PartialValue::Constant(a.ones + b.ones);
      if (a.on_stack && b.IsConstant()) {
        return PartialValue::Stack(static_cast<int64_t>(static_cast<uint64_t>(a.stack_offset) + b.ones));
      }
      return {};
    case kSub:
      if (constants) return PartialValue::Constant(a.ones - b.ones);
      if (a.on_stack && b.IsConstant()) {
        return PartialValue::Stack(static_cast<int64_t>(static_cast<uint64_t>(a.stack_offset) - b.ones));
      }
      return {};
    default:
      return {};
  }
}

constexpr int kCompare = 7;

// 00..3F: operations between r/m and reg, or the accumulator and an immediate.
void ExecuteAlu(const X86Instruction& in, uint64_t address, X86State& state) {
  const int operation = in.opcode >> 3, form = in.opcode & 7;
  if (operation == kCompare || form > 5) return;
  const int size = (form & 1) == 0 ? 1 : in.OperandSize();
  if (form >= 4) {
    state.SetRegister(0, size, Alu(operation, state.Register(0, size), Immediate(in), false));
    return;
  }
  Operands operands(in, address, state, size);
  const bool same = !in.IsMemory() && in.rm == in.reg;
  if (form < 2) {
    operands.WriteRm(Alu(operation, operands.ReadRm(), operands.ReadReg(), same));
  } else {
    operands.WriteReg(Alu(operation, operands.ReadReg(), operands.ReadRm(), same));
  }
}

// 0F A3/AB/B3/BB and BA: BT, BTS, BTR, BTC.
void ExecuteBitTest(const X86Instruction& in, uint64_t address, X86State& state) {
  const bool immediate = in.opcode == 0xBA;
  const int operation = immediate ? in.digit - 4 : (in.opcode >> 3) & 3;
  if (operation <= 0) return;  // BT writes nothing
  const int size = in.OperandSize();
  Operands operands(in, address, state, size);
  const PartialValue number = immediate ? Immediate(in) : operands.ReadReg();
  PartialValue value = operands.ReadRm();
  if (!number.IsConstant() || value.on_stack) {
    operands.WriteRm({});
    return;
  }
  const uint64_t bit = uint64_t{1} << (number.ones % static_cast<uint64_t>(8 * size));
  const bool was_one = (value.ones & bit) != 0, was_zero = (value.zeros & bit) != 0;
  value.ones &= ~bit;
  value.zeros &= ~bit;
  if (operation == 1 || (operation == 3 && was_zero)) value.ones |= bit;
  if (operation == 2 || (operation == 3 && was_one)) value.zeros |= bit;
  operands.WriteRm(value);
}

// 0F AE with a memory operand: the MXCSR instructions, and the state restores that load it from elsewhere.
void ExecuteGroup15(const X86Instruction& in, uint64_t address, X86State& state) {
  enum { kFxsave = 0, kFxrstor = 1, kLdmxcsr = 2, kStmxcsr = 3, kXsave = 4, kXrstor = 5 };
  if (!in.IsMemory() || in.repeat || in.operand_16) return;
  Operands operands(in, address, state, 4);
  if (in.digit == kStmxcsr) operands.WriteRm(state.mxcsr);
  if (in.digit == kFxsave || in.digit == kXsave) state.Store(operands.place(), 512, {});
  if (in.digit == kFxrstor || in.digit == kXrstor) state.mxcsr = {};
  if (in.digit != kLdmxcsr) return;
  state.mxcsr = operands.ReadRm();
  state.last_ldmxcsr = address;
}

bool IsOneOf(uint8_t opcode, std::initializer_list<uint8_t> list) {
  return std::find(list.begin(), list.end(), opcode) != list.end();
}

// Which operand an instruction of map 0F may write: the general register or memory of r/m, the general register of reg.
bool Writes0FRm(uint8_t op) {
  return (op >= 0x90 && op <= 0x9F) || IsOneOf(op, {0x11, 0x13, 0x17, 0x29, 0x2B, 0x7E, 0x7F, 0xA4, 0xA5, 0xAC, 0xAD,
                                                    0xB0, 0xB1, 0xC0, 0xC1, 0xC3, 0xC7, 0xD6, 0xE7});
}
bool Writes0FReg(uint8_t op) {
  return (op >= 0x40 && op <= 0x4F) ||
         IsOneOf(op, {0x02, 0x03, 0x2C, 0x2D, 0x50, 0xAF, 0xB8, 0xBC, 0xBD, 0xBE, 0xBF, 0xC0, 0xC1, 0xC5, 0xD7});
}

void ForgetWritten0F(const X86Instruction& in, uint64_t address, X86State& state) {
  if (Writes0FReg(in.opcode)) state.ForgetRegister(in.reg);
  if (!Writes0FRm(in.opcode)) return;
  if (in.IsMemory()) {
    state.Store(state.PlaceOf(in, address + in.length), in.vex ? 64 : 16, {});
  } else {
    state.ForgetRegister(in.rm);
  }
}

void Execute0F(const X86Instruction& in, uint64_t address, X86State& state) {
  const uint8_t op = in.opcode;
  if (op == 0xAE) return ExecuteGroup15(in, address, state);
  if (op == 0xA3 || op == 0xAB || op == 0xB3 || op == 0xBB || op == 0xBA) return ExecuteBitTest(in, address, state);
  if (op == 0x1E || op == 0x1F || op == 0x0D || op == 0x18) return;  // ENDBR, NOP, prefetch
  if (op == 0xB6 || op == 0xB7) {                                    // MOVZX
    const PartialValue value = Operands(in, address, state, op == 0xB6 ? 1 : 2).ReadRm();
    return state.SetRegister(in.reg, 8, value);
  }
  if (op == 0xA2) {  // CPUID
    for (int number : {0, 1, 2, 3}) state.ForgetRegister(number);
    return;
  }
  if (!in.has_modrm) return state.ForgetRegister(op >= 0xC8 && op <= 0xCF ? op & 7 : 0);
  ForgetWritten0F(in, address, state);
  if (op == 0xB0 || op == 0xB1) state.ForgetRegister(0);  // CMPXCHG
}

void ExecuteStack(const X86Instruction& in, X86State& state) {
  const uint8_t op = in.opcode;
  if (op >= 0x50 && op <= 0x57) return state.Push(state.Register((op & 7) | in.rm, 8));
  if (op >= 0x58 && op <= 0x5F) return state.SetRegister((op & 7) | in.rm, 8, state.Pop());
  if (op == 0x68 || op == 0x6A) return state.Push(Immediate(in));
  if (op == 0xC9) {  // LEAVE
    state.SetRegister(X86State::kStackPointer, 8, state.Register(X86State::kFramePointer, 8));
    state.SetRegister(X86State::kFramePointer, 8, state.Pop());
  }
}

// Moves, LEA and the immediate ALU group; false if it is none of these.
bool ExecuteCommon(const X86Instruction& in, uint64_t address, X86State& state) {
  const uint8_t op = in.opcode;
  const int size = (op & 1) == 0 ? 1 : in.OperandSize();
  Operands operands(in, address, state, size);
  switch (op) {
    case 0x80:
    case 0x81:
    case 0x83:
      if (in.digit != kCompare) operands.WriteRm(Alu(in.digit, operands.ReadRm(), Immediate(in), false));
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
    case 0x8D: {
      const X86State::Place place = operands.place();
      PartialValue value;
      if (place.known) {
        value =
            place.on_stack ? PartialValue::Stack(place.at) : PartialValue::Constant(static_cast<uint64_t>(place.at));
      }
      state.SetRegister(in.reg, in.OperandSize(), value);
      return true;
    }
    default:
      return false;
  }
}

void ExecuteOneByte(const X86Instruction& in, uint64_t address, X86State& state) {
  const uint8_t op = in.opcode;
  if (op < 0x40) return ExecuteAlu(in, address, state);
  if ((op >= 0x50 && op <= 0x5F) || op == 0x68 || op == 0x6A || op == 0xC9) return ExecuteStack(in, state);
  if (op >= 0xB0 && op <= 0xBF) {
    return state.SetRegister((op & 7) | in.rm, op < 0xB8 ? 1 : in.OperandSize(), Immediate(in), in.rex);
  }
  if (ExecuteCommon(in, address, state)) return;
  const bool writes_nothing = op == 0x84 || op == 0x85 || op == 0xA8 || op == 0xA9 || op == 0x90 || op == 0xCC;
  const bool is_test = (op == 0xF6 || op == 0xF7) && in.digit <= 1;
  if (writes_nothing || is_test) return;
  if (in.has_modrm) {
    Operands(in, address, state, op >= 0xD8 && op <= 0xDF ? 8 : in.OperandSize()).WriteRm({});
    const bool reg_is_operand = op == 0x63 || op == 0x69 || op == 0x6B || op == 0x86 || op == 0x87;
    if (reg_is_operand) state.ForgetRegister(in.reg);
  }
  // Multiplications, divisions, string operations, exchanges: their implicit operands.
  for (int number : {0, 1, 2, 6, 7}) state.ForgetRegister(number);
}

}  // namespace

void ExecuteX86(const X86Instruction& in, uint64_t address, X86State& state) {
  if (in.map == X86Instruction::k0F && !in.vex) return Execute0F(in, address, state);
  if (in.map == X86Instruction::kOneByte) return ExecuteOneByte(in, address, state);
  if (in.map == X86Instruction::k0F && in.opcode == 0xAE) return ExecuteGroup15(in, address, state);  // VLDMXCSR
  if (in.map == X86Instruction::k0F && in.has_modrm) return ForgetWritten0F(in, address, state);
  // MOVBE, CRC32, BMI, PEXTR: the few of the other maps that write general registers, VEX.vvvv among their operands.
  if (in.map == X86Instruction::k0F38 && in.opcode >= 0xF0) state.ForgetCallerSaved();
  if (in.map == X86Instruction::k0F3A && !in.IsMemory()) state.ForgetRegister(in.rm);
  if (in.map == X86Instruction::k0F3A && in.opcode == 0xF0) state.ForgetRegister(in.reg);
}

}  // namespace fplab::tools
