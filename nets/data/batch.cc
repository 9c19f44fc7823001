// Gathering the samples of a batch.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/batch.h>

#include <algorithm>

#include <fplab/fparith/float/check.h>

namespace fplab::nets {

Batch::Batch(int features, int samples)
    : columns(features, samples),
      rows(samples, features),
      labels(static_cast<size_t>(kernels::PanelCount(samples)) * kernels::kPanelWidth) {}

int Batch::SamplesIn(int p) const { return std::min(kernels::kPanelWidth, samples() - p * kernels::kPanelWidth); }

void Gather(const Dataset& data, std::span<const int> indices, kernels::Workers& workers, Batch& batch,
            std::span<const Offset> offsets) {
  FPLAB_CHECK(static_cast<int>(indices.size()) == batch.samples(), "gather: one index a sample of the batch");
  FPLAB_CHECK(data.features == batch.columns.rows(), "gather: the batch has another number of features than the data");
  FPLAB_CHECK(offsets.empty() || static_cast<int>(offsets.size()) == data.count(), "gather: one offset a sample");
  if (!offsets.empty()) {
    batch.moved.resize(static_cast<size_t>(workers.count()));
    for (kernels::AlignedBuffer& image : batch.moved) image.resize(static_cast<size_t>(data.features));
  }
  workers.For(batch.panels(), kIeee, [&](int p, int worker) {
    const int first = p * kernels::kPanelWidth, count = batch.SamplesIn(p);
    const kernels::PanelView rows = batch.rows.view().Rows(first, count);
    for (int i = 0; i < count; ++i) {
      const int index = indices[static_cast<size_t>(first + i)];
      std::span<const float> sample = data.Sample(index);
      if (!offsets.empty()) {
        const std::span<float> moved = batch.moved[static_cast<size_t>(worker)];
        ShiftImage(sample, data.image_width, offsets[static_cast<size_t>(index)], moved);
        sample = moved;
      }
      kernels::ToPanels(sample.data(), 0, rows.Rows(i, 1));
      batch.labels[static_cast<size_t>(first + i)] = data.y[static_cast<size_t>(index)];
    }
    kernels::Transpose(rows, batch.columns.view().Panels(p, 1));
  });
}

kernels::PanelView WholePanel(kernels::PanelMatrix& matrix, int p) {
  kernels::PanelView view = matrix.view().Panels(p, 1);
  view.cols = kernels::kPanelWidth;
  return view;
}

kernels::ConstPanelView WholePanel(const kernels::PanelMatrix& matrix, int p) {
  kernels::ConstPanelView view = matrix.view().Panels(p, 1);
  view.cols = kernels::kPanelWidth;
  return view;
}

}  // namespace fplab::nets
