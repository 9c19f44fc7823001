// Detours: arithmetic of 16-bit formats, for which most machines have no instructions, by those of a wider format.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_MACHINE_DETOUR_H_
#define FPLAB_FPARITH_MACHINE_DETOUR_H_

#include <cstdint>
#include <optional>
#include <span>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/mode/mode.h>
#include <fplab/fparith/model/function.h>
#include <fplab/fparith/model/model.h>

namespace fplab::machine {

// The format by whose instruction `function`, of binary16 or bfloat16, gives the bits of a single rounding in every
// direction: operands widened, the instruction, its result rounded once more. nullopt for other formats and functions,
// and if this machine lacks the instruction.
//
// Rounding twice in one direction is rounding once, as every narrow number is a wide one. To nearest it is for sums,
// products, quotients and square roots in binary32, whose 24 bits are 2 * 11 + 2 (Figueroa, When is double rounding
// innocuous?, 1995) and whose subnormal numbers reach below every midpoint of bfloat16's that a product or quotient
// comes near; and for binary16's fma in binary64, which holds every product and whatever a sum with it needs to be told
// from a midpoint. bfloat16's fma has no such format: b*c a midpoint and a, with either sign, far below it.
FPLAB_EXPORT std::optional<Format> DetourOf(const model::Function& function);

// Executes `function` as Execute (hardware.h) does, by its detour. NaNs come out canonical, without flags. Flushing is
// what the control word does to the wide instruction: nothing to binary16, whose numbers are all normal there, as F16C
// and AVX512-FP16 ignore FTZ and DAZ; bfloat16's operands and results as binary32's, the results before they are
// rounded to 8 bits. Precondition: DetourOf(function).
FPLAB_EXPORT void ExecuteByDetour(const model::Function& function, Mode mode, std::span<const uint64_t> a,
                                  std::span<const uint64_t> b, std::span<const uint64_t> c,
                                  std::span<uint64_t> results);

}  // namespace fplab::machine

#endif  // FPLAB_FPARITH_MACHINE_DETOUR_H_
