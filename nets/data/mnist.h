// MNIST (LeCun, Cortes, Burges): where its four files are looked for, and how they are fetched.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_DATA_MNIST_H_
#define FPLAB_NETS_DATA_MNIST_H_

#include <filesystem>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/data/dataset.h>

namespace fplab::nets {

// The four files {train,t10k}-{images-idx3,labels-idx1}-ubyte (or -images.idx3-ubyte, as some archives spell them),
// each plain or .gz, in one folder: MNIST, or any set of images in ten classes under these names. Throws Error if one
// is missing or damaged, or if training and test images differ in size.
FPLAB_EXPORT TrainTest ReadMnistFolder(const std::filesystem::path& folder);

// The first of $FPLAB_DATA and data/mnist that holds any of the four files, then the user's cache
// ($XDG_CACHE_HOME/fplab/mnist, ~/.cache/fplab/mnist). If none does and allow_download is set, fetches them into the
// cache: from the mirrors in $FPLAB_MNIST_MIRROR (URLs of folders, separated by spaces) or from well-known ones. A
// file is kept only if the SHA-256 of its uncompressed bytes is that of the original. Throws Error, in one line, with
// the places and what to do; and if what lies in the first of them is another data set than MNIST.
FPLAB_EXPORT TrainTest LoadMnist(bool allow_download);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_DATA_MNIST_H_
