// Images and labels as NumPy keeps them: one .npz file with four arrays, as Keras' mnist.npz.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_DATA_NPZ_IMAGES_H_
#define FPLAB_NETS_DATA_NPZ_IMAGES_H_

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/data/dataset.h>

namespace fplab::nets {

// Reads the arrays x_train, y_train, x_test and y_test (or train_images, train_labels, test_images, test_labels); any
// others are left alone.
//
// x: N x height x width, with one channel more or not (N x height x width x 1, N x 1 x height x width), or N x
// features. Integers are pixels 0 to 255, of which 255 becomes 1; numbers of floating point lie in 0..1 and are taken
// as they are: of binary64 those that binary32 has, and pixels divided by 255. y: N or N x 1 integers 0 to 255. The
// classes are 0 to the largest label.
//
// Throws Error, which names file, array, what was found and what was expected: another zip archive, an array that is
// missing, twice there or not as said, more than 1 GiB of one. Memory: a small multiple of what the arrays take.
FPLAB_EXPORT TrainTest ReadNpzImages(const std::filesystem::path& path);
// The bytes of a file; `name` begins messages.
FPLAB_EXPORT TrainTest ReadNpzImages(std::span<const uint8_t> bytes, const std::string& name);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_DATA_NPZ_IMAGES_H_
