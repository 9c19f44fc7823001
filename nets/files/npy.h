// NumPy's .npy files (numpy.org/doc/stable/reference/generated/numpy.lib.format.html): one array, its header read
// strictly.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_FILES_NPY_H_
#define FPLAB_NETS_FILES_NPY_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fplab/fparith/float/export.h>

namespace fplab::nets {

// '|u1' (or '<u1'), '<i4', '<i8', '<f4', '<f8'.
enum class NpyType { kU1, kI4, kI8, kF4, kF8 };

FPLAB_EXPORT std::string_view Name(NpyType type);  // "|u1", ...
FPLAB_EXPORT size_t SizeOf(NpyType type);

struct NpyArray {
  NpyType type = NpyType::kU1;
  std::vector<uint64_t> shape;
  uint64_t count = 0;              // the product of shape
  std::span<const uint8_t> bytes;  // count elements, row-major, little-endian; not aligned
};

// The array that `file` is, a view of its bytes. Throws Error that begins with `name` for anything else: another
// version of the format than 1 and 2, a header that is not the dictionary of descr, fortran_order False and shape, an
// element type other than those above, a size that is not the header's. Allocates no more than the header is long.
FPLAB_EXPORT NpyArray ParseNpy(std::span<const uint8_t> file, std::string_view name);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_FILES_NPY_H_
