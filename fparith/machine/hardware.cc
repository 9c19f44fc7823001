// Executing kernels under a mode. The instruction is called through a pointer, on data in memory, so that the compiler
// can move nothing across the control word.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/machine/hardware.h>

#include <algorithm>
#include <cstring>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>
#include <fplab/fparith/machine/instruction_table.h>
#include <fplab/fparith/mode/guest.h>

namespace fplab::machine {
namespace {

constexpr size_t kVectorBytes = 64;

// Operands and result of one instruction.
struct alignas(kVectorBytes) Buffers {
  std::array<unsigned char, kVectorBytes> a, b, c, result;
};

void Store(std::array<unsigned char, kVectorBytes>& buffer, size_t lane, int bytes, uint64_t bits) {
  const auto size = static_cast<size_t>(bytes);
  std::memcpy(buffer.data() + lane * size, &bits, size);  // little-endian: the low bytes
}

uint64_t Load(const std::array<unsigned char, kVectorBytes>& buffer, size_t lane, int bytes) {
  const auto size = static_cast<size_t>(bytes);
  uint64_t bits = 0;
  std::memcpy(&bits, buffer.data() + lane * size, size);
  return bits;
}

// The operand that raises nothing beside the one that is tested.
uint64_t Neutral(const Kernel& kernel) {
  const bool integer = kernel.function && kernel.function->OperandKind() == model::ValueKind::kInteger;
  return integer ? 1 : kernel.operand.One();
}

void Fill(const Kernel& kernel, Buffers& buffers) {
  for (size_t lane = 0; lane < static_cast<size_t>(kernel.lanes); ++lane) {
    Store(buffers.a, lane, kernel.operand_bytes, Neutral(kernel));
    Store(buffers.b, lane, kernel.operand_bytes, Neutral(kernel));
    Store(buffers.c, lane, kernel.operand_bytes, Neutral(kernel));
  }
}

uint64_t Result(const Kernel& kernel, const Buffers& buffers, size_t lane) {
  const uint64_t bits = Load(buffers.result, lane, kernel.result_bytes);
  return kernel.function && kernel.function->ResultKind() == model::ValueKind::kTruth ? bits & 1 : bits;
}

uint64_t At(std::span<const uint64_t> operand, size_t i) { return operand.empty() ? 0 : operand[i]; }

void SetLane(const Kernel& kernel, Buffers& buffers, size_t lane, uint64_t a, uint64_t b, uint64_t c) {
  Store(buffers.a, lane, kernel.operand_bytes, a);
  Store(buffers.b, lane, kernel.operand_bytes, b);
  Store(buffers.c, lane, kernel.operand_bytes, c);
}

[[gnu::noinline]] void LoopEach(const Kernel& kernel, Buffers& buffers, std::span<const uint64_t> a,
                                std::span<const uint64_t> b, std::span<const uint64_t> c,
                                std::span<model::Outcome> results) {
  const auto lanes = static_cast<size_t>(kernel.lanes);
  const uint64_t neutral = Neutral(kernel);
  for (size_t i = 0; i < results.size(); ++i) {
    const size_t lane = i % lanes;
    SetLane(kernel, buffers, lane, a[i], At(b, i), At(c, i));
    WriteStickyFlags(0);
    kernel.run(buffers.a.data(), buffers.b.data(), buffers.c.data(), buffers.result.data());
    results[i] = {Result(kernel, buffers, lane), DecodeStickyFlags(ReadStickyFlags())};
    SetLane(kernel, buffers, lane, neutral, neutral, neutral);
  }
}

[[gnu::noinline]] void LoopPacked(const Kernel& kernel, Buffers& buffers, std::span<const uint64_t> a,
                                  std::span<const uint64_t> b, std::span<const uint64_t> c, std::span<uint64_t> bits) {
  const auto lanes = static_cast<size_t>(kernel.lanes);
  WriteStickyFlags(0);
  for (size_t start = 0; start < bits.size(); start += lanes) {
    const size_t used = std::min(lanes, bits.size() - start);
    if (used < lanes) Fill(kernel, buffers);
    for (size_t i = 0; i < used; ++i) {
      SetLane(kernel, buffers, i, a[start + i], At(b, start + i), At(c, start + i));
    }
    kernel.run(buffers.a.data(), buffers.b.data(), buffers.c.data(), buffers.result.data());
    for (size_t i = 0; i < used; ++i) bits[start + i] = Result(kernel, buffers, i);
  }
}

std::vector<Kernel> BuildTable() {
  std::vector<Kernel> table;
  AppendArithmetic(table);
  AppendConversions(table);
  AppendEstimates(table);
  std::erase_if(table, [](const Kernel& kernel) { return !HasIsa(kernel.isa); });
  return table;
}

}  // namespace

std::span<const Kernel> Kernels() {
  static const std::vector<Kernel> table = BuildTable();
  return table;
}

const Kernel* FindKernel(const model::Function& function, Path path) {
  for (const Kernel& kernel : Kernels()) {
    if (kernel.path == path && kernel.function && kernel.function->SameButRounding(function)) return &kernel;
  }
  return nullptr;
}

void RunEach(const Kernel& kernel, Mode mode, std::span<const uint64_t> a, std::span<const uint64_t> b,
             std::span<const uint64_t> c, std::span<model::Outcome> results) {
  Buffers buffers{};
  Fill(kernel, buffers);
  const ScopedGuest guard(mode);
  LoopEach(kernel, buffers, a, b, c, results);
}

model::Flags RunPacked(const Kernel& kernel, Mode mode, std::span<const uint64_t> a, std::span<const uint64_t> b,
                       std::span<const uint64_t> c, std::span<uint64_t> bits) {
  Buffers buffers{};
  Fill(kernel, buffers);
  const ScopedGuest guard(mode);
  LoopPacked(kernel, buffers, a, b, c, bits);
  return DecodeStickyFlags(ReadStickyFlags());
}

namespace {

const Kernel& RequireKernel(const model::Function& function, Path path) {
  const Kernel* kernel = FindKernel(function, path);
  if (kernel != nullptr) return *kernel;
  model::Function raising = function;
  raising.inexact = model::InexactFlag::kRaise;
  const bool other = function.inexact == model::InexactFlag::kSuppress && FindKernel(raising, path) != nullptr;
  throw Error("function '{}' is not an instruction of this machine on the {} path{}", Name(function), Name(path),
              other ? ", which has '" + Name(raising) + "' (it raises inexact)" : "");
}

void CheckSizes(const model::Function& function, size_t a, size_t b, size_t c, size_t results) {
  FPLAB_CHECK(a == results, "Execute: a must have as many elements as results");
  FPLAB_CHECK(function.Arity() < 2 || b == results, "Execute: b must have as many elements as results");
  FPLAB_CHECK(function.Arity() < 3 || c == results, "Execute: c must have as many elements as results");
}

Mode EffectiveMode(const model::Function& function, Mode mode) {
  if (function.rounding) mode.rounding = *function.rounding;
  return mode;
}

std::span<const uint64_t> Used(const model::Function& function, int position, std::span<const uint64_t> operand) {
  return function.Arity() >= position ? operand : std::span<const uint64_t>{};
}

}  // namespace

std::string_view Name(Path path) {
  static constexpr std::array<std::string_view, 4> kNames = {"scalar", "128-bit", "256-bit", "512-bit"};
  return kNames[static_cast<size_t>(path)];
}

bool HardwareHas(const model::Function& function, Path path) { return FindKernel(function, path) != nullptr; }

std::optional<Path> WidestPath(const model::Function& function) {
  for (Path path : {Path::kVector512, Path::kVector256, Path::kVector128}) {
    if (HardwareHas(function, path)) return path;
  }
  return std::nullopt;
}

void Execute(const model::Function& function, Path path, Mode mode, std::span<const uint64_t> a,
             std::span<const uint64_t> b, std::span<const uint64_t> c, std::span<model::Outcome> results) {
  CheckSizes(function, a.size(), b.size(), c.size(), results.size());
  RunEach(RequireKernel(function, path), EffectiveMode(function, mode), a, Used(function, 2, b), Used(function, 3, c),
          results);
}

model::Flags ExecutePacked(const model::Function& function, Path path, Mode mode, std::span<const uint64_t> a,
                           std::span<const uint64_t> b, std::span<const uint64_t> c, std::span<uint64_t> bits) {
  CheckSizes(function, a.size(), b.size(), c.size(), bits.size());
  return RunPacked(RequireKernel(function, path), EffectiveMode(function, mode), a, Used(function, 2, b),
                   Used(function, 3, c), bits);
}

model::Outcome ExecuteOne(const model::Function& function, Path path, Mode mode, uint64_t a, uint64_t b, uint64_t c) {
  model::Outcome outcome{};
  Execute(function, path, mode, {&a, 1}, {&b, 1}, {&c, 1}, {&outcome, 1});
  return outcome;
}

}  // namespace fplab::machine
