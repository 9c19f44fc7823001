// Reductions in a fixed order that knows neither the ISA nor the number of threads. Always in IEEE mode. Bad views
// abort, as does an output that overlaps an input. SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_LAYERS_REDUCTIONS_H_
#define FPLAB_KERNELS_LAYERS_REDUCTIONS_H_

#include <cstddef>
#include <cstdint>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/panel.h>

namespace fplab::kernels {

// Sum of count floats: 16 partial sums, number l taking elements l, l + 16, l + 32, ... in order, then the partial sums
// added as a binary tree (l with l + 8, then l + 4, l + 2, l + 1). +0 when empty.
FPLAB_EXPORT float Sum(const float* x, size_t count, Isa isa);

// out[c] = x(0, c) + x(1, c) + ..., rows in order from +0. out has PanelCount(cols) * 32 entries.
FPLAB_EXPORT void ColumnSums(ConstPanelView x, float* out, Isa isa);

// Number of elements of x, padding excluded, that are +0 or -0.
FPLAB_EXPORT int64_t CountZeros(ConstPanelView x, Isa isa);

// Number of columns whose greatest element (the first of equals) is in row labels[c]. A column with a NaN counts as
// wrong.
FPLAB_EXPORT int64_t CountCorrect(ConstPanelView logits, const int32_t* labels, Isa isa);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_LAYERS_REDUCTIONS_H_
