// Choosing a kernel's function for an instruction set, without global state. For kernels/*.cc, after highway.h.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_CORE_DISPATCH_H_
#define FPLAB_KERNELS_CORE_DISPATCH_H_

#include <type_traits>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/kernels/core/isa.h>

namespace fplab::kernels {

// A null pointer stands for a target that was not compiled.
template <typename Function>
Function* ChooseFor(Isa isa, Function* fallback, std::type_identity_t<Function>* neon,
                    std::type_identity_t<Function>* avx2, std::type_identity_t<Function>* avx512) {
  FPLAB_CHECK(IsSupported(isa), "isa: this machine does not have that instruction set");
  Function* const table[] = {fallback, neon, avx2, avx512};
  Function* chosen = table[static_cast<int>(isa)];
  FPLAB_CHECK(chosen != nullptr, "isa: this program was not compiled for that instruction set");
  return chosen;
}

// Calls the function of `execution.isa` in `execution.mode`, as a guest of the caller's floating-point state. The
// pointer hides the arithmetic from the compiler, which would otherwise be free to move it across the change of the
// control word.
template <typename Function, typename... Args>
void RunKernel(Function* function, Mode mode, const Args&... args) {
  const ScopedGuest guard(mode);
  function(args...);
}

}  // namespace fplab::kernels

#define FPLAB_CHOOSE(FUNCTION, ISA)                                                          \
  ::fplab::kernels::ChooseFor(ISA, HWY_CHOOSE_FALLBACK(FUNCTION), HWY_CHOOSE_NEON(FUNCTION), \
                              HWY_CHOOSE_AVX2(FUNCTION), HWY_CHOOSE_AVX3(FUNCTION))

#endif  // FPLAB_KERNELS_CORE_DISPATCH_H_
