// Following the paths of a function of an image, on paper, to see what it leaves in MXCSR.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_ELF_X86_FOLLOW_H_
#define FPLAB_TOOLS_SCAN_ELF_X86_FOLLOW_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tools/scan/code_graph.h"
#include "tools/scan/elf_image.h"

namespace fplab::tools {

// What a function leaves in one bit of MXCSR.
enum class BitEffect : uint8_t { kKept, kCleared, kSet, kUnknown };

// How a function can end, MXCSR considered.
struct MxcsrOutcome {
  BitEffect ftz = BitEffect::kKept, daz = BitEffect::kKept;
  uint64_t loaded_by = 0;    // address of the instruction, or of the call, that last set MXCSR; 0: nothing did
  uint64_t undone = 0;       // the one before, if that had set a bit which is no longer set; 0: none had
  bool conditional = false;  // whether it did depended on a condition that was not known
  friend auto operator<=>(const MxcsrOutcome&, const MxcsrOutcome&) = default;
};

struct MxcsrEffect {
  std::set<MxcsrOutcome> outcomes;
  std::string incomplete;    // the first thing that could not be followed; empty if every path was
  std::set<uint64_t> loads;  // the instructions that load MXCSR, of those that were followed
  int instructions = 0;      // how many were followed: the measure of work
  size_t memory = 0;         // bytes that the states took at most, about
  uint64_t work = 0;         // bytes of states that were copied and compared, about
};

struct FollowLimits {
  int instructions = 100000;
  size_t memory = size_t{64} << 20;   // bytes of states
  uint64_t work = uint64_t{1} << 30;  // bytes of states copied and compared, about
  int depth = 16;                     // calls inside calls
};

// What is followed. A call that is not is taken to keep FTZ and DAZ, and to change whatever else a callee may.
struct FollowScope {
  // Whether a call of the function at an address of this image is followed.
  std::function<bool(uint64_t)> follows = [](uint64_t) { return true; };
  // Whether a call or jump to where is not known may change FTZ or DAZ: then it ends what can be said.
  bool unknown_matters = true;
};

// Follows the function at `address` from a state of which nothing is known, along both ways of every branch whose
// condition is not. Paths that meet are one from there on only if they differ in nothing, or in nothing that the other
// does not leave open; where too many meet, what they have in common goes on. Executes nothing.
MxcsrEffect FollowX86(const ElfImage& image, CodeGraph& graph, uint64_t address, const FollowScope& scope,
                      const FollowLimits& limits);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_ELF_X86_FOLLOW_H_
