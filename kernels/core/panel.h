// PanelMatrix: a float matrix stored in panels of 32 columns, the layout all kernels share.
//
// Panel p holds columns 32p .. 32p+31 as rows of 32 contiguous floats, so element (r, c) is at
// data[(c / 32) * panel_stride + r * 32 + c % 32]. Columns past the last are padding: allocated, zero at first,
// computed along by kernels and ignored. A panel is at once the packed right factor of a matmul (a row feeds the vector
// lanes) and its packed left factor, transposed (a row is broadcast), so weights, activations and gradients share the
// layout and are never repacked.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_CORE_PANEL_H_
#define FPLAB_KERNELS_CORE_PANEL_H_

#include <cstddef>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/aligned_buffer.h>

namespace fplab::kernels {

inline constexpr int kPanelWidth = 32;

constexpr int PanelCount(int cols) { return cols / kPanelWidth + (cols % kPanelWidth != 0 ? 1 : 0); }

template <typename Float>
struct BasicPanelView {
  Float* data = nullptr;  // aligned to 64 bytes
  int rows = 0;
  int cols = 0;
  ptrdiff_t panel_stride = 0;  // floats from a panel to the next; a multiple of 16

  // Contiguous array of rows * 32 floats (when panel_stride is rows * 32).
  Float* Panel(int p) const { return data + p * panel_stride; }
  Float& At(int r, int c) const {
    return data[(c / kPanelWidth) * panel_stride + static_cast<ptrdiff_t>(r) * kPanelWidth + c % kPanelWidth];
  }
  int panels() const { return PanelCount(cols); }

  // Rows first .. first+count-1 of every panel.
  BasicPanelView Rows(int first, int count) const {
    return {data + static_cast<ptrdiff_t>(first) * kPanelWidth, count, cols, panel_stride};
  }
  // Panels first .. first+count-1.
  BasicPanelView Panels(int first, int count) const {
    const int left = cols - first * kPanelWidth;
    return {Panel(first), rows, count > left / kPanelWidth ? left : count * kPanelWidth, panel_stride};
  }

  operator BasicPanelView<const Float>() const { return {data, rows, cols, panel_stride}; }
};

using PanelView = BasicPanelView<float>;
using ConstPanelView = BasicPanelView<const float>;

// Owns a matrix in panels, zero at first, padding included.
class PanelMatrix {
 public:
  PanelMatrix() = default;
  PanelMatrix(int rows, int cols) : rows_(rows), cols_(cols) {
    FPLAB_CHECK(rows >= 0 && cols >= 0, "panel matrix: negative rows or cols");
    buffer_.resize(static_cast<size_t>(PanelCount(cols)) * kPanelWidth * static_cast<size_t>(rows));
  }

  int rows() const { return rows_; }
  int cols() const { return cols_; }
  // All panels in order, padding included: for element-wise passes that do not care which element is which.
  AlignedBuffer& buffer() { return buffer_; }
  const AlignedBuffer& buffer() const { return buffer_; }

  PanelView view() { return {buffer_.data(), rows_, cols_, stride()}; }
  ConstPanelView view() const { return {buffer_.data(), rows_, cols_, stride()}; }
  float& At(int r, int c) { return view().At(r, c); }
  float At(int r, int c) const { return view().At(r, c); }

 private:
  ptrdiff_t stride() const { return static_cast<ptrdiff_t>(rows_) * kPanelWidth; }

  int rows_ = 0;
  int cols_ = 0;
  AlignedBuffer buffer_;
};

// Plain moves between row-major arrays and panels. `stride` is in floats, from a row to the next, at least the columns
// where there are several rows; padding is zeroed. Abort, as Transpose does, for bad views and for an output that
// overlaps the input.
FPLAB_EXPORT void ToPanels(const float* rows, ptrdiff_t stride, PanelView panels);
FPLAB_EXPORT void FromPanels(ConstPanelView panels, float* rows, ptrdiff_t stride);
// to(c, r) = from(r, c): `to` is from.cols x from.rows.
FPLAB_EXPORT void Transpose(ConstPanelView from, PanelView to);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_CORE_PANEL_H_
