// Bytes that are read piece by piece: of a file, or of memory.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_FILES_BYTE_SOURCE_H_
#define FPLAB_NETS_FILES_BYTE_SOURCE_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include <fplab/fparith/float/error.h>

namespace fplab::nets {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual uint64_t size() const = 0;
  // Fills `out` with the bytes from `offset` on. Throws Error where there are not as many.
  virtual void Read(uint64_t offset, std::span<uint8_t> out) const = 0;
};

// A view of bytes that outlive it.
class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::span<const uint8_t> bytes) : bytes_(bytes) {}
  uint64_t size() const override { return bytes_.size(); }
  void Read(uint64_t offset, std::span<uint8_t> out) const override {
    if (offset > bytes_.size() || out.size() > bytes_.size() - offset)
      throw Error("{} bytes at {} of {}", out.size(), offset, bytes_.size());
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
  }

 private:
  std::span<const uint8_t> bytes_;
};

}  // namespace fplab::nets

#endif  // FPLAB_NETS_FILES_BYTE_SOURCE_H_
