// The instruction formats of x86-64: prefixes, opcode maps, ModRM, SIB, displacement, immediate.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/elf_x86_decode.h"

#include <string_view>

namespace fplab::tools {
namespace {

constexpr size_t kMaxLength = 15;

// What follows an opcode, one character each, 16 opcodes to a row: M ModRM; b ModRM and imm8; z ModRM and imm16/32;
// 1 imm8; 2 imm16; 4 imm16/32; r rel8; R rel32; e ENTER's 3 bytes; m a full address; i imm16/32/64 of MOV; g and G
// ModRM and, if the digit is 0 or 1 (TEST), imm8 or imm16/32; space nothing; x no instruction (or a prefix, which
// never gets here).
constexpr std::string_view kOneByteMap =
    "MMMM14xxMMMM14xx"   // 00
    "MMMM14xxMMMM14xx"   // 10
    "MMMM14xxMMMM14xx"   // 20
    "MMMM14xxMMMM14xx"   // 30
    "xxxxxxxxxxxxxxxx"   // 40
    "                "   // 50
    "xxxMxxxx4z1b    "   // 60
    "rrrrrrrrrrrrrrrr"   // 70
    "bzxbMMMMMMMMMMMM"   // 80
    "          x     "   // 90
    "mmmm    14      "   // A0
    "11111111iiiiiiii"   // B0
    "bb2 xxbze 2  1x "   // C0
    "MMMMxxx MMMMMMMM"   // D0
    "rrrr1111RRxr    "   // E0
    "x xx  gG      MM";  // F0
constexpr std::string_view k0FMap =
    "MMMMx     x xM b"   // 00
    "MMMMMMMMMMMMMMMM"   // 10
    "MMMMxxxxMMMMMMMM"   // 20
    "      x xxxxxxxx"   // 30
    "MMMMMMMMMMMMMMMM"   // 40
    "MMMMMMMMMMMMMMMM"   // 50
    "MMMMMMMMMMMMMMMM"   // 60
    "bbbbMMM MMMMMMMM"   // 70
    "RRRRRRRRRRRRRRRR"   // 80
    "MMMMMMMMMMMMMMMM"   // 90
    "   MbMxx   MbMMM"   // A0
    "MMMMMMMMMMbMMMMM"   // B0
    "MMbMbbbM        "   // C0
    "MMMMMMMMMMMMMMMM"   // D0
    "MMMMMMMMMMMMMMMM"   // E0
    "MMMMMMMMMMMMMMMM";  // F0
static_assert(kOneByteMap.size() == 256 && k0FMap.size() == 256);

// Reads bytes until there are no more; from then on zeros, and failed().
class Cursor {
 public:
  Cursor(const uint8_t* code, size_t size) : code_(code), size_(size < kMaxLength ? size : kMaxLength) {}

  uint8_t Peek() const { return at_ < size_ ? code_[at_] : 0; }
  uint8_t Byte() {
    if (at_ >= size_) failed_ = true;
    return failed_ ? 0 : code_[at_++];
  }
  // A little-endian integer of `count` bytes, sign-extended.
  int64_t Signed(int count) {
    uint64_t value = 0;
    for (int i = 0; i < count; ++i) value |= uint64_t{Byte()} << (8 * i);
    if (count == 0 || count == 8) return static_cast<int64_t>(value);
    const int shift = 64 - 8 * count;
    return static_cast<int64_t>(value << shift) >> shift;
  }
  size_t at() const { return at_; }
  bool failed() const { return failed_; }

 private:
  const uint8_t* code_;
  size_t size_;
  size_t at_ = 0;
  bool failed_ = false;
};

// The extension bits of register numbers: REX.R, REX.X, REX.B and their likes in VEX and EVEX.
struct Extension {
  int r = 0, x = 0, b = 0;
  bool address_32 = false;
};

void ReadLegacyPrefixes(Cursor& cursor, X86Instruction& in, Extension& extension) {
  for (;; cursor.Byte()) {
    switch (cursor.Peek()) {
      case 0x66:
        in.operand_16 = true;
        break;
      case 0x67:
        extension.address_32 = true;
        break;
      case 0xF3:
        in.repeat = true;
        break;
      case 0x64:
      case 0x65:
        in.other_segment = true;
        break;
      case 0xF2:
      case 0xF0:
      case 0x26:
      case 0x2E:
      case 0x36:
      case 0x3E:
        break;
      default:
        return;
    }
    if (cursor.failed()) return;
  }
}

void ReadRex(Cursor& cursor, X86Instruction& in, Extension& extension) {
  if ((cursor.Peek() & 0xF0) != 0x40) return;
  const uint8_t rex = cursor.Byte();
  in.rex = true;
  in.wide = (rex & 8) != 0;
  extension.r = (rex & 4) << 1;
  extension.x = (rex & 2) << 2;
  extension.b = (rex & 1) << 3;
}

bool SetVexMap(X86Instruction& in, int map) {
  if (map < 1 || map > 6) return false;
  in.map = map <= 3 ? static_cast<X86Instruction::Map>(map) : X86Instruction::kOther;
  return true;
}

// VEX (C4, C5) and EVEX (62) prefixes, after their first byte.
bool ReadVex(Cursor& cursor, uint8_t first, X86Instruction& in, Extension& extension) {
  in.vex = true;
  const uint8_t p0 = cursor.Byte();
  extension.r = (~p0 >> 4) & 8;
  if (first == 0xC5) return SetVexMap(in, 1);
  extension.x = (~p0 >> 3) & 8;
  extension.b = (~p0 >> 2) & 8;
  in.wide = (cursor.Byte() & 0x80) != 0;
  in.evex = first == 0x62;
  if (in.evex) cursor.Byte();
  return SetVexMap(in, p0 & (in.evex ? 7 : 31));
}

// Prefixes and opcode; false if it is no instruction.
bool ReadOpcode(Cursor& cursor, X86Instruction& in, Extension& extension) {
  ReadLegacyPrefixes(cursor, in, extension);
  ReadRex(cursor, in, extension);
  in.opcode = cursor.Byte();
  if (!in.rex && (in.opcode == 0xC4 || in.opcode == 0xC5 || in.opcode == 0x62)) {
    if (!ReadVex(cursor, in.opcode, in, extension)) return false;
    in.opcode = cursor.Byte();
  } else if (in.opcode == 0x0F) {
    in.map = X86Instruction::k0F;
    in.opcode = cursor.Byte();
    if (in.opcode == 0x38 || in.opcode == 0x3A) {
      in.map = in.opcode == 0x38 ? X86Instruction::k0F38 : X86Instruction::k0F3A;
      in.opcode = cursor.Byte();
    }
  }
  return !cursor.failed();
}

char Shape(const X86Instruction& in) {
  switch (in.map) {
    case X86Instruction::kOneByte:
      return kOneByteMap[in.opcode];
    case X86Instruction::k0F:
      return k0FMap[in.opcode];
    case X86Instruction::k0F3A:
      return 'b';
    default:
      return 'M';
  }
}

void ReadModRm(Cursor& cursor, X86Instruction& in, const Extension& extension) {
  const uint8_t modrm = cursor.Byte();
  in.has_modrm = true;
  in.mod = modrm >> 6;
  in.digit = (modrm >> 3) & 7;
  in.reg = static_cast<uint8_t>(in.digit | extension.r);
  in.rm = (modrm & 7) | extension.b;
  if (in.mod == 3) return;
  if (extension.address_32) in.other_segment = true;  // 32-bit addresses don't occur in what matters: not followed
  in.base = in.rm;
  bool no_base = (modrm & 7) == 5 && in.mod == 0;
  if ((modrm & 7) == 4) {
    const uint8_t sib = cursor.Byte();
    const int index = ((sib >> 3) & 7) | extension.x;
    in.index = index == 4 ? X86Instruction::kNone : index;
    in.base = (sib & 7) | extension.b;
    no_base = (sib & 7) == 5 && in.mod == 0;
    if (no_base) in.base = X86Instruction::kNone;
  } else if (no_base) {
    in.base = X86Instruction::kRip;
  }
  in.scaled_displacement = in.evex && in.mod == 1;
  in.displacement = cursor.Signed(no_base || in.mod == 2 ? 4 : in.mod == 1 ? 1 : 0);
}

}  // namespace

bool DecodeX86(const uint8_t* code, size_t size, X86Instruction& instruction) {
  instruction = X86Instruction();
  X86Instruction& in = instruction;
  Cursor cursor(code, size);
  Extension extension;
  if (!ReadOpcode(cursor, in, extension)) return false;
  in.rm = extension.b;
  const char shape = Shape(in);
  if (shape == 'x') return false;
  if (std::string_view("MbzgG").find(shape) != std::string_view::npos) ReadModRm(cursor, in, extension);
  const int full = in.operand_16 && !in.wide ? 2 : 4;
  const bool is_test = in.has_modrm && in.digit <= 1;
  switch (shape) {
    case '1':
    case 'b':
    case 'r':
      in.immediate = cursor.Signed(1);
      break;
    case 'g':
      if (is_test) in.immediate = cursor.Signed(1);
      break;
    case '2':
      in.immediate = cursor.Signed(2);
      break;
    case 'e':
      in.immediate = cursor.Signed(3);
      break;
    case '4':
    case 'z':
      in.immediate = cursor.Signed(full);
      break;
    case 'G':
      if (is_test) in.immediate = cursor.Signed(full);
      break;
    case 'R':
      in.immediate = cursor.Signed(4);
      break;
    case 'm':
      in.immediate = cursor.Signed(extension.address_32 ? 4 : 8);
      break;
    case 'i':
      in.immediate = cursor.Signed(in.wide ? 8 : full);
      break;
    default:
      break;
  }
  in.length = cursor.at();
  return !cursor.failed();
}

}  // namespace fplab::tools
