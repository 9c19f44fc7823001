// MNIST (LeCun, Cortes, Burges): where its four files are looked for, and how they are fetched.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_DATA_MNIST_H_
#define FPLAB_NETS_DATA_MNIST_H_

#include <filesystem>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/data/dataset.h>

namespace fplab::nets {

// MNIST from $FPLAB_DATA if that is set, which then has to hold it: a folder (image_folder.h) or an .npz file
// (npz_images.h). Else from data/mnist if images lie there, else from the user's cache ($XDG_CACHE_HOME/fplab/mnist,
// ~/.cache/fplab/mnist); if that lacks a file and allow_download is set, fetches it into the cache: from the mirrors in
// $FPLAB_MNIST_MIRROR (URLs of folders, separated by spaces) or from well-known ones. A file is kept only if the
// SHA-256 of its uncompressed bytes is that of the original. Throws Error, in one line, with the places and what to do;
// and if what lies in the place is another data set than MNIST.
FPLAB_EXPORT TrainTest LoadMnist(bool allow_download);

// Whether these are the images and labels of MNIST's original files, all of them in their order, whatever files they
// were read from.
FPLAB_EXPORT bool IsMnist(const TrainTest& data);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_DATA_MNIST_H_
