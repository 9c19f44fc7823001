// Paths, and where they end.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/elf_x86_follow.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "tools/scan/elf_x86_execute.h"
#include "tools/scan/elf_x86_state.h"
#include "tools/scan/libc_control_word.h"

namespace fplab::tools {
namespace {

constexpr uint64_t kFtzBit = 0x8000, kDazBit = 0x0040;
// States kept apart at one place of one chain of calls; those that come after are joined, at first into as many.
constexpr size_t kMaxStatesAtPlace = 24;

BitEffect EffectOn(uint64_t bit, const PartialValue& mxcsr) {
  if ((mxcsr.ones & bit) != 0) return BitEffect::kSet;
  if ((mxcsr.zeros & bit) != 0) return BitEffect::kCleared;
  return (mxcsr.entry & bit) != 0 ? BitEffect::kKept : BitEffect::kUnknown;
}

class Follower {
 public:
  Follower(const ElfImage& image, CodeGraph& graph, const FollowScope& scope, const FollowLimits& limits)
      : image_(image), graph_(graph), scope_(scope), limits_(limits) {}

  MxcsrEffect Run(uint64_t address) {
    Fork({address, X86State(image_)});
    while (!pending_.empty() && effect_.incomplete.empty()) {
      Path path = std::move(pending_.back());
      pending_.pop_back();
      memory_ -= path.state.Cost();
      FollowPath(path);
    }
    // What was taken for a tail call may have been a switch, if the function has code that matters and no path led
    // there.
    for (const auto& [function, at] : left_by_) {
      if (function < 0) continue;
      for (uint64_t writer : graph_.WritersIn(function)) {
        if (!effect_.loads.contains(writer)) GiveUp(UnknownJump(at));
      }
    }
    return effect_;
  }

 private:
  struct Path {
    uint64_t at;
    X86State state;
  };
  enum class Next { kContinue, kEnd };
  // What has been at a place.
  struct Visits {
    std::vector<X86State> apart;
    std::vector<X86State> joined;  // of those that came after, by what they keep across calls
  };

  static std::string UnknownJump(uint64_t at) {
    return fmt::format("the jump at {:#x} leads to where is not known", at);
  }

  void GiveUp(std::string why) {
    if (effect_.incomplete.empty()) effect_.incomplete = std::move(why);
  }

  void Spend(size_t bytes) {
    memory_ += bytes;
    effect_.memory = std::max(effect_.memory, memory_);
    if (memory_ > limits_.memory) GiveUp(fmt::format("it has more states than fit into {} MiB", limits_.memory >> 20));
  }

  void Work(size_t bytes) {
    effect_.work += bytes;
    if (effect_.work > limits_.work) GiveUp("it has too many states to be told apart");
  }

  void Fork(Path path) {
    Work(path.state.Cost());
    Spend(path.state.Cost());
    pending_.push_back(std::move(path));
  }

  void FollowPath(Path& path) {
    bool arrived = true;  // from elsewhere than the instruction before
    while (effect_.incomplete.empty()) {
      if (arrived && !IsNew(path)) return;
      const auto code = image_.BytesAt(path.at);
      X86Instruction instruction;
      if (!image_.IsExecutable(path.at) || !DecodeX86(code.data(), code.size(), instruction)) {
        return GiveUp(fmt::format("there is no known instruction at {:#x}", path.at));
      }
      if (++effect_.instructions > limits_.instructions) {
        return GiveUp(fmt::format("it goes on for more than {} instructions", limits_.instructions));
      }
      const uint64_t next = path.at + instruction.length;
      if (Step(instruction, path) == Next::kEnd) return;
      arrived = path.at != next || forked_;
      forked_ = false;
    }
  }

  // Whether what is known at path.at has not been followed from there; if too much has, path.state becomes what all
  // that came there have in common.
  bool IsNew(Path& path) {
    Visits& visits = visits_[{path.at, path.state.return_addresses}];
    // Telling states apart is most of the work where there are many.
    Work(path.state.Cost() * (1 + (visits.apart.size() + visits.joined.size()) / 4));
    for (const X86State& state : visits.apart) {
      if (state.SameAs(path.state)) return false;
    }
    if (visits.apart.size() < kMaxStatesAtPlace) {
      Spend(path.state.Cost());
      visits.apart.push_back(path.state);
      return true;
    }
    for (X86State& joined : visits.joined) {
      const bool last = &joined == &visits.joined.back() && visits.joined.size() == kMaxStatesAtPlace;
      if (!last && !joined.KeepsSameAs(path.state)) continue;
      if (!joined.JoinWith(path.state)) return false;
      path.state = joined;
      return true;
    }
    Spend(path.state.Cost());
    visits.joined.push_back(path.state);
    return true;
  }

  // Executes one instruction and moves path.at to the next.
  Next Step(const X86Instruction& in, Path& path) {
    const uint64_t next = path.at + in.length;
    const uint64_t target = next + static_cast<uint64_t>(in.immediate);
    const bool one_byte = in.map == X86Instruction::kOneByte;
    const bool condition = (one_byte && (in.opcode & 0xF0) == 0x70) ||
                           (in.map == X86Instruction::k0F && !in.vex && (in.opcode & 0xF0) == 0x80);
    if (condition) return Branch(path, path.state.flags.Holds(in.opcode & 15), target, next);
    if (one_byte && (in.opcode & 0xFC) == 0xE0) {  // LOOP and JRCXZ
      if (in.opcode != 0xE3) path.state.ForgetRegister(1);
      return Branch(path, std::nullopt, target, next);
    }
    if (one_byte && (in.opcode == 0xC3 || in.opcode == 0xC2)) return Return(path);
    if (one_byte && (in.opcode == 0xE9 || in.opcode == 0xEB)) return Jump(path, target);
    if (one_byte && in.opcode == 0xE8) return Call(path, next, graph_.DestinationOf(target));
    if (one_byte && in.opcode == 0xFF && (in.digit == 2 || in.digit == 4)) return Indirect(in, path, next);
    const bool stops = (one_byte && (in.opcode == 0xF4 || in.opcode == 0xCC)) ||
                       (in.map == X86Instruction::k0F && (in.opcode == 0x0B || in.opcode == 0xB9 || in.opcode == 0xFF));
    if (stops) return Next::kEnd;  // HLT, INT3, UD2
    const bool far = one_byte && (in.opcode == 0xFF && (in.digit == 3 || in.digit == 5));
    if (far || (one_byte && (in.opcode == 0xCA || in.opcode == 0xCB || in.opcode == 0xCF || in.opcode == 0xCD))) {
      GiveUp(fmt::format("the instruction at {:#x} leads to where is not known", path.at));
      return Next::kEnd;
    }
    if (const int code = ConditionOf(in); code >= 0) {
      Conditional(in, path, path.state.flags.Holds(code), next);
      return Next::kContinue;
    }
    if (LoadsMxcsr(in)) effect_.loads.insert(path.at);
    ExecuteX86(in, path.at, path.state);
    path.at = next;
    return Next::kContinue;
  }

  Next Branch(Path& path, std::optional<bool> taken, uint64_t target, uint64_t next) {
    if (!taken) {
      path.state.conditional = path.state.conditional || path.state.last_ldmxcsr == 0;
      Fork({target, path.state});
      forked_ = true;
    }
    path.at = taken && *taken ? target : next;
    return Next::kContinue;
  }

  void Conditional(const X86Instruction& in, Path& path, std::optional<bool> holds, uint64_t next) {
    const uint64_t at = path.at;
    path.at = next;
    if (!holds) {
      path.state.conditional = path.state.conditional || path.state.last_ldmxcsr == 0;
      Path other = path;
      ExecuteConditional(in, at, true, other.state);
      Fork(std::move(other));
      forked_ = true;
    }
    ExecuteConditional(in, at, holds && *holds, path.state);
  }

  Next Return(Path& path) {
    X86State& state = path.state;
    if (!state.return_addresses.empty()) {
      state.Pop();
      path.at = state.LeaveFrame();
      return Next::kContinue;
    }
    effect_.outcomes.insert({EffectOn(kFtzBit, state.mxcsr), EffectOn(kDazBit, state.mxcsr), state.last_ldmxcsr,
                             state.undone, state.conditional});
    return Next::kEnd;
  }

  // A jump inside a function, into another part of it, or to another function, which then returns to the caller.
  Next Jump(Path& path, uint64_t target) {
    const CodeGraph::Destination destination = graph_.DestinationOf(target);
    if (!destination.import.empty()) return TailCall(path, destination.import);
    if (destination.address == 0) return Unknown(nullptr, path);
    const int function = graph_.FunctionAt(destination.address);
    const bool leaves = function < 0 || function != graph_.FunctionAt(path.at);
    if (leaves && !scope_.follows(destination.address)) {
      path.state.ForgetAcrossCall();
      return Return(path);
    }
    path.at = destination.address;
    return Next::kContinue;
  }

  Next TailCall(Path& path, std::string_view import) {
    if (NeverReturns(import)) return Next::kEnd;
    if (std::string why = CallImport(import, path.at, path.state); !why.empty()) {
      GiveUp(std::move(why));
      return Next::kEnd;
    }
    return Return(path);
  }

  Next Call(Path& path, uint64_t next, const CodeGraph::Destination& destination) {
    X86State& state = path.state;
    // Code that ends with a call ends: the function that is called doesn't return.
    if (graph_.FunctionAt(next) != graph_.FunctionAt(path.at) && !scope_.follows(destination.address))
      return Next::kEnd;
    if (!destination.import.empty()) {
      if (NeverReturns(destination.import)) return Next::kEnd;
      if (std::string why = CallImport(destination.import, path.at, state); !why.empty()) {
        GiveUp(std::move(why));
        return Next::kEnd;
      }
      path.at = next;
      return Next::kContinue;
    }
    if (destination.address == 0) {
      if (scope_.unknown_matters) {
        GiveUp(fmt::format("the call at {:#x} leads to where is not known", path.at));
        return Next::kEnd;
      }
      state.ForgetAcrossCall();
      path.at = next;
      return Next::kContinue;
    }
    if (!scope_.follows(destination.address)) {
      state.ForgetAcrossCall();
      path.at = next;
      return Next::kContinue;
    }
    if (static_cast<int>(state.return_addresses.size()) >= limits_.depth) {
      GiveUp(fmt::format("calls nest deeper than {}", limits_.depth));
      return Next::kEnd;
    }
    state.Push({});
    state.EnterFrame(next);
    path.at = destination.address;
    return Next::kContinue;
  }

  // A jump to where is not known: by a switch's table, whose address is in a register or the instruction, or out of the
  // function through a pointer.
  Next Unknown(const X86Instruction* in, Path& path) {
    const int function = graph_.FunctionAt(path.at);
    std::vector<uint64_t> targets;
    for (int number = 0; in != nullptr && number < 16; ++number) {
      const PartialValue value = path.state.Register(number, 8);
      if (value.IsConstant() && targets.empty()) targets = graph_.JumpTable(function, value.ones);
    }
    if (in != nullptr && in->IsMemory() && in->base == X86Instruction::kNone && targets.empty()) {
      targets = graph_.JumpTable(function, static_cast<uint64_t>(in->displacement));
    }
    const bool leaves =
        path.state.Register(X86State::kStackPointer, 8) == PartialValue::Stack(path.state.FrameOffset());
    if (targets.empty() && leaves && !scope_.unknown_matters) {
      left_by_.emplace(function, path.at);
      path.state.ForgetAcrossCall();
      return Return(path);
    }
    if (targets.empty()) GiveUp(UnknownJump(path.at));
    path.state.conditional = path.state.conditional || path.state.last_ldmxcsr == 0;
    for (uint64_t target : targets) Fork({target, path.state});
    return Next::kEnd;
  }

  // CALL and JMP through a pointer: one that the loader fills for good (PLT, -fno-plt), or a constant in a register.
  Next Indirect(const X86Instruction& in, Path& path, uint64_t next) {
    CodeGraph::Destination destination;
    if (in.IsMemory() && in.base == X86Instruction::kRip && in.index == X86Instruction::kNone) {
      destination = graph_.DestinationThrough(next + static_cast<uint64_t>(in.displacement));
    } else if (!in.IsMemory()) {
      const PartialValue value = path.state.Register(in.rm, 8);
      if (value.IsConstant()) destination = graph_.DestinationOf(value.ones);
    }
    if (in.digit == 2) return Call(path, next, destination);
    if (!destination.import.empty()) return TailCall(path, destination.import);
    if (destination.address == 0) return Unknown(&in, path);
    return Jump(path, destination.address);
  }

  const ElfImage& image_;
  CodeGraph& graph_;
  const FollowScope& scope_;
  const FollowLimits limits_;
  std::vector<Path> pending_;
  std::map<std::pair<uint64_t, std::vector<uint64_t>>, Visits> visits_;
  std::map<int, uint64_t> left_by_;  // functions, and a jump in each that was taken for a tail call
  size_t memory_ = 0;
  bool forked_ = false;
  MxcsrEffect effect_;
};

}  // namespace

MxcsrEffect FollowX86(const ElfImage& image, CodeGraph& graph, uint64_t address, const FollowScope& scope,
                      const FollowLimits& limits) {
  return Follower(image, graph, scope, limits).Run(address);
}

}  // namespace fplab::tools
