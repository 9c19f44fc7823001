// IDX files (yann.lecun.com/exdb/mnist): a big-endian header of dimensions, then the bytes of the array; plain or gzip.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_DATA_IDX_READER_H_
#define FPLAB_NETS_DATA_IDX_READER_H_

#include <cstdint>
#include <filesystem>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/files/byte_reader.h>

namespace fplab::nets {

struct IdxArray {
  std::vector<uint32_t> shape;
  std::vector<uint8_t> bytes;  // the product of shape, row-major
};

// Reads an array of unsigned bytes with that many dimensions. Throws Error, naming file and field, if it is anything
// else: another magic number, a dimension of 0, more than 1 GiB, fewer or more bytes than the header promises, damaged
// gzip. The header is checked against the size of the file before the array is allocated.
FPLAB_EXPORT IdxArray ReadIdx(ByteReader& reader, int dimensions);
FPLAB_EXPORT IdxArray ReadIdx(const std::filesystem::path& path, int dimensions);

// Images (count x height x width) and their labels, each less than `classes`, as a data set with pixels / 255.
FPLAB_EXPORT Dataset ReadIdxImages(const std::filesystem::path& images, const std::filesystem::path& labels,
                                   int classes);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_DATA_IDX_READER_H_
