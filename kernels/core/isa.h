// The instruction sets that kernels are compiled for, chosen at run time.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_CORE_ISA_H_
#define FPLAB_KERNELS_CORE_ISA_H_

#include <string_view>
#include <vector>

#include <fplab/fparith/mode/mode.h>

namespace fplab::kernels {

// kFallback is scalar baseline code, exact on any machine: its fused multiply-add is built from binary64 operations.
enum class Isa { kFallback, kNeon, kAvx2, kAvx512 };

// "fallback", "neon", "avx2", "avx512".
std::string_view Name(Isa isa);

// The inverse of Name; "best" gives BestIsa(). Throws Error for an unknown name, and for one this machine can't run.
Isa ParseIsa(std::string_view name);

bool IsSupported(Isa isa);
Isa BestIsa();
std::vector<Isa> SupportedIsas();  // slowest first

// How a kernel computes. Every kernel returns the same bits for every `isa`.
struct Execution {
  Isa isa = BestIsa();
  Mode mode = kIeee;
};

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_CORE_ISA_H_
