// NumPy's .npy files by their bytes.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_NPY_BYTES_H_
#define FPLAB_PROPTESTS_SUPPORT_NPY_BYTES_H_

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace fplab {

// `shape` as Python writes a tuple: "(60000, 28, 28)", "(3,)".
inline std::string Npy(std::string_view descr, std::string_view shape, std::string_view data, int version = 1,
                       std::string_view fortran_order = "False") {
  std::string header = "{'descr': '" + std::string(descr) + "', 'fortran_order': " + std::string(fortran_order) +
                       ", 'shape': " + std::string(shape) + ", }";
  const size_t length_bytes = version == 1 ? 2 : 4;
  while ((8 + length_bytes + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(version);
  bytes += '\0';
  for (size_t i = 0; i < length_bytes; ++i) bytes += static_cast<char>(header.size() >> (8 * i) & 0xFF);
  return bytes + header + std::string(data);
}

// The bytes of numbers as they lie in memory.
template <typename T>
std::string ElementBytes(std::initializer_list<T> values) {
  std::string bytes;
  for (const T value : values) bytes.append(reinterpret_cast<const char*>(&value), sizeof(T));
  return bytes;
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_NPY_BYTES_H_
