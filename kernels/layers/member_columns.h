// Operations on panels whose columns belong to groups: several members of a population share a panel of 32 samples.
//
// A grouped matrix gives every group of `width` consecutive columns of a panel a value of its own in each row. Modes,
// threads and errors are those of elementwise.h. Panels of a view of several panels are grouped alike.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_LAYERS_MEMBER_COLUMNS_H_
#define FPLAB_KERNELS_LAYERS_MEMBER_COLUMNS_H_

#include <cstddef>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/panel.h>

namespace fplab::kernels {

// Value of column c of a panel in row r: data[r * stride + c / width].
struct MemberView {
  const float* data = nullptr;  // readable for kMemberSlack floats past the last row's last value
  int rows = 0;
  int width = kPanelWidth;  // 1, 2, 4, 8, 16 or 32
  ptrdiff_t stride = 1;     // floats from a row to the next, at least 32 / width
};

inline constexpr size_t kMemberSlack = 16;

// out[c] = the chain over the rows r of acc = fma(x(r, c), b(r, c), acc) from +0; out has x.panels() * 32 entries.
FPLAB_EXPORT void MemberDots(ConstPanelView x, MemberView b, float* out, Execution execution);

// out(r, c) = fma(a(r, c), t[c], z(r, c)): one more step of the chains of z; t has z.panels() * 32 entries. out may be
// z.
FPLAB_EXPORT void MemberUpdate(ConstPanelView z, MemberView a, const float* t, PanelView out, Execution execution);

// AddBias and AddBiasScale of elementwise.h with a bias of its own for each group.
FPLAB_EXPORT void AddBias(ConstPanelView in, MemberView bias, PanelView out, Execution execution);
FPLAB_EXPORT void AddBiasScale(ConstPanelView in, MemberView bias, float factor, PanelView out, Execution execution);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_LAYERS_MEMBER_COLUMNS_H_
