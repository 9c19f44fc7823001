// Element-wise layers: bias, scale, sum and difference, each element one or two roundings in the mode asked for.
//
// Activations lie with units as rows and samples as columns, so a bias adds one value to a row. Every function reads
// and writes whole panels, padding included; `out` may be the input itself, otherwise it must not overlap it. One
// thread: the calling one, as a guest (fparith/mode/guest.h). Bad views abort; a mode this machine lacks throws Error.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_LAYERS_ELEMENTWISE_H_
#define FPLAB_KERNELS_LAYERS_ELEMENTWISE_H_

#include <cstddef>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/panel.h>

namespace fplab::kernels {

// out(r, c) = in(r, c) + bias[r].
FPLAB_EXPORT void AddBias(ConstPanelView in, const float* bias, PanelView out, Execution execution);

// out(r, c) = (in(r, c) + bias[r]) * factor: two operations, two roundings, one pass over memory.
FPLAB_EXPORT void AddBiasScale(ConstPanelView in, const float* bias, float factor, PanelView out, Execution execution);

// out(r, c) = a(r, c) + b(r, c), and a(r, c) - b(r, c).
FPLAB_EXPORT void Add(ConstPanelView a, ConstPanelView b, PanelView out, Execution execution);
FPLAB_EXPORT void Subtract(ConstPanelView a, ConstPanelView b, PanelView out, Execution execution);

// out(r, c) = in(r, c) * factor.
FPLAB_EXPORT void Scale(ConstPanelView in, float factor, PanelView out, Execution execution);

// out[i] = in[i] * factor for a plain array; out may be in.
FPLAB_EXPORT void Scale(const float* in, float factor, float* out, size_t count, Execution execution);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_LAYERS_ELEMENTWISE_H_
