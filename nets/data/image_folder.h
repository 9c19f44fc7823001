// Sets of images in a folder: which files are the training and test images and labels, by their names.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_DATA_IMAGE_FOLDER_H_
#define FPLAB_NETS_DATA_IMAGE_FOLDER_H_

#include <filesystem>
#include <string>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/data/dataset.h>

namespace fplab::nets {

// Reads four IDX files (idx_reader.h), each plain or .gz, of one folder:
//
//   [SET-]{train,t10k,test}-{images,labels}[-idxN-TYPE]     '.' and '_' may stand for each '-'
//
// as MNIST and all that copy its format call them: train-images-idx3-ubyte, t10k-labels.idx1-ubyte.gz,
// emnist-letters-test-images-idx3-ubyte, qmnist-train-labels-idx2-int. `place` is the folder, or FOLDER/SET for one of
// several sets in a folder; files of no SET go before those of one. The classes are 0 to the largest label of both
// parts. Throws Error: a file is missing (what lies there is said), damaged, or there are two for one part; several
// sets of which none is named; training and test images that differ in size.
FPLAB_EXPORT TrainTest ReadImageFolder(const std::filesystem::path& place);

// Whether `folder` holds any of such files.
FPLAB_EXPORT bool HoldsImages(const std::filesystem::path& folder);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_DATA_IMAGE_FOLDER_H_
