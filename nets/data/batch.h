// Batch: the samples of one step, in the two layouts that the forward pass and the weight gradient need.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_DATA_BATCH_H_
#define FPLAB_NETS_DATA_BATCH_H_

#include <cstdint>
#include <span>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/panel.h>
#include <fplab/kernels/core/workers.h>
#include <fplab/nets/data/augment.h>
#include <fplab/nets/data/dataset.h>

namespace fplab::nets {

// What one worker takes through a network at once where many samples are evaluated.
inline constexpr int kSamplesOfATask = 8 * kernels::kPanelWidth;

struct FPLAB_EXPORT Batch {
  Batch(int features, int samples);

  int samples() const { return columns.cols(); }
  int panels() const { return kernels::PanelCount(samples()); }
  // Number of samples in panel p: 32, or what is left in the last.
  int SamplesIn(int p) const;

  kernels::PanelMatrix columns;  // features x samples: panel p is the input of the forward pass of samples 32p ...
  kernels::PanelMatrix rows;     // samples x features: the left factor of the first layer's weight gradient
  std::vector<int32_t> labels;   // 32 for each panel, 0 for padding
  std::vector<kernels::AlignedBuffer> moved;  // Gather's own: a worker's image on its way, where images are moved
};

// Fills `batch` with the samples of `data` at `indices` (batch.samples() of them). With `offsets`, one for each sample
// of `data`, every image is moved by its own.
FPLAB_EXPORT void Gather(const Dataset& data, std::span<const int> indices, kernels::Workers& workers, Batch& batch,
                         std::span<const Offset> offsets = {});

// The panel of 32 columns p of a matrix, padding counted as columns.
FPLAB_EXPORT kernels::PanelView WholePanel(kernels::PanelMatrix& matrix, int p);
FPLAB_EXPORT kernels::ConstPanelView WholePanel(const kernels::PanelMatrix& matrix, int p);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_DATA_BATCH_H_
