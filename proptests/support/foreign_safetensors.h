// Safetensors files as other programs write them: tensors in their own order, no digests.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_FOREIGN_SAFETENSORS_H_
#define FPLAB_PROPTESTS_SUPPORT_FOREIGN_SAFETENSORS_H_

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <string>
#include <vector>

namespace fplab {

struct ForeignTensor {
  std::string name;
  std::vector<int> shape;
  std::string bytes;
  std::string dtype = "F32";
};

// The bytes of floats as they lie in memory.
inline std::string FloatBytes(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

inline std::string ForeignSafetensors(const std::vector<ForeignTensor>& tensors) {
  std::string header = R"({"__metadata__":{"format":"pt"})", data;
  for (const ForeignTensor& t : tensors) {
    header += fmt::format(R"(,"{}":{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})", t.name, t.dtype,
                          fmt::join(t.shape, ","), data.size(), data.size() + t.bytes.size());
    data += t.bytes;
  }
  header += "}";
  while (header.size() % 8 != 0) header += ' ';
  const uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), sizeof(length)) + header + data;
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_FOREIGN_SAFETENSORS_H_
