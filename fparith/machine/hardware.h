// The operations of the model, executed on this machine under a Mode, with the flags they raise: scalar instructions
// and each SIMD width, so that all can be compared with the model and with each other.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_MACHINE_HARDWARE_H_
#define FPLAB_FPARITH_MACHINE_HARDWARE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/mode/mode.h>
#include <fplab/fparith/model/function.h>
#include <fplab/fparith/model/model.h>

namespace fplab::machine {

// The instructions that an operation goes through: scalar ones, or vectors of 128, 256 or 512 bits.
enum class Path : uint8_t { kScalar, kVector128, kVector256, kVector512 };
inline constexpr std::array<Path, 4> kAllPaths = {Path::kScalar, Path::kVector128, Path::kVector256, Path::kVector512};

// "scalar", "128-bit", "256-bit", "512-bit".
FPLAB_EXPORT std::string_view Name(Path path);

// Whether this machine has one instruction for `function` on this path: binary32 and binary64 arithmetic, and some
// conversions. Functions that round to an integer exist with InexactFlag::kRaise only, as the instructions do.
FPLAB_EXPORT bool HardwareHas(const model::Function& function, Path path);

// The widest vector path that has `function`; nullopt if none has.
FPLAB_EXPORT std::optional<Path> WidestPath(const model::Function& function);

// Executes `function` on every element under `mode`, one instruction each, and reads back what each returned and raised
// (kDenormal included, where the machine has it). On a vector path element i travels in lane i modulo the number of
// lanes, beside ones, which raise nothing. b and c are ignored beyond the function's arity and may then be empty;
// otherwise all spans have the same size. A rounding that is part of the function replaces that of `mode`. The calling
// thread's control word and sticky flags are as before afterwards. Throws Error if the machine lacks the mode, or the
// function on this path.
FPLAB_EXPORT void Execute(const model::Function& function, Path path, Mode mode, std::span<const uint64_t> a,
                          std::span<const uint64_t> b, std::span<const uint64_t> c, std::span<model::Outcome> results);

// The same with every lane of every vector filled: only the union of the flags can be told. Results go to `bits`.
FPLAB_EXPORT model::Flags ExecutePacked(const model::Function& function, Path path, Mode mode,
                                        std::span<const uint64_t> a, std::span<const uint64_t> b,
                                        std::span<const uint64_t> c, std::span<uint64_t> bits);

// One operation. Convenient, slow.
FPLAB_EXPORT model::Outcome ExecuteOne(const model::Function& function, Path path, Mode mode, uint64_t a,
                                       uint64_t b = 0, uint64_t c = 0);

}  // namespace fplab::machine

#endif  // FPLAB_FPARITH_MACHINE_HARDWARE_H_
