// Moves between row-major arrays and panels.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/core/panel.h>

#include <algorithm>
#include <cstring>

#include <fplab/kernels/core/check_arguments.h>

namespace fplab::kernels {
namespace {

// Row-major rows in the shape of `panels`, apart from them. The stride of a single row does not count.
void CheckMove(const char* kernel, const float* rows, ptrdiff_t stride, ConstPanelView panels) {
  CheckView(panels, kernel, "panels");
  if (panels.rows == 0 || panels.cols == 0) return;
  CheckArgument(rows != nullptr, kernel, "rows", "is null");
  const bool one = panels.rows == 1;
  CheckArgument(one || stride >= panels.cols, kernel, "rows", "has a stride less than its columns");
  CheckArgument(one || Addressable(panels.cols, stride, panels.rows), kernel, "rows", "has a size that overflows");
  CheckApart(kernel, ExtentOf(panels), {rows, panels.cols, one ? panels.cols : stride, panels.rows},
             "overlaps the input");
}

}  // namespace

void ToPanels(const float* rows, ptrdiff_t stride, PanelView panels) {
  CheckMove("to panels", rows, stride, panels);
  for (int p = 0; p < panels.panels(); ++p) {
    const int cols = std::min(kPanelWidth, panels.cols - p * kPanelWidth);
    for (int r = 0; r < panels.rows; ++r) {
      float* to = panels.Panel(p) + static_cast<ptrdiff_t>(r) * kPanelWidth;
      std::memcpy(to, rows + r * stride + p * kPanelWidth, static_cast<size_t>(cols) * sizeof(float));
      std::fill(to + cols, to + kPanelWidth, 0.0f);
    }
  }
}

void FromPanels(ConstPanelView panels, float* rows, ptrdiff_t stride) {
  CheckMove("from panels", rows, stride, panels);
  for (int p = 0; p < panels.panels(); ++p) {
    const int cols = std::min(kPanelWidth, panels.cols - p * kPanelWidth);
    for (int r = 0; r < panels.rows; ++r) {
      const float* from = panels.Panel(p) + static_cast<ptrdiff_t>(r) * kPanelWidth;
      std::memcpy(rows + r * stride + p * kPanelWidth, from, static_cast<size_t>(cols) * sizeof(float));
    }
  }
}

}  // namespace fplab::kernels
