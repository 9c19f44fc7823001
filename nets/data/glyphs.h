// Glyphs: generated images of digits, a stand-in for MNIST that needs no file.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_DATA_GLYPHS_H_
#define FPLAB_NETS_DATA_GLYPHS_H_

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/workers.h>
#include <fplab/nets/data/dataset.h>

namespace fplab::nets {

struct GlyphOptions {
  int train_count = 60000;
  int test_count = 10000;
  kernels::Workers* workers = nullptr;  // who draws: none is the calling thread alone; the images do not depend on it
};

// Grey images of 28 x 28 pixels in ten classes, values k/255. Each digit is drawn by antialiased strokes in one of two
// or three handwritings, under a random affine map, a smooth warp, stroke width, contrast, stray strokes and noise.
// Training image i does not depend on train_count, nor test image i on either count: the same bits on every machine.
FPLAB_EXPORT TrainTest MakeGlyphs(const GlyphOptions& options = {});

}  // namespace fplab::nets

#endif  // FPLAB_NETS_DATA_GLYPHS_H_
