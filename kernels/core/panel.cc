// Moves between row-major arrays and panels.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/core/panel.h>

#include <algorithm>
#include <cstring>

#include <fplab/kernels/core/check_arguments.h>

namespace fplab::kernels {
namespace {

// Row-major rows in the shape of `panels`, apart from them. The stride of a single row does not count.
template <typename Float>
void CheckMove(const char* kernel, const Float* rows, ptrdiff_t stride, BasicPanelView<const Float> panels) {
  CheckView(panels, kernel, "panels");
  if (panels.rows == 0 || panels.cols == 0) return;
  CheckArgument(rows != nullptr, kernel, "rows", "is null");
  const bool one = panels.rows == 1;
  CheckArgument(one || stride >= panels.cols, kernel, "rows", "has a stride less than its columns");
  CheckArgument(one || Addressable<Float>(panels.cols, stride, panels.rows), kernel, "rows",
                "has a size that overflows");
  constexpr ptrdiff_t kFloats = FloatsLong<Float>();
  CheckApart(kernel, ExtentOf(panels),
             {rows, kFloats * panels.cols, kFloats * (one ? panels.cols : stride), panels.rows}, "overlaps the input");
}

template <typename Float>
void MoveToPanels(const Float* rows, ptrdiff_t stride, BasicPanelView<Float> panels) {
  CheckMove<Float>("to panels", rows, stride, panels);
  for (int p = 0; p < panels.panels(); ++p) {
    const int cols = std::min(panels.kWidth, panels.cols - p * panels.kWidth);
    for (int r = 0; r < panels.rows; ++r) {
      Float* to = panels.Panel(p) + static_cast<ptrdiff_t>(r) * panels.kWidth;
      std::memcpy(to, rows + r * stride + p * panels.kWidth, static_cast<size_t>(cols) * sizeof(Float));
      std::fill(to + cols, to + panels.kWidth, Float{});
    }
  }
}

template <typename Float>
void MoveFromPanels(BasicPanelView<const Float> panels, Float* rows, ptrdiff_t stride) {
  CheckMove<Float>("from panels", rows, stride, panels);
  for (int p = 0; p < panels.panels(); ++p) {
    const int cols = std::min(panels.kWidth, panels.cols - p * panels.kWidth);
    for (int r = 0; r < panels.rows; ++r) {
      const Float* from = panels.Panel(p) + static_cast<ptrdiff_t>(r) * panels.kWidth;
      std::memcpy(rows + r * stride + p * panels.kWidth, from, static_cast<size_t>(cols) * sizeof(Float));
    }
  }
}

}  // namespace

void ToPanels(const float* rows, ptrdiff_t stride, PanelView panels) { MoveToPanels(rows, stride, panels); }
void ToPanels(const double* rows, ptrdiff_t stride, PanelView64 panels) { MoveToPanels(rows, stride, panels); }
void FromPanels(ConstPanelView panels, float* rows, ptrdiff_t stride) { MoveFromPanels(panels, rows, stride); }
void FromPanels(ConstPanelView64 panels, double* rows, ptrdiff_t stride) { MoveFromPanels(panels, rows, stride); }

}  // namespace fplab::kernels
