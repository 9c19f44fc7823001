// Dataset: labelled samples in memory, and the choice of a data set by name.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_DATA_DATASET_H_
#define FPLAB_NETS_DATA_DATASET_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/workers.h>

namespace fplab::nets {

// Samples are rows: sample i is x[i*features .. (i+1)*features), its label y[i] is less than `classes`.
struct Dataset {
  std::string name;
  int features = 0;
  int classes = 0;
  int image_width = 0, image_height = 0;  // 0 unless the features are the pixels of an image, row by row
  std::vector<float> x;                   // count() * features values
  std::vector<uint8_t> y;                 // count() labels

  int count() const { return static_cast<int>(y.size()); }
  std::span<const float> Sample(int i) const {
    return {x.data() + static_cast<size_t>(i) * static_cast<size_t>(features), static_cast<size_t>(features)};
  }
};

struct TrainTest {
  Dataset train, test;
  std::string source;                   // where the data came from, for people: a folder, a file, or "generated"
  std::vector<std::string> notes = {};  // sentences for people: what is odd about the data
};

// What samples are, whatever their name: SHA-256, as hexadecimal, of the number of samples, features and classes, the
// image's width and height, the bits of x and the labels, in order.
FPLAB_EXPORT std::string DataDigest(const Dataset& data);

struct DataDigests {
  std::string train, test;

  friend bool operator==(const DataDigests&, const DataDigests&) = default;
};
FPLAB_EXPORT DataDigests DigestsOf(const TrainTest& data);

// Throws Error, naming the data, unless they are what the members of Dataset say: as many values as samples times
// features, labels below the number of classes (1 to 256), at least one feature, no more samples than an int counts.
FPLAB_EXPORT void Validate(const Dataset& data);

struct DataOptions {
  int train_limit = 0;                  // keep only the first so many training samples; 0 keeps all
  bool allow_download = true;           // whether `mnist` may be fetched when no folder holds it
  kernels::Workers* workers = nullptr;  // who makes a generated set: none is the calling thread alone
};

// The data set `mnist`, `glyphs` or `spirals` (mnist.h, glyphs.h, spirals.h); any other word is a folder of images in
// the format of MNIST (image_folder.h), FOLDER/SET for one of several there, or an .npz file (npz_images.h). The same
// name (of these three) gives the same bits on every machine, whatever the caller's mode and the workers. Throws Error:
// an unknown name, files that are missing or damaged, a negative train_limit.
FPLAB_EXPORT TrainTest LoadData(const std::string& name_or_folder, const DataOptions& options = {});

// What a set of `name_or_place` is called: the name itself, or of a place the last part of its path, without .npz; of
// "." and "D/" the name of that folder.
FPLAB_EXPORT std::string DataName(const std::string& name_or_place);

// Correctly rounded pixel / 255 for each byte.
FPLAB_EXPORT std::vector<float> ScalePixels(std::span<const uint8_t> pixels);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_DATA_DATASET_H_
