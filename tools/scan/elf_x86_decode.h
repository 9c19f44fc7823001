// Decoding x86-64 machine code: lengths and operands, as far as following a start-up routine needs them.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_ELF_X86_DECODE_H_
#define FPLAB_TOOLS_SCAN_ELF_X86_DECODE_H_

#include <cstddef>
#include <cstdint>

namespace fplab::tools {

// One instruction in 64-bit mode (Intel SDM volume 2, chapter 2 and appendix A).
struct X86Instruction {
  // The opcode map: one byte, 0F, 0F38, 0F3A; kOther for the EVEX maps above those.
  enum Map : uint8_t { kOneByte, k0F, k0F38, k0F3A, kOther };
  static constexpr int kNone = -1;  // no such register
  static constexpr int kRip = 16;   // base register of a RIP-relative operand

  size_t length = 0;
  Map map = kOneByte;
  uint8_t opcode = 0;
  bool vex = false;         // VEX or EVEX encoded
  bool evex = false;        // EVEX encoded
  bool operand_16 = false;  // 66 prefix
  bool wide = false;        // REX.W
  bool rex = false;         // any REX prefix: byte registers 4-7 are SPL..DIL
  bool repeat = false;      // F3 prefix
  bool has_modrm = false;
  uint8_t mod = 0;    // 3: the r/m operand is register rm
  uint8_t reg = 0;    // with REX.R
  uint8_t digit = 0;  // the reg field without REX.R: selects the operation of an opcode group
  int rm = 0;         // with REX.B; without ModRM, REX.B alone (8 or 0)
  int base = kNone;   // of a memory operand
  int index = kNone;  // of a memory operand
  int64_t displacement = 0;
  int64_t immediate = 0;             // sign-extended; also the offset of a relative jump
  bool other_segment = false;        // FS or GS: the address is not what the registers say
  bool scaled_displacement = false;  // EVEX: a displacement of 8 bits counts operands, not bytes

  bool IsMemory() const { return has_modrm && mod != 3; }
  // Size in bytes of an operand that the operand-size prefixes govern.
  int OperandSize() const { return wide ? 8 : operand_16 ? 2 : 4; }
};

// Decodes the instruction at code[0], of which `size` bytes can be read. False if they hold none.
bool DecodeX86(const uint8_t* code, size_t size, X86Instruction& instruction);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_ELF_X86_DECODE_H_
