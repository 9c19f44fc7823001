// Inside hardware: one instruction wrapped as a function on memory, and the table of them. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_MACHINE_INSTRUCTION_TABLE_H_
#define FPLAB_FPARITH_MACHINE_INSTRUCTION_TABLE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <fplab/fparith/machine/hardware.h>

namespace fplab::machine {

// What kind of instruction it is, which decides how the conformance matrix probes it.
enum class Family : uint8_t {
  kAdd,
  kMul,
  kFma,
  kDiv,
  kSqrt,
  kMinMax,
  kCompare,
  kRound,
  kNarrow,
  kWiden,
  kInteger,
  kBfloat16Dot,
  kReciprocal,
  kReciprocalSqrt,
};

// Reads one vector of `lanes` elements from each operand (one element on the scalar path), executes the instruction
// once, stores its result. A truth value is stored as an element whose lowest bit tells.
using Instruction = void (*)(const void* a, const void* b, const void* c, void* result);

struct Kernel {
  Family family;
  std::optional<model::Function> function;  // what it computes, if the model has that
  Path path;
  std::string_view mnemonic;
  std::string_view isa;  // the CPU feature that it needs
  int lanes;
  Format operand;
  Format result;
  int operand_bytes;  // of one element
  int result_bytes;
  Instruction run;
};

// Every kernel whose instruction this machine has.
std::span<const Kernel> Kernels();

const Kernel* FindKernel(const model::Function& function, Path path);

// Executes under `mode` with each element in a lane of its own; see Execute. Flags are those of that instruction.
void RunEach(const Kernel& kernel, Mode mode, std::span<const uint64_t> a, std::span<const uint64_t> b,
             std::span<const uint64_t> c, std::span<model::Outcome> results);
model::Flags RunPacked(const Kernel& kernel, Mode mode, std::span<const uint64_t> a, std::span<const uint64_t> b,
                       std::span<const uint64_t> c, std::span<uint64_t> bits);

// The sticky exception flags of the calling thread.
uint64_t ReadStickyFlags();             // in the machine's own layout
void WriteStickyFlags(uint64_t flags);  // the inverse
model::Flags DecodeStickyFlags(uint64_t flags);

// The parts of the table, each in the file of that name; they append what this machine has.
void AppendArithmetic(std::vector<Kernel>& table);
void AppendConversions(std::vector<Kernel>& table);
void AppendEstimates(std::vector<Kernel>& table);

// Whether the machine, and its operating system, has a CPU feature: "sse2", "sse4.1", "avx", "fma", "f16c", "avx512f",
// "avx512vl", "avx512dq", "avx512_bf16"; "neon".
bool HasIsa(std::string_view isa);

}  // namespace fplab::machine

#endif  // FPLAB_FPARITH_MACHINE_INSTRUCTION_TABLE_H_
