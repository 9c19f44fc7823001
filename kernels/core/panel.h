// PanelMatrix: a float matrix stored in panels of 32 columns, the layout all kernels share; of doubles in panels of 16.
//
// Panel p holds columns 32p .. 32p+31 as rows of 32 contiguous floats, so element (r, c) is at
// data[(c / 32) * panel_stride + r * 32 + c % 32]. Columns past the last are padding: allocated, zero at first,
// computed along by kernels and ignored. A panel's row is two cache lines, whatever its elements. A panel is at once
// the packed right factor of a matmul (a row feeds the vector lanes) and its packed left factor, transposed (a row is
// broadcast), so weights, activations and gradients share the layout and are never repacked.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_CORE_PANEL_H_
#define FPLAB_KERNELS_CORE_PANEL_H_

#include <cstddef>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/aligned_buffer.h>

namespace fplab::kernels {

// Columns of a panel of elements of type T.
template <typename T>
inline constexpr int kPanelWidthOf = 128 / static_cast<int>(sizeof(T));
inline constexpr int kPanelWidth = kPanelWidthOf<float>;

constexpr int PanelCount(int cols) { return cols / kPanelWidth + (cols % kPanelWidth != 0 ? 1 : 0); }

template <typename Float>
struct BasicPanelView {
  static constexpr int kWidth = kPanelWidthOf<Float>;

  Float* data = nullptr;  // aligned to 64 bytes
  int rows = 0;
  int cols = 0;
  ptrdiff_t panel_stride = 0;  // elements from a panel to the next; a multiple of 64 bytes

  // Contiguous array of rows * kWidth elements (when panel_stride is that).
  Float* Panel(int p) const { return data + p * panel_stride; }
  Float& At(int r, int c) const {
    return data[(c / kWidth) * panel_stride + static_cast<ptrdiff_t>(r) * kWidth + c % kWidth];
  }
  int panels() const { return cols / kWidth + (cols % kWidth != 0 ? 1 : 0); }

  // Rows first .. first+count-1 of every panel.
  BasicPanelView Rows(int first, int count) const {
    return {data + static_cast<ptrdiff_t>(first) * kWidth, count, cols, panel_stride};
  }
  // Panels first .. first+count-1.
  BasicPanelView Panels(int first, int count) const {
    const int left = cols - first * kWidth;
    return {Panel(first), rows, count > left / kWidth ? left : count * kWidth, panel_stride};
  }

  operator BasicPanelView<const Float>() const { return {data, rows, cols, panel_stride}; }
};

using PanelView = BasicPanelView<float>;
using ConstPanelView = BasicPanelView<const float>;
using PanelView64 = BasicPanelView<double>;
using ConstPanelView64 = BasicPanelView<const double>;

// Owns a matrix in panels, zero at first, padding included.
template <typename Float>
class BasicPanelMatrix {
 public:
  using View = BasicPanelView<Float>;
  using ConstView = BasicPanelView<const Float>;
  using Buffer = BasicAlignedBuffer<Float>;

  BasicPanelMatrix() = default;
  BasicPanelMatrix(int rows, int cols) : rows_(rows), cols_(cols) {
    FPLAB_CHECK(rows >= 0 && cols >= 0, "panel matrix: negative rows or cols");
    buffer_.resize(static_cast<size_t>(view().panels()) * View::kWidth * static_cast<size_t>(rows));
  }

  int rows() const { return rows_; }
  int cols() const { return cols_; }
  // All panels in order, padding included: for element-wise passes that do not care which element is which.
  Buffer& buffer() { return buffer_; }
  const Buffer& buffer() const { return buffer_; }

  View view() { return {buffer_.data(), rows_, cols_, stride()}; }
  ConstView view() const { return {buffer_.data(), rows_, cols_, stride()}; }
  Float& At(int r, int c) { return view().At(r, c); }
  Float At(int r, int c) const { return view().At(r, c); }

 private:
  ptrdiff_t stride() const { return static_cast<ptrdiff_t>(rows_) * View::kWidth; }

  int rows_ = 0;
  int cols_ = 0;
  Buffer buffer_;
};
using PanelMatrix = BasicPanelMatrix<float>;
using PanelMatrix64 = BasicPanelMatrix<double>;

// Plain moves between row-major arrays and panels. `stride` is in elements, from a row to the next, at least the
// columns where there are several rows; padding is zeroed. Abort, as Transpose does, for bad views and for an output
// that overlaps the input.
FPLAB_EXPORT void ToPanels(const float* rows, ptrdiff_t stride, PanelView panels);
FPLAB_EXPORT void ToPanels(const double* rows, ptrdiff_t stride, PanelView64 panels);
FPLAB_EXPORT void FromPanels(ConstPanelView panels, float* rows, ptrdiff_t stride);
FPLAB_EXPORT void FromPanels(ConstPanelView64 panels, double* rows, ptrdiff_t stride);
// to(c, r) = from(r, c): `to` is from.cols x from.rows.
FPLAB_EXPORT void Transpose(ConstPanelView from, PanelView to);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_CORE_PANEL_H_
