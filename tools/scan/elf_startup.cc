// Following constructors through their control flow, to see what they leave in MXCSR.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/elf_startup.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <string_view>
#include <tuple>

#include "tools/scan/elf_x86_execute.h"
#include "tools/scan/elf_x86_state.h"

namespace fplab::tools {
namespace {

constexpr uint64_t kFtzBit = 0x8000, kDazBit = 0x0040;
// Routines that set the control word are short; what is longer, or comes after so much code, is not followed to its
// end.
constexpr int kMaxInstructions = 4000;  // per constructor
constexpr int kMaxInstructionsInFile = 200000;
constexpr size_t kMaxCallDepth = 8;

// Functions after whose call the code of the caller does not go on.
bool NeverReturns(std::string_view symbol) {
  static constexpr std::array<std::string_view, 12> kNames = {
      "abort",         "exit",        "_exit",         "_Exit",          "quick_exit",      "__stack_chk_fail",
      "__assert_fail", "__cxa_throw", "__cxa_rethrow", "_Unwind_Resume", "_ZSt9terminatev", "__cxa_pure_virtual"};
  const bool throws = symbol.starts_with("_ZSt") && symbol.find("__throw_") != std::string_view::npos;
  return throws || std::find(kNames.begin(), kNames.end(), symbol) != kNames.end();
}

// Explores the paths of one function, depth first.
class Follower {
 public:
  Follower(ElfImage& image, int budget) : image_(image), budget_(budget) {}

  MxcsrEffect Run(uint64_t function) {
    pending_.push_back({function, X86State(image_)});
    while (!pending_.empty() && effect_.instructions < budget_) {
      Path path = std::move(pending_.back());
      pending_.pop_back();
      FollowPath(path);
    }
    if (!pending_.empty()) effect_.complete = false;
    return effect_;
  }

 private:
  struct Path {
    uint64_t at;
    X86State state;
  };
  enum class Next { kContinue, kEnd };

  void FollowPath(Path& path) {
    while (effect_.instructions < budget_) {
      const X86State& state = path.state;
      if (!visited_.insert({path.at, state.mxcsr.ones & (kFtzBit | kDazBit), state.return_addresses}).second) return;
      uint8_t code[16] = {};
      X86Instruction instruction;
      const size_t size = image_.ReadMemory(path.at, code, sizeof code);
      if (!DecodeX86(code, size, instruction)) {
        effect_.complete = false;
        return;
      }
      ++effect_.instructions;
      if (Step(instruction, path) == Next::kEnd) return;
    }
    effect_.complete = false;
  }

  // Executes one instruction and moves path.at to the next.
  Next Step(const X86Instruction& in, Path& path) {
    const uint64_t next = path.at + in.length;
    const uint64_t target = next + static_cast<uint64_t>(in.immediate);
    const bool one_byte = in.map == X86Instruction::kOneByte;
    const bool conditional = (one_byte && ((in.opcode >= 0x70 && in.opcode <= 0x7F) || (in.opcode & 0xFC) == 0xE0)) ||
                             (in.map == X86Instruction::k0F && (in.opcode & 0xF0) == 0x80);
    if (conditional) {
      pending_.push_back({target, path.state});
      path.at = next;
      return Next::kContinue;
    }
    if (one_byte && (in.opcode == 0xC3 || in.opcode == 0xC2)) return Return(path);
    if (one_byte && (in.opcode == 0xE9 || in.opcode == 0xEB)) {
      path.at = target;
      return Next::kContinue;
    }
    if (one_byte && in.opcode == 0xE8) return Call(path, next, target);
    if (one_byte && in.opcode == 0xFF && (in.digit == 2 || in.digit == 4)) return Indirect(in, path, next);
    const bool stops =
        (one_byte && (in.opcode == 0xF4 || in.opcode == 0xCC)) || (in.map == X86Instruction::k0F && in.opcode == 0x0B);
    if (stops) return Next::kEnd;  // HLT, INT3, UD2
    ExecuteX86(in, path.at, path.state);
    path.at = next;
    return Next::kContinue;
  }

  Next Return(Path& path) {
    X86State& state = path.state;
    if (!state.return_addresses.empty()) {
      state.Pop();
      path.at = state.return_addresses.back();
      state.return_addresses.pop_back();
      return Next::kContinue;
    }
    const bool flush_outputs = (state.mxcsr.ones & kFtzBit) != 0, flush_inputs = (state.mxcsr.ones & kDazBit) != 0;
    if (flush_outputs || flush_inputs) effect_.last_ldmxcsr = state.last_ldmxcsr;
    effect_.flush_outputs |= flush_outputs;
    effect_.flush_inputs |= flush_inputs;
    return Next::kEnd;
  }

  Next Call(Path& path, uint64_t next, uint64_t target) {
    X86State& state = path.state;
    uint8_t byte = 0;
    const bool here = target != 0 && image_.ReadMemory(target, &byte, 1) == 1;
    if (!here || state.return_addresses.size() >= kMaxCallDepth) {
      state.ForgetCallerSaved();
      if (here) effect_.complete = false;
      path.at = next;
      return Next::kContinue;
    }
    state.Push({});
    state.return_addresses.push_back(next);
    path.at = target;
    return Next::kContinue;
  }

  // CALL and JMP through a pointer, followed if that is one of the image's own: relocated (PLT, -fno-plt) or computed.
  Next Indirect(const X86Instruction& in, Path& path, uint64_t next) {
    ElfImage::Pointer pointer;
    bool known = in.IsMemory() && in.base == X86Instruction::kRip && in.index == X86Instruction::kNone;
    if (known) {
      pointer = image_.PointerAt(next + static_cast<uint64_t>(in.displacement));
    } else if (!in.IsMemory()) {
      const PartialValue value = path.state.Register(in.rm, 8);
      known = value.IsConstant();
      if (known) pointer.target = value.ones;
    }
    if (NeverReturns(pointer.symbol)) return Next::kEnd;
    if (in.digit == 2) return Call(path, next, pointer.target);
    uint8_t byte = 0;
    if (pointer.target != 0 && image_.ReadMemory(pointer.target, &byte, 1) == 1) {
      path.at = pointer.target;
      return Next::kContinue;
    }
    if (!known) {  // a switch's table, or a tail call through a computed pointer
      effect_.complete = false;
      return Next::kEnd;
    }
    path.state.ForgetCallerSaved();  // a tail call of another object's function, which returns to the caller
    return Return(path);
  }

  ElfImage& image_;
  std::vector<Path> pending_;
  std::set<std::tuple<uint64_t, uint64_t, std::vector<uint64_t>>> visited_;
  const int budget_;
  MxcsrEffect effect_;
};

// Whether code[i] is the AE of an LDMXCSR with a memory operand: 0F AE /2, C5 xx AE /2 or C4 xx xx AE /2.
bool LooksLikeLdmxcsr(const uint8_t* code, size_t i) {
  const uint8_t modrm = code[i + 1];
  if (code[i] != 0xAE || (modrm & 0x38) != 0x10 || (modrm & 0xC0) == 0xC0) return false;
  return code[i - 1] == 0x0F || code[i - 2] == 0xC5 || code[i - 3] == 0xC4;
}

// Whether the executable bytes hold anything that could be an LDMXCSR. An instruction that isn't there can't be
// executed, so most files need no following.
bool MayLoadMxcsr(const ElfImage& image) {
  constexpr size_t kChunk = 1 << 20, kBefore = 3, kOverlap = kBefore + 1;
  std::vector<uint8_t> bytes(kBefore + kChunk);  // zeros before the first byte of a range
  for (const ElfImage::Range& range : image.ExecutableRanges()) {
    std::fill_n(bytes.begin(), kBefore, uint8_t{0});
    for (uint64_t done = 0; done < range.size; done += kChunk - kOverlap) {
      const size_t count = kBefore + image.ReadMemory(range.address + done, bytes.data() + kBefore,
                                                      std::min<uint64_t>(kChunk, range.size - done));
      for (size_t i = kBefore; i + 1 < count; ++i) {
        const void* found = std::memchr(&bytes[i], 0xAE, count - 1 - i);
        if (found == nullptr) break;
        i = static_cast<size_t>(static_cast<const uint8_t*>(found) - bytes.data());
        if (LooksLikeLdmxcsr(bytes.data(), i)) return true;
      }
    }
  }
  return false;
}

}  // namespace

MxcsrEffect FollowX86(ElfImage& image, uint64_t function, int max_instructions) {
  return Follower(image, max_instructions).Run(function);
}

StartupReport ExamineStartup(const std::string& path) {
  ElfImage image(path);
  StartupReport report;
  report.not_examined = image.why_opaque();
  if (report.not_examined.empty() && image.machine() != EM_X86_64) report.not_examined = "machine AArch64";
  if (!report.not_examined.empty()) return report;
  const std::vector<Constructor> constructors = image.Constructors();
  report.constructors = static_cast<int>(constructors.size());
  if (!MayLoadMxcsr(image)) return report;
  int budget = kMaxInstructionsInFile;
  for (const Constructor& constructor : constructors) {
    const MxcsrEffect effect = FollowX86(image, constructor.address, std::min(budget, kMaxInstructions));
    budget -= effect.instructions;
    if (!effect.complete) ++report.partly_followed;
    if (!effect.flush_outputs && !effect.flush_inputs) continue;
    report.findings.push_back({constructor, image.SymbolAt(constructor.address), effect.last_ldmxcsr,
                               effect.flush_outputs, effect.flush_inputs});
  }
  return report;
}

}  // namespace fplab::tools
