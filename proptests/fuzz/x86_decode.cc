// Fuzzes the decoder of machine code: an instruction is a function of its own bytes, however many follow.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "proptests/fuzz/fuzz.h"
#include "tools/scan/elf_x86_decode.h"
#include "tools/scan/elf_x86_execute.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using fplab::fuzz::Require;
  using fplab::tools::X86Instruction;
  constexpr size_t kLongest = 15;  // Intel SDM volume 2, 2.3.11
  X86Instruction whole;
  if (!fplab::tools::DecodeX86(data, size, whole)) return 0;
  Require(whole.length >= 1 && whole.length <= std::min(size, kLongest), "an instruction lies in its bytes");
  for (size_t shorter = 0; shorter < whole.length; ++shorter) {
    // Memory of exactly that size, so that a byte read beyond it is seen.
    const std::vector<uint8_t> prefix(data, data + shorter);
    X86Instruction part;
    Require(!fplab::tools::DecodeX86(prefix.data(), prefix.size(), part), "a part of an instruction is none");
  }
  const std::vector<uint8_t> alone(data, data + whole.length);
  X86Instruction again;
  Require(fplab::tools::DecodeX86(alone.data(), alone.size(), again), "an instruction alone is one");
  Require(again.length == whole.length && again.opcode == whole.opcode && again.map == whole.map &&
              again.displacement == whole.displacement && again.immediate == whole.immediate,
          "what follows an instruction does not matter");
  Require(fplab::tools::LoadsMxcsr(again) == fplab::tools::LoadsMxcsr(whole), "it loads MXCSR or not by itself");
  return 0;
}
