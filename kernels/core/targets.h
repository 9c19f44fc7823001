// The Highway targets that kernels are compiled for. Include before any Highway header.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_CORE_TARGETS_H_
#define FPLAB_KERNELS_CORE_TARGETS_H_

// SSSE3 and SSE4 have no fused multiply-add, so they offer nothing over the fallback; AVX3_DL adds no instruction that
// a kernel here uses; the SVE family's vectors have no size that a tile in registers could be written for. One scalar
// fallback (not EMU128) on every compiler, and also where the baseline is better (NEON): it is what judges the others.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#define HWY_BROKEN_EMU128 1
#define HWY_COMPILE_ALL_ATTAINABLE

#endif  // FPLAB_KERNELS_CORE_TARGETS_H_
