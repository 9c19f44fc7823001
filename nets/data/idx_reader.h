// IDX files (yann.lecun.com/exdb/mnist): a big-endian header of dimensions, then the bytes of the array; plain or gzip.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_DATA_IDX_READER_H_
#define FPLAB_NETS_DATA_IDX_READER_H_

#include <cstdint>
#include <filesystem>
#include <string>
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
// else: another magic number (what the file looks like is said: a web page, text), a dimension of 0, more than 1 GiB,
// fewer or more bytes than the header promises, damaged gzip. The header is checked against the size of the file before
// the array is allocated.
FPLAB_EXPORT IdxArray ReadIdx(ByteReader& reader, int dimensions);
FPLAB_EXPORT IdxArray ReadIdx(const std::filesystem::path& path, int dimensions);

// Labels 0 to 255: unsigned bytes, or 32-bit integers as QMNIST has them, one a sample or a row a sample, the label
// first and what else is known of the sample behind it. Throws Error as ReadIdx, and for a label out of range.
FPLAB_EXPORT std::vector<uint8_t> ReadIdxLabels(ByteReader& reader);

// Images (count x height x width) and their labels, as a data set with pixels / 255; its classes are 0 to the largest
// label.
FPLAB_EXPORT Dataset ReadIdxImages(const std::filesystem::path& images, const std::filesystem::path& labels);

// SHA-256, in hexadecimal, of the IDX files, uncompressed, that hold these images (pixels / 255) and these labels,
// whatever they were read from. Empty where no file of bytes holds them.
struct IdxDigests {
  std::string images, labels;

  friend bool operator==(const IdxDigests&, const IdxDigests&) = default;
};
FPLAB_EXPORT IdxDigests DigestsAsIdx(const Dataset& data);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_DATA_IDX_READER_H_
