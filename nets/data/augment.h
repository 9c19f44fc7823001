// Random shifts of training images, so that a network meets every digit in many places.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_DATA_AUGMENT_H_
#define FPLAB_NETS_DATA_AUGMENT_H_

#include <cstdint>
#include <span>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/nets/config/config_field.h>
#include <fplab/nets/data/dataset.h>

namespace fplab::nets {

struct AugmentConfig {
  int shift = 0;         // training images move by up to so many pixels in each direction; 0: not at all
  int clean_epochs = 0;  // the last so many epochs see the images as they are

  void ListFields(FieldList& list) {
    list.Add({"shift", "shift", "Move every training image by up to so many pixels, anew each epoch; 0: not",
              AtLeast(0, "pixels")},
             shift);
    list.Add({"clean_epochs", "clean-epochs", "Move no image in the last so many epochs", AtLeast(0)}, clean_epochs);
  }

  friend bool operator==(const AugmentConfig&, const AugmentConfig&) = default;
};

// How far an image is moved, in pixels.
struct Offset {
  int right = 0, down = 0;

  friend bool operator==(const Offset&, const Offset&) = default;
};

// Throws Error: negative numbers.
FPLAB_EXPORT void Validate(const AugmentConfig& config);

// Throws Error: shifts of data that are not images, or by a whole width or height.
FPLAB_EXPORT void RequireFit(const AugmentConfig& config, const Dataset& data);

// The offset of each of `count` samples in epoch `epoch` of `epochs`: all (2 shift + 1)^2 equally likely. A function of
// its arguments but `isa`. Empty if nothing moves in that epoch.
FPLAB_EXPORT std::vector<Offset> DrawOffsets(const AugmentConfig& config, int count, uint64_t seed, int epoch,
                                             int epochs, kernels::Isa isa);

// out(y, x) = image(y - down, x - right), 0 where that lies outside; both have `width` columns, row by row, and do not
// overlap.
FPLAB_EXPORT void ShiftImage(std::span<const float> image, int width, Offset offset, std::span<float> out);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_DATA_AUGMENT_H_
