// Selections by whether a unit is open: what gradient estimators do with outputs that are exactly zero. Always in IEEE
// mode; whole panels, padding included; one thread. Bad views abort; an output may be an input itself, otherwise it
// must not overlap it. SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_LAYERS_SELECT_H_
#define FPLAB_KERNELS_LAYERS_SELECT_H_

#include <cstdint>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/panel.h>

namespace fplab::kernels {

// x(r, c) = 0 where gate(r, c) is +0 or -0; elsewhere x(r, c) stays.
FPLAB_EXPORT void ZeroWhereZero(ConstPanelView gate, PanelView x, Isa isa);

// counts[r] += the number of columns of row r, padding excluded, where a and b are different numbers: +0 equals -0, and
// a NaN equals a NaN. counts has a.rows entries.
FPLAB_EXPORT void CountDifferences(ConstPanelView a, ConstPanelView b, int32_t* counts, Isa isa);

// delta(r, c) = change(r, c) is +-0 ? 0 : (loss[c] - flipped_loss[c]) * (deviate(r, c) * factor), for one panel of up
// to 32 columns; loss and flipped_loss have 32 entries.
FPLAB_EXPORT void AntitheticDelta(const float* loss, const float* flipped_loss, ConstPanelView deviate,
                                  ConstPanelView change, float factor, PanelView delta, Isa isa);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_LAYERS_SELECT_H_
