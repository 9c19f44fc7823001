// The instruction sets that kernels are compiled for, chosen at run time.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_CORE_ISA_H_
#define FPLAB_KERNELS_CORE_ISA_H_

#include <string_view>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/mode/mode.h>

namespace fplab::kernels {

// kFallback is scalar baseline code, exact on any machine: its fused multiply-add is built from binary64 operations.
enum class Isa { kFallback, kNeon, kAvx2, kAvx512 };

// "fallback", "neon", "avx2", "avx512".
FPLAB_EXPORT std::string_view Name(Isa isa);

// The inverse of Name; "best" gives BestIsa(). Throws Error for an unknown name, and for one this machine can't run.
FPLAB_EXPORT Isa ParseIsa(std::string_view name);

FPLAB_EXPORT bool IsSupported(Isa isa);
FPLAB_EXPORT Isa BestIsa();
FPLAB_EXPORT std::vector<Isa> SupportedIsas();  // slowest first

// How a kernel computes. Every kernel returns the same bits for every `isa`.
struct Execution {
  Isa isa = BestIsa();
  Mode mode = kIeee;
};

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_CORE_ISA_H_
