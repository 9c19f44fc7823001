// Gathering the samples of a batch.
#include "nets/batch.h"

#include <algorithm>

#include "fparith/check.h"

namespace fplab {

Batch::Batch(int features, int samples)
    : columns(features, samples),
      rows(samples, features),
      labels(static_cast<size_t>(PanelCount(samples)) * kPanelWidth) {}

int Batch::SamplesIn(int p) const { return std::min(kPanelWidth, samples() - p * kPanelWidth); }

void Gather(const Dataset& data, std::span<const int> indices, Workers& workers, Batch& batch,
            std::span<const Offset> offsets) {
  FPLAB_CHECK(static_cast<int>(indices.size()) == batch.samples(), "gather: one index a sample of the batch");
  FPLAB_CHECK(data.features == batch.columns.rows(), "gather: the batch has another number of features than the data");
  FPLAB_CHECK(offsets.empty() || static_cast<int>(offsets.size()) == data.count(), "gather: one offset a sample");
  workers.For(batch.panels(), kIeee, [&](int p, int) {
    std::vector<float> moved(offsets.empty() ? 0 : static_cast<size_t>(data.features));
    const int first = p * kPanelWidth, count = batch.SamplesIn(p);
    const PanelView rows = batch.rows.view().Rows(first, count);
    for (int i = 0; i < count; ++i) {
      const int index = indices[static_cast<size_t>(first + i)];
      std::span<const float> sample = data.Sample(index);
      if (!offsets.empty()) {
        ShiftImage(sample, data.image_width, offsets[static_cast<size_t>(index)], moved);
        sample = moved;
      }
      ToPanels(sample.data(), 0, rows.Rows(i, 1));
      batch.labels[static_cast<size_t>(first + i)] = data.y[static_cast<size_t>(index)];
    }
    Transpose(rows, batch.columns.view().Panels(p, 1));
  });
}

PanelView WholePanel(PanelMatrix& matrix, int p) {
  PanelView view = matrix.view().Panels(p, 1);
  view.cols = kPanelWidth;
  return view;
}

ConstPanelView WholePanel(const PanelMatrix& matrix, int p) {
  ConstPanelView view = matrix.view().Panels(p, 1);
  view.cols = kPanelWidth;
  return view;
}

}  // namespace fplab
