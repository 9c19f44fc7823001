// Batch: the samples of one step, in the two layouts that the forward pass and the weight gradient need.
#ifndef FPLAB_NETS_BATCH_H_
#define FPLAB_NETS_BATCH_H_

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/panel.h"
#include "kernels/parallel.h"
#include "nets/augment.h"
#include "nets/dataset.h"

namespace fplab {

struct Batch {
  Batch(int features, int samples);

  int samples() const { return columns.cols(); }
  int panels() const { return PanelCount(samples()); }
  // Number of samples in panel p: 32, or what is left in the last.
  int SamplesIn(int p) const;

  PanelMatrix columns;          // features x samples: panel p is the input of the forward pass of samples 32p ...
  PanelMatrix rows;             // samples x features: the left factor of the first layer's weight gradient
  std::vector<int32_t> labels;  // 32 for each panel, 0 for padding
};

// Fills `batch` with the samples of `data` at `indices` (batch.samples() of them). With `offsets`, one for each sample
// of `data`, every image is moved by its own.
void Gather(const Dataset& data, std::span<const int> indices, Workers& workers, Batch& batch,
            std::span<const Offset> offsets = {});

// The panel of 32 columns p of a matrix, padding counted as columns.
PanelView WholePanel(PanelMatrix& matrix, int p);
ConstPanelView WholePanel(const PanelMatrix& matrix, int p);

}  // namespace fplab

#endif  // FPLAB_NETS_BATCH_H_
