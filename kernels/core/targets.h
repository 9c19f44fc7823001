// The Highway targets that kernels are compiled for. Include before any Highway header.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_CORE_TARGETS_H_
#define FPLAB_KERNELS_CORE_TARGETS_H_

// AVX2, AVX-512 and NEON, and nothing else that Highway knows or will know: targets below have no fused multiply-add
// and offer nothing over the fallback, later AVX-512 ones add no instruction that a kernel here uses (they would be
// compiled and never chosen, see dispatch.h), and vectors of no fixed size (SVE, RVV) fit no tile in registers. One
// scalar fallback (not EMU128) on every compiler, and also where the baseline is better (NEON): it is what judges the
// others.
#define HWY_DISABLED_TARGETS (~(HWY_AVX2 | HWY_AVX3 | HWY_NEON | HWY_SCALAR))
#define HWY_BROKEN_EMU128 1
#define HWY_COMPILE_ALL_ATTAINABLE

#endif  // FPLAB_KERNELS_CORE_TARGETS_H_
